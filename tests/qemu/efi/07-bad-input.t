#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Capture, text file, kernel or initrd are wrong: pcigate.efi prints one line, returns an error status and
starts no kernel."""
import re
import subprocess
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import paths, uefi, uefi_checks


def with_capture(name):
    return f"--capture {name} --linux \\bzImage console=ttyS0"


def compiled(text):
    return subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", "-"], input=text.encode(),
                          stdout=subprocess.PIPE, check=True).stdout


def altered(record, old, new):
    """The capture, with the first match of `old` in its text replaced."""
    text = subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dts", str(record)], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    assert re.search(old, text), old
    return compiled(re.sub(old, new, text, count=1))


# (name, arguments, the last line up to its code, code). The code is None where the core prints the
# line: this one has the cost in place of a code.
CASES = [
    ("cut short", with_capture("cut.dtb"),
     r"capture cut.dtb: damaged device tree: FDT_ERR_TRUNCATED", "capture-unreadable"),
    ("cut within its head", with_capture("head.dtb"),
     r"capture head.dtb: damaged device tree: FDT_ERR_TRUNCATED", "capture-unreadable"),
    ("empty", with_capture("empty.dtb"), r"capture empty.dtb: is empty", "capture-unreadable"),
    ("another version", with_capture("version.dtb"),
     r"see above", "capture-unreadable"),
    ("another KHO", with_capture("kho.dtb"), r"record version unknown", None),
    ("missing", with_capture("none.dtb"), r"capture none.dtb: not found", "capture-unreadable"),
    ("a directory", with_capture("\\EFI"), r"capture \\EFI: is a directory", "capture-unreadable"),
    ("text", with_capture("\\startup.nsh"),
     r"capture \\startup.nsh: is not a flattened device tree \(.dtb\)",
     "capture-unreadable"),
    ("too large", with_capture("huge.dtb"), r"capture huge.dtb: is too large",
     "capture-unreadable"),
    ("nothing recorded", with_capture("nothing.dtb"), r"capture nothing.dtb: records no device",
     "nothing-recorded"),
    ("points outside", with_capture("outside.dtb"), r"record points outside the memory map", None),
    ("structure beyond its block", with_capture("offsets.dtb"),
     r"capture offsets.dtb: damaged device tree: FDT_ERR_\w+", "capture-unreadable"),
    ("a long path", with_capture("\\" + "x" * 250), r"see above", "capture-unreadable"),
    ("no kernel", "--capture good.dtb --linux \\none", r"linux \\none: not found",
     "kernel-unreadable"),
    ("the kernel is a directory", "--capture good.dtb --linux \\EFI", r"linux \\EFI: is a directory",
     "kernel-unreadable"),
    ("the kernel is a text file", "--capture good.dtb --linux \\startup.nsh",
     r"linux \\startup.nsh: is not an EFI program \(no EFI stub\?\)",
     "kernel-refused"),
    ("the kernel is cut short", "--capture good.dtb --linux \\cut.efi",
     r"linux \\cut.efi: .*", "kernel-refused"),
    ("the kernel is larger than memory", "--capture good.dtb --linux \\huge.dtb",
     r"linux \\huge.dtb: does not fit into memory", "kernel-unreadable"),
    ("no initrd", "--capture good.dtb --linux \\bzImage --initrd \\none",
     r"initrd \\none: not found", "kernel-unreadable"),
    ("the initrd is empty", "--capture good.dtb --linux \\bzImage --initrd empty.dtb",
     r"initrd empty.dtb: is empty", "kernel-unreadable"),
    ("the initrd is larger than memory", "--capture good.dtb --linux \\bzImage --initrd huge.dtb",
     r"initrd huge.dtb: does not fit into memory", "kernel-unreadable"),
    ("two initrds are larger than memory", "--capture good.dtb --linux \\bzImage --initrd \\initrd --initrd huge.dtb",
     r"initrd huge.dtb: does not fit into memory", "kernel-unreadable"),
    ("a key misspelt", "--config wrong.conf", r"wrong.conf line 2: unknown key 'linxu'",
     "entry-malformed"),
    ("a key missing", "--config short.conf",
     r"short.conf line 3, end of file: key 'linux' is missing", "entry-malformed"),
    ("no text file", "", r"pcigate.conf: not found", "entry-malformed"),
    ("the text file is a directory", "--config \\EFI", r"\\EFI: is a directory", "entry-malformed"),
    ("the text file is no text", "--config good.dtb", r"good.dtb line 1: .*", "entry-malformed"),
    ("the text file is larger than one", "--config huge.dtb", r"huge.dtb: is too large",
     "entry-malformed"),
    ("an option misspelt", "--recrod x", r"load options: unknown option '--recrod'",
     "entry-malformed"),
]


def files():
    record = uefi.capture()
    good = record.read_bytes()
    offsets = bytearray(good)
    offsets[8:12] = (len(good) - 8).to_bytes(4, "big")
    return {
        "EFI/": b"", "pcigate.efi": paths.application(), "bzImage": paths.kernel(),
        "initrd": uefi.initrd(), "good.dtb": record, "cut.dtb": good[:len(good) // 2],
        "head.dtb": good[:20], "empty.dtb": b"", "offsets.dtb": bytes(offsets),
        "version.dtb": good.replace(b"pcigate-capture-v1", b"pcigate-capture-v2"),
        "kho.dtb": good.replace(b"kho-v4", b"kho-v9"),
        "outside.dtb": altered(record, r"devices = <0x00 0x107000>", "devices = <0x00 0xfff000>"),
        "nothing.dtb": compiled('/dts-v1/; / { compatible = "pcigate-capture-v1"; };'),
        "cut.efi": paths.kernel().read_bytes()[:70000],
        "wrong.conf": "capture good.dtb\nlinxu /bzImage\n",
        "short.conf": "title x\ncapture good.dtb\n",
        "startup.nsh": "@echo -off\nfs0:\n" + "".join(
            f"echo case {name}\npcigate.efi {arguments}\necho status %lasterror%\n"
            for name, arguments, *_ in CASES) + "echo case end\n" + uefi.OFF,
    }


def test(tap):
    boot = uefi.Boot(name="bad-input", files=files(), megabytes=400, end="^case end")
    # As large as memory. The file is sparse, so mcopy writes only the FAT's clusters.
    disk = boot.make_disk()
    huge = boot.directory / "huge"
    with open(huge, "wb") as file:
        file.truncate(300 << 20)
    disk.put("huge.dtb", huge)
    huge.unlink()
    outcome = uefi_checks.run_boot(tap, boot)
    for name, _, line, code in CASES:
        lines, status = outcome.after(name)
        tail = rf" \[{code}\](; next boot entry)?" if code else \
            "; next boot entry"
        tap.has_line(lines[-1:], rf"pcigate: STOP: {line}{tail}", f"{name}: the last line has the reason")
        if code in ("capture-unreadable", "entry-malformed"):
            tap.equal(len(lines), 2 if line == "see above" else 1, f"{name}: there are no other lines")
        tap.ok(status and status[1] not in ("0x0", "0"), f"{name}: the exit status is an error",
               status and status[0])
    tap.has_line(outcome.after("another version")[0], "pcigate: capture version.dtb: /: compatible: "
                 r'must be "pcigate-capture-v1"; is this a capture\?',
                 "another version: a line names the version it should have")
    tap.equal(outcome.count(uefi.KERNEL_LINE), 0, "no kernel starts")
    long_lines = [line for line in outcome.gate if len(line) > 100]
    tap.equal(long_lines, [], "no line is longer than 100 columns")
    disk.path.unlink()


uefi_checks.main(test)
