#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Under Secure Boot, Debian's kernel takes a gated image only if it is signed; the record is in the initrd."""
import subprocess
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated, paths, secure
from harness.scenario import DEVICES, NEXT_WORDS, SWITCH_PORT

# The commands that the kernel refuses, and what they print.
REFUSED = {
    "config": (1, f"pciw: {SWITCH_PORT} register 0x19: Operation not permitted"),
    "file": (255, "kexec_file_load failed: No data available"),
    "tools": (255, "kexec_load failed: Permission denied"),
    "memory": (2, "pcigate: kexec_file_load: the kernel takes signed images only, and this one is not signed; "
               "wrap and sign it ahead (ENODATA)"),
}


def sign(name):
    """Debian's kernel, wrapped without a record and signed with a key in the firmware's db."""
    image = paths.logs("qemu", name) / "gated.img"
    image.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([paths.command(), "wrap", "-o", image, gated.kernel()], check=True)
    image.write_bytes(secure.signed(image))
    return image


def load(devices):
    return f"load_by_command '{NEXT_WORDS}' " + " ".join(f"--preserve {device}" for device in devices)


def test(tap):
    machine = {"firmware": paths.OVMF_SECURE, "extra": tuple(secure.QEMU), "timeout": 300,
               "next_kernel": sign("gated-secure")}
    result = gated.run(tap, name="gated-secure", **machine, load=f"""
        run pcigate unwrap -o /tmp/original /next/bzImage
        run pcigate wrap -o /tmp/unsigned /tmp/original
        attempt config pciw {SWITCH_PORT} 0x19 1 0
        attempt file kexec -s -l /tmp/unsigned
        attempt tools kexec -c -l /tmp/unsigned
        attempt memory pcigate load --all /tmp/original
        attempt none pcigate load --status
        {load(DEVICES)}""")
    for name, (status, said) in REFUSED.items():
        tap.equal([match[1] for _, match in result.guest(f"{name} (.*)")][:2],
                  [f"status {status}", f"said {said}"], f"refused: {name}")
    tap.equal([match[1] for _, match in result.guest("none (.*)")], ["status 1", "said no image is loaded"],
              "nothing is loaded")
    tap.equal([match[1] for _, match in result.guest("load (.*)")],
              gated.loaded(beside=True), "the signed image is loaded")
    gated.opens(tap, result)

    # Bridges cannot be cleared under lockdown. A card can be plugged in.
    settings = gated.plugged_in_front()
    result = gated.run(tap, name="gated-secure-in-front", **machine, **settings, load=load(settings["devices"]))
    gated.stops_in_front(tap, result)


checks.main(test)
