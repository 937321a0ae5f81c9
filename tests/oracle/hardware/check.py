#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Compares the bridges of a generated machine with QEMU's: with the same bus numbers written, the same functions must answer.

If the ranges of two bridges overlap, the bridge with the lower device number forwards the request in a generated machine. In
QEMU it is the bridge that was created last. So the devices of a bus are created in descending order here.
"""

import argparse
import pathlib
import random
import subprocess
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1]), str(pathlib.Path(__file__).resolve().parents[2] / "qemu")]
import linux  # pylint: disable=wrong-import-position
from harness import cpio  # pylint: disable=wrong-import-position

HERE = pathlib.Path(__file__).resolve().parent

DEVICES = [
    "pcie-root-port,id=port5,bus=pcie.0,addr=5.0,chassis=5",
    "pci-bridge,id=bridge4,bus=pcie.0,addr=4.0,chassis_nr=4,shpc=off",
    "pcie-root-port,id=port3,bus=pcie.0,addr=3.0,chassis=3",
    "x3130-upstream,id=up,bus=port3,addr=0.0",
    "xio3130-downstream,id=down1,bus=up,addr=1.0,chassis=11",
    "xio3130-downstream,id=down0,bus=up,addr=0.0,chassis=10",
    "pci-testdev,bus=bridge4,addr=2.0",
    "pci-bridge,id=inner,bus=bridge4,addr=1.0,chassis_nr=41,shpc=off",
    "pci-testdev,bus=inner,addr=3.0",
    "e1000e,bus=down0,addr=0.0",
    "e1000e,bus=down1,addr=0.0",
    "e1000e,bus=port5,addr=0.0",
]

# Valid bus numbers, from the root bus down, and a mark for each function.
BEGIN = """
b 00 18 000000
b 00 20 000000
b 00 28 000000
b 00 18 040100
b 00 20 060500
b 00 28 070700
b 01 00 040201
b 02 00 000000
b 02 08 000000
b 02 00 030302
b 02 08 040402
b 05 08 060605
m 00 00 01
m 00 18 02
m 00 20 03
m 00 28 04
m 01 00 05
m 02 00 06
m 02 08 07
m 03 00 08
m 04 00 09
m 05 08 0a
m 05 10 0b
m 06 18 0c
m 07 00 0d
"""


def operations(seed, count):
    """Random writes. After every 24 of them all bridges get valid numbers again, or requests would rarely reach the lower ones."""
    dice = random.Random(seed)
    lines = BEGIN.strip().splitlines()
    for number in range(count):
        if number % 25 == 24:
            lines += [line for line in BEGIN.strip().splitlines() if line[0] == "b"]
        secondary = dice.choice([0, dice.randrange(16), dice.randrange(8), dice.randrange(8)])
        subordinate = dice.choice([0xff, secondary, secondary + dice.randrange(4), dice.randrange(16)])
        lines.append(f"b {dice.choice([0, 0, dice.randrange(8)]):02x} {dice.choice([0, 8, 0x18, 0x20, 0x28]):02x} "
                     f"{subordinate:02x}{secondary:02x}{dice.randrange(8):02x}")
    return "\n".join(lines) + "\n"


def qemu(text, directory):
    """The lines that init.c prints after each write to QEMU's bridges."""
    program = directory / "init"
    subprocess.run(["gcc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-static", "-o", program,
                    HERE / "init.c"], check=True)
    initrd = directory / "initrd"
    initrd.write_bytes(cpio.archive({"init*": program.read_bytes(), "dev/.keep": b"",
                                     "operations": text.encode()}))
    log = directory / "serial.log"
    subprocess.run(["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                    "-machine", "q35", "-accel", "tcg", "-cpu", "qemu64", "-m", "256M",
                    "-kernel", linux.REPO / "build" / "bzImage", "-initrd", initrd,
                    "-append", "console=ttyS0 loglevel=1 panic=-1 pcie_ports=compat intel_iommu=off",
                    "-serial", f"file:{log}", *(word for device in DEVICES for word in ("-device", device))],
                   stdin=subprocess.DEVNULL, check=True, timeout=300)
    lines = log.read_text(errors="replace").replace("\r", "").splitlines()
    if "replay: end" not in lines:
        raise linux.LinuxFailed("\n".join(["the guest in QEMU did not end"] + lines[-8:]))
    return [line for line in lines if "=" in line and line[2] == "."]


def natural(text):
    if int(text) < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return int(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=natural, default=1000, help="number of random writes")
    parser.add_argument("--seed", type=natural, default=1)
    options = parser.parse_args()
    text = operations(options.seed, options.n)
    generated = subprocess.run([linux.BUILD / "oracle", "replay", HERE / "machine.topo"], input=text,
                             stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    with tempfile.TemporaryDirectory(prefix="pcigate-hardware-") as directory:
        real = qemu(text, pathlib.Path(directory))
    writes = [line for line in text.splitlines() if line[0] == "b"]
    # Before the first valid numbers and marks, QEMU's bridges have the values that firmware and Linux wrote.
    begin = sum(line[0] == "b" for line in BEGIN.strip().splitlines())
    differ = [(step, ours, qemus) for step, ours, qemus in list(zip(writes, generated, real))[begin:] if ours != qemus]
    for step, ours, qemus in differ[:5]:
        print(f"after {step}\n    generated: {ours}\n    QEMU:      {qemus}")
    seen = {word.split("=")[1][:2] for line in real[begin:] for word in line.split()}
    print(f"hardware: {len(real)} writes to QEMU's bridges, {len(differ)} with another result than in the generated machine; "
          f"{len(seen)} of 13 functions answered at least once")
    return 1 if differ or len(real) != len(generated) or len(real) != len(writes) or len(seen) < 13 else 0


if __name__ == "__main__":
    sys.exit(main())
