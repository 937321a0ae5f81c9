#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Virtual functions (VFs) of the network card igb, with Linux's own drivers igb and igbvf: two of seven are preserved.

First VF Offset is 128 and VF Stride is 2, so the VFs have other device numbers than their physical function (PF).
"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, paths, scenario, vfs
from harness.scenario import PHYSICAL
from harness.vfs import COUNT, NUMBER, PORT

IGB = """
-device pcie-root-port,id=port3,bus=pcie.0,addr=6,chassis=4,slot=4
-netdev user,id=net2,restrict=on
-device igb,bus=port3,netdev=net2,romfile=
""".split()
VIRTUAL = ["0000:05:10.0", "0000:05:10.2", "0000:05:10.4", "0000:05:10.6", "0000:05:11.0", "0000:05:11.2", "0000:05:11.4"]
# The third and the seventh VF.
KEPT = (VIRTUAL[2], VIRTUAL[6])
OTHER = VIRTUAL[0]
ENABLE = f"""
    driver {PHYSICAL}
    echo 7 >{NUMBER} || fail "no VFs"
    driver {KEPT[0]}
    list_devices
"""
# driver ADDRESS: prints which driver the device has.
DRIVER = """
driver() {
    name=$(readlink "/sys/bus/pci/devices/$1/driver")
    say "driver of $1: ${name##*/}"
}
"""
RETRIEVE = f"""
    list_devices
    {COUNT}
    for address in {PHYSICAL} {KEPT[0]} {OTHER}; do driver $address; done
    bind {' '.join(KEPT)}
    retrieve {len(KEPT)}
"""
# After the session is finished, the PF's driver takes the VFs that it finds, as its parameter max_vfs is not 0.
TAKES = "igb.max_vfs=1"
AFTER = f"""
    echo {PHYSICAL} >/sys/bus/pci/drivers_probe
    driver {PHYSICAL}
    echo 0 >{NUMBER} || fail "not disabled"
    echo 2 >{NUMBER} || fail "not enabled"
    {COUNT}
    driver {VIRTUAL[1]}
    [ -e /sys/bus/pci/devices/{KEPT[0]} ] || say "no third"
"""


def run(tap, name, **settings):
    settings = {"before_bind": ENABLE, "following": RETRIEVE, **settings}
    return vfs.run(tap, name, preserve=KEPT, qemu=paths.qemu_with_igb(), kernel=paths.network_kernel(),
                   topology=(*scenario.TOPOLOGY, *IGB), **{**settings, **{
                       script: DRIVER + settings[script] for script in ("before_bind", "following")}})


def drivers(result):
    return [(kernel, match[1], match[2]) for kernel, match in result.guest(r"driver of (\S+): (\S*)")]


def keeps(tap, result):
    tap.has_line(result.gate, "pcigate: OPEN: 3 of 3 preserved devices keep their address")
    vfs.kept(tap, result, virtual=VIRTUAL)


def kept(tap):
    result = run(tap, "igb-kept", before_kexec=vfs.CHANGE, following=RETRIEVE + AFTER, next_words=TAKES)
    keeps(tap, result)
    tap.equal(drivers(result),
              [(1, PHYSICAL, "igb"), (1, KEPT[0], "igbvf"), (2, PHYSICAL, ""), (2, KEPT[0], ""), (2, OTHER, "igbvf"),
               (2, PHYSICAL, "igb"), (2, VIRTUAL[1], "igbvf")],
              "the drivers of the next kernel get the PF and the preserved VFs after the session")
    tap.equal(vfs.changes(result), ["not changed to 0", "not changed to 4", "virtual functions: 7",
                                    "virtual functions: 7", "virtual functions: 2"],
              "the driver cannot change the number of VFs before the kexec, and can after the session")
    tap.equal(len(result.guest("no third")), 1, "the others are then gone")


def without_ari(tap):
    """Without ARI, QEMU's root port forwards requests for other devices than 0, too."""
    result = run(tap, "igb-without-ari", first_words="pci=noari", next_words="pci=noari", following=f"""
        {RETRIEVE}
        say "ari $(cat /sys/bus/pci/devices/{PHYSICAL}/ari_enabled)" """)
    keeps(tap, result)
    tap.equal([match[1] for _, match in result.guest(r"ari (\d)")], ["0"], "the next kernel does not use ARI")


def unbound(tap):
    """The driver is unbound while VFs are preserved."""
    again = f"bind {' '.join(KEPT)}\npreserve {' '.join(KEPT)}"
    result = run(tap, "igb-unbound", before_bind="", early=True, first=f"""
        {DRIVER}
        {ENABLE}
        {again}
        load {scenario.NEXT_WORDS}
        (echo {PHYSICAL} >/sys/bus/pci/drivers/igb/unbind; say "unbound") &
        sleep 1
        say "before: $(ls -d /sys/bus/pci/devices/{KEPT[0]} /sys/bus/pci/devices/{KEPT[1]} | wc -l)"
        expect_refusal
        close_session guests
        wait
        [ ! -e /sys/bus/pci/devices/{KEPT[0]} ] || fail "{KEPT[0]} is still there"
        echo {PHYSICAL} >/sys/bus/pci/drivers_probe
        {ENABLE}
        {again}
        go""")
    lines = [match[1] for _, match in result.guest(r"(before: \d|kexec refused|closed session guests|unbound)")]
    tap.equal(lines, ["before: 2", "kexec refused", "closed session guests", "unbound"],
              "the preserved VFs stay, and the kexec is refused, until the session is closed")
    keeps(tap, result)


def stopped(tap, name, before_kexec, code, register):
    """The stage stops. If it only reports, the next kernel adds no VF."""
    result = run(tap, name, before_kexec=before_kexec)
    checks.stops(tap, result, r"\d of 3 preserved devices cannot be verified")
    for address in KEPT:
        tap.has_line(result.gate, rf"pcigate: VF {address} UNVERIFIED: .*\[{code}\]")
    result = run(tap, f"{name}-report", before_kexec=before_kexec, next_words="pcigate=report", following=vfs.NONE)
    vfs.adds_none(tap, result, register)


def test(tap):
    kept(tap)
    without_ari(tap)
    unbound(tap)
    stopped(tap, "igb-reset", f"reset_below {PORT}", "vfs-disabled", r"(SR-IOV Control|NumVFs) was 0x\w+ and is 0x0")
    stopped(tap, "igb-changed", vfs.FOUR, "vf-count-differs", "NumVFs was 0x7 and is 0x4")


checks.main(test)
