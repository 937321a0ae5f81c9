#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A card is missing; the owner wants a reset then."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import uefi, uefi_checks
from harness.trace import Trace
from harness.uefi import CARD, NVME


def writes_nothing(tap, outcome):
    """From being started to its verdict the gate read config space, and wrote none of it."""
    trace = Trace(outcome.directory / "trace.log")
    first, last = trace.find(r"BdsDxe: starting"), trace.find(r"pcigate: STOP")
    if tap.ok(first and last, "the trace shows the gate's start and its end"):
        window = trace.before(first, last)
        tap.ok(len(window.reads) > 50, "the gate read config space", len(window.reads))
        tap.equal(window.writes, [], "and wrote nothing to it")


def test(tap):
    outcome = uefi_checks.run(
        tap, name="card-missing", traced=True, devices=[*uefi.PORTS, *uefi.network_card("port1")],
        files=uefi.started_by_firmware(uefi.capture(), uefi.OPTIONS + " pcigate.stop=reset"))
    uefi_checks.stops(tap, outcome, "1 of 2 preserved devices cannot be verified", "device-absent",
                      "reset")
    tap.has_line(outcome.gate, f"pcigate: {CARD} keeps its address")
    tap.has_line(outcome.gate, f"pcigate: {NVME} was 1b36:0010, not found")
    tap.equal(outcome.ended, "guest-reset", "the machine resets")
    writes_nothing(tap, outcome)


uefi_checks.main(test)
