#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A device without an IOMMU, which vfio-pci binds to in its unsafe mode, cannot be preserved."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CMDLINE, ONBOARD, TOPOLOGY

DEVICE = f"/sys/bus/pci/devices/{ONBOARD}"
# Linux before 7.3 has no cdev for such a device, and so no file that could be preserved.
FIRST = f"""
    list_devices
    echo vfio-pci >{DEVICE}/driver_override
    echo {ONBOARD} >/sys/bus/pci/drivers_probe
    [ -e {DEVICE}/driver ] || fail "vfio-pci did not take {ONBOARD}"
    if [ -e /dev/vfio/devices/noiommu-vfio0 ]; then
        run luctl attempt unbound /dev/vfio/devices/noiommu-vfio0
    else
        say "no cdev"
    fi
"""


def test(tap):
    topology = [word for word in TOPOLOGY if not word.startswith("intel-iommu")]
    del topology[topology.index("-device")]
    result = checks.run(tap, name="without-iommu", first=FIRST, topology=tuple(topology),
                        cmdline=CMDLINE.replace("intel_iommu=on", "vfio.enable_unsafe_noiommu_mode=1"))
    if not result.guest("no cdev"):
        tap.equal(result.count("guest: attempt unbound .*: ENOENT"), 1, "no handler accepts the file")
        tap.has_line(result.lines, rf".* {ONBOARD}: liveupdate: cannot be preserved without an IOMMU")


checks.main(test)
