# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""DMA in flight: QEMU's "edu" devices, kept busy from outside while kernels change.

An edu transfer takes 100 ms and then is over. So the guest sets it up once (see
guest/dma.c), and from then on this side has it repeated again and again, by way
of QEMU's qtest socket, which reads and writes physical addresses while the guest
runs. The same way it looks at the device's command register (by ECAM) and at the
page that is written.
"""

import collections
import re
import socket
import tempfile

from . import scenario

ECAM = 0xb0000000
MASTER = 4
COMMAND, BAR0 = 0x4, 0x10
# Where the pages are that are looked at: no kernel's memory, see MEMMAP.
PAGES = 0x8000000
MEMMAP = f"memmap=64K${PAGES:#x}"
PATTERN = 0xda


class Bus:
    """Physical addresses of a running QEMU: its qtest protocol."""

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


# One look: in which phase of the handoff, by what the bus said.
Look = collections.namedtuple("Look", "phase master written")


class InFlight:
    """Give it to a scenario as on_text, and its `arguments` as extra.

    `pages`: for each device by its address the page that its writes show up in.
    `bridges` are only looked at. Phases: "old", "stage" and "next".
    """

    def __init__(self, pages, bridges=()):
        self._directory = tempfile.TemporaryDirectory(prefix="pcigate-")
        self._path = f"{self._directory.name}/qtest"
        self._pages = pages
        self._bridges = bridges
        self._bus = None
        self._last = None
        self.looks = {bdf: [] for bdf in (*pages, *bridges)}

    @property
    def arguments(self):
        return ("-qtest", f"unix:{self._path},server=on,wait=off", "-qtest-log", "none")

    def __call__(self, _machine, text):
        if "guest: dma in flight" not in text:
            return
        self._bus = self._bus or Bus(self._path)
        _, left, after = text.partition("kexec_core: Starting new kernel")
        phase = "next" if re.search(scenario.KERNEL_LINE, after) else "stage" if left else "old"
        for bdf, page in self._pages.items():
            self._look(bdf, phase, page)
        for bdf in self._bridges:
            self._look(bdf, phase)
        self._last = phase

    def _look(self, bdf, phase, page=None):
        master = bool(self._bus.read(ecam(bdf, COMMAND), 2) & MASTER)
        written = None
        if page is not None:
            written = self._bus.read(page, 1) == PATTERN
            if written:
                self._bus.fill(page, 4096, 0)
            bar = self._bus.read(ecam(bdf, BAR0)) & ~0xf
            # While it is being sized or moved, an address means nothing.
            if bar and bar < 0xfec00000:
                self._bus.write(bar + 0x98, 3)
        # What is seen first may be from the phase before.
        if phase == self._last:
            self.looks[bdf].append(Look(phase, master, written))

    def mastered(self, bdf, phase):
        """Whether bus mastering was seen on in that phase, as a set of answers."""
        return {look.master for look in self.looks[bdf] if look.phase == phase}

    def written(self, bdf, *phases):
        """How often its page was found written in these phases, of how many looks."""
        looks = [look for look in self.looks[bdf] if look.phase in phases]
        return sum(look.written for look in looks), len(looks)
