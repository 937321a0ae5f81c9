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
    original = gated.kernel()
    wrapped = subprocess.run([paths.command(), "wrap", "-o", image, original], check=False)
    if not tap.equal(wrapped.returncode, 0, "the image is wrapped"):
        return
    back = image.with_suffix(".original")
    subprocess.run([paths.command(), "unwrap", "-o", back, image], check=False)
    tap.equal(back.read_bytes(), original.read_bytes(), "the original comes out byte for byte")
    added = image.stat().st_size - original.stat().st_size
    tap.ok(added <= 96 << 10, "at most 96 KiB are added", added)
    tap.note(f"{added} bytes added")
    kind = subprocess.run(["file", image], text=True, stdout=subprocess.PIPE, check=True).stdout
    tap.ok("Linux kernel x86 boot executable bzImage" in kind, "file(1) knows it", kind)

    result = Scenario(name="gated-bios", kernel=image, first="list_devices", cmdline=gated.CMDLINE).run()
    tap.ok(not result.trouble and len(result.guest("first kernel up")) == 1,
           "SeaBIOS: the original starts", result.trouble, *result.lines[-5:])
    tap.equal(result.gate, [], "and the stage does not run")

    result = Scenario(name="gated-efi", kernel=image, firmware="ovmf", first="list_devices",
                      cmdline=gated.CMDLINE, end="pcigate: this kernel image", timeout=60).run()
    tap.has_line(result.lines, r".*pcigate: this kernel image is for kexec only; boot the original image.*",
                 "OVMF: one line says why it does not start")


checks.main(test)
