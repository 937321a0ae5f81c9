#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The cost of pcigate.efi: boots by systemd-boot with and without it, alternately; prints medians."""
import re
import statistics
import sys
import threading
import time
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import paths, uefi

RUNS = 5
# From the boot manager's start to the kernel's first line. This includes reading kernel and initrd.
START, END = r"BdsDxe: starting", uefi.KERNEL_LINE


def files(with_gate):
    managers = uefi.boot_managers()
    how = "efi /EFI/pcigate/pcigate.efi" if with_gate else \
        f"linux /bzImage\ninitrd /initrd\noptions {uefi.OPTIONS}"
    return {"EFI/BOOT/BOOTX64.EFI": managers / "usr/lib/systemd/boot/efi/systemd-bootx64.efi",
            "loader/loader.conf": "default entry.conf\ntimeout 0\n",
            "loader/entries/entry.conf": f"title Linux\n{how}\n",
            "EFI/pcigate/pcigate.efi": paths.application(),
            "EFI/pcigate/pcigate.conf": uefi.entry(),
            f"EFI/pcigate/{uefi.CAPTURE}": uefi.capture(),
            "bzImage": paths.kernel(), "initrd": uefi.initrd()}


class Watch(threading.Thread):
    """The times at which the lines START and END appear: reads the serial log every millisecond."""

    def __init__(self, log):
        super().__init__(daemon=True)
        self._log = log
        self.times = []

    def run(self):
        wanted = [START, END]
        while wanted:
            time.sleep(0.001)
            try:
                text = self._log.read_text(errors="replace")
            except FileNotFoundError:
                continue
            while wanted and re.search(wanted[0], text):
                self.times.append(time.monotonic())
                wanted.pop(0)


def measure(with_gate):
    boot = uefi.Boot(name=f"bench-{'gate' if with_gate else 'direct'}", files=files(with_gate), end=END)
    log = boot.directory / "serial.log"
    log.unlink(missing_ok=True)
    watch = Watch(log)
    watch.start()
    outcome = boot.run()
    watch.join(5)
    if outcome.trouble or len(watch.times) != 2:
        sys.exit(f"no measurement: {outcome.trouble}")
    return watch.times[1] - watch.times[0], outcome


def main():
    times = {True: [], False: []}
    own, reads = [], set()
    for _ in range(RUNS):
        for with_gate in (False, True):
            seconds, outcome = measure(with_gate)
            times[with_gate].append(seconds)
            for line in outcome.gate:
                cost = re.search(r"(\d+) config reads, \d+ cycles, (\d+) us", line)
                if cost:
                    reads.add(cost[1])
                    own.append(int(cost[2]))
    with_gate, direct = statistics.median(times[True]), statistics.median(times[False])
    print(f"  {paths.application().stat().st_size} bytes: pcigate.efi")
    print(f"  {statistics.median(own) / 1000:.0f} ms from its start to the kernel's start, with reading "
          f"kernel and initrd (median of {len(own)})")
    print(f"  {', '.join(sorted(reads))} config reads, for 2 devices behind 2 of 3 ports, 10 functions in all")
    print(f"  {with_gate * 1000:.0f} ms from systemd-boot's start to the kernel's first line with "
          f"pcigate.efi, {direct * 1000:.0f} ms without (medians of {RUNS})")


if len(sys.argv) > 1:
    print(f"{Path(sys.argv[0]).name}: unknown argument: {sys.argv[1]} (it takes none)", file=sys.stderr)
    sys.exit(2)
main()
