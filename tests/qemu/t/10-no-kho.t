#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Without KHO no device is preserved, so the verdict is open; the stage still checks the image's digest."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import NEXT_WORDS


def test(tap):
    result = checks.run(tap, name="no-kho", first_words="kho=off",
                        first=f"list_devices\nload {NEXT_WORDS}\ngo", following="list_devices")
    checks.starts(tap, result)
    checks.keeps_addresses(tap, result)
    tap.has_line(result.gate, r"pcigate: .*no KHO.*")
    tap.has_line(result.gate[-1:], r"pcigate: OPEN: .*")
    checks.reads_no_config_space(tap, result)

    checks.stops_damaged_image(tap, "load", name="no-kho-damaged", first_words="kho=off")


checks.main(test)
