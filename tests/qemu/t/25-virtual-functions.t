#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""SR-IOV virtual functions (VFs) can be preserved, and so can a device whose VFs are enabled.

VFs of a preserved device cannot be enabled. If they are enabled without the kernel, the stage stops:
the next kernel would disable them.
"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import NVME, PHYSICAL, SRIOV, TOPOLOGY, VIRTUAL

NUMBER = f"/sys/bus/pci/devices/{PHYSICAL}/sriov_numvfs"
ATTEMPTS = f"""
    echo 1 >/sys/module/vfio_pci/parameters/enable_sriov
    bind {PHYSICAL}
    echo 1 >{NUMBER}
    bind {VIRTUAL}
    attempt unbound {VIRTUAL}
    attempt unbound {PHYSICAL}
    echo 0 >{NUMBER}
    attempt unbound {PHYSICAL}
"""
# Sets VF Enable (bit 0 of SR-IOV control) without the kernel.
UNNOTICED = f"""
    echo 1 >{NUMBER} || say "not enabled"
    say "virtual functions: $(cat {NUMBER})"
    run pciw {PHYSICAL} $(($(extended_capability {PHYSICAL} 16) + 8)) 2 1
"""


def test(tap):
    result = checks.run(tap, name="virtual-functions", early=False,
                        topology=tuple(TOPOLOGY + SRIOV), preserve=(NVME, PHYSICAL),
                        before_bind=ATTEMPTS, before_kexec=UNNOTICED)
    tap.equal([match[1] for _, match in result.guest(r"attempt unbound \S+: (\S+)")],
              ["ok", "ok", "ok"], "a VF can be preserved, and a device with and without enabled VFs")
    tap.equal([match[1] for _, match in result.guest(r"(not enabled|virtual functions: \d)")],
              ["not enabled", "virtual functions: 0"], "VFs of a preserved device cannot be enabled")
    tap.has_line(result.lines, rf".* {PHYSICAL}: liveupdate: virtual functions cannot be enabled "
                 "while the device is preserved", "the kernel says why it does not enable them")
    checks.stops(tap, result, "1 of 2 preserved devices cannot be verified")
    tap.has_line(result.gate, rf"pcigate: {PHYSICAL} .* \[vfs-enabled\]")
    tap.has_line(result.gate, f"pcigate: {NVME} keeps its address")
    checks.leaves_config_space_alone(tap, result)


checks.main(test)
