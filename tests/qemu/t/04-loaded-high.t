#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The stage works when it is loaded above 4 GiB."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, NEXT_WORDS, SWITCH_PORT, UPSTREAM

FOUR_GIB = 1 << 32
# QEMU's q35 has the third of these 3 GiB above 4 GiB.
MEMORY = "3G"
# QEMU logs each piece of code that runs at an identity-mapped address above 4 GiB. Kernels run at
# much higher virtual addresses, so the log does not contain them.
WATCH = ("-d", "cpu_reset,in_asm", "-dfilter", f"{FOUR_GIB:#x}+{FOUR_GIB:#x}")


def test(tap):
    # With KHO, images are loaded into the scratch areas, the lowest first. Here no scratch area is
    # below 4 GiB.
    result = checks.run(tap, name="loaded-high", early=False, memory=MEMORY,
                        first_words="kho_scratch=0,256M,64M",
                        before_kexec=f"reset_below {SWITCH_PORT}")
    # The secondary bus reset cleared the switch's bus numbers.
    checks.stops(tap, result, "1 of 3 would move, 1 unverified")
    checks.moves(tap, result, CARD, UPSTREAM, "bridge-reset")
    tap.ok(result.registers.get("RIP", 0) >= FOUR_GIB, "the stage halted above 4 GiB",
           hex(result.registers.get("RIP", 0)))

    # Without KHO, images are loaded at the highest free address.
    result = checks.run(tap, name="loaded-high-open", memory=MEMORY, first_words="kho=off",
                        extra=WATCH, first=f"list_devices\nload {NEXT_WORDS}\ngo",
                        following="list_devices")
    checks.starts(tap, result)
    tap.has_line(result.gate[-1:], r"pcigate: OPEN: .*")
    # The outgoing kernel's last code (relocate_kernel) takes one page above 4 GiB, too.
    pages = {address >> 12 for address in result.code_ran_between(FOUR_GIB, 2 * FOUR_GIB)}
    tap.ok(len(pages) > 2, "the stage ran above 4 GiB", *map(hex, pages))


checks.main(test)
