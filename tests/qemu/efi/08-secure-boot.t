#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Under Secure Boot, three boot entries, each the fallback of the one before: pcigate.efi without a signature; signed, but with
a kernel without one; both signed."""
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
    outcome = boot.run()
    tap.ok(not outcome.trouble, "the boot came to an end", outcome.trouble, *outcome.lines[-15:])
    tap.note(f"secure-boot: {outcome.seconds:.1f} s")
    refused = [line for line in outcome.lines if "failed to load" in line]
    tap.has_line(refused[:1], r"BdsDxe: failed to load .*Pci\(0x1B,0x0\).*: Access Denied",
                 "unsigned: the firmware refuses it")
    tap.has_line(outcome.gate, r"pcigate: STOP: linux /bzImage: refused by Secure Boot "
                 r"\[kernel-refused\]; next boot entry", "unsigned kernel: it does not start")
    uefi_checks.opens(tap, outcome)
    tap.equal(outcome.count(r"secureboot: Secure boot enabled"), 1, "with Secure Boot on")


uefi_checks.main(test)
