# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Prints test results in TAP, the format that prove(1) reads."""

import os
import re
import signal
import sys


class Tap:
    """Counts results; done() prints the plan and gives the exit status. Failed results are also appended
    to the file PCIGATE_FAILURES, if that is set: `make check` prints it at its end."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, passed, name, *why):
        self.count += 1
        self.failed += not passed
        print(f"{'ok' if passed else 'not ok'} {self.count} - {name}", flush=True)
        if not passed:
            lines = "\n".join(map(str, why)).splitlines()
            for line in lines:
                self.note(line)
            with open(os.environ.get("PCIGATE_FAILURES", os.devnull), "a", encoding="utf-8") as file:
                print(f"{sys.argv[0]}: not ok {self.count} - {name}", *lines, sep="\n    ", file=file)
        return bool(passed)

    def equal(self, got, wanted, name):
        return self.ok(got == wanted, name, f"  got: {got!r}", f"wanted: {wanted!r}")

    def has_line(self, lines, pattern, name=None):
        """A line matches the pattern as a whole."""
        return self.ok(any(re.fullmatch(pattern, line) for line in lines),
                       name or f"line: {pattern}", f"no line is: {pattern}", "lines are:", *lines)

    def no_line(self, lines, pattern, name):
        hits = [line for line in lines if re.search(pattern, line)]
        return self.ok(not hits, name, *hits)

    @staticmethod
    def note(line):
        print(f"# {line}", file=sys.stderr, flush=True)

    def done(self):
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed else 0


def bail_out(why):
    """Ends the whole run of prove: every other scenario would fail for the same reason."""
    print(f"Bail out! {why}", flush=True)
    sys.exit(255)


def exit_on_sigterm():
    """Makes SIGTERM an ordinary exit, so that temporary files are removed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
