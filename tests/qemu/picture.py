#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Makes docs/uefi-stop.png: the lines on the screen when pcigate.efi stops, without the firmware's logo
below them."""
import struct
import sys
import zlib
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import paths, uefi

MARGIN = 8
# Blank rows between two lines of text, at most.
GAP = 24


def read_ppm(path):
    magic, size, depth, pixels = path.read_bytes().split(b"\n", 3)
    assert magic == b"P6" and depth == b"255", magic
    width, height = map(int, size.split())
    # The text is grey on black, so one of the three colours is enough.
    grey = pixels[::3]
    return [grey[row * width:(row + 1) * width] for row in range(height)]


def crop(rows):
    """Keeps the first block of text: rows after a larger gap are not pcigate's."""
    lit = [number for number, row in enumerate(rows) if any(row)]
    first = last = lit[0]
    for number in lit:
        if number - last > GAP:
            break
        last = number
    block = rows[max(first - MARGIN, 0):last + MARGIN]
    columns = [x for row in block for x in range(len(row)) if row[x]]
    return [row[max(min(columns) - MARGIN, 0):max(columns) + MARGIN] for row in block]


def write_png(path, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + \
            struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    lines = b"".join(b"\0" + row for row in rows)
    # The format of a tEXt chunk: a keyword, a zero byte, the text.
    licence = b"Copyright\0SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause\n"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"tEXt", licence) +
                     chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))


def main():
    target = paths.REPO / "docs" / "uefi-stop.png"
    dump = paths.BUILD / "efi-qemu" / "screen.ppm"

    def at_end(machine, _outcome):
        machine.qmp.command("screendump", filename=str(dump))

    outcome = uefi.Boot(
        name="picture", devices=[*uefi.port("front", 2, 9), *uefi.MACHINE, "-device", "VGA"],
        files=uefi.started_by_firmware(uefi.capture(), uefi.OPTIONS + " pcigate.stop=halt"),
        end=r"^pcigate: STOP.*; halted", at_end=at_end).run()
    if outcome.trouble or not dump.exists():
        sys.exit(f"no picture: {outcome.trouble}")
    write_png(target, crop(read_ppm(dump)))
    print(f"{target}: {target.stat().st_size} bytes")


if len(sys.argv) > 1:
    print(f"{Path(sys.argv[0]).name}: unknown argument: {sys.argv[1]} (it takes none)", file=sys.stderr)
    sys.exit(2)
main()
