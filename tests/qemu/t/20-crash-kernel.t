#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The first kernel crashes: the stage checks the digest, does not access PCI, and starts the crash kernel."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CRASH_WORDS, NEXT_WORDS


def test(tap):
    result = checks.run(tap, name="crash-kernel", first_words=CRASH_WORDS,
                        first=f"list_devices\nload_crash {NEXT_WORDS}\ncrash",
                        following="run ls -l /proc/vmcore", end="guest: (done|FAILED)")
    tap.equal(result.count("Kernel panic - not syncing: sysrq triggered crash"), 1,
              "the first kernel panics")
    checks.starts_crash_kernel(tap, result)


checks.main(test)
