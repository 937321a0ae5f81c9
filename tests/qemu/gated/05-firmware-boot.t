#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A gated image that firmware or GRUB boots: by a BIOS it starts, as an EFI program it says why not."""
import os
import subprocess
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated, paths, uefi, uefi_checks
from harness.disk import SECTOR
from harness.scenario import Scenario

# type_of_loader 7, version 2: GRUB. kexec has 0xd*.
GRUB_TYPE = 0x72
GRUB = f"""
serial
terminal_output serial
linux /gated.img {gated.CMDLINE}
initrd /initrd
boot
"""


def install_grub(disk):
    """Writes GRUB for the BIOS to the sectors in front of the disk's partition."""
    fetched = uefi.boot_managers()
    modules = fetched / "usr/lib/grub/i386-pc"
    core, config = disk.path.with_name("core.img"), disk.path.with_name("grub.cfg")
    config.write_text(GRUB)
    libraries = f"{fetched}/lib/x86_64-linux-gnu:{fetched}/usr/lib/x86_64-linux-gnu"
    subprocess.run([fetched / "usr/bin/grub-mkimage", "-O", "i386-pc", "-d", modules, "-c", config, "-o", core,
                    "-p", "(hd0,msdos1)/", "biosdisk", "part_msdos", "fat", "serial", "terminal", "linux", "boot"],
                   check=True, env={**os.environ, "LD_LIBRARY_PATH": libraries})
    with open(disk.path, "r+b") as image:
        # The disk's signature and the partition table begin at byte 440.
        image.write((modules / "boot.img").read_bytes()[:440])
        image.seek(SECTOR)
        image.write(core.read_bytes())


def boots_by_grub(tap, image):
    boot = uefi.Boot(name="gated-grub", firmware="seabios", megabytes=64, memory="512M", files={
        "gated.img": image, "initrd": uefi.initrd('say "loader $(cat /proc/sys/kernel/bootloader_type)"')})
    install_grub(boot.make_disk())
    outcome = uefi_checks.run_boot(tap, boot)
    tap.equal([match[1] for match in outcome.guest(r"loader (\d+)")], [str(GRUB_TYPE)], "GRUB: the original starts")
    tap.equal(outcome.gate, [], "and the stage does not run")


def test(tap):
    image = paths.logs("qemu", "gated-image") / "gated.img"
    image.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([paths.command(), "wrap", "-o", image, gated.kernel()], check=True)

    result = Scenario(name="gated-bios", kernel=image, first="list_devices", cmdline=gated.CMDLINE).run()
    tap.ok(not result.trouble and len(result.guest("first kernel up")) == 1,
           "SeaBIOS: the original starts", result.trouble, *result.lines[-5:])
    tap.equal(result.gate, [], "and the stage does not run")

    boots_by_grub(tap, image)

    result = Scenario(name="gated-efi", kernel=image, firmware="ovmf", first="list_devices",
                      cmdline=gated.CMDLINE, end="pcigate: this kernel image", timeout=60).run()
    tap.has_line(result.lines, r".*pcigate: this kernel image is for kexec only; boot the original image.*",
                 "OVMF: one line says why it does not start")


checks.main(test)
