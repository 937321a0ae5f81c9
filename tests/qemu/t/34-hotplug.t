#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""After devices were preserved, one device is plugged in and another is unplugged. Then the kexec follows."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import DEVICES, TOPOLOGY, Plugger

MORE = """
-device pcie-root-port,id=empty,bus=pcie.0,addr=6,chassis=16,slot=16
-device pcie-root-port,id=full,bus=pcie.0,addr=7,chassis=17,slot=17
-device nvme,id=leaving,bus=full,serial=leaving
""".split()
COMING, LEAVING = "0000:05:00.0", "0000:06:00.0"
PLUGGED = f"""
    say "plug it in"
    tries=0
    until [ -e /sys/bus/pci/devices/{COMING} ]; do
        tries=$((tries + 1))
        [ $tries -lt 200 ] || fail "{COMING} does not appear"
        usleep 100000
    done
    echo 0 >/sys/bus/pci/slots/17/power
    [ ! -e /sys/bus/pci/devices/{LEAVING} ] || fail "{LEAVING} does not disappear"
    say "left $(ls /sys/bus/pci/devices | tr '\\n' ' ')"
"""


# Linux itself causes this lockdep report for each plugged device: pciehp_ist() takes reset_lock and then
# the rescan lock; pciehp_configure_device() takes reset_lock while it holds the rescan lock.
PCIEHP = r"&ctrl->reset_lock\).*, at: pciehp_configure_device\+"


def test(tap):
    result = checks.run(tap, [PCIEHP], name="hotplug", topology=tuple(TOPOLOGY + MORE),
                        first_words="pcie_ports=native", before_load=PLUGGED,
                        on_text=Plugger(driver="nvme", id="coming", bus="empty", serial="coming"))
    left = result.guest("left (.*)")
    tap.equal(len(left), 1, "one device was plugged in and one unplugged")
    checks.starts(tap, result)
    tap.equal(sorted(result.devices(2)), left[0][1][1].split() if left else None,
              "the next kernel finds the functions that the outgoing kernel had last")
    tap.has_line(result.gate[-1:], r"pcigate: OPEN: 3 of 3 preserved devices keep their address.*")
    checks.retrieves(tap, result, DEVICES)
    checks.leaves_config_space_alone(tap, result)


checks.main(test)
