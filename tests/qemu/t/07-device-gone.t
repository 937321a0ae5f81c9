#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A preserved device is removed from its slot before the kexec: the stage stops."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, NVME, NVME_PORT


def test(tap):
    result = checks.run(tap, name="device-gone", early=False, before_kexec=f"""
        power_off_slot {NVME_PORT}
        wait_for_id {NVME} 0xffffffff""")
    checks.stops(tap, result, "1 of 3 preserved devices cannot be verified")
    tap.has_line(result.gate, rf"pcigate: {NVME} .*\[device-absent\]")
    tap.has_line(result.gate, f"pcigate: {CARD} keeps its address")


checks.main(test)
