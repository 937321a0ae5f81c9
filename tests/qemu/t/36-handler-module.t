#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A module is loaded, used and unloaded. It is a second handler, which preserves devices without a driver."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, image, paths
from harness.scenario import CARD, DEVICES, NEXT_WORDS, NVME, ONBOARD

SLOT = f"/sys/bus/pci/devices/{ONBOARD}"
BOTH = f"{NVME} {CARD} keeper:{ONBOARD}"
FIRST = f"""
    list_devices
    bind {NVME} {CARD}
    run insmod /keeper.ko
    list_devices
    preserve {BOTH}
    rmmod keeper && fail "keeper was unloaded while in use"
    run luctl attempt bound /dev/keeper:{NVME}
    run luctl attempt bound /dev/keeper:{ONBOARD}
    close_session guests
    run rmmod keeper
    say "unloaded"
    run insmod /keeper.ko

    preserve_as gone {CARD} keeper:{ONBOARD}
    echo 1 >{SLOT}/remove
    echo 1 >/sys/bus/pci/rescan
    [ -e {SLOT} ] || fail "{ONBOARD} did not come back"
    run luctl attempt bound /dev/keeper:{ONBOARD}
    close_session gone

    preserve_as early keeper:{ONBOARD} {CARD}
    echo 1 >/sys/module/keeper/parameters/untie
    close_session early
    run rmmod keeper
    run insmod /keeper.ko

    list_devices
    preserve {BOTH}
    load {NEXT_WORDS}
    go
"""
NEXT = f"""
    list_devices
    bind {NVME} {CARD}
    run insmod /keeper.ko driver=1
    [ ! -e {SLOT}/driver ] || fail "an ordinary driver took {ONBOARD}"
    echo {ONBOARD} >/sys/bus/pci/drivers/keeper/bind || say "not bound"
    retrieve 3
    echo {ONBOARD} >/sys/bus/pci/drivers/keeper/bind
    run rmmod keeper
    say "unloaded"
    dump_entry pci-topology
"""


def test(tap):
    result = checks.run(tap, name="handler-module", first=FIRST, following=NEXT,
                        files={"keeper.ko": image.keeper(paths.kernel())})
    tap.equal([match[1] for _, match in result.guest(r"attempt bound /dev/keeper:\S+: (\S+)")],
              ["EBUSY", "EBUSY", "ok"],
              "a preserved device cannot be preserved again until it is removed")
    tap.has_line(result.lines, rf".* {ONBOARD}: liveupdate: removed while it was preserved, "
                 "dropped from the record")
    tap.equal(result.count(rf"{ONBOARD}: liveupdate: removed"), 1, "the kernel reports the removal once")
    checks.starts(tap, result)
    checks.keeps_addresses(tap, result)
    for device in DEVICES:
        tap.has_line(result.gate, f"pcigate: {device} keeps its address")
    tap.equal([match[1] for _, match in result.guest(r"retrieved token 3 (\S+)")], [ONBOARD],
              "the module's file is retrieved with its device")
    tap.equal(result.count(rf"{ONBOARD}: liveupdate: driver keeper cannot bind until the device is finished"), 1,
              "the kernel says once that a driver cannot bind")
    tap.equal(result.count("probe with driver keeper"), 0, "a driver that cannot bind is no error")
    tap.equal(len(result.guest("not bound")), 1, "a bind through sysfs fails as well")
    tap.equal(result.count(rf"keeper {ONBOARD}: keeper: taken by an ordinary driver"), 1,
              "the driver binds when the session is finished")
    tap.equal([kernel for kernel, _ in result.guest("unloaded")], [1, 2],
              "both kernels can unload the module")
    tap.no_line(result.lines, "WARNING:|never finished", "the kernels print no warning")


checks.main(test)
