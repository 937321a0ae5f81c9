#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Virtual functions are enabled on a preserved device; the next kernel would disable them."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import NVME, TOPOLOGY

MORE = """
-device pcie-root-port,id=port3,bus=pcie.0,addr=6,chassis=4,slot=4
-device nvme-subsys,id=subsystem,nqn=pcigate
-device nvme,bus=port3,serial=sriov,subsys=subsystem,sriov_max_vfs=2,sriov_vq_flexible=4,\
sriov_vi_flexible=2,max_ioqpairs=6,msix_qsize=7
""".split()
PHYSICAL = "0000:05:00.0"
ENABLE = f"""
    echo 1 >/sys/module/vfio_pci/parameters/enable_sriov
    echo 1 >/sys/bus/pci/devices/{PHYSICAL}/sriov_numvfs
    say "virtual functions: $(cat /sys/bus/pci/devices/{PHYSICAL}/sriov_numvfs)"
"""


def test(tap):
    result = checks.run(tap, name="virtual-functions", topology=tuple(TOPOLOGY + MORE),
                        preserve=(NVME, PHYSICAL), before_kexec=ENABLE)
    tap.equal(len(result.guest("virtual functions: 1")), 1, "one is enabled")
    checks.stops(tap, result, "1 of 2 preserved devices cannot be verified")
    tap.has_line(result.gate, rf"pcigate: {PHYSICAL} .* \[vfs-enabled\]")
    tap.has_line(result.gate, f"pcigate: {NVME} keeps its address")
    checks.leaves_config_space_alone(tap, result)


checks.main(test)
