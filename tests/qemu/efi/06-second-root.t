#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A second root bridge without recorded devices was added: no device moves. The kernel gets two initrds."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import uefi, uefi_checks


def extra_root(bus):
    return ["-device", f"pxb-pcie,id=pxb,bus_nr={bus},bus=pcie.0,addr=8",
            "-device", "pcie-root-port,id=far,bus=pxb,addr=0,chassis=7,slot=7",
            "-device", "virtio-rng-pci,bus=far"]


def two_initrds():
    """The guest needs both: the first has the programs, the second the scenario's script."""
    whole = uefi.initrd()
    first = len(uefi.image.core())
    return {**uefi.started_by_firmware(uefi.capture(), initrd="/first\ninitrd /second"),
            "first": whole[:first], "second": whole[first:]}


def test(tap):
    def at_end(machine, _outcome):
        tap.ok(machine.registers().get("CR4", 0) & uefi.CR4_LA57,
               "Linux runs with five levels of page tables")

    # Linux uses five levels of page tables if the processor has them, also if the firmware does not.
    outcome = uefi_checks.run(tap, name="second-root", cpu="max", at_end=at_end,
                              devices=[*uefi.MACHINE, *extra_root(0x80)], files=two_initrds())
    uefi_checks.opens(tap, outcome)
    tap.has_line(outcome.gate, "pcigate: root buses now: 0000:00-03 0000:80-81")


uefi_checks.main(test)
