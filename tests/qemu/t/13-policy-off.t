#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""With pcigate=off the stage checks nothing and says so."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import SWITCH_PORT


def test(tap):
    result = checks.run(tap, name="policy-off", next_words="pcigate=off",
                        before_kexec=f"clear_bus_numbers {SWITCH_PORT}", following="list_devices")
    tap.has_line(result.gate[-1:], r"pcigate: OPEN.*pcigate=off.*")
    checks.starts(tap, result)
    checks.reads_no_config_space(tap, result)


checks.main(test)
