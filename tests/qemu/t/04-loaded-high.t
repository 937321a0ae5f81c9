#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""On a machine with memory above 4 GiB the purgatory is loaded there, and works there."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, UPSTREAM

FOUR_GIB = 1 << 32


def test(tap):
    # QEMU's q35 puts what exceeds 2 GiB above 4 GiB.
    result = checks.run(tap, name="loaded-high", memory="3G",
                        before_kexec=f"clear_bus_numbers {UPSTREAM}")
    checks.stops(tap, result, "1 of 3 preserved devices would change address")
    checks.moves(tap, result, CARD, UPSTREAM, "bridge-reset")
    tap.ok(result.registers.get("RIP", 0) >= FOUR_GIB, "the stage sleeps above 4 GiB",
           hex(result.registers.get("RIP", 0)))


checks.main(test)
