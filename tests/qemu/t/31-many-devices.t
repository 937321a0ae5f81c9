#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Sixty-four functions behind two switches, which are behind a third one, are preserved."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import TOPOLOGY

LEGS, FUNCTIONS = 4, 8


def switch(name, below, legs, first_slot):
    """QEMU's words for an upstream port and its downstream ports, named `name`0, `name`1..."""
    words = [f"-device x3130-upstream,id={name},bus={below}"]
    words += [f"-device xio3130-downstream,id={name}{leg},bus={name},addr={leg},"
              f"chassis={first_slot + leg},slot={first_slot + leg}" for leg in range(legs)]
    return words


def topology():
    words = ["-device pcie-root-port,id=many,bus=pcie.0,addr=6,chassis=16,slot=16"]
    words += switch("top", "many", 2, 20)
    for number in range(2):
        words += switch(f"low{number}", f"top{number}", LEGS, 30 + 10 * number)
        words += [f"-device edu,bus=low{number}{leg},addr=0.{function},multifunction=on"
                  for leg in range(LEGS) for function in range(FUNCTIONS)]
    return [*TOPOLOGY, *" ".join(words).split()]


# Firmware numbers buses depth first: 05 to 08 are above the devices' buses 09 to 0c, and 0d and 0e
# above 0f to 12.
BUSES = [*range(0x09, 0x0d), *range(0x0f, 0x13)]
DEVICES = tuple(f"0000:{bus:02x}:00.{function}" for bus in BUSES for function in range(FUNCTIONS))


def test(tap):
    result = checks.run(tap, name="many-devices", timeout=300, topology=tuple(topology()), preserve=DEVICES)
    tap.has_line(result.gate, r"pcigate: KHO kho-v4, LUO luo-v5, PCI 2, pci-topology-v1: "
                 r"64 devices, 14 bridges")
    # The stage prints a line for each of the first devices, and the number of the others.
    checks.opens(tap, result, DEVICES, named=DEVICES[:16])
    checks.leaves_config_space_alone(tap, result)
    tap.has_line(result.lines, r".* PCI: liveupdate: 78 devices and bridges preserved by the "
                 "previous kernel")
    tap.no_line(result.lines, "never finished", "every device is finished")


checks.main(test)
