#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""After the gated image was loaded, a bridge is cleared, or another device is in the slot: stop."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated
from harness.scenario import CARD, NVME, NVME_PORT, SWITCH_PORT, Swap


def test(tap):
    result = gated.run(
        tap, name="gated-cleared", before_kexec=f"clear_bus_numbers {SWITCH_PORT}")
    checks.stops(tap, result, "1 of 3 preserved devices would change address")
    checks.moves(tap, result, CARD, SWITCH_PORT, "bridge-reset")

    result = gated.run(
        tap, name="gated-exchanged", on_text=Swap(), before_kexec=f"""
        power_off_slot {NVME_PORT}
        wait_for_id {NVME} 0xffffffff
        power_on_slot {NVME_PORT}
        wait_for_id {NVME} 0x10d38086""")
    checks.stops(tap, result, "1 of 3 preserved devices cannot be verified")
    tap.has_line(result.gate, rf"pcigate: {NVME} .* \[device-different\]")

    result = gated.run(
        tap, name="gated-reset", words="pcigate.stop=reset",
        before_kexec=f"clear_bus_numbers {SWITCH_PORT}")
    checks.stops(tap, result, "1 of 3 preserved devices would change address", "resetting")
    tap.equal(result.shutdown, "guest-reset", "the machine resets")


checks.main(test)
