#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""An outgoing kernel without KHO hands nothing over, so nothing can move; the image has a digest."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import NEXT_WORDS

# Something to find the next kernel's initramfs by.
MARK = "pcigate-mark-in-the-initramfs"


def test(tap):
    result = checks.run(tap, name="no-kho", first_words="kho=off",
                        first=f"list_devices\nload {NEXT_WORDS}\ngo", following="list_devices")
    checks.starts(tap, result)
    checks.keeps_addresses(tap, result)
    tap.has_line(result.gate, r"pcigate: .*no KHO.*")
    tap.has_line(result.gate[-1:], r"pcigate: OPEN: .*")
    checks.reads_no_config_space(tap, result)

    result = checks.run(tap, name="no-kho-damaged", first_words="kho=off", following=f"say {MARK}",
                        first=f"""list_devices
                        load {NEXT_WORDS}
                        overwrite_loaded {MARK.encode().hex()} 58
                        go""")
    tap.has_line(result.gate, r"pcigate: STOP: .*digest \[image-damaged\]; halted")
    checks.sleeps(tap, result)


checks.main(test)
