#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A crash kernel whose image was damaged after loading does not start."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, scenario
from harness.scenario import CRASH_WORDS, NEXT_WORDS

# The initrd in the crash kernel's memory begins with the archive's magic.
DAMAGE = """
    range=$(sed -n 's/^ *\\(.*\\)-\\(.*\\) : Crash kernel$/0x\\1 0x\\2/p' /proc/iomem)
    target=$(memw find 303730373031 $range | head -n 1)
    say "damage at $target"
    run memw write $target 58"""


def test(tap):
    result = checks.run(tap, name="crash-kernel-damaged", first_words=CRASH_WORDS,
                        first=f"list_devices\nload_crash {NEXT_WORDS}\n{DAMAGE}\ncrash",
                        end="guest: (done|FAILED)|^pcigate: STOP")
    tap.equal(len(result.guest("damage at 0x.*")), 1, "the image was damaged")
    tap.has_line(result.gate, r"pcigate: .*\[image-damaged\].*")
    tap.equal(result.count(scenario.KERNEL_LINE), 1, "no crash kernel starts")
    checks.sleeps(tap, result)


checks.main(test)
