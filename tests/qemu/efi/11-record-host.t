#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""pcigate.efi --record before the boot and pcigate record after it make the same recording of a machine."""
import gzip
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import image, recordings, uefi, uefi_checks
from harness.uefi import network_card, port

# A card behind a switch, a physical function, a PCI bridge, and a second root bus.
MACHINE = [*"-device intel-iommu,intremap=on".split(),
           *port("port1", 3, 1), "-device", "x3130-upstream,id=switch,bus=port1",
           "-device", "xio3130-downstream,id=leg,bus=switch,addr=0,chassis=2,slot=2",
           *network_card("leg"),
           *port("port2", 4, 3), "-device", "nvme-subsys,id=subsystem,nqn=pcigate",
           "-device", "nvme,bus=port2,serial=sriov,subsys=subsystem,sriov_max_vfs=2,"
           "sriov_vq_flexible=4,sriov_vi_flexible=2,max_ioqpairs=6,msix_qsize=7",
           "-device", "i82801b11-bridge,id=old,bus=pcie.0,addr=5",
           "-device", "edu,bus=old,addr=1",
           "-device", "pxb-pcie,id=pxb,bus_nr=128,bus=pcie.0,addr=8",
           "-device", "pcie-root-port,id=far,bus=pxb,addr=0,chassis=7,slot=7",
           "-device", "virtio-rng-pci,bus=far"]
CARD, NVME, VIRTUAL = "0000:03:00.0", "0000:04:00.0", "0000:04:00.1"
OPTIONS = f"{uefi.OPTIONS} intel_iommu=on"

SCRIPT = f"""
pcigate() {{
	/host/ld-linux-x86-64.so.2 --library-path /host /host/pcigate "$@"
}}

# attempt NAME ARGUMENT...: runs pcigate, prints its exit status and output for the host.
attempt() {{
	name=$1
	shift
	pcigate "$@" >/tmp/printed 2>&1
	say "$name status $?"
	while read -r line; do say "$name said $line"; done </tmp/printed
}}

# send NAME FILE: prints the file in hex for the host.
send() {{
	gzip -c "$2" | hexdump -v -e '64/1 "%02x" "\\n"' | while read -r line; do say "file $1 $line"; done
}}

list_devices
attempt none record -o /tmp/none.dtb
[ ! -e /tmp/none.dtb ] || say "none left a file"
attempt all record --all -o /tmp/all.dtb
send all /tmp/all.dtb
attempt absent record 1f:1f.7 -o /tmp/all.dtb
attempt bridge record 00:03.0 -o /tmp/all.dtb
cp /tmp/all.dtb /tmp/before.dtb
bind {CARD} {NVME}
attempt bound record -o /tmp/bound.dtb
send bound /tmp/bound.dtb
echo 1 >/sys/module/vfio_pci/parameters/enable_sriov
echo 1 >/sys/bus/pci/devices/{NVME}/sriov_numvfs
bind {VIRTUAL}
attempt virtual record {VIRTUAL} -o /tmp/all.dtb
attempt beside record -o /tmp/beside.dtb
cmp -s /tmp/all.dtb /tmp/before.dtb && say "file unchanged"
"""


def received(tap, outcome, name):
    """The file that the guest sent."""
    data = bytes.fromhex("".join(match[1] for match in outcome.guest(rf"file {name} ([0-9a-f]+)")))
    path = outcome.directory / f"{name}.dtb"
    try:
        path.write_bytes(gzip.decompress(data))
    except (EOFError, gzip.BadGzipFile) as error:
        tap.ok(False, f"the guest sends {name}", error, *outcome.lines[-20:])
        path.write_bytes(b"")
    return path


def said(outcome, name):
    return [match[1] for match in outcome.guest(rf"{name} (status .*|said .*)")]


def test(tap):
    firmware = uefi.capture(arguments="", devices=tuple(MACHINE))
    outcome = uefi_checks.run(
        tap, name="record-host", devices=[*MACHINE], files={
            **uefi.started_by_firmware(firmware, OPTIONS),
            "initrd": uefi.initrd(SCRIPT, image.command_files())})
    tap.equal(outcome.count(uefi.KERNEL_LINE), 1, "the kernel starts")
    tap.equal(said(outcome, "none"), ["status 2", "said pcigate: this host: no device to record: none is bound to vfio-pci; "
                                      "name devices, or use --all"], "without devices nothing is recorded")
    tap.equal(len(outcome.guest("none left a file")), 0, "without devices no file is written")
    for line in said(outcome, "all"):
        tap.note(line)
    recordings.same(tap, firmware, received(tap, outcome, "all"))

    tap.equal(said(outcome, "absent"), ["status 2", "said pcigate: this host: nothing answers at 0000:1f:1f.7"],
              "a device that does not exist is an error")
    tap.has_line(said(outcome, "bridge"), r"said pcigate: this host: a bridge, .*: 0000:00:03.0")
    tap.equal(len(outcome.guest("file unchanged")), 1, "after an error, the old file is unchanged")
    tap.has_line(said(outcome, "bound"), r"said recorded: 2 of \d+ functions, and 4 bridges above \(\d+ config reads\)",
                 "the devices bound to vfio-pci are recorded")
    tap.has_line(said(outcome, "virtual"), f"said pcigate: this host: {VIRTUAL} is a virtual function, .*")
    tap.has_line(said(outcome, "beside"), f"said pcigate: this host: {VIRTUAL} is bound to vfio-pci and not recorded: .*",
                 "a virtual function is left out")
    tap.has_line(said(outcome, "beside"), r"said recorded: 2 of .*")
    bound = received(tap, outcome, "bound")
    uefi_checks.commands_read(tap, bound, "the recording of the host", (CARD, NVME))
    outcome = uefi_checks.run(tap, name="record-host-again", devices=[*MACHINE],
                              files=uefi.started_by_firmware(bound, OPTIONS))
    uefi_checks.opens(tap, outcome, (CARD, NVME))


uefi_checks.main(test)
