#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The disk fails in the middle of the capture, the kernel or the initrd: pcigate.efi stops with an error
status."""
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import paths, uefi, uefi_checks

# The firmware also reads sectors near the requested ones, so no other file is within this distance of
# the bad sectors.
FAR = 512 << 10

CASES = [
    ("capture", r"--capture bad.dtb --linux \bzImage", r"capture bad.dtb: .*", "capture-unreadable"),
    ("kernel", r"--capture good.dtb --linux \bad.efi", r"linux \\bad.efi: .*", "kernel-unreadable"),
    ("initrd", r"--capture good.dtb --linux \bzImage --initrd \bad.img", r"initrd \\bad.img: .*",
     "kernel-unreadable"),
]
BAD = {"bad.dtb": FAR, "bad.efi": 1 << 20, "bad.img": 3 << 20}


def test(tap):
    record = uefi.capture().read_bytes()
    script = "@echo -off\nfs0:\n" + "".join(
        f"echo case {name}\npcigate.efi {arguments} console=ttyS0\necho status %lasterror%\n"
        for name, arguments, *_ in CASES) + "echo case end\n" + uefi.OFF
    boot = uefi.Boot(name="read-errors", end="^case end", megabytes=60, files={
        "startup.nsh": script, "pcigate.efi": paths.application(), "bzImage": paths.kernel(),
        "good.dtb": record, "gap1": bytes(FAR), "bad.dtb": record + bytes(2 * FAR - len(record)),
        "gap2": bytes(FAR), "bad.efi": paths.kernel(), "gap3": bytes(FAR),
        "bad.img": uefi.initrd(), "gap4": bytes(FAR)})
    disk = boot.make_disk()
    errors = "".join(
        f",file.inject-error.{i}.event=read_aio,file.inject-error.{i}.sector={disk.sector(name, at)}"
        for i, (name, at) in enumerate(BAD.items()))
    boot.drive = "driver=raw,file.driver=blkdebug,file.image.driver=file," \
        f"file.image.filename={disk.path}{errors}"
    outcome = uefi_checks.run_boot(tap, boot)
    for name, _, line, code in CASES:
        lines, status = outcome.after(name)
        tap.has_line(lines[-1:], rf"pcigate: STOP: {line} \[{code}\](; next boot entry)?",
                     f"{name}: the last line has the reason")
        tap.ok(any("read or write error of the device" in text for text in lines),
               f"{name}: a line names a device error", *lines)
        tap.ok(status and re.fullmatch(r"0x[0-9A-F]*7", status[1]),
               f"{name}: the exit status is Device Error", status and status[0])
    tap.equal(outcome.count(uefi.KERNEL_LINE), 0, "no kernel starts")


uefi_checks.main(test)
