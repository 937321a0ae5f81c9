# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Prints the progress of handoffs."""

import re
import threading
import time


def plural(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"


class Progress:
    """Prints short lines. On a terminal: with colours, and with a clock until the next line.

    held: keep the lines until release(), because another handoff that runs at the same time prints.
    """

    def __init__(self, out, held=False):
        self._out = out
        self._tty = out.isatty()
        self._clock_shown = None
        self._lock = threading.RLock()
        self._held = [] if held else None

    def release(self):
        with self._lock:
            held, self._held = self._held or [], None
            for line in held:
                self._print(*line)

    def _print(self, text, colour=None):
        with self._lock:
            if self._held is None:
                self._write(text, colour)
            else:
                self._held.append((text, colour))

    def _write(self, text, colour):
        if self._clock_shown:
            self._out.write("\r\033[K")
            self._clock_shown = None
        if colour and self._tty:
            text = f"\033[{colour}m{text}\033[0m"
        self._out.write(text + "\n")
        self._out.flush()

    def title(self, text):
        self._print("")
        self._print(text, "1")

    def say(self, text):
        self._print(f"  {text}")

    def gate(self, text):
        colour = "32" if " OPEN" in text else "31" if " STOP" in text else "36"
        self._print(f"    {text}", colour)

    def wrong(self, name, why):
        self._print(f"  FAILED: {name}", "31")
        for line in "\n".join(map(str, why)).splitlines()[:30]:
            self._print(f"    {line}")

    def end(self, failed, text, seconds):
        self._print("")
        self._print(f"{text} ({seconds:.0f} s).", "1;31" if failed else "1;32")

    def clock(self, seconds):
        text = f"  ... {seconds:.0f} s"
        if self._tty and self._held is None and text != self._clock_shown:
            self._out.write(f"\r\033[K{text}")
            self._out.flush()
            self._clock_shown = text

    def follow(self, steps, lists):
        return _Follower(self, steps, lists)


class _Follower:
    """Called with the console's text so far. Prints the sentence of each step whose line is in the
    text, and pcigate's lines unchanged."""

    def __init__(self, progress, steps, lists):
        self._progress = progress
        self._steps = list(steps)
        self._lists = lists
        self._gate_lines = 0
        self._start = time.monotonic()

    def __call__(self, _machine, text):
        self._print_steps(text)
        self._progress.clock(time.monotonic() - self._start)

    def _print_steps(self, text):
        while self._steps:
            hit = next((i for i, (pattern, _) in enumerate(self._steps)
                        if re.search(pattern, text)), None)
            if hit is None:
                break
            pattern, sentence = self._steps[hit]
            if "the next kernel starts" in sentence:
                self._print_gate(text)
            self._progress.say(sentence)
            for address, what in self._lists.get(pattern, {}).items():
                self._progress.say(f"  {address}  {what}")
            # The steps before this one did not happen.
            del self._steps[:hit + 1]
        self._print_gate(text)

    def _print_gate(self, text):
        lines = re.findall(r"^(pcigate: .*)\n", text, re.M)
        for line in lines[self._gate_lines:]:
            self._progress.gate(line)
        self._gate_lines = len(lines)
