#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Bus numbers that Linux's sanity test refuses: secondary above subordinate, wrong primary."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, NVME, ONBOARD, PORT1, PORT2


def test(tap):
    result = checks.run(tap, name="bridge-invalid", before_kexec=f"""
        set_bus_numbers {PORT1} 0 1 0
        set_bus_numbers {PORT2} 9 2 4""")
    checks.stops(tap, result, "2 of 3 preserved devices would change address")
    checks.moves(tap, result, NVME, PORT1, "bridge-invalid")
    checks.moves(tap, result, CARD, PORT2, "bridge-invalid")
    tap.has_line(result.gate, f"pcigate: {ONBOARD} keeps its address")


checks.main(test)
