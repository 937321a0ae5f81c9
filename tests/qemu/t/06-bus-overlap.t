#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Two bridges forward the same bus: the stage stops."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, NVME, ONBOARD, NVME_PORT, SWITCH_PORT


def test(tap):
    settings = {"name": "bus-overlap", "before_kexec": f"set_bus_numbers {SWITCH_PORT} 0 1 4"}
    result = checks.run(tap, early=False, **settings)
    checks.stops(tap, result, "2 of 3 preserved devices would change address")
    checks.moves(tap, result, NVME, NVME_PORT, "bus-overlap")
    checks.moves(tap, result, CARD, SWITCH_PORT, "bus-overlap")
    tap.has_line(result.gate, f"pcigate: {ONBOARD} keeps its address")
    # Linux moves no device here, but has one bus below two bridges. QEMU sends a config read of this
    # bus to the second bridge. On a real machine both bridges forward it.
    truth = checks.ground_truth(tap, **settings)
    tap.equal(truth.count(r"busn_res: can not insert \[bus 04\] .*conflicts with .*\[bus 01-04\]"), 1,
              "Linux itself complains about the overlap")


checks.main(test)
