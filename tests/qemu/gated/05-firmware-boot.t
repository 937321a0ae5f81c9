#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A gated image that firmware boots: by the BIOS's entry it starts, as an EFI program it says why not."""
import subprocess
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated, paths
from harness.scenario import Scenario


def test(tap):
    image = paths.logs("qemu", "gated-image") / "gated.img"
    image.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([paths.command(), "wrap", "-o", image, gated.kernel()], check=True)

    result = Scenario(name="gated-bios", kernel=image, first="list_devices", cmdline=gated.CMDLINE).run()
    tap.ok(not result.trouble and len(result.guest("first kernel up")) == 1,
           "SeaBIOS: the original starts", result.trouble, *result.lines[-5:])
    tap.equal(result.gate, [], "and the stage does not run")

    result = Scenario(name="gated-efi", kernel=image, firmware="ovmf", first="list_devices",
                      cmdline=gated.CMDLINE, end="pcigate: this kernel image", timeout=60).run()
    tap.has_line(result.lines, r".*pcigate: this kernel image is for kexec only; boot the original image.*",
                 "OVMF: one line says why it does not start")


checks.main(test)
