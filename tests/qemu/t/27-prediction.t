#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The next kernel finds each device at the address that the stage predicts (with pcigate=report)."""
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import DEVICES, SWITCH_PORT


def test(tap):
    # The stage assumes that the next kernel does not keep preserved bus numbers.
    result = checks.run(tap, name="prediction",
                        next_words="pcigate=report pci_liveupdate.inherit=0",
                        before_kexec=f"set_bus_numbers {SWITCH_PORT} 9 1 3",
                        following="list_devices")
    checks.starts(tap, result)
    predicted = {}
    for line in result.gate:
        stays = re.fullmatch(r"pcigate: (\S+) keeps its address", line)
        moves = re.match(r"pcigate: (?:bridge )?(\S+) MOVES to (\S+):", line)
        if stays:
            predicted[stays[1]] = stays[1]
        elif moves:
            predicted[moves[1]] = moves[2]
    tap.ok(set(DEVICES) <= set(predicted), "the stage predicts an address for each device", predicted)
    tap.ok(any(old != new for old, new in predicted.items()),
           "the stage predicts that one device moves", predicted)
    before, after = result.devices(1), result.devices(2)
    tap.equal({old: after.get(new) for old, new in predicted.items()},
              {old: before[old] for old in predicted}, "each device is at its predicted address")


checks.main(test)
