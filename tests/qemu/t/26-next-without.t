#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The next kernel's command line disables something that a preserved device needs: the stage stops."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CMDLINE, DEVICES


CODES = {
    "kho=off": "next-without-kho",
    "liveupdate=off": "next-without-liveupdate",
    "pci=off": "next-without-pci",
    "acpi=off": "next-without-acpi",
}


def stops(tap, code, **scenario):
    result = checks.run(tap, early=False, **scenario)
    checks.stops(tap, result, "3 of 3 preserved devices cannot be verified")
    for device in DEVICES:
        tap.has_line(result.gate, rf"pcigate: {device} UNVERIFIED: .*\[{code}\]")


def test(tap):
    for words, code in CODES.items():
        stops(tap, code, name=code, next_words=words)
    # These kernels have CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT, so KHO is on without kho=on. The stage
    # cannot see that.
    stops(tap, "next-without-kho", name="kho-word-missing", cmdline=CMDLINE.replace("kho=on ", ""))


checks.main(test)
