#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Preserved virtual functions (VFs) while their physical function (PF) is unbound or unplugged, and races."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, image, paths, scenario, vfs
from harness.scenario import NEXT_WORDS, PHYSICAL, Plugger
from harness.vfs import COUNT, KEPT, NUMBER, RETRIEVE, STUB

ALL = " ".join(KEPT)
TOKEN = "5ee1d7c5-8d3d-4b4f-9e0c-2f6f4a9f1b70"
# Is removed after the third VF.
OTHER = vfs.VIRTUAL[5]
WITH_TOKEN = " ".join(f"{address}@{TOKEN}" for address in KEPT)
# vfio-pci disables the VFs if it is unbound, pci-pf-stub does not.
VFIO = f"""
    echo 1 >/sys/module/vfio_pci/parameters/enable_sriov
    bind {PHYSICAL}
    attempt bound {PHYSICAL}@{TOKEN}
    echo 8 >{NUMBER} || fail "no VFs"
    bind {ALL} {OTHER}
"""
GONE = f'[ ! -e /sys/bus/pci/devices/{KEPT[0]} ] || fail "{KEPT[0]} is still there"'


# As in 34-hotplug.t.
PCIEHP = r"&ctrl->reset_lock\).*, at: pciehp_(un)?configure_device\+"
# In a kernel with lockdep, Linux itself warns of a driver that disables SR-IOV when it is unbound: then
# the rescan lock is not held.
RESCAN = r"WARNING: drivers/pci/remove.c:\d+ at pci_stop_and_remove_bus_device\+"


def removed(tap, name, how, again, other="EBUSY", **settings):
    """Something that removes the VFs waits until their session is closed, and the kexec is refused until then.
    `other`: what an attempt to preserve another VF returns meanwhile."""
    result = vfs.run(tap, name, early=True, following=RETRIEVE, **settings, first=f"""
        {VFIO}
        preserve {WITH_TOKEN}
        load {NEXT_WORDS}
        ({how}; say "removed") &
        sleep 1
        say "before: $(ls -d /sys/bus/pci/devices/{KEPT[0]} /sys/bus/pci/devices/{KEPT[1]} | wc -l)"
        expect_refusal
        attempt bound {OTHER}@{TOKEN}
        close_session guests
        wait
        {GONE}
        {again}
        {vfs.ENABLE}
        bind {ALL}
        preserve {ALL}
        go""")
    lines = [match[1] for _, match in result.guest(r"(before: \d|kexec refused|closed session guests|removed)")]
    tap.equal(lines, ["before: 2", "kexec refused", "closed session guests", "removed"],
              "the preserved VFs stay, and the kexec is refused, until the session is closed")
    tap.equal([match[1] for _, match in result.guest(r"attempt \S+ \S+: (.*)")], ["ok", other],
              f"an attempt to preserve another VF meanwhile returns {other}")
    tap.has_line(result.gate, "pcigate: OPEN: 3 of 3 preserved devices keep their address")
    vfs.kept(tap, result)


def race(tap):
    """Two sessions preserve VFs without a driver, and the PF, while the VFs are disabled or removed."""
    keeper = " ".join(f"keeper:{address}" for address in KEPT)
    others = f"keeper:{vfs.VIRTUAL[0]} keeper:{KEPT[0]} keeper:{PHYSICAL}"
    result = vfs.run(tap, "vfs-race", files={"keeper.ko": image.keeper(paths.kernel())}, following=RETRIEVE,
                     topology=(*scenario.TOPOLOGY, *vfs.EIGHT, "-smp", "2"), timeout=300, early=True,
                     first_words=scenario.LARGE_LOG, first=f"""
        run insmod /keeper.ko
        {STUB}
        for round in 1 2 3 4 5 6; do
            echo 8 >{NUMBER} || fail "no VFs in round $round"
            preserve_as held keeper:{OTHER}
            race cycle one 300 $(tokens {keeper}) >/tmp/one 2>&1 & one=$!
            race cycle two 300 $(tokens {others}) >/tmp/two 2>&1 & two=$!
            until [ -e /tmp/cycle-one ] && [ -e /tmp/cycle-two ]; do usleep 1000; done
            rm /tmp/cycle-one /tmp/cycle-two
            tries=0
            until [ $tries -eq 50 ] || echo 0 >{NUMBER}; do tries=$((tries + 1)); done 2>/dev/null
            say "not disabled in $tries tries"
            close_session held
            case $round in
            2 | 5)
                echo {PHYSICAL} >/sys/bus/pci/devices/{PHYSICAL}/driver/unbind
                echo 1 >/sys/bus/pci/devices/{PHYSICAL}/remove
                wait $one $two
                echo 1 >/sys/bus/pci/rescan
                {STUB}
                ;;
            *)
                tries=0
                until echo 0 >{NUMBER}; do tries=$((tries + 1)); done 2>/dev/null
                say "disabled after $tries tries"
                wait $one $two
                ;;
            esac
            say "$(cat /tmp/one)"
            say "$(cat /tmp/two)"
        done
        {vfs.ENABLE}
        bind {ALL}
        preserve {ALL}
        load {NEXT_WORDS}
        go""")
    cycles = [int(match[1]) for _, match in result.guest(r"cycle \S+: (\d+) preserved, \d+ refused")]
    tap.ok(len(cycles) == 12 and sum(cycles) > 100, "both processes preserved files in all rounds", cycles)
    tap.equal([match[1] for _, match in result.guest(r"not disabled in (\d+) tries")], ["50"] * 6,
              "the VFs are not disabled while one of them is preserved")
    tap.equal(len(result.guest(r"disabled after \d+ tries")), 4, "they are disabled when none is preserved")
    tap.has_line(result.gate, "pcigate: OPEN: 3 of 3 preserved devices keep their address")
    vfs.kept(tap, result)
    tap.no_line(result.lines, "never unpreserved|never finished", "no record is left behind")


def unplugged(tap):
    """The VFs are removed one by one, from the last one on, and then the PF."""
    removed(tap, "vfs-unplugged", "echo 0 >/sys/bus/pci/slots/4/power", f"""
        say "plug it in"
        until [ -e {NUMBER} ]; do usleep 100000; done""",
            other="ok", first_words="pcie_ports=native", on_text=Plugger(**vfs.PHYSICAL_DEVICE), expected_splats=[PCIEHP])


def test(tap):
    unbind = f"echo {PHYSICAL} >/sys/bus/pci/devices/{PHYSICAL}/driver/unbind"
    removed(tap, "vfs-unbound", unbind, "", expected_splats=[RESCAN])
    removed(tap, "vfs-removed", f"echo 1 >/sys/bus/pci/devices/{PHYSICAL}/remove", "echo 1 >/sys/bus/pci/rescan")
    if paths.qemu_major() < 10:
        unplugged(tap)
    else:
        # nvme_subsys_unreserve_cntlids() fails an assertion.
        tap.note("not tried: QEMU 10.0 ends if the PF of its NVMe device is unplugged")
    race(tap)


checks.main(test)
