#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Linux rejects a bridge's bus numbers (wrong primary, secondary above subordinate): the stage stops."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, NVME, ONBOARD, SWITCH_PORT


def test(tap):
    for name, numbers in (("wrong-primary", "9 1 3"), ("secondary-above-subordinate", "0 1 0")):
        settings = {"name": name, "before_kexec": f"set_bus_numbers {SWITCH_PORT} {numbers}"}
        result = checks.run(tap, early=False, **settings)
        checks.stops(tap, result, "1 of 3 preserved devices would change address")
        checks.moves(tap, result, CARD, SWITCH_PORT, "bridge-invalid")
        for device in (NVME, ONBOARD):
            tap.has_line(result.gate, f"pcigate: {device} keeps its address")
        checks.linux_moves(tap, checks.ground_truth(tap, **settings), {CARD: "0000:07:00.0"})


checks.main(test)
