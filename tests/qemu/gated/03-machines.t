#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A gated image above 4 GiB, under OVMF, and with five levels of page tables."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated
from harness.scenario import SWITCH_PORT

FOUR_GIB = 1 << 32


def test(tap):
    # kexec-tools loads at the highest free address, the kernel's own loader of 6.1 at a low one.
    high = {"loader": "kexec -c -l", "memory": "3G"}
    result = gated.run(tap, name="gated-high", **high)
    gated.opens(tap, result)

    result = gated.run(tap, name="gated-high-stop", **high, before_kexec=f"clear_bus_numbers {SWITCH_PORT}")
    checks.stops(tap, result, "1 of 3 preserved devices would change address")
    tap.ok(result.registers.get("RIP", 0) >= FOUR_GIB, "the stage halted above 4 GiB",
           hex(result.registers.get("RIP", 0)))

    result = gated.run(tap, name="gated-ovmf", firmware="ovmf")
    gated.opens(tap, result)

    result = gated.run(tap, name="gated-five-levels", cpu="max")
    gated.opens(tap, result)


checks.main(test)
