#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Another device is in a preserved device's slot, with another identity: the stage stops."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, NVME, NVME_PORT, Swap


def test(tap):
    result = checks.run(tap, name="different-device", early=False, on_text=Swap(),
                        before_kexec=f"""
        power_off_slot {NVME_PORT}
        wait_for_id {NVME} 0xffffffff
        power_on_slot {NVME_PORT}
        wait_for_id {NVME} 0x10d38086""")
    tap.equal(result.devices(1).get(NVME), "1b36:0010 010802", "an NVMe was preserved")
    checks.stops(tap, result, "1 of 3 preserved devices cannot be verified")
    tap.has_line(result.gate, rf"pcigate: {NVME} .* \[device-different\]")
    tap.has_line(result.gate, f"pcigate: {CARD} keeps its address")


checks.main(test)
