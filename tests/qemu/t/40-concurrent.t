#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Sessions, handlers, hotplug and SR-IOV run at the same time: the record is correct at the end."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, image, paths
from harness.scenario import CARD, LARGE_LOG, NEXT_WORDS, NVME, ONBOARD, PHYSICAL, SRIOV, TOPOLOGY

DEVICES = (NVME, CARD, PHYSICAL)
FIRST = f"""
    list_devices
    bind {' '.join(DEVICES)}
    run insmod /keeper.ko
    echo 1 >/sys/module/vfio_pci/parameters/enable_sriov

    say "$(race cycle one 200 $(tokens {NVME} {CARD} {PHYSICAL}) 2>&1)" & one=$!
    until [ -e /tmp/cycle-one ]; do usleep 1000; done
    say "$(race cycle two 200 $(tokens keeper:{CARD} keeper:{NVME} keeper:{PHYSICAL}) 2>&1)" & two=$!
    (
        for i in 1 2 3 4 5 6 7 8; do
            race cycle three 100 1=/dev/keeper:{ONBOARD} >/dev/null & three=$!
            usleep 20000
            echo 1 >/sys/bus/pci/devices/{ONBOARD}/remove
            wait $three
            echo 1 >/sys/bus/pci/rescan
        done
    ) & plug=$!
    (
        for i in 1 2 3; do
            echo 1 >/sys/bus/pci/devices/{PHYSICAL}/sriov_numvfs && say "enabled"
            echo 0 >/sys/bus/pci/devices/{PHYSICAL}/sriov_numvfs
            usleep 300000
        done
    ) 2>/dev/null & sriov=$!
    wait $one $two $plug $sriov

    list_devices
    preserve {' '.join(DEVICES)}
    load {NEXT_WORDS}
    go
"""


def test(tap):
    result = checks.run(tap, name="concurrent", topology=(*TOPOLOGY, "-smp", "2", *SRIOV), first=FIRST, first_words=LARGE_LOG,
                        preserve=DEVICES, files={"keeper.ko": image.keeper(paths.kernel())})
    done = {match[1]: int(match[2]) for _, match in
            result.guest(r"cycle (\S+): (\d+) preserved, \d+ refused")}
    tap.ok(min(done.get("one", 0), done.get("two", 0)) >= 200,
           "both sessions preserved at least 200 times", done)
    checks.opens(tap, result, DEVICES)
    tap.has_line(result.gate, "pcigate: KHO kho-v4, LUO luo-v5, PCI 2, pci-topology-v1: "
                 "3 devices, 5 bridges")
    tap.no_line(result.lines, "WARNING:|BUG:|never unpreserved|never finished",
                "the kernels print no warning")


checks.main(test)
