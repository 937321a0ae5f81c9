#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""SR-IOV virtual functions (VFs) across a live update: two of eight are preserved.

If a register differs, the stage only reports it, so that the next kernel has to notice it, too.
"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, scenario
from harness.scenario import PHYSICAL, TOPOLOGY

EIGHT = """
-device pcie-root-port,id=port3,bus=pcie.0,addr=6,chassis=4,slot=4
-device nvme-subsys,id=subsystem,nqn=pcigate
-device nvme,bus=port3,serial=sriov,subsys=subsystem,sriov_max_vfs=8,sriov_vq_flexible=16,\
sriov_vi_flexible=8,max_ioqpairs=18,msix_qsize=19
""".split()
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
CHANGE = f"""
    for n in 0 4; do echo $n >{NUMBER} || say "not changed to $n"; done
    say "virtual functions: $(cat {NUMBER})"
"""
# After the session is finished, SR-IOV is as usual.
AFTER = f"""{STUB}
    echo 0 >{NUMBER} || fail "not disabled"
    echo 2 >{NUMBER} || fail "not enabled"
    say "virtual functions: $(cat {NUMBER})"
    ls -d /sys/bus/pci/devices/{KEPT[0]} || say "no third"
"""
NEXT = f"""
    list_devices
    say "virtual functions: $(cat {NUMBER})"
    bind {' '.join(KEPT)}
    retrieve {len(KEPT)}
    {AFTER}"""


def run(tap, name, next_words="pcigate=report", **settings):
    return checks.run(tap, name=name, early=False, next_words=next_words, preserve=KEPT,
                      topology=tuple(TOPOLOGY + EIGHT), before_bind=ENABLE, **settings)


def kept(tap):
    result = run(tap, "vfs-kept", "", before_kexec=CHANGE, following=NEXT)
    tap.equal([match[1] for _, match in result.guest(r"(not changed to \d|virtual functions: \d)")],
              ["not changed to 0", "not changed to 4", "virtual functions: 8",
               "virtual functions: 8", "virtual functions: 2"],
              "the number of VFs cannot be changed before the kexec, and can be after the session")
    tap.has_line(result.gate, "pcigate: OPEN: 3 of 3 preserved devices keep their address")
    first, following = result.places(1), result.places(2)
    for address in VIRTUAL:
        tap.equal(following.get(address), first.get(address), f"{address} has its address and BARs")
    tap.equal([match[1] for _, match in result.guest(r"finished session (\S+)")], ["guests"],
              "the next kernel retrieves both files and finishes the session")
    tap.has_line(result.lines, rf".*{PHYSICAL}: Device is finished participating in Live Update",
                 "the PF is finished with its last VF")
    tap.equal(result.count("was preserved and never finished"), 0, "nothing is left unfinished")


def changed(tap):
    result = run(tap, "vfs-changed", before_kexec=f"""
        at=$(extended_capability {PHYSICAL} 16)
        control=$(pciw {PHYSICAL} $((at + 8)) 2)
        run pciw {PHYSICAL} $((at + 8)) 2 0
        run pciw {PHYSICAL} $((at + 16)) 2 4
        run pciw {PHYSICAL} $((at + 8)) 2 $((control))""", following=f"""
        list_devices
        say "virtual functions: $(cat {NUMBER})"
        luctl retrieve guests 1 2 >/tmp/out 2>&1
        say "retrieve: exit status $?"
        while read -r line; do say "$line"; done </tmp/out""")
    tap.has_line(result.lines, rf".*{PHYSICAL}: liveupdate: NumVFs was 0x8 and is 0x4: no virtual "
                 "function is added", "the next kernel names the register that differs")
    tap.equal([match[1] for _, match in result.guest(r"virtual functions: (\d)")], ["0"],
              "the next kernel adds no VF")
    tap.equal([match[1] for _, match in result.guest(r"retrieve: exit status (\d+)")], ["1"],
              "no file of a VF is retrieved")


def twice(tap):
    result = run(tap, "vfs-twice", "", following=f"""
        list_devices
        bind {' '.join(KEPT)}
        retrieve {len(KEPT)}
        preserve {' '.join(KEPT)}
        load {scenario.NEXT_WORDS}
        go""", third=f"""
        list_devices
        bind {' '.join(KEPT)}
        retrieve {len(KEPT)}""")
    tap.equal([kernel for kernel, _ in result.guest("finished session guests")], [2, 3],
              "kernels 2 and 3 finish the session")
    first, third = result.places(1), result.places(3)
    tap.equal({address: third.get(address) for address in VIRTUAL},
              {address: first.get(address) for address in VIRTUAL},
              "after two live updates all VFs have their addresses and BARs")


def reset(tap):
    result = run(tap, "vfs-reset", before_kexec=f"reset_below {PORT}", following=f"""
        list_devices
        say "virtual functions: $(cat {NUMBER})" """)
    tap.has_line(result.lines, rf".*{PHYSICAL}: liveupdate: (SR-IOV Control|NumVFs) was 0x\w+ and is 0x0: no "
                 "virtual function is added", "the next kernel notices a reset of the PF")
    tap.equal([match[1] for _, match in result.guest(r"virtual functions: (\d)")], ["0"],
              "it adds no VF after the reset")


def test(tap):
    kept(tap)
    changed(tap)
    twice(tap)
    reset(tap)


checks.main(test)
