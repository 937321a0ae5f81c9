#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""systemd-boot and GRUB start pcigate.efi as a boot entry: once the verdict is open, and once it is stop."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import paths, uefi, uefi_checks

LOADER = {
    "loader/loader.conf": "default pcigate.conf\ntimeout 0\n",
    "loader/entries/pcigate.conf": "title Linux, if every device is where it was\n"
                                   "efi /EFI/pcigate/pcigate.efi\noptions from=systemd-boot\n",
}
# The verdict of the first entry is stop, because its capture does not exist. That of the second is open.
GRUB = {
    "EFI/debian/grub.cfg": """
set timeout=0
set default=0
set fallback=1
menuentry 'Linux, if every device is where it was' {
	chainloader /EFI/pcigate/pcigate.efi --capture none.dtb from=grub
}
menuentry 'pcigate again, with a capture' {
	chainloader /EFI/pcigate/pcigate.efi from=fallback
}
""",
}


def files(managers, program, more, **keys):
    return {"EFI/BOOT/BOOTX64.EFI": managers / program,
            "EFI/pcigate/pcigate.efi": paths.application(),
            "EFI/pcigate/pcigate.conf": uefi.entry(**keys),
            f"EFI/pcigate/{uefi.CAPTURE}": uefi.capture(),
            "bzImage": paths.kernel(), "initrd": uefi.initrd(), **more}


def test(tap):
    managers = uefi.boot_managers()
    systemd = "usr/lib/systemd/boot/efi/systemd-bootx64.efi"
    outcome = uefi_checks.run(tap, name="systemd-boot", files=files(managers, systemd, LOADER))
    uefi_checks.opens(tap, outcome)
    tap.equal(outcome.count(r"Command line: .* from=systemd-boot$"), 1,
              "the options of systemd-boot's entry follow those of pcigate.conf")

    boot = uefi.Boot(name="grub", files=files(
        managers, "usr/lib/grub/x86_64-efi/monolithic/grubx64.efi", GRUB))
    boot.extra = uefi.another_disk(boot, 1, files(managers, systemd, LOADER, capture="none.dtb"))
    outcome = uefi_checks.run_boot(tap, boot)
    stops = [line for line in outcome.gate if "STOP" in line]
    tap.equal(stops, ["pcigate: STOP: capture none.dtb: not found [capture-unreadable]; "
                      "next boot entry"] * 2,
              "there are two stops: one under systemd-boot, which returns to the firmware, and one "
              "under GRUB")
    uefi_checks.opens(tap, outcome)
    tap.equal(outcome.count(r"Command line: .* from=fallback$"), 1, "GRUB's fallback entry starts Linux")


uefi_checks.main(test)
