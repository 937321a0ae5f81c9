#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""pcigate.stop=poweroff: the stage switches the machine off after a stop."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import SWITCH_PORT


def test(tap):
    result = checks.run(tap, name="stop-poweroff", early=False, next_words="pcigate.stop=poweroff",
                        before_kexec=f"clear_bus_numbers {SWITCH_PORT}")
    checks.stops(tap, result, "1 of 3 preserved devices would change address",
                 outcome="power(ing|ed)? ?off.*")
    tap.equal(result.shutdown, "guest-shutdown", "the guest switches the machine off")


checks.main(test)
