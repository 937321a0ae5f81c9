#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""With UEFI firmware and no bridge changed, the verdict is open and every device keeps its address."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks


def test(tap):
    result = checks.run(tap, name="unharmed-ovmf", firmware="ovmf", memory="1G")
    checks.opens(tap, result)
    checks.leaves_config_space_alone(tap, result)
    checks.well_formed(tap, result)
    tap.has_line(result.gate, "pcigate: KHO kho-v4, LUO luo-v5, PCI 2, pci-topology-v1: "
                 "3 devices, 4 bridges")


checks.main(test)
