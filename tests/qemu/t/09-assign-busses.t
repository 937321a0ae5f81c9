#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""pci=assign-busses makes a next kernel that does not keep bus numbers give every bridge new ones:
the stage stops. (pcigate.buses=assign says that the next kernel does not keep them.)"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import (CARD, KERNEL_LINE, LEAVING_LINE, NVME, NVME_PORT, ONBOARD,
                              SWITCH_PORT)


def test(tap):
    settings = {"name": "assign-busses", "next_words": "pci=assign-busses"}
    result = checks.run(tap, early=False, **settings)
    checks.stops(tap, result, "2 of 3 preserved devices would change address")
    for device in (NVME, CARD):
        tap.has_line(result.gate, rf"pcigate: {device} MOVES.*\[reassign-busses\]")
    tap.has_line(result.gate, f"pcigate: {ONBOARD} keeps its address")

    # Here the new numbers are the same as the old ones, but Linux clears the old ones first.
    truth = checks.ground_truth(tap, **settings)
    start = truth.trace.find(LEAVING_LINE)
    linux = truth.trace.enumeration(truth.trace.find(KERNEL_LINE, after=start))
    for bridge in (SWITCH_PORT, NVME_PORT):
        tap.ok(any(f"0000:{access.address}" == bridge and access.register == 0x18
                   for access in linux.writes), f"Linux writes new bus numbers to {bridge}")


checks.main(test)
