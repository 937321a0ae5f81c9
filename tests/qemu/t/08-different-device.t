#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Another device is in a preserved device's slot, with another identity: the stage stops."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, NVME, NVME_PORT


class Swap:
    """Plugs another card into the slot after the guest has removed the first one."""

    done = False

    def __call__(self, machine, text):
        if not self.done and f"guest: slot of {NVME_PORT} is on" in text:
            self.done = True
            machine.qmp.command("device_add", driver="e1000e", id="other", bus="nvme-port",
                                romfile="")


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
