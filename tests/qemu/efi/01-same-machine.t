#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Recorded and booted on the same machine: the gate opens, Linux finds everything where it was."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, uefi, uefi_checks


def test(tap):
    record = uefi.capture()
    outcome = uefi_checks.run(tap, name="same-machine", files=uefi.started_by_firmware(record))
    uefi_checks.opens(tap, outcome)
    uefi_checks.well_formed(tap, outcome)
    tap.has_line(outcome.gate, "pcigate: KHO kho-v4, LUO luo-v5, PCI 2, pcigate-v1: "
                 "2 devices and 2 bridges preserved")
    tap.has_line(outcome.gate, "pcigate: root buses now: 0000:00-03")


checks.main(test)
