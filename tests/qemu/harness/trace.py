# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""One ordered log of config space accesses and console output.

QEMU writes the trace events pci_cfg_read, pci_cfg_write and serial_write to one file, in the order
in which the guest causes them. The characters of the console, joined to lines, give each line its
position among the accesses.

The position is exact for all lines of the stage, and for Linux's lines while it has an early console
(earlyprintk=), shuts down or panics. At other times a thread prints Linux's lines, a little late. So
the end of the enumeration is not taken from a line, but from the serial driver: when it probes its
ports, after the enumeration, it writes 0xbf to the line control register. Nothing else writes this
value.

QEMU 7.2 traces only accesses that a device answers. QEMU 10 traces the others as well, as those of a
device "empty". Figures count the answered ones.

The end of the stage is not taken from a line either. The next kernel reads config space before it
has a console: 00:18.0 register 0x68 (early_init_amd()) and 00:02.0 register 0
(snb_gfx_workaround_needed()), both called from setup_arch(). But before that, the code that
decompresses this kernel sets up the UART (early_serial_init() in
arch/x86/boot/early_serial_console.c, if earlyprintk= is given). It writes to the FIFO control
register, which the stage never does (boot/x86/serial.c).
"""

import collections
import re

# begin and end: the number of accesses before the line's first character, and before its last.
Line = collections.namedtuple("Line", "text begin end")
Access = collections.namedtuple("Access", "kind address register answered")

_EVENT = re.compile(
    r"^(?:\d+@[\d.]+:)?(?:pci_cfg_(read|write) (\S+) (\S+) @0x([0-9a-f]+)"
    r"|serial_write (?:write )?addr 0x([0-9a-f]+) val 0x([0-9a-f]+))")


class Trace:
    """The lines and the accesses of a run, in order."""

    def __init__(self, path):
        self.lines = []
        self.accesses = []
        self.serial_probes = []
        # For each write to the FIFO control register: (lines so far, accesses so far).
        self.fifo_controls = []
        self.triple_fault = False
        self._text = bytearray()
        self._begin = 0
        self._line_control = 0
        with open(path, encoding="utf-8", errors="replace") as log:
            for row in log:
                self._take(row)
        self._end_line()

    def _take(self, row):
        match = _EVENT.match(row)
        if not match:
            self.triple_fault |= row.startswith("Triple fault")
        elif match[1]:
            self.accesses.append(Access(match[1], match[3], int(match[4], 16),
                                        match[2] != "empty"))
        else:
            self._serial(int(match[5], 16), int(match[6], 16))

    def _serial(self, register, value):
        """A 16550: register 0 takes characters unless the divisor is selected."""
        if register == 2:
            self.fifo_controls.append((len(self.lines), len(self.accesses)))
        if register == 3:
            self._line_control = value
            if value == 0xbf:
                self.serial_probes.append(len(self.accesses))
        if register != 0 or self._line_control & 0x80:
            return
        if value == 0x0a:
            self._end_line()
        elif value != 0x0d:
            if not self._text:
                self._begin = len(self.accesses)
            self._text.append(value)

    def _end_line(self):
        if self._text:
            self.lines.append(Line(self._text.decode(errors="replace"), self._begin,
                                   len(self.accesses)))
            self._text = bytearray()

    def find(self, pattern, after=None):
        """The first line that matches and comes after the line `after`, or None."""
        start = self.lines.index(after) + 1 if after else 0
        for line in self.lines[start:]:
            if re.search(pattern, line.text):
                return line
        return None

    def last(self, pattern):
        """The last line that matches, or None."""
        for line in reversed(self.lines):
            if re.search(pattern, line.text):
                return line
        return None

    def end(self):
        """An empty line after all others."""
        return Line("", len(self.accesses), len(self.accesses))

    def before(self, first, last):
        """The accesses after the end of the line `first` and before the start of `last`."""
        return Window(self.accesses[first.end:last.begin])

    def next_image(self, after):
        """The start of the next image after the line `after`, as an empty line after the last one of
        the stage. Without an early console it is the kernel's first line. None if no image follows.
        """
        kernel = self.find(r"Linux version \d", after=after)
        start = self.lines.index(after) + 1
        end = self.lines.index(kernel) if kernel else len(self.lines)
        stage = [number for number in range(start, end)
                 if self.lines[number].text.startswith("pcigate: ")]
        known = stage[-1] + 1 if stage else start
        for lines, accesses in self.fifo_controls:
            if known <= lines <= end:
                return Line("", accesses, accesses)
        return kernel

    def enumeration(self, kernel):
        """The accesses of the PCI enumeration by the kernel whose "Linux version" line is `kernel`."""
        start = self.find(r"PCI host bridge to bus", after=kernel)
        ends = [probe for probe in self.serial_probes if start and probe >= start.end]
        return Window(self.accesses[start.end:ends[0]]) if ends else None


class Window:
    """The accesses between two lines."""

    def __init__(self, accesses):
        self.accesses = accesses
        self.reads = [access for access in accesses if access.kind == "read"]
        self.answered = [access for access in self.reads if access.answered]
        self.writes = [access for access in accesses if access.kind == "write"]
