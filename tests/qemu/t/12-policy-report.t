#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""pcigate=report says what is wrong and opens all the same."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, PORT2


def test(tap):
    result = checks.run(tap, name="policy-report", next_words="pcigate=report",
                        before_kexec=f"clear_bus_numbers {PORT2}", following="dump_entry pcigate")
    checks.moves(tap, result, CARD, PORT2, "bridge-reset")
    tap.has_line(result.gate[-1:], r"pcigate: OPEN.*pcigate=report.*")
    checks.starts(tap, result)
    checks.answers(tap, result, [3, 2, 1, 0], verdict=2, reason="bridge-reset")
    checks.leaves_config_space_alone(tap, result)


checks.main(test)
