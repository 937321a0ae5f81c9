#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What pcigate record costs on a machine with some 200 functions."""
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
record() {{
	/host/ld-linux-x86-64.so.2 --library-path /host /host/pcigate record --all -o /tmp/host.dtb
}}
run record
for i in $(seq {RUNS}); do
	read -r begin _ </proc/uptime
	record >/dev/null
	read -r end _ </proc/uptime
	say "uptime $begin $end"
done
say "size $(stat -c %s /tmp/host.dtb)"
"""


def topology():
    words = "-global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off".split()
    for port in range(PORTS):
        words += uefi.port(f"port{port}", f"{port + 3:x}", port + 1)
        for function in range(FUNCTIONS):
            words += ["-device", f"virtio-rng-pci,bus=port{port},addr=0.{function},multifunction=on"]
    return words


def main():
    directory = paths.BUILD / "bench-record"
    directory.mkdir(parents=True, exist_ok=True)
    initrd = image.core() + cpio.archive({"scenario/1": SCRIPT.encode(), **image.command_files()})
    with Machine(directory, kernel=paths.kernel(), initrd=initrd, cmdline=uefi.OPTIONS,
                 devices=topology(), memory="512M", trace=()) as machine:
        machine.wait(END, 1200)
        text = machine.text()
    said = re.search(r"guest: recorded: (\d+) of (\d+) functions, and (\d+) bridges above \((\d+) config reads\)", text)
    times = [float(end) - float(begin) for begin, end in re.findall(r"guest: uptime ([0-9.]+) ([0-9.]+)", text)]
    size = re.search(r"guest: size (\d+)", text)
    if not (said and times and size):
        sys.exit(f"no measurement: see {directory}")
    print(f"  {statistics.median(times) * 1000:.0f} ms for a recording of {said[2]} functions, {min(times) * 1000:.0f} ms at "
          f"best (median of {len(times)}): {said[4]} config reads, {size[1]} bytes")


if len(sys.argv) > 1:
    print(f"{Path(sys.argv[0]).name}: unknown argument: {sys.argv[1]} (it takes none)", file=sys.stderr)
    sys.exit(2)
main()
