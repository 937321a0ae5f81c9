#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The stage works with five levels of page tables."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, SWITCH_PORT

CR4_LA57 = 1 << 12


def test(tap):
    result = checks.run(tap, name="five-levels-stop", early=False, cpu="max",
                        before_kexec=f"clear_bus_numbers {SWITCH_PORT}")
    checks.stops(tap, result, "1 of 3 preserved devices would change address")
    checks.moves(tap, result, CARD, SWITCH_PORT, "bridge-reset")
    tap.ok(result.registers.get("CR4", 0) & CR4_LA57, "the stage ran with five levels")
    result = checks.run(tap, name="five-levels", cpu="max")
    checks.opens(tap, result)
    checks.leaves_config_space_alone(tap, result)


checks.main(test)
