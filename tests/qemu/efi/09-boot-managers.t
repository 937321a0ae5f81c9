#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Installed as people do: an entry of systemd-boot, and one of GRUB, each for a gate that opens and one that stops."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import paths, uefi, uefi_checks

LOADER = {
    "loader/loader.conf": "default pcigate.conf\ntimeout 0\n",
    "loader/entries/pcigate.conf": "title Linux, if every device is where it was\n"
                                   "efi /EFI/pcigate/pcigate.efi\noptions from=systemd-boot\n",
}
# The first entry stops, as its capture is not there; the second opens.
GRUB = {
    "EFI/debian/grub.cfg": """
set timeout=0
set default=0
set fallback=1
menuentry 'Linux, if every device is where it was' {
	chainloader /EFI/pcigate/pcigate.efi --capture none.dtb from=grub
}
menuentry 'The gate once more, with a capture' {
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
              "the entry's options come behind those of pcigate.conf")

    boot = uefi.Boot(name="grub", files=files(
        managers, "usr/lib/grub/x86_64-efi/monolithic/grubx64.efi", GRUB))
    boot.extra = uefi.another_disk(boot, 1, files(managers, systemd, LOADER, capture="none.dtb"))
    outcome = boot.run()
    tap.ok(not outcome.trouble, "the boot came to an end", outcome.trouble, *outcome.lines[-15:])
    tap.note(f"grub: {outcome.seconds:.1f} s")
    stops = [line for line in outcome.gate if "STOP" in line]
    tap.equal(stops, ["pcigate: STOP: capture none.dtb: not found [capture-unreadable]; "
                      "next boot entry"] * 2,
              "stopped twice: below systemd-boot, which gives the turn back to the firmware, "
              "and below GRUB")
    uefi_checks.opens(tap, outcome)
    tap.equal(outcome.count(r"Command line: .* from=fallback$"), 1, "GRUB's fallback entry did it")


uefi_checks.main(test)
