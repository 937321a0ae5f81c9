#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A gated image above 4 GiB, under OVMF, and with five levels of page tables."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated

FOUR_GIB = 1 << 32
WATCH = ("-d", "cpu_reset,in_asm", "-dfilter", f"{FOUR_GIB:#x}+{FOUR_GIB:#x}")


def test(tap):
    result = gated.run(tap, name="gated-high", memory="3G", extra=WATCH)
    gated.opens(tap, result)
    pages = {address >> 12 for address in result.code_ran_between(FOUR_GIB, 2 * FOUR_GIB)}
    tap.ok(len(pages) > 2, "the stage ran above 4 GiB", *map(hex, pages))

    result = gated.run(tap, name="gated-ovmf", firmware="ovmf")
    gated.opens(tap, result)

    result = gated.run(tap, name="gated-five-levels", cpu="max")
    gated.opens(tap, result)


checks.main(test)
