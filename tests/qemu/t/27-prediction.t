#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What the gate says the next kernel will do is what it does: pcigate=report lets it show."""
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import DEVICES, SWITCH_PORT


def test(tap):
    # The gate cannot know whether the next kernel inherits, and assumes that not.
    result = checks.run(tap, name="prediction",
                        next_words="pcigate=report pci_liveupdate.inherit=0",
                        before_kexec=f"set_bus_numbers {SWITCH_PORT} 9 1 3",
                        following="list_devices")
    checks.starts(tap, result)
    said = {}
    for line in result.gate:
        stays = re.fullmatch(r"pcigate: (\S+) keeps its address", line)
        moves = re.match(r"pcigate: (?:bridge )?(\S+) MOVES to (\S+):", line)
        if stays:
            said[stays[1]] = stays[1]
        elif moves:
            said[moves[1]] = moves[2]
    tap.ok(set(DEVICES) <= set(said), "the gate says where each device will be", said)
    tap.ok(any(old != new for old, new in said.items()), "and that one will move", said)
    before, after = result.devices(1), result.devices(2)
    tap.equal({old: after.get(new) for old, new in said.items()},
              {old: before[old] for old in said}, "each is where the gate said")


checks.main(test)
