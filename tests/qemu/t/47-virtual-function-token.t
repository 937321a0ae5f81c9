#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A physical function (PF) of vfio-pci: its virtual functions (VFs) need the VF token also after a live update."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, vfs
from harness.scenario import NEXT_WORDS, PHYSICAL
from harness.vfs import COUNT, KEPT, NUMBER

TOKEN = "5ee1d7c5-8d3d-4b4f-9e0c-2f6f4a9f1b70"
WRONG = TOKEN.replace("5", "6")
ALL = " ".join(KEPT)
OTHER = vfs.VIRTUAL[0]
WITH_TOKEN = " ".join(f"{address}@{TOKEN}" for address in KEPT)
TRY = f"attempt bound {KEPT[0]}\nattempt bound {KEPT[0]}@{WRONG}\nattempt bound {KEPT[0]}@{TOKEN}"
DENIED = ["not opened: EACCES", "not opened: EACCES", "ok"]
TOKENS = f"1={TOKEN} 2={TOKEN}"


def first(preserve):
    """A user of the PF sets the token by opening it. vfio-pci then resets it, so the VFs are enabled later."""
    return f"""
        echo 1 >/sys/module/vfio_pci/parameters/enable_sriov
        bind {PHYSICAL}
        attempt bound {PHYSICAL}@{TOKEN}
        echo 8 >{NUMBER} || fail "no VFs"
        list_devices
        bind {ALL}
        {TRY}
        {preserve}
        load {NEXT_WORDS}
        go"""


def denies(tap, result, second):
    tap.equal([(kernel, match[1]) for kernel, match in result.guest(r"attempt \S+ \S+: (.*)")],
              [*((1, text) for text in ["ok", *DENIED]), *((2, text) for text in second)],
              "a VF is opened only with the token, before and after the live update")


def together(tap):
    """The PF itself is preserved, too. Its file has to be retrieved before those of the VFs."""
    result = vfs.run(tap, "vfs-token", first=first(f"preserve unbound:{PHYSICAL}\npreserve_as virtual {WITH_TOKEN}"), following=f"""
        echo 1 >/sys/module/vfio_pci/parameters/enable_sriov
        list_devices
        bind {PHYSICAL} {ALL} {OTHER}
        attempt bound {OTHER}
        run luctl retrieve guests 1=unbound
        run luctl retrieve virtual {TOKENS}
        {TRY}
        echo 0 >{NUMBER} || fail "not disabled"
        echo 2 >{NUMBER} || fail "not enabled"
        {COUNT}""")
    tap.has_line(result.gate, "pcigate: OPEN: 3 of 3 preserved devices keep their address")
    vfs.kept(tap, result)
    denies(tap, result, ["not opened: EACCES", *DENIED])
    tap.equal(vfs.counts(result), ["2"], "the next kernel's vfio-pci can change the number of VFs")


def alone(tap):
    """In the next kernel, the PF has no driver."""
    result = vfs.run(tap, "vfs-token-alone", first=first(f"preserve {WITH_TOKEN}"), following=f"""
        list_devices
        bind {ALL}
        echo vfio-pci >/sys/bus/pci/devices/{PHYSICAL}/driver_override
        echo {PHYSICAL} >/sys/bus/pci/drivers_probe
        run luctl retrieve guests {TOKENS}
        {TRY}""")
    vfs.kept(tap, result)
    denies(tap, result, DENIED)
    tap.equal(result.count(f"{PHYSICAL}: Cannot bind to PF, a driver is bound to VF {KEPT[0]}"), 1,
              "vfio-pci does not bind to the PF after its VFs")


def only_physical(tap):
    """The last VF is unpreserved, and the PF stays preserved with all VFs enabled."""
    result = vfs.run(tap, "vfs-pf-alone", first=first(f"""
        preserve unbound:{PHYSICAL}
        preserve_as virtual {WITH_TOKEN}
        close_session virtual"""), following=f"""
        list_devices
        {COUNT}
        bind {PHYSICAL}
        retrieve 1""")
    tap.has_line(result.gate, "pcigate: OPEN: 1 of 1 preserved device keeps its address")
    vfs.kept(tap, result)
    tap.equal(vfs.counts(result), ["8"], "the VFs are still enabled")
    tap.has_line(result.lines, rf".*{PHYSICAL}: liveupdate: 8 virtual functions of the previous kernel, 0 of them "
                 "preserved", "the next kernel says that none was preserved")


def test(tap):
    together(tap)
    alone(tap)
    only_physical(tap)


checks.main(test)
