#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A scenario fails if a kernel prints a warning. The module "provoke" provokes such warnings.

A debug kernel has more checkers. Each of them must report what is provoked.
"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, image, paths, splats
from harness.scenario import Scenario

ALWAYS = {"warning": r"WARNING: .*provoke"}
DEBUG = {
    "sleep": "BUG: sleeping function called from invalid context",
    # From here on, lock checking is off. A report of KASAN would switch it off as well, so KASAN's
    # come last.
    "lock-order": "WARNING: possible circular locking dependency",
    "overflow": "BUG: KASAN: slab-out-of-bounds",
    "use-after-free": "BUG: KASAN: slab-use-after-free",
}


class Silent:
    """Collects results without printing them."""

    def __init__(self):
        self.results = []

    def ok(self, passed, *_):
        self.results.append(bool(passed))
        return passed


def test(tap):
    wanted = {**ALWAYS, **(DEBUG if paths.KIND == "debug" else {})}
    name = "provoke"
    result = Scenario(
        name="complaints", first_words="kasan_multi_shot",
        files={f"{name}.ko": image.module(paths.kernel(), name)},
        first="\n".join([f"insmod /{name}.ko what={what}; say provoked {what}" for what in wanted] +
                        ["report_lockdep"])).run()
    tap.ok(not result.trouble, "the guest ends", result.trouble, *result.lines[-15:])
    tap.equal([match[1] for _, match in result.guest("provoked (.*)")], [*wanted],
              "each warning was provoked")
    found = splats.find(result.lines)
    for what, pattern in wanted.items():
        tap.has_line(found, rf".*{pattern}.*", f"found: {what}")
    silent = Silent()
    checks.healthy(silent, result)
    tap.ok(False in silent.results, "checks.healthy() fails on this run")
    if paths.KIND == "debug":
        tap.equal(silent.results, [False, True, False],
                  "checks.healthy() finds that lock checking was switched off")
    tap.equal(splats.find(result.lines, [".*"]), [], "expected warnings are not found")


checks.main(test)
