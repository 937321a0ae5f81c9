#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""With BIOS firmware (SeaBIOS) and no bridge changed, the verdict is open; damage of the record is found."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks


def test(tap):
    result = checks.run(tap, name="unharmed-seabios")
    checks.opens(tap, result)
    checks.leaves_config_space_alone(tap, result)
    checks.finds_damage(tap, result)


checks.main(test)
