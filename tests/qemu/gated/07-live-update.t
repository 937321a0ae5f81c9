#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A Live Update through a gated image: KHO names the preserved devices, the image has a record of user space."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated, paths, scenario
from harness.scenario import CARD, DEVICES, NVME, NVME_PORT, SWITCH_PORT, TOPOLOGY

ALL = " ".join(DEVICES)

# A second port with an equal NVMe.
SECOND_PORT, SECOND_NVME = "0000:00:06.0", "0000:05:00.0"
TWO_DISKS = (*TOPOLOGY, "-device", "pcie-root-port,id=second-port,bus=pcie.0,addr=6,chassis=4,slot=4",
             "-device", "nvme,id=second,bus=second-port,serial=second")


def live_update(tap, kernel, record=ALL, devices=ALL, words="", **more):
    """The outgoing kernel preserves the devices after it has loaded the image. Without a record, the image
    has Linux's only. The image shows that the next kernel keeps bus numbers."""
    more["before_kexec"] = f"preserve {devices}\n{more.get('before_kexec', '')}"
    wrap = f"wrap {record}" if record else "run pcigate wrap -o /tmp/gated.img /next/bzImage"
    return gated.run(tap, kernel=kernel, cmdline=scenario.CMDLINE, before_load=f"bind {devices}", load=f"""
        {wrap}
        load_gated 'kexec -s -l' {scenario.NEXT_WORDS} {words}""", **more)


def exchange(tap, upstream):
    """Two ports exchange their bus numbers, and the equal devices behind them their addresses."""
    both = f"{NVME} {SECOND_NVME}"
    swapped = {**upstream, "devices": both, "topology": TWO_DISKS,
               "before_kexec": f"set_bus_numbers {NVME_PORT} 0 5 5\nset_bus_numbers {SECOND_PORT} 0 4 4"}
    for name, record in ("gated-live-exchanged", both), ("gated-live-exchanged-later", CARD):
        result = live_update(tap, name=name, record=record, **swapped)
        checks.stops(tap, result, "2 of . preserved devices cannot be verified")
        for device in (NVME, SECOND_NVME):
            tap.has_line(result.gate, rf"pcigate: {device} UNVERIFIED: .* \[path-differs\]")

    # Linux's record has no paths: the report says what it does not show.
    result = live_update(tap, name="gated-live-exchanged-alone", record="",
                         **{**swapped, "following": "list_devices"})
    tap.has_line(result.gate, "pcigate: no identities recorded: devices may have been exchanged or replaced")
    checks.starts(tap, result)
    checks.linux_moves(tap, result, {NVME: f"{SECOND_PORT}/{NVME}", SECOND_NVME: f"{NVME_PORT}/{SECOND_NVME}"})


def keeps_numbers(tap, upstream):
    """pci=assign-busses, and a bridge without bus numbers: into a kernel that keeps bus numbers, and into one
    that does not."""
    renumbers = "pci_liveupdate.inherit=0"
    result = live_update(tap, name="gated-live-assign", words="pci=assign-busses", **upstream)
    gated.opens(tap, result, DEVICES)
    checks.retrieves(tap, result)

    result = live_update(tap, name="gated-live-assign-not", words=f"pci=assign-busses {renumbers}", **upstream)
    checks.stops(tap, result, "2 of 3 preserved devices would change address")
    checks.moves(tap, result, NVME, NVME_PORT, "reassign-busses")

    cleared = {**upstream, "before_kexec": f"clear_bus_numbers {SWITCH_PORT}"}
    result = live_update(tap, name="gated-live-cleared", **cleared)
    checks.stops(tap, result, "1 of 3 preserved devices would not be found")
    checks.not_found(tap, result, CARD, SWITCH_PORT, "bridge-reset")

    result = live_update(tap, name="gated-live-cleared-not", words=renumbers, **cleared)
    checks.stops(tap, result, "1 of 3 preserved devices would change address")
    checks.moves(tap, result, CARD, SWITCH_PORT, "bridge-reset")


def test(tap):
    retrieve = f"list_devices\nlist_report\nbind {ALL}\nretrieve {len(DEVICES)}"
    upstream = {"kernel": paths.upstream_kernel(), "following": retrieve}

    result = live_update(tap, name="gated-live", **upstream)
    tap.has_line(result.gate[:1], "pcigate: KHO kho-v4, LUO luo-v5, PCI 2, user space: 3 devices, 4 bridges")
    gated.opens(tap, result, DEVICES)
    tap.has_line([match[1] for _, match in result.guest("report (.*)")], "pcigate: OPEN: 3 of 3 .*",
                 "the next kernel has the report")
    checks.retrieves(tap, result)
    checks.well_formed(tap, result)

    keeps_numbers(tap, upstream)

    # The record has one of the three devices: of the others, the address is all that is judged.
    unknown = "pcigate: preserved after the record of user space: identity not compared"
    result = live_update(tap, name="gated-live-later", record=CARD, **upstream)
    tap.has_line(result.gate, unknown)
    gated.opens(tap, result, DEVICES)
    checks.retrieves(tap, result)

    result = live_update(tap, name="gated-live-later-cleared", record=CARD, **upstream,
                         before_kexec=f"clear_bus_numbers {NVME_PORT}")
    tap.has_line(result.gate, unknown)
    checks.stops(tap, result, "1 of 3 preserved devices would not be found")
    checks.not_found(tap, result, NVME, NVME_PORT, "bridge-reset")

    exchange(tap, upstream)

    # The purgatory of this kernel has judged already.
    result = live_update(tap, paths.kernel(), name="gated-live-judged",
                         following=f"{retrieve}\ndump_entry pci-topology")
    checks.opens(tap, result)
    checks.well_formed(tap, result)


checks.main(test)
