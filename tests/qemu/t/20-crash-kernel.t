#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A crash kernel is never held up: digest checked, no PCI register touched."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, scenario
from harness.scenario import CRASH_WORDS, NEXT_WORDS


def test(tap):
    result = checks.run(tap, name="crash-kernel", first_words=CRASH_WORDS,
                        first=f"list_devices\nload_crash {NEXT_WORDS}\ncrash",
                        following="run ls -l /proc/vmcore", end="guest: (done|FAILED)")
    tap.equal(result.count("Kernel panic - not syncing: sysrq triggered crash"), 1, "a panic")
    checks.starts(tap, result)
    checks.touches_nothing(tap, result, "Kernel panic - not syncing")
    tap.equal(result.gate, ["pcigate: OPEN: a crash kernel, "
                            "no PCI register touched; continuing"], "the gate lets it pass")


checks.main(test)
