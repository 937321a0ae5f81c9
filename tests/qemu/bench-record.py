#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What pcigate record and load cost on a machine with some 200 functions."""
import re
import statistics
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import cpio, image, paths, uefi
from harness.machine import Machine

PORTS, FUNCTIONS, RUNS = 24, 8, 10
END = r"guest: (done|FAILED)|Kernel panic - not syncing"
SCRIPT = f"""
pcigate() {{
	/host/ld-linux-x86-64.so.2 --library-path /host /host/pcigate "$@"
}}
# time NAME ARGUMENT...
time() {{
	name=$1
	shift
	for i in $(seq {RUNS}); do
		read -r begin _ </proc/uptime
		pcigate "$@" >/dev/null || fail "$name"
		read -r end _ </proc/uptime
		say "$name $begin $end"
	done
}}
run pcigate record --all -o /tmp/host.dtb
say "size $(stat -c %s /tmp/host.dtb)"
time record record --all -o /tmp/host.dtb
time load load --all /next/bzImage
"""


def topology():
    words = "-global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off".split()
    for port in range(PORTS):
        words += uefi.port(f"port{port}", f"{port + 3:x}", port + 1)
        for function in range(FUNCTIONS):
            words += ["-device", f"virtio-rng-pci,bus=port{port},addr=0.{function},multifunction=on"]
    return words


def milliseconds(text, name):
    times = [float(end) - float(begin) for begin, end in re.findall(rf"guest: {name} ([0-9.]+) ([0-9.]+)", text)]
    if len(times) < RUNS:
        return None
    return f"{statistics.median(times) * 1000:.0f} ms ({min(times) * 1000:.0f} ms at best)"


def main():
    directory = paths.BUILD / "bench-record"
    directory.mkdir(parents=True, exist_ok=True)
    initrd = image.core() + cpio.archive({
        "scenario/1": SCRIPT.encode(), "next/bzImage": paths.kernel().read_bytes(), **image.command_files()})
    with Machine(directory, kernel=paths.kernel(), initrd=initrd, cmdline=uefi.OPTIONS,
                 devices=topology(), memory="512M", trace=()) as machine:
        machine.wait(END, 1200)
        text = machine.text()
    said = re.search(r"guest: recorded: (\d+) of (\d+) functions, and (\d+) bridges above \((\d+) config reads\)", text)
    record, load = milliseconds(text, "record"), milliseconds(text, "load")
    size = re.search(r"guest: size (\d+)", text)
    if not (said and record and load and size):
        sys.exit(f"no measurement: see {directory}")
    print(f"  {record} for a recording of {said[2]} functions, {load} for a load of {paths.kernel().name} with it "
          f"(median of {RUNS}): {said[4]} config reads, {size[1]} bytes")


if len(sys.argv) > 1:
    print(f"{Path(sys.argv[0]).name}: unknown argument: {sys.argv[1]} (it takes none)", file=sys.stderr)
    sys.exit(2)
main()
