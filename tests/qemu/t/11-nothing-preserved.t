#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The KHO data preserve no PCI device, and console= names an absent serial port: the verdict is open."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import NEXT_WORDS


def test(tap):
    # An absent UART reads as 0xff. The stage must not wait for it.
    result = checks.run(tap, name="nothing-preserved", following="list_devices",
                        first=f"list_devices\nload console=ttyS1,115200 console=ttyS0 {NEXT_WORDS}\ngo")
    checks.starts(tap, result)
    checks.keeps_addresses(tap, result)
    tap.has_line(result.gate[-1:], r"pcigate: OPEN: .*")
    checks.reads_no_config_space(tap, result)
    checks.well_formed(tap, result)


checks.main(test)
