#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The stage reports misspelt values and uses the defaults: enforce, halt."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import SWITCH_PORT


def test(tap):
    result = checks.run(tap, name="policy-misspelt", early=False,
                        next_words="pcigate=reprot pcigate.stop=rest",
                        before_kexec=f"clear_bus_numbers {SWITCH_PORT}")
    tap.has_line(result.gate, r"pcigate: .*pcigate=reprot.*")
    tap.has_line(result.gate, r"pcigate: .*pcigate\.stop=rest\b.*")
    checks.stops(tap, result, "1 of 3 preserved devices would change address")


checks.main(test)
