#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A gated image of Debian's own kernel, started by each kind of kexec: open, and no address changes."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated


def test(tap):
    for name, loader in (("file", "kexec -s -l"), ("tools", "kexec -c -l"), ("either", "kexec -l")):
        result = gated.run(tap, name=f"gated-{name}", loader=loader)
        gated.opens(tap, result)
        checks.well_formed(tap, result)


checks.main(test)
