#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Preserved virtual functions (VFs) on another bus than their physical function (PF).

No device of QEMU has these, so a module of the guest makes the functions. Between the kernels they do not
exist, so the stage is off; tests/vectors/vfs-other-bus.dts and others are for the stage.
"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, image, paths
from harness.scenario import NEXT_WORDS

PHYSICAL = "001f:00:00.0"
NUMBER = f"/sys/bus/pci/devices/{PHYSICAL}/sriov_numvfs"
VIRTUAL = [f"001f:01:00.{number}" for number in range(4)]
KEPT = (VIRTUAL[1], VIRTUAL[3])
WRITES = 'say "writes: $(cat /sys/module/twobuses/parameters/writes)"'
FIRST = f"""
    run insmod /keeper.ko
    run insmod /twobuses.ko
    echo pci-pf-stub >/sys/bus/pci/devices/{PHYSICAL}/driver_override
    echo {PHYSICAL} >/sys/bus/pci/drivers_probe
    echo 4 >{NUMBER} || fail "no VFs"
    list_devices
    preserve {' '.join(f"keeper:{address}" for address in KEPT)}
    load {NEXT_WORDS} pcigate=off
    go
"""


def following(registers, retrieve):
    return f"""
        run insmod /keeper.ko
        run insmod /twobuses.ko {registers}
        list_devices
        {WRITES}
        say "virtual functions: $(cat {NUMBER})"
        run luctl {retrieve} guests 1 2"""


def run(tap, name, registers, retrieve):
    modules = {f"{module}.ko": image.module(paths.kernel(), module) for module in ("keeper", "twobuses")}
    result = checks.run(tap, name=name, early=False, first=FIRST, following=following(registers, retrieve), files=modules)
    found = [address for address in VIRTUAL if address in result.devices(1)]
    tap.equal(found, VIRTUAL, "the first kernel has the VFs on the other bus")
    return result, [address for address in VIRTUAL if address in result.devices(2)]


def test(tap):
    result, found = run(tap, "vfs-other-bus", "control=9 number=4", "retrieve")
    tap.equal(found, VIRTUAL, "the next kernel has them at the same addresses")
    tap.equal([match[1] for _, match in result.guest(r"writes: (\d+)")], ["0"], "it wrote no SR-IOV register")
    tap.equal([match[1] for _, match in result.guest(r"retrieved token \d (\S+)")], list(KEPT),
              "it retrieves the files of both preserved VFs")
    tap.equal(len(result.guest("finished session guests")), 1, "and finishes the session")

    result, found = run(tap, "vfs-other-bus-changed", "control=9 number=3", "fail")
    tap.has_line(result.lines, rf".*{PHYSICAL}: liveupdate: NumVFs was 0x4 and is 0x3: no virtual function is added",
                 "the next kernel names the register that differs")
    tap.equal(found, [], "and adds no VF")
    tap.equal([match[1] for _, match in result.guest(r"refused token \d (\S+)")], ["ENODEV", "ENODEV"],
              "no file of a VF is retrieved")


checks.main(test)
