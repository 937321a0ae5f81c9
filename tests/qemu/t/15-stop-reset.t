#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""pcigate.stop=reset: the stage resets the machine after a stop."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import SWITCH_PORT


def test(tap):
    result = checks.run(tap, name="stop-reset", early=False, next_words="pcigate.stop=reset",
                        before_kexec=f"clear_bus_numbers {SWITCH_PORT}")
    checks.stops(tap, result, "1 of 3 preserved devices would change address", outcome="reset.*")
    tap.equal(result.shutdown, "guest-reset", "the guest resets the machine")
    tap.ok(not result.trace.triple_fault, "the reset is not a triple fault")


checks.main(test)
