#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Three boot entries under Secure Boot, each the fallback of the one before: pcigate.efi is not signed;
it is signed, but the kernel is not; both are signed."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import paths, secure, uefi, uefi_checks


def test(tap):
    program = secure.signed(paths.application())
    files = uefi.started_by_firmware(uefi.capture())
    boot = uefi.Boot(name="secure-boot", firmware=paths.OVMF_SECURE, files={
        **files, "EFI/BOOT/BOOTX64.EFI": program, "bzImage": secure.signed(paths.kernel())})
    boot.extra = [*secure.QEMU, *uefi.another_disk(boot, 1, files),
                  *uefi.another_disk(boot, 2, {**files, "EFI/BOOT/BOOTX64.EFI": program})]
    outcome = uefi_checks.run_boot(tap, boot)
    refused = [line for line in outcome.lines if "failed to load" in line]
    tap.has_line(refused[:1], r"BdsDxe: failed to load .*Pci\(0x1B,0x0\).*: Access Denied",
                 "the firmware refuses an unsigned pcigate.efi")
    tap.has_line(outcome.gate, r"pcigate: STOP: linux /bzImage: refused by Secure Boot "
                 r"\[kernel-refused\]; next boot entry", "pcigate.efi does not start an unsigned kernel")
    uefi_checks.opens(tap, outcome)
    tap.equal(outcome.count(r"secureboot: Secure boot enabled"), 1, "Linux says that Secure Boot is on")


uefi_checks.main(test)
