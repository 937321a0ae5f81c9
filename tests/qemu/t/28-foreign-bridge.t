#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A bridge outside all preserved paths takes a bus number of such a path: the stage stops.

The preserved device keeps its address, but Linux then finds it below other bridges.
"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, scenario
from harness.scenario import ONBOARD, TOPOLOGY

# A switch in front of the preserved one, with two ports and nothing behind them.
MORE = """
-device pcie-root-port,id=front-port,bus=pcie.0,addr=2,chassis=11,slot=11
-device x3130-upstream,id=front,bus=front-port
-device xio3130-downstream,id=front-leg0,bus=front,addr=0,chassis=12,slot=12
-device xio3130-downstream,id=front-leg1,bus=front,addr=1,chassis=13,slot=13
""".split()
FRONT, LEG0, LEG1 = "0000:01:00.0", "0000:02:00.0", "0000:02:01.0"
CARD, DISK = "0000:07:00.0", "0000:08:00.0"
DEVICES = (DISK, CARD, ONBOARD)
# In some cases the disk cannot be verified. Then the stage's last line counts it.
OUTCOME = "1 of 3 (preserved devices would change address|would move, 1 unverified)"
# Exchanges the bus numbers 03 and 04 of the two ports; Linux accepts this. If the second port, which
# now has 03, then loses its number, the next one after 04 is 05: the first of the preserved path.
SWAP = f"""
    set_bus_numbers {LEG0} 2 4 4
    set_bus_numbers {LEG1} 2 3 3
    for port in {LEG0} {LEG1}; do echo 1 >/sys/bus/pci/devices/$port/remove; done
    echo 1 >/sys/bus/pci/rescan
"""
BELOW = f"0000:05:00.0/0000:06:00.0/{CARD}"
CASES = {
    # name: (before the devices are preserved, after, the path on which Linux then finds the card)
    "foreign-reset": (SWAP, f"clear_bus_numbers {LEG1}", f"{FRONT}/{LEG1}/{BELOW}"),
    "foreign-inside": ("", f"set_bus_numbers {LEG0} 2 6 6",
                       f"{FRONT}/{LEG0}/0000:06:00.0/{CARD}"),
    # The ports are then on bus 03. The record has no bridge on this bus, and the outgoing kernel has
    # found none there.
    "foreign-higher": ("", f"set_bus_numbers {FRONT} 1 3 4", f"{FRONT}/0000:03:01.0/{BELOW}"),
}


def test(tap):
    for name, (before, fault, path) in CASES.items():
        settings = {"name": name, "preserve": DEVICES, "topology": tuple(TOPOLOGY + MORE),
                    "before_bind": before}
        # One boot for two checks: the outgoing kernel refuses, then the next one shows what Linux does.
        truth = checks.ground_truth(tap, **settings,
                                    before_load=f"{fault}\n{scenario.load()}\nexpect_refusal")
        checks.linux_moves(tap, truth, {CARD: path})
        checks.refuses(tap, truth, OUTCOME)
        result = checks.run(tap, **settings, early=False, before_kexec=fault)
        checks.stops(tap, result, OUTCOME)
        checks.moves(tap, result, CARD, path.split("/")[1], "bus-taken")


checks.main(test)
