#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Without pcigate.stop= the next kernel's panic=N decides: the stage resets after N seconds."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import time

from harness import checks
from harness.scenario import SWITCH_PORT


class Clock:
    """The time at which the stage's last line was seen."""

    stopped = None

    def __call__(self, _machine, text):
        if self.stopped is None and "pcigate: STOP" in text:
            self.stopped = time.monotonic()


def test(tap):
    clock = Clock()
    result = checks.run(tap, name="stop-panic", early=False, next_words="panic=2", on_text=clock,
                        before_kexec=f"clear_bus_numbers {SWITCH_PORT}")
    waited = time.monotonic() - (clock.stopped or 0)
    checks.stops(tap, result, "1 of 3 preserved devices would change address", outcome="reset.*")
    tap.equal(result.shutdown, "guest-reset", "the guest resets the machine")
    tap.ok(1.0 <= waited <= 10, "the reset comes about two seconds after the stop", f"{waited:.1f} s")


checks.main(test)
