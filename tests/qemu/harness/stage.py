# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Finds a function in the linked stage."""

import re
import subprocess

from . import paths


def _readelf(*arguments):
    return subprocess.run(["readelf", "-W", *arguments], text=True, stdout=subprocess.PIPE,
                          check=True).stdout


def function(name, longest=32):
    """(offset in .text, the first bytes of the function).

    The bytes end before the first relocation, so they are the same in the loaded stage.
    """
    elf = paths.BUILD / "stage" / "purgatory.elf"
    if not elf.exists():
        raise paths.Missing(f"{elf} is missing: run 'make kernel' first")
    symbol = re.search(rf"^\s*\d+: ([0-9a-f]+)\s+\d+ FUNC .* {name}$", _readelf("-s", elf), re.M)
    text = re.search(r"\] \.text\s+PROGBITS\s+\S+ ([0-9a-f]+)", _readelf("-S", elf))
    start = int(symbol[1], 16)
    relocations = [int(match[1], 16) for match in
                   re.finditer(r"^([0-9a-f]{16})  ", _section(_readelf("-r", elf)), re.M)]
    end = min([start + longest, *(at for at in relocations if at >= start)])
    data = elf.read_bytes()
    base = int(text[1], 16)
    return start, data[base + start:base + end]


def _section(relocations):
    """The part of readelf's output for .text."""
    return relocations.split("'.rela.text'")[1].split("Relocation section")[0]
