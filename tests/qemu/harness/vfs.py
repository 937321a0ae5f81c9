# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A physical function with eight virtual functions (VFs), two of which are preserved."""

from . import checks
from .scenario import PHYSICAL, TOPOLOGY

PHYSICAL_DEVICE = {"driver": "nvme", "bus": "port3", "serial": "sriov", "subsys": "subsystem", "sriov_max_vfs": 8,
                   "sriov_vq_flexible": 16, "sriov_vi_flexible": 8, "max_ioqpairs": 18, "msix_qsize": 19}
EIGHT = [*"""
-device pcie-root-port,id=port3,bus=pcie.0,addr=6,chassis=4,slot=4
-device nvme-subsys,id=subsystem,nqn=pcigate
""".split(), "-device", ",".join(f"{name}={value}" for name, value in PHYSICAL_DEVICE.items())]
NUMBER = f"/sys/bus/pci/devices/{PHYSICAL}/sriov_numvfs"
PORT = "0000:00:06.0"
# The third and the seventh VF.
KEPT = ("0000:05:00.3", "0000:05:00.7")
VIRTUAL = ["0000:05:00.1", "0000:05:00.2", "0000:05:00.3", "0000:05:00.4",
           "0000:05:00.5", "0000:05:00.6", "0000:05:00.7", "0000:05:01.0"]
STUB = f"""
    echo pci-pf-stub >/sys/bus/pci/devices/{PHYSICAL}/driver_override
    echo {PHYSICAL} >/sys/bus/pci/drivers_probe
"""
ENABLE = f"{STUB}\necho 8 >{NUMBER} || fail 'no VFs'\nlist_devices"
COUNT = f'say "virtual functions: $(cat {NUMBER})"'
# Tries to change the number of VFs, which fails while one is preserved.
CHANGE = f"""
    for n in 0 4; do echo $n >{NUMBER} || say "not changed to $n"; done
    {COUNT}
"""
# Changes NumVFs without the kernel's knowledge.
FOUR = f"""
    at=$(extended_capability {PHYSICAL} 16)
    control=$(pciw {PHYSICAL} $((at + 8)) 2)
    run pciw {PHYSICAL} $((at + 8)) 2 0
    run pciw {PHYSICAL} $((at + 16)) 2 4
    run pciw {PHYSICAL} $((at + 8)) 2 $((control))
"""
# For a next kernel that finds other registers than recorded.
NONE = f"""
    {COUNT}
    luctl retrieve guests 1 2 >/tmp/out 2>&1
    say "retrieve: exit status $?"
    while read -r line; do say "$line"; done </tmp/out
"""
RETRIEVE = f"""
    list_devices
    {COUNT}
    bind {' '.join(KEPT)}
    retrieve {len(KEPT)}"""


def run(tap, name, **settings):
    """Eight VFs are enabled, two preserved; the stage judges, and the running kernel does not. The images of
    several kernels take half of the memory that 512 MB leave beside KHO's areas, and the guest fails then."""
    return checks.run(tap, **{"name": name, "early": False, "preserve": KEPT, "before_bind": ENABLE, "memory": "768M",
                              "topology": tuple(TOPOLOGY + EIGHT), **settings})


def counts(result):
    """The numbers of VFs that the guests found enabled."""
    return [match[1] for _, match in result.guest(r"virtual functions: (\d+)")]


def changes(result):
    """What CHANGE and COUNT printed, in order."""
    return [match[1] for _, match in result.guest(r"(not changed to \d|virtual functions: \d)")]


def adds_none(tap, result, register):
    """The next kernel, which ran NONE, named the register that differs."""
    tap.has_line(result.lines, rf".*{PHYSICAL}: liveupdate: {register}: no virtual function is added",
                 "the next kernel names the register that differs")
    tap.equal(counts(result), ["0"], "the next kernel adds no VF")
    tap.equal([match[1] for _, match in result.guest(r"retrieve: exit status (\d+)")], ["1"],
              "no file of a VF is retrieved")


def kept(tap, result, kernel=2, virtual=tuple(VIRTUAL)):
    """That kernel has all VFs at the same addresses, retrieves the preserved ones and finishes."""
    first, following = result.places(1), result.places(kernel)
    tap.equal({address: following.get(address) for address in virtual},
              {address: first.get(address, "missing") for address in virtual}, "all VFs have their addresses and BARs")
    tap.ok(kernel in [number for number, _ in result.guest("finished session guests")],
           "the kernel retrieves both files and finishes the session")
