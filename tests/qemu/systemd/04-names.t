#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""udevd names network interfaces before and after Linux renumbers all buses (pci=assign-busses): the
new names are those that `pcigate plan` announced. With this release's udevd, and with Debian sid's."""
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated, paths, systemd
from harness.image import command_files
from harness.scenario import NEXT_WORDS

WORDS = "pci=assign-busses"
# Hotplug in spite of the firmware, so that there are slots.
NATIVE = "pcie_ports=native"
# The firmware keeps a bus number free behind the first port, so all buses behind the other ports get
# the number of their neighbour. udevd names the card in "pluggable" by its slot. A slot 0 is none, and
# that of a bridge does not name the cards behind it.
TOPOLOGY = """
-global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
-device pcie-root-port,id=gap,bus=pcie.0,addr=3,chassis=1,slot=1,hotplug=off,bus-reserve=1
-device pcie-root-port,id=plain,bus=pcie.0,addr=4,chassis=2,slot=2,hotplug=off
-device pcie-root-port,id=pluggable,bus=pcie.0,addr=5,chassis=3,slot=17
-device pcie-root-port,id=board,bus=pcie.0,addr=6,chassis=4,slot=4,hotplug=off
-device pcie-root-port,id=neighbour,bus=pcie.0,addr=7,chassis=5,slot=5,hotplug=off
-device pcie-root-port,id=switch-port,bus=pcie.0,addr=8,chassis=6,slot=6,hotplug=off
-device x3130-upstream,id=switch,bus=switch-port
-device xio3130-downstream,id=leg,bus=switch,addr=0,chassis=7,slot=7
-device pcie-pci-bridge,id=old,bus=leg,addr=0
-device pcie-root-port,id=sriov,bus=pcie.0,addr=9,chassis=8,slot=0
""".split()
ONBOARD, PHYSICAL, VIRTUAL = "0000:05:00.0", "0000:0b:00.0", "0000:0b:10.0"
CARDS = {"first function": "e1000e,bus=plain,addr=0.0,multifunction=on", "second function": "e1000e,bus=plain,addr=0.1",
         "in a slot": "e1000e,bus=pluggable", "onboard": "e1000e,bus=board", "neighbour": "e1000e,bus=neighbour",
         "behind a switch": "e1000e,bus=old,addr=1", "physical function": "igb,bus=sriov"}
WHAT = {f"52:54:00:00:00:{number:02x}": what for number, what in enumerate(CARDS, start=1)} | {"virtual": "virtual function"}

DOMAIN = f"""<domain type='kvm'><name>web</name><devices><hostdev mode='subsystem' type='pci'><source>
<address domain='0x0000' bus='0x{VIRTUAL[5:7]}' slot='0x{VIRTUAL[8:10]}' function='0x{VIRTUAL[-1]}'/>
</source></hostdev></devices></domain>
"""

VERBS = f"""
{gated.VERBS}
export PATH=/bin:/sbin:/usr/bin
start_udevd() {{
    mkdir -p /run
    run /lib/systemd/systemd-udevd --daemon
    run udevadm trigger --action=add
    for device in /sys/bus/pci/drivers/igb/0000:*; do
        echo 1 >"$device/sriov_numvfs" || fail "no virtual function"
    done
    run udevadm settle
    for net in /sys/class/net/*; do
        [ -e $net/device ] || continue
        device=$(readlink $net/device)
        mac=$(cat $net/address)
        [ ! -e $net/device/physfn ] || mac=virtual
        say "interface $mac ${{net##*/}} ${{device##*/}}"
    done
}}
start_udevd
"""
FIRST = f"""{VERBS}
say "udevd $(udevadm --version)"
attempt plan pcigate plan --append={WORDS}
attempt moves pcigate plan --moves-only --append={WORDS}
run pcigate record --all -o /scenario/baseline.dtb
(cd / && echo scenario/baseline.dtb | cpio -o -H newc) >>/next/initrd
load {NEXT_WORDS} {WORDS}
go
"""
NEXT = f"""{VERBS}
attempt diff pcigate diff /scenario/baseline.dtb
"""


def onboard_table():
    """Options with the entries of the firmware's table for ONBOARD and PHYSICAL: SMBIOS type 41, Ethernet, enabled, instance 1 or 2."""
    options = []
    for instance, address in enumerate((ONBOARD, PHYSICAL), start=1):
        path = paths.BUILD / f"onboard-{instance}.smbios"
        path.write_bytes(bytes([41, 11, instance, 41, 1, 0x85, instance, 0, 0, int(address[5:7], 16), int(address[8:10], 16) << 3]) + b"NIC\0\0")
        options += ["-smbios", f"file={path}"]
    return options


def interfaces(result, kernel):
    """{card: (name, address)} as udevd and that kernel have them."""
    return {WHAT[match[1]]: (match[2], match[3]) for number, match in result.guest(r"interface (\S+) (\S+) (\S+)") if number == kernel}


def says(result, command):
    return [match[1] for _, match in result.guest(rf"{command} said (.*)")]


def compare(tap, release, files):
    cards = [word for mac, what in WHAT.items() if what in CARDS
             for word in ("-device", f"{CARDS[what]},mac={mac},romfile=")]
    result = checks.run(tap, name=f"names-{release}", qemu=paths.qemu_with_igb(), kernel=paths.network_kernel(),
                        memory="2G", cmdline=f"{gated.CMDLINE} {NATIVE}", first=FIRST, following=NEXT,
                        topology=TOPOLOGY, extra=(*cards, *onboard_table()),
                        files={**files, **command_files(), "etc/libvirt/qemu/web.xml": DOMAIN.encode()})
    before, after = interfaces(result, 1), interfaces(result, 2)
    tap.note(f"udevd {[match[1] for _, match in result.guest('udevd (.*)')]}: {before}, then {after}")
    tap.equal((set(before), set(after)), 2 * (set(WHAT.values()),), "udevd names each interface")
    names = {what: (before[what][0], after[what][0]) for what in before.keys() & after.keys()}
    tap.equal({what for what, (old, new) in names.items() if old == new}, {"in a slot"},
              "all but the one in a slot get another name")
    tap.equal((before["physical function"][0], before["virtual function"][0]), ("eno2", "eno2v0"),
              "a virtual function has the name of its physical function, which the table has")
    tap.equal(names["onboard"][0], names["neighbour"][1],
              "the name of the onboard interface is another one's")
    plan, diff = says(result, "plan"), says(result, "diff")
    announced = dict(re.findall(r"interface (\w+)(?: \(VF \S+\))?, which would be (\w+)", "\n".join(plan)))
    tap.equal(announced, {old: new for old, new in names.values() if old != new},
              "the names are those that the plan announced")
    moves = says(result, "moves")
    tap.equal({name for line in moves for name in re.findall(r"^would be (\w+)", line)}, set(announced.values()),
              "--moves-only has the names, too")
    # Without the blanks at its beginning. Notes begin with the name of the command.
    tap.equal([line for line in moves if len(line) > 38 and not line.startswith("pcigate: ")], [], "its lines are short")
    tap.has_line(plan, rf".*{PHYSICAL} .*, domain web \(VF {VIRTUAL}\)", "the plan names the domain that has a virtual function")
    for name, address in after.values():
        tap.has_line(diff, rf"{address}: used by interface {name}\b.*|.*, interface {name} \(VF {address}\).*",
                     f"the comparison with the old state names {name}")
    tap.has_line(diff, rf"{PHYSICAL}: used by domain web \(VF {VIRTUAL}\)",
                 "the comparison names the domain that had the virtual function")


def test(tap):
    compare(tap, "stable", systemd.files(False))
    compare(tap, "sid", systemd.sid_files())


checks.main(test)
