# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""One ordered log of config space accesses and console output.

QEMU writes the trace events pci_cfg_read, pci_cfg_write and serial_write to one
file, in the order in which the guest causes them. Putting the console's
characters together to lines gives each line its place among the accesses. (A
serial file beside a trace file would have to be matched by time.)

Which lines are in their place: everything the stage prints; Linux's while it has
an early console (earlyprintk=) or is going down or panics. From then on its
serial console prints from a thread, a little late. That is why the end of the
enumeration is not taken from a line, but from the serial driver itself: when it
looks for its ports, after PCI is done, it selects a register set (0xbf to the
line control register) that nothing else selects.

QEMU 7.2 traces only accesses that a device answers, QEMU 10 the others as well
(as those of a device "empty"). Figures count the answered ones.

Where the stage ends is not taken from a line either. The next kernel reads config
space before it has a console: 00:18.0 register 0x68 (early_init_amd()) and 00:02.0
register 0 (snb_gfx_workaround_needed()), both called from setup_arch(). What
decompresses that kernel sets up the UART before anything else (early_serial_init()
in arch/x86/boot/early_serial_console.c, where earlyprintk= is given). For that it
writes to the FIFO control register, which the stage never does (boot/x86/serial.c).
"""

import collections
import re

# begin and end: how many accesses came before its first character, and before
# its last.
Line = collections.namedtuple("Line", "text begin end")
Access = collections.namedtuple("Access", "kind address register answered")

_EVENT = re.compile(
    r"^(?:\d+@[\d.]+:)?(?:pci_cfg_(read|write) (\S+) (\S+) @0x([0-9a-f]+)"
    r"|serial_write (?:write )?addr 0x([0-9a-f]+) val 0x([0-9a-f]+))")


class Trace:
    """What one run did, in order."""

    def __init__(self, path):
        self.lines = []
        self.accesses = []
        self.serial_probes = []
        # Where the FIFO control register was written: (lines so far, accesses so far).
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
        """The first line that matches, behind the line `after`; None if there is none."""
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
        """A line that stands behind everything."""
        return Line("", len(self.accesses), len(self.accesses))

    def before(self, first, last):
        """The accesses after the end of the line `first` and before the start of `last`."""
        return Window(self.accesses[first.end:last.begin])

    def next_image(self, after):
        """Where the image that follows the line `after` begins: a line of no text, behind the last
        line of the stage. The kernel's first line if it has no early console; None if none follows.
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
        """What the kernel whose "Linux version" line is `kernel` did to enumerate PCI."""
        start = self.find(r"PCI host bridge to bus", after=kernel)
        ends = [probe for probe in self.serial_probes if start and probe >= start.end]
        return Window(self.accesses[start.end:ends[0]]) if ends else None


class Window:
    """Accesses within a stretch of time."""

    def __init__(self, accesses):
        self.accesses = accesses
        self.reads = [access for access in accesses if access.kind == "read"]
        self.answered = [access for access in self.reads if access.answered]
        self.writes = [access for access in accesses if access.kind == "write"]
