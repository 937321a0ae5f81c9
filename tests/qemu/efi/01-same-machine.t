#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Recorded and booted on the same machine: the gate opens, Linux finds everything where it was, and the verdict."""
import subprocess
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import paths, uefi, uefi_checks
from harness.uefi import CARD, NVME


def desk(tap, record):
    """The command reads what was recorded."""
    for command, pattern in (("check", "pcigate: OPEN: 2 of 2 preserved devices keep their address"),
                             ("show", f"{CARD} 8086:10d3 preserved"),
                             ("plan", f"{NVME} 1b36:0010, preserved")):
        run = subprocess.run([paths.command(), command, record], text=True, check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        tap.equal(run.returncode, 0, f"pcigate {command} reads the recorded capture")
        tap.ok(pattern in run.stdout, f"and pcigate {command} tells what is in it", run.stdout)


def variables(tap, outcome):
    found = outcome.variables()
    tap.equal(sorted(found), ["PcigateVerdict"], "one variable: nothing was stopped")
    words = uefi_checks.words(found.get("PcigateVerdict", b""))
    reads = words.pop("reads", "0")
    tap.ok(int(words.pop("usec", "0")) > 0, "with the time that it took")
    tap.equal(words, {"verdict": "open", "reason": "none", "devices": "2", "keep": "2",
                      "move": "0", "unverified": "0"}, "with verdict, reason and counts")
    tap.ok(any(f"{reads} config reads" in line for line in outcome.gate), "and the reads as printed")
    tap.equal(found.get("PcigateVerdict", b"")[:1], b"\x06",
              "seen at boot and at run time, gone with this boot")
    shown = uefi_checks.show_efi(tap, outcome, "PcigateVerdict")
    tap.ok("verdict   open: 2 of 2 devices keep their address" in shown, "in words", shown)


def test(tap):
    record = uefi.capture()
    desk(tap, record)
    second = paths.BUILD / "efi-qemu/same-machine/second.log"
    second.parent.mkdir(parents=True, exist_ok=True)
    # A second serial port, which OVMF makes part of its console.
    outcome = uefi_checks.run(
        tap, name="same-machine", files=uefi.started_by_firmware(record),
        extra=["-chardev", f"file,id=second,path={second}", "-serial", "chardev:second"])
    uefi_checks.opens(tap, outcome)
    uefi_checks.well_formed(tap, outcome)
    tap.has_line(outcome.gate, "pcigate: KHO kho-v4, LUO luo-v5, PCI 2, pcigate-v1: "
                 "2 devices, 2 bridges")
    tap.has_line(outcome.gate, "pcigate: root buses now: 0000:00-03")
    variables(tap, outcome)
    other = second.read_text(errors="replace").replace("\r", "").splitlines()
    tap.equal([line for line in other if line.startswith("pcigate: ")], outcome.gate,
              "the other serial port has the report, and has it once")


uefi_checks.main(test)
