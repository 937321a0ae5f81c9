#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The time from the stage's entry to its jump, modelled from counts that are the same in every run."""
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import paths
from harness.scenario import Scenario

# The model, in microseconds: a config read through a window, a character at 115,200 baud, an instruction at 3 GHz. On these
# machines the record and MCFG have the same windows, so the stage uses no port.
READ, CHARACTER, INSTRUCTION = 0.5, 87, 1 / 3000
# QEMU counts instructions, and a cycle of the time stamp counter is one instruction.
ICOUNT = ("-icount", "shift=0,sleep=off")
# The oldest processor with SSE4.2, which has an instruction for CRC-32C (2008).
CPU = "Nehalem"
# Level 6 hides information, as `quiet` does. `quiet` would also hide the lines that end the scenario.
QUIET = "pcigate=enforce loglevel=6"
AIMS = {3: 0.1, 1000: 3}


def fail(why):
    sys.exit(f"no measurement: {why}")


def instructions(program, *arguments, stdin=subprocess.DEVNULL):
    """What the program prints, and the instructions between its marks."""
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no",
                          program, *map(str, arguments)], stdin=stdin, text=True, capture_output=True, check=False)
    counted = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode or not counted:
        fail(f"{program}: {run.stderr}")
    return run.stdout, int(counted[1])


def real():
    """A handoff with three devices in QEMU: (reads, characters, instructions)."""
    result = Scenario(name="blackout", logs="bench", timeout=600, cpu=CPU, extra=ICOUNT, next_words=QUIET).run()
    entry = not result.trouble and (result.entry("pci-topology") or result.entry("pcigate"))
    if not entry:
        fail(f"{result.trouble}: see {result.directory}")

    def answer(name):
        return list(map(int, subprocess.run(["fdtget", "-t", "u", entry, "/answer", name], text=True,
                                            stdout=subprocess.PIPE, check=True).stdout.split()))

    high, low = answer("cycles")
    # Each line ends with CR LF.
    characters = sum(len(line) + 2 for line in result.wire().splitlines())
    return answer("config-reads")[0], characters, high << 32 | low


def generated(devices, characters):
    printed, counted = instructions(paths.BUILD / "bench/stage", devices)
    return int(printed), characters, counted


def stock():
    """Builds a program with the purgatory of Linux, which the patched kernel has beside the stage."""
    image, target = paths.kernel().read_bytes(), paths.BUILD / "bench/stock"
    payload = zlib.decompressobj(31).decompress(image[image.index(b"\x1f\x8b\x08", 0x1000):])
    for start in re.finditer(rb"\x7fELF\x02\x01\x01.{9}\x01\0\x3e\0", payload, re.S):
        at = start.start()
        sections, number = struct.unpack_from("<Q12xH", payload, at + 40)
        elf = payload[at:at + sections + 64 * number]
        if b"sha256_final\0" in elf:
            target.with_suffix(".ro").write_bytes(elf)
            subprocess.run(["gcc", "-O2", "-no-pie", "-z", "noexecstack", "-o", target,
                            paths.REPO / "tests/bench/stock.c", target.with_suffix(".ro")], check=True)
            return target
    return fail(f"{paths.kernel()}: no purgatory found")


def milliseconds(reads, characters, counted):
    return (reads * READ + characters * CHARACTER + counted * INSTRUCTION) / 1000


def main():
    program = stock()
    with paths.kernel().open("rb") as kernel:
        _, digest = instructions(program, stdin=kernel)
    _, empty = instructions(program)
    rows = {3: real()}
    rows.update((devices, generated(devices, rows[3][1])) for devices in (64, 1000, 4096))
    print("  devices   reads  bytes  instructions  entry to jump     aim   to stock with SHA-256   without")
    for devices, counts in rows.items():
        time = milliseconds(*counts)
        aim = f"{AIMS[devices]} ms" if devices in AIMS else ""
        print(f"  {devices:7,} {counts[0]:7,} {counts[1]:6} {counts[2]:13,} {time:11.3f} ms {aim:>7} "
              f"{time / milliseconds(0, 0, digest):23.3f} {time / milliseconds(0, 0, empty):9,.0f}")
    print(f"  The stock purgatory of {paths.kernel().name}: {digest:,} instructions, "
          f"{milliseconds(0, 0, digest):.1f} ms, with SHA-256 over {paths.kernel().stat().st_size:,} bytes\n"
          f"  (this kernel, no initramfs); {empty:,} instructions without, as with KHO.")


if len(sys.argv) > 1:
    print(f"{Path(sys.argv[0]).name}: unknown argument: {sys.argv[1]} (it takes none)", file=sys.stderr)
    sys.exit(2)
main()
