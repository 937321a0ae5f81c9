# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A small ACPI table (SSDT) with a power resource for a bridge.

It is encoded here (ACPI 6.5, chapter 20), because an assembler for it would be one more package.
"""

import struct


def _length(body):
    """The body with its PkgLength (20.2.4) in front. The length includes PkgLength itself."""
    if len(body) < 63:
        return bytes([len(body) + 1]) + body
    total = len(body) + 2
    return bytes([0x40 | total & 0xf, total >> 4]) + body


def _path(*names):
    return b"\\" + (b"" if len(names) == 1 else b"\x2e") + b"".join(name.encode() for name in names)


def _name(name, value):
    return b"\x08" + name.encode() + value


def _method(name, body):
    return b"\x14" + _length(name.encode() + b"\0" + body)


def _package(*names):
    return b"\x12" + _length(bytes([len(names)]) + b"".join(name.encode() for name in names))


def bridge_with_power(device):
    """An SSDT: the bridge in slot `device` of \\_SB.PCI0 has a power resource and can be in D3cold.

    QEMU's bridges have no power control. The method that switches this one off clears its bus numbers,
    so no device behind it answers until Linux restores its registers.
    """
    zero, one, address = b"\0", b"\x01", b"\x0c" + struct.pack("<I", device << 16)
    region = (b"\x5b\x80REGS\x02\x0a\x18\x0a\x04" +
              b"\x5b\x81" + _length(b"REGS\x03BUSN\x20"))
    power = b"\x5b\x84" + _length(
        b"POWR\0\0\0" +
        _name("STAT", one) +
        _method("_STA", b"\xa4STAT") +
        _method("_ON_", b"\x70" + one + b"STAT") +
        _method("_OFF", b"\x70" + zero + b"BUSN" + b"\x70" + zero + b"STAT"))
    bridge = b"\x5b\x82" + _length(
        b"BRDG" + _name("_ADR", address) + _name("_STA", b"\x0a\x0f") + region + power +
        _name("_PR0", _package("POWR")) + _name("_PR3", _package("POWR")) +
        # QEMU has an object for this bridge as well, in version 10 with children. Of two objects Linux
        # uses the one that has children and a _STA.
        b"\x5b\x82" + _length(b"DEV0" + _name("_ADR", zero)))
    body = b"\x10" + _length(_path("_SB_", "PCI0") + bridge)
    header = struct.pack("<4sIBB6s8sI4sI", b"SSDT", 36 + len(body), 2, 0, b"PCGATE", b"BRIDGE  ", 1,
                         b"HAND", 1)
    table = bytearray(header + body)
    table[9] = -sum(table) & 0xff
    return bytes(table)
