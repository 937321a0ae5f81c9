#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The next kernel is told to give every bridge new bus numbers."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, NVME, ONBOARD


def test(tap):
    result = checks.run(tap, name="assign-busses", early=False, next_words="pci=assign-busses")
    checks.stops(tap, result, "2 of 3 preserved devices would change address")
    for device in (NVME, CARD):
        tap.has_line(result.gate, rf"pcigate: {device} MOVES.*\[reassign-busses\]")
    tap.has_line(result.gate, f"pcigate: {ONBOARD} keeps its address")


checks.main(test)
