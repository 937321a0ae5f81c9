#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Devices on a second root bus (a server has one per socket) and behind conventional bridges are preserved."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import NVME, TOPOLOGY

# Bus 40h is the second root bus. Buses 06h and 07h are conventional PCI.
MORE = """
-device pcie-root-port,id=port3,bus=pcie.0,addr=6,chassis=4,slot=4
-device pcie-pci-bridge,id=conventional,bus=port3
-device pci-bridge,id=below,bus=conventional,addr=2,chassis_nr=5
-device edu,bus=below,addr=4
-device pxb-pcie,id=root2,bus=pcie.0,addr=7,bus_nr=64
-device pcie-root-port,id=port4,bus=root2,addr=0,chassis=6,slot=6
-device nvme,bus=port4,serial=second
""".split()
OLD, OTHER_ROOT = "0000:07:04.0", "0000:41:00.0"
DEVICES = (NVME, OLD, OTHER_ROOT)
MACHINE = {"topology": tuple(TOPOLOGY + MORE), "preserve": DEVICES}


def test(tap):
    result = checks.run(tap, name="other-roots", **MACHINE)
    checks.opens(tap, result, DEVICES)
    checks.leaves_config_space_alone(tap, result)

    result = checks.run(tap, name="other-roots-cleared", early=False, **MACHINE, before_kexec="""
        clear_bus_numbers 0000:40:00.0
        clear_bus_numbers 0000:06:02.0""")
    checks.stops(tap, result, "2 of 3 preserved devices would change address")
    # Two bridges lost their numbers, and the record does not say which one led to bus 41h.
    tap.has_line(result.gate, r"pcigate: bridge 0000:40:00\.0 lost its bus numbers \[bridge-reset\]")
    tap.has_line(result.gate, rf"pcigate: {OTHER_ROOT} MOVES.* \[(bridge-reset|bus-unreached)\]")
    checks.moves(tap, result, OLD, "0000:06:02.0", "bridge-reset")
    tap.has_line(result.gate, f"pcigate: {NVME} keeps its address")


checks.main(test)
