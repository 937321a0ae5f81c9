#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Virtual functions (VFs) are preserved by a module, which is unloaded in between.

The second time they are preserved by preserving their physical function (PF). A driver does this if the
tracking of preserved devices refuses VFs, as upstream's does. In its record the PF counts once, however
many of its VFs are preserved.
"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, image, paths, vfs
from harness.scenario import NEXT_WORDS, PHYSICAL
from harness.vfs import KEPT, NUMBER

ALL = " ".join(f"keeper:{address}" for address in KEPT)


# Unties the module from the record of preserved devices while files are preserved. The record then outlives
# its last file, also in the next kernel.
UNTIE = "echo 1 >/sys/module/keeper/parameters/untie"


def first(insmod, untie):
    return f"""
        {insmod}
        {vfs.ENABLE}
        preserve {ALL}
        rmmod keeper && fail "keeper was unloaded while in use"
        for n in 0 4; do echo $n >{NUMBER} || say "not changed to $n"; done
        (race cycle one 50 $(tokens {ALL}); race cycle two 50 $(tokens keeper:{vfs.VIRTUAL[0]} {ALL})) >/dev/null 2>&1 & race=$!
        usleep 20000
        close_session guests
        wait $race

        preserve_as early {ALL}
        {untie}
        close_session early
        run rmmod keeper
        echo 0 >{NUMBER} || fail "no VF is preserved, but they are not disabled"
        echo 8 >{NUMBER} || fail "no VFs"
        {insmod}

        preserve_as removed {ALL}
        echo 1 >/sys/bus/pci/devices/{KEPT[0]}/remove
        echo 1 >/sys/bus/pci/devices/{PHYSICAL}/remove
        close_session removed
        echo 1 >/sys/bus/pci/rescan
        {vfs.ENABLE}
        preserve {ALL}
        load {NEXT_WORDS}
        go"""


def following(insmod):
    return f"""
        {insmod}
        list_devices
        retrieve 2
        {vfs.STUB}
        echo 0 >{NUMBER} || fail "not disabled"
        {vfs.COUNT}
        run rmmod keeper"""


def preserves(tap, name, insmod, untie=""):
    result = vfs.run(tap, name, first=first(insmod, untie), following=following(insmod),
                     files={"keeper.ko": image.keeper(paths.kernel())})
    tap.equal([match[1] for _, match in result.guest(r"not changed to (\d)")], ["0", "4"],
              "the number of VFs cannot be changed while one is preserved")
    tap.has_line(result.gate, "pcigate: 1 device, 1 bridge, 2 VFs")
    tap.has_line(result.gate, "pcigate: OPEN: 3 of 3 preserved devices keep their address")
    vfs.kept(tap, result)
    tap.equal([match[1] for _, match in result.guest(r"retrieved token \d (\S+)")], list(KEPT),
              "the next kernel retrieves the files of both VFs")
    tap.has_line(result.lines, rf".*{PHYSICAL}: Device is finished participating in Live Update",
                 "the PF is finished with its last VF")
    tap.equal(vfs.counts(result), ["0"], "the next kernel can disable the VFs")
    tap.no_line(result.lines, "never finished|unpreserved device", "no record is left behind")


def test(tap):
    preserves(tap, "vfs-module", "run insmod /keeper.ko", UNTIE)
    preserves(tap, "vfs-by-pf", "run insmod /keeper.ko by_pf=1")


checks.main(test)
