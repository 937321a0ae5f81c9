#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""With the inherit layer, the next kernel keeps the bus numbers of preserved devices.

The purgatory does not know the next kernel, so pcigate.buses=keep says that it keeps them.
"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import (CARD, DOWNSTREAM, NVME, NVME_PORT, ONBOARD, SWITCH_PORT, TOPOLOGY,
                              UPSTREAM)

# Outside the preserved paths: an empty port, and a port with a disk that is not preserved.
MORE = """
-device pcie-root-port,id=empty,bus=pcie.0,addr=6,chassis=16,slot=16
-device pcie-root-port,id=other-port,bus=pcie.0,addr=7,chassis=17,slot=17
-device nvme,bus=other-port,serial=other
""".split()
EMPTY, OTHER_PORT, OTHER = "0000:00:06.0", "0000:00:07.0", "0000:06:00.0"
LOST = f"Not assigning bus numbers, preserved bridge {SWITCH_PORT} lost its bus number configuration"
# A second host bridge, below which nothing is preserved.
ROOT = """
-device pxb-pcie,id=far,bus=pcie.0,addr=8,bus_nr=128
-device pcie-root-port,id=far-port,bus=far,addr=0,chassis=18,slot=18
""".split()
FAR_PORT = "0000:80:00.0"
# The outgoing kernel reserves more bus numbers for each hotplug port than the next one would.
SPREAD = "pci=assign-busses,hpbussize=3"
KEEP = "pcigate.buses=keep"
SPREAD_NVME = "0000:06:00.0"
NUMBERS = f'say "numbers $(pciw {SWITCH_PORT} 0x18 4) $(pciw {EMPTY} 0x18 4)"'
RETRIEVE = f"""
    list_devices
    {NUMBERS}
    bind {NVME} {ONBOARD}
    run luctl fail guests 1 2 3
    echo 1 >/sys/bus/pci/rescan
    {NUMBERS}
"""


def run(tap, name, more=(), **settings):
    return checks.run(tap, name=name, topology=(*TOPOLOGY, *MORE, *more), **settings)


def reassign(tap):
    devices = (SPREAD_NVME, CARD, ONBOARD)
    show = f'say "numbers $(pciw {FAR_PORT} 0x18 4)"'
    result = run(tap, "inherit-assign-busses", ROOT, first_words=SPREAD, next_words=f"{KEEP} pci=assign-busses",
                 preserve=devices, before_kexec=show, following=f"""
        {show}
        list_devices
        bind {' '.join(devices)}
        retrieve {len(devices)}""")
    tap.has_line(result.gate[-1:], "pcigate: OPEN: 3 of 3 preserved devices keep their address.*")
    checks.starts(tap, result)
    checks.keeps_addresses(tap, result, devices)
    checks.retrieves(tap, result, devices)
    numbers = [match[1] for _, match in result.guest("numbers (.*)")]
    tap.ok(len(numbers) == 2 and numbers[0] == numbers[1],
           "bridges keep their numbers also where nothing is preserved", numbers)
    tap.equal(result.count("PCI: liveupdate: bus numbers are not reassigned, because devices were preserved"),
              1, "the next kernel says once that it does not reassign bus numbers")


def reassign_without(tap):
    result = run(tap, "without-assign-busses", first_words=SPREAD, following="list_devices",
                 next_words="pcigate=report pci=assign-busses pci_liveupdate.inherit=0",
                 preserve=(SPREAD_NVME, CARD, ONBOARD))
    tap.has_line(result.gate, rf"pcigate: {SPREAD_NVME} MOVES.*\[reassign-busses\]")
    checks.starts(tap, result)
    before, after = result.devices(1), result.devices(2)
    tap.ok(NVME in after and NVME not in before and SPREAD_NVME in before,
           "without the layer the disk has another address", after)
    tap.equal(sorted(after.values()), sorted(before.values()),
              "without the layer the next kernel still finds all functions")
    tap.equal(result.count("bus numbers are not reassigned"), 0,
              "the next kernel does not say that it keeps bus numbers")


def lost(tap):
    result = run(tap, "inherit-lost", next_words=f"pcigate=report {KEEP}", following=RETRIEVE,
                 before_kexec=f"clear_bus_numbers {SWITCH_PORT}\nclear_bus_numbers {EMPTY}\n"
                 f"clear_bus_numbers {OTHER_PORT}")
    checks.not_found(tap, result, CARD, SWITCH_PORT, "bridge-reset")
    checks.starts(tap, result)
    behind = {UPSTREAM, DOWNSTREAM, CARD, OTHER}
    tap.equal(result.devices(2), {address: what for address, what in result.devices(1).items()
                                  if address not in behind},
              "only the functions behind bridges that lost their numbers are not found")
    numbers = [match[1].split() for _, match in result.guest("numbers (.*)")]
    tap.equal(numbers[0] if numbers else None, ["0x00000000", "0x00000000"],
              "neither the preserved bridge nor the empty port has bus numbers")
    tap.ok(len(numbers) == 2 and "0x00000000" not in numbers[1],
           "both get bus numbers when the session is finished and the bus scanned again", numbers)
    for bridge in (SWITCH_PORT, EMPTY, OTHER_PORT):
        tap.equal(result.count(f"{bridge}: {LOST}"), 1,
                  f"the next kernel says why {bridge} gets no bus numbers")
    tap.equal(result.count(LOST), 3, "the next kernel says this of no other bridge")
    tap.equal([match[1] for _, match in result.guest(r"refused token (\S+ \S+)")], ["2 ENODEV"],
              "only the device behind that bridge cannot be retrieved")
    for address in (SWITCH_PORT, UPSTREAM, DOWNSTREAM, CARD):
        tap.has_line(result.lines, rf".* {address} was preserved and never finished")
    for address in (NVME_PORT, NVME, ONBOARD):
        tap.no_line(result.lines, f"{address} was preserved and never finished",
                    f"{address} was finished")


def test(tap):
    reassign(tap)
    reassign_without(tap)
    lost(tap)


checks.main(test)
