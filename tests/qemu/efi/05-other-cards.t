#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Other cards are in the same slots, one of them of the same model: with pcigate.stop=halt, pcigate.efi
halts the machine."""
import sys
import time
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import uefi, uefi_checks
from harness.uefi import CARD, NVME


def sleeps(tap):
    def at_end(machine, _outcome):
        # pcigate.efi prints the line before it halts.
        deadline = time.monotonic() + 10
        while not machine.asleep() and time.monotonic() < deadline:
            time.sleep(0.1)
        tap.ok(machine.asleep(), "the processor is halted with interrupts off")
    return at_end


def test(tap):
    outcome = uefi_checks.run(
        tap, name="other-cards",
        devices=[*uefi.PORTS, *uefi.network_card("port1", last=0x44),
                 "-device", "virtio-rng-pci,bus=port2"],
        files=uefi.started_by_firmware(uefi.capture(), uefi.OPTIONS + " pcigate.stop=halt"),
        end=r"^pcigate: STOP.*; halted", at_end=sleeps(tap))
    uefi_checks.stops(tap, outcome, "2 of 2 preserved devices cannot be verified",
                      "device-different", "halted")
    tap.has_line(outcome.gate, rf"pcigate: {CARD} was 8086:10d3, now another 8086:10d3 "
                 "answers there")
    tap.has_line(outcome.gate, rf"pcigate: {CARD} was 8086:10d3, serial number 525400ffff112233, "
                 "not found")
    tap.has_line(outcome.gate, rf"pcigate: {NVME} was 1b36:0010, now 1af4:1044 answers there")


uefi_checks.main(test)
