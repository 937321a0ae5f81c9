#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The capture is from the same machine: the verdict is open, and Linux finds the devices and the verdict."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import paths, uefi, uefi_checks


def variables(tap, outcome):
    found = outcome.variables()
    tap.equal(sorted(found), ["PcigateVerdict"], "there is one variable, and none of a stop")
    words = uefi_checks.words(found.get("PcigateVerdict", b""))
    reads = words.pop("reads", "0")
    tap.ok(int(words.pop("usec", "0")) > 0, "the variable has the time that the check took")
    tap.equal(words, {"verdict": "open", "reason": "none", "devices": "2", "keep": "2",
                      "move": "0", "unverified": "0"}, "the variable has verdict, reason and counts")
    tap.ok(any(f"{reads} config reads" in line for line in outcome.gate),
           "the variable has the number of config reads that was printed")
    tap.equal(found.get("PcigateVerdict", b"")[:1], b"\x06",
              "the variable is accessible at boot and at run time, and not kept after a reset")
    shown = uefi_checks.show_efi(tap, outcome, "PcigateVerdict")
    tap.ok("verdict   open: 2 of 2 devices keep their address" in shown,
           "pcigate show --efi prints the verdict", shown)


def test(tap):
    record = uefi.capture()
    uefi_checks.commands_read(tap, record, "the capture")
    second = paths.BUILD / "efi-qemu/same-machine/second.log"
    second.parent.mkdir(parents=True, exist_ok=True)
    # A second serial port, which OVMF makes part of its console.
    outcome = uefi_checks.run(
        tap, name="same-machine", files=uefi.started_by_firmware(record),
        extra=["-chardev", f"file,id=second,path={second}", "-serial", "chardev:second"])
    uefi_checks.opens(tap, outcome)
    uefi_checks.well_formed(tap, outcome)
    tap.has_line(outcome.gate, "pcigate: KHO kho-v4, LUO luo-v5, PCI 2, pci-topology-v1: "
                 "2 devices, 2 bridges")
    tap.has_line(outcome.gate, "pcigate: root buses now: 0000:00-03")
    variables(tap, outcome)
    other = second.read_text(errors="replace").replace("\r", "").splitlines()
    tap.equal([line for line in other if line.startswith("pcigate: ")], outcome.gate,
              "the second serial port has the report once")


uefi_checks.main(test)
