#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Two live updates follow each other. In between, all devices are finished, or all but one."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, scenario
from harness.scenario import CARD, DEVICES, NEXT_WORDS, NVME, ONBOARD

GATE = r"pcigate: KHO kho-v4, LUO luo-v5, PCI 2, pci-topology-v1: {} devices, 4 bridges"
# KHO sets several times the size of the initramfs aside for the next kernel. This initramfs has two
# kernels, so that too little of 512M is left.
MEMORY = "1G"


def finished(tap):
    result = checks.run(tap, name="two-updates", memory=MEMORY, following=f"""
        list_devices
        bind {' '.join(DEVICES)}
        retrieve {len(DEVICES)}
        preserve {' '.join(reversed(DEVICES))}
        load {NEXT_WORDS}
        go""", third=f"""
        list_devices
        bind {' '.join(DEVICES)}
        retrieve {len(DEVICES)}""")
    tap.equal(result.count(scenario.KERNEL_LINE), 3, "three kernels start")
    tap.equal(result.count("^pcigate: OPEN: 3 of 3 "), 2, "the verdict is open both times")
    tap.equal([kernel for kernel, _ in result.guest("finished session guests")], [2, 3],
              "kernels 2 and 3 finish the session")
    checks.keeps_addresses(tap, result, kernel=3)
    tap.equal(result.count("Device was preserved by previous kernel across Live Update"), 14,
              "kernels 2 and 3 recognise three devices and four bridges each")


def unfinished(tap):
    result = checks.run(tap, name="two-updates-at-once", memory=MEMORY, first=f"""
        list_devices
        bind {' '.join(DEVICES)}
        preserve_as one {NVME} {CARD}
        preserve_as other {ONBOARD}
        load {NEXT_WORDS}
        go""", following=f"""
        list_devices
        bind {' '.join(DEVICES)}
        retrieve_from one 2
        preserve_as again {CARD} {NVME}
        load {NEXT_WORDS}
        go""", third=f"""
        list_devices
        bind {' '.join(DEVICES)}
        attempt unbound {ONBOARD}
        retrieve_from again 2""")
    tap.equal([line for line in result.gate if ": KHO " in line],
              [GATE.format(3), GATE.format(2)],
              "kernel 2 does not hand over the device that was not finished")
    tap.equal(result.count("^pcigate: OPEN"), 2, "the verdict is open both times")
    tap.equal([(kernel, match[1]) for kernel, match in result.guest(r"finished session (\S+)")],
              [(2, "one"), (3, "again")], "the sessions that were retrieved are finished")
    checks.keeps_addresses(tap, result, kernel=3)
    tap.equal([(kernel, match[1]) for kernel, match in result.guest(r"attempt \S+ \S+: (\S+)")],
              [(3, "ok")], "kernel 3 can preserve the device that was not finished")


def test(tap):
    finished(tap)
    unfinished(tap)


checks.main(test)
