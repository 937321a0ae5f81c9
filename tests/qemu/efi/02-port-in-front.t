#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A root port was added before the others, so OVMF numbers the buses differently: pcigate.efi stops.

It names the old and the new address of each device.
"""
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import image, uefi, uefi_checks
from harness.uefi import CARD, NVME


# The fallback entry starts a kernel without pcigate.efi. This kernel reads the variables.
RESCUE = uefi.FALLBACK.replace(uefi.OFF, f"fs0:\nbzImage {uefi.OPTIONS} initrd=\\initrd\n")


def variables(tap, outcome):
    found = outcome.variables()
    tap.equal(sorted(found), ["PcigateLastStop", "PcigateVerdict"],
              "there are two variables: the verdict and the last stop")
    words = uefi_checks.words(found.get("PcigateVerdict", b""))
    tap.ok(int(words.pop("reads", "0")) > 50 and int(words.pop("usec", "0")) > 0,
           "PcigateVerdict has config reads and time")
    tap.equal(words, {"verdict": "stop", "reason": "device-moved", "devices": "2", "keep": "0",
                      "move": "2", "unverified": "0"}, "PcigateVerdict has verdict, reason and counts")
    tap.equal(found.get("PcigateLastStop", b"")[:1], b"\x07", "PcigateLastStop is kept after a reset")
    tap.ok(re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d", uefi_checks.words(
        found.get("PcigateLastStop", b"")).get("time", "")), "PcigateLastStop has date and time")
    shown = uefi_checks.show_efi(tap, outcome, "PcigateLastStop")
    tap.ok("stop: 0 of 2 devices keep their address, 2 moved" in shown,
           "pcigate show --efi prints the last stop", shown)
    there = [match[1] for match in outcome.guest(r"shown (.*)")]
    tap.equal(there[:1], ["status 1"], "in the guest, pcigate show --efi exits with status 1")
    for line in (r"verdict   stop: 0 of 2 devices keep their address, 2 moved, 0 unverified \(.*\)",
                 r"reason    device-moved", r"last stop stop: 0 of 2 .*", r"time      20\d\d-.*"):
        tap.has_line(there, line)


def test(tap):
    outcome = uefi_checks.run(
        tap, name="port-in-front", devices=[*uefi.port("front", 2, 9), *uefi.MACHINE],
        files={**uefi.started_by_firmware(uefi.capture()), "startup.nsh": RESCUE,
               "initrd": uefi.initrd("list_devices\nread_verdict\nshow_verdict",
                                     image.command_files())})
    uefi_checks.stops(tap, outcome, "2 of 2 preserved devices would change address", "device-moved",
                      kernels=1)
    variables(tap, outcome)
    seen = outcome.devices()
    tap.equal([seen.get(at, "").split()[:1] for at in ("0000:02:00.0", "0000:03:00.0")],
              [["8086:10d3"], ["1b36:0010"]], "Linux finds the devices at the printed addresses")
    for old, new in ((CARD, "0000:02:00.0"), (NVME, "0000:03:00.0")):
        tap.has_line(outcome.gate, rf"pcigate: {old} is now at {new}, in the same slot "
                     r"\[device-moved\]")
    tap.has_line(outcome.gate, rf"pcigate: {NVME} was 1b36:0010, now 8086:10d3 answers there")
    uefi_checks.well_formed(tap, outcome)


uefi_checks.main(test)
