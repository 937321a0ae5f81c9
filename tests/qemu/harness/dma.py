# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""DMA during a handoff: QEMU's "edu" devices repeat a transfer while one kernel replaces another.

An edu transfer takes 100 ms. The guest programs it once (see guest/dma.c). Then the host
repeats it through QEMU's qtest socket, which reads and writes physical addresses while the guest
runs. The host also takes samples of the device's command register (by ECAM) and of the page that
the device writes.
"""

import collections
import re
import socket
import tempfile

from . import scenario

ECAM = 0xb0000000
MASTER = 4
COMMAND, BAR0 = 0x4, 0x10
# The pages of which samples are taken. MEMMAP reserves them, so no kernel uses this memory.
PAGES = 0x8000000
MEMMAP = f"memmap=64K${PAGES:#x}"
PATTERN = 0xda


class Bus:
    """Reads and writes physical addresses of a running QEMU by its qtest protocol."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(10)
        self._socket.connect(path)
        self._file = self._socket.makefile("rw", encoding="ascii")

    def _ask(self, *words):
        self._file.write(" ".join(words) + "\n")
        self._file.flush()
        answer = self._file.readline().split()
        if answer[:1] != ["OK"]:
            raise RuntimeError(f"qtest {words}: {answer}")
        return answer[1:]

    def read(self, address, size=4):
        suffix = {1: "b", 2: "w", 4: "l", 8: "q"}[size]
        return int(self._ask(f"read{suffix}", hex(address))[0], 16)

    def write(self, address, value):
        self._ask("writel", hex(address), hex(value))

    def fill(self, address, size, value):
        self._ask("memset", hex(address), hex(size), hex(value))


def ecam(bdf, register):
    bus, slot, function = (int(part, 16) for part in re.split("[:.]", bdf)[1:])
    return ECAM + (bus << 20 | slot << 15 | function << 12) + register


# A sample: the phase of the handoff, whether bus mastering is on, whether the page was written.
Sample = collections.namedtuple("Sample", "phase master written")


class InFlight:
    """For on_text of a scenario, with its `arguments` as extra.

    `pages` has the page that each device writes, by the device's address. Of `bridges` only the
    command register is read. The phases are "old", "stage" and "next".
    """

    def __init__(self, pages, bridges=()):
        self._directory = tempfile.TemporaryDirectory(prefix="pcigate-")
        self._path = f"{self._directory.name}/qtest"
        self._pages = pages
        self._bridges = bridges
        self._bus = None
        self._last = None
        self._pending = []
        self.samples = {bdf: [] for bdf in (*pages, *bridges)}

    @property
    def arguments(self):
        return ("-qtest", f"unix:{self._path},server=on,wait=off", "-qtest-log", "none")

    def __call__(self, _machine, text):
        if "guest: dma in flight" not in text:
            return
        self._bus = self._bus or Bus(self._path)
        _, left, after = text.partition("kexec_core: Starting new kernel")
        phase = "next" if re.search(scenario.KERNEL_LINE, after) else "stage" if left else "old"
        # The guest goes on while samples are taken. The first ones of a phase may still show the state of
        # the phase before, and the last ones that of the phase after.
        same = phase == self._last
        for bdf, sample in self._pending if same else ():
            self.samples[bdf].append(sample)
        taken = [(bdf, self._sample(bdf, phase, self._pages.get(bdf))) for bdf in self.samples]
        self._pending = taken if same else []
        self._last = phase

    def _sample(self, bdf, phase, page):
        master = bool(self._bus.read(ecam(bdf, COMMAND), 2) & MASTER)
        written = None
        if page is not None:
            written = self._bus.read(page, 1) == PATTERN
            if written:
                self._bus.fill(page, 4096, 0)
            bar = self._bus.read(ecam(bdf, BAR0)) & ~0xf
            # While the kernel sizes or moves BAR 0, its value is no address.
            if bar and bar < 0xfec00000:
                self._bus.write(bar + 0x98, 3)
        return Sample(phase, master, written)

    def mastered(self, bdf, phase):
        """The set of the states of bus mastering (True: on) in that phase's samples."""
        return {sample.master for sample in self.samples[bdf] if sample.phase == phase}

    def written(self, bdf, *phases):
        """In how many of these phases' samples the page was written, and the number of samples."""
        samples = [sample for sample in self.samples[bdf] if sample.phase in phases]
        return sum(sample.written for sample in samples), len(samples)
