#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""With pcigate=report the stage prints the report and starts the next kernel in any case."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, SWITCH_PORT

# The highest bus number in use is 04h. Linux gives the next ones to the bridge (05h) and to the two
# bridges below it. (With the inherit layer it would give no number.)
MOVED = "0000:07:00.0"


def test(tap):
    result = checks.run(tap, name="policy-report", next_words="pcigate=report pci_liveupdate.inherit=0",
                        before_kexec=f"clear_bus_numbers {SWITCH_PORT}", following="list_devices\ndump_entry pci-topology")
    checks.moves(tap, result, CARD, SWITCH_PORT, "bridge-reset")
    tap.has_line(result.gate[-1:], r"pcigate: OPEN.*pcigate=report.*")
    checks.starts(tap, result)
    before, after = result.devices(1), result.devices(2)
    tap.equal(after.get(MOVED), before[CARD], f"the next kernel finds the card at {MOVED}")
    tap.ok(CARD not in after, "no function answers at the card's old address", after.get(CARD))
    checks.answers(tap, result, [3, 2, 1, 0], verdict=2, reason="bridge-reset")
    checks.leaves_config_space_alone(tap, result)


checks.main(test)
