#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A root port was added in front: OVMF numbers the buses differently, and the gate names old and new."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import uefi, uefi_checks
from harness.uefi import CARD, NVME


def test(tap):
    outcome = uefi_checks.run(
        tap, name="port-in-front", devices=[*uefi.port("front", 2, 9), *uefi.MACHINE],
        files=uefi.started_by_firmware(uefi.capture()), end=uefi.FALLBACK_LINE)
    uefi_checks.stops(tap, outcome, "2 of 2 preserved devices would change address", "device-moved")
    for old, new in ((CARD, "0000:02:00.0"), (NVME, "0000:03:00.0")):
        tap.has_line(outcome.gate, rf"pcigate: {old} is now at {new}, in the same slot "
                     r"\[device-moved\]")
    tap.has_line(outcome.gate, rf"pcigate: {NVME} was 1b36:0010, now 8086:10d3 answers there")
    uefi_checks.well_formed(tap, outcome)


uefi_checks.main(test)
