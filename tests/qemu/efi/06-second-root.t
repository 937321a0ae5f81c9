#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A second root bridge was added, out of the way: nothing moves. And one in the way: the buses behind it move."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, uefi, uefi_checks
from harness.uefi import CARD, NVME


def extra_root(bus):
    return ["-device", f"pxb-pcie,id=pxb,bus_nr={bus},bus=pcie.0,addr=8",
            "-device", "pcie-root-port,id=far,bus=pxb,addr=0,chassis=7,slot=7",
            "-device", "virtio-rng-pci,bus=far"]


def test(tap):
    outcome = uefi_checks.run(tap, name="second-root", devices=[*uefi.MACHINE, *extra_root(0x80)],
                              files=uefi.started_by_firmware(uefi.capture()))
    uefi_checks.opens(tap, outcome)
    tap.has_line(outcome.gate, "pcigate: root buses now: 0000:00-03 0000:80-81")


checks.main(test)
