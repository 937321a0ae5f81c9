#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A card was moved to another slot: with pcigate.stop=poweroff, pcigate.efi switches the machine off."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import uefi, uefi_checks
from harness.uefi import CARD, NVME


def test(tap):
    outcome = uefi_checks.run(
        tap, name="card-moved",
        devices=[*uefi.PORTS, *uefi.network_card("port3"), *uefi.nvme("port2")],
        files=uefi.started_by_firmware(uefi.capture(), uefi.OPTIONS + " pcigate.stop=poweroff"))
    uefi_checks.stops(tap, outcome, "1 of 2 preserved devices would change address", "device-moved",
                      "powered off")
    tap.has_line(outcome.gate, rf"pcigate: {CARD} is now at 0000:03:00.0, in another slot "
                 r"\[device-moved\]")
    tap.has_line(outcome.gate, f"pcigate: {NVME} keeps its address")
    tap.equal(outcome.ended, "guest-shutdown", "the guest switches the machine off")
    tap.equal(outcome.count(uefi.FALLBACK_LINE), 0, "the fallback entry does not start")


uefi_checks.main(test)
