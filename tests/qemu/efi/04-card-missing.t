#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A card is missing: with pcigate.stop=reset, pcigate.efi resets the machine."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import uefi, uefi_checks
from harness.trace import Trace
from harness.uefi import CARD, NVME


def writes_nothing(tap, outcome):
    """From its start to its verdict, pcigate.efi reads config space and does not write to it."""
    trace = Trace(outcome.directory / "trace.log")
    first, last = trace.find(r"BdsDxe: starting"), trace.find(r"pcigate: STOP")
    if tap.ok(first and last, "the trace shows the start and the end of pcigate.efi"):
        window = trace.before(first, last)
        tap.ok(len(window.reads) > 50, "pcigate.efi reads config space", len(window.reads))
        tap.equal(window.writes, [], "pcigate.efi does not write to config space")


def test(tap):
    outcome = uefi_checks.run(
        tap, name="card-missing", traced=True, devices=[*uefi.PORTS, *uefi.network_card("port1")],
        files=uefi.started_by_firmware(uefi.capture(), uefi.OPTIONS + " pcigate.stop=reset"))
    uefi_checks.stops(tap, outcome, "1 of 2 preserved devices cannot be verified", "device-absent",
                      "reset")
    tap.has_line(outcome.gate, f"pcigate: {CARD} keeps its address")
    tap.has_line(outcome.gate, f"pcigate: {NVME} was 1b36:0010, not found")
    tap.equal(outcome.ended, "guest-reset", "the guest resets the machine")
    writes_nothing(tap, outcome)


uefi_checks.main(test)
