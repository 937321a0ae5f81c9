#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A gated image as a crash kernel is started without any check."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated
from harness.scenario import DEVICES


def test(tap):
    result = checks.run(tap, **gated.settings(
        name="gated-crash", first_words="crashkernel=192M",
        load=f"wrap {' '.join(DEVICES)}\nload_gated 'kexec -s -p' 'earlyprintk=ttyS0,115200'\ncrash",
        end="guest: (done|FAILED)", following="run ls -l /proc/vmcore"))
    checks.starts_crash_kernel(tap, result)


checks.main(test)
