#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A bridge lost its bus numbers after the devices were preserved: the stage stops."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, NVME, ONBOARD, SWITCH_PORT


def test(tap):
    settings = {"name": "bridge-cleared", "screen": True, "early": False,
                "before_kexec": f"clear_bus_numbers {SWITCH_PORT}"}
    result = checks.run(tap, **settings)
    tap.equal(result.count(rf"guest: bridge {SWITCH_PORT} now has bus numbers 0x00000000"), 1,
              "the bridge has lost its bus numbers")
    checks.stops(tap, result, "1 of 3 preserved devices would change address")
    checks.moves(tap, result, CARD, SWITCH_PORT, "bridge-reset")
    tap.has_line(result.gate, f"pcigate: {NVME} keeps its address")
    tap.has_line(result.gate, f"pcigate: {ONBOARD} keeps its address")
    tap.has_line([line.strip() for line in result.screen], r"pcigate: STOP: .*",
                 "the screen shows the stop")
    checks.leaves_config_space_alone(tap, result)
    checks.well_formed(tap, result)
    checks.linux_moves(tap, checks.ground_truth(tap, **settings),
                       {CARD: f"{SWITCH_PORT}/0000:05:00.0/0000:06:00.0/0000:07:00.0"})


checks.main(test)
