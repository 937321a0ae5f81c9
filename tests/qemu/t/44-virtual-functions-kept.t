#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""SR-IOV virtual functions (VFs) across a live update: two of eight are preserved.

If a register differs, the stage only reports it, so that the next kernel has to notice it, too.
"""
import subprocess
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, scenario, vfs
from harness.scenario import LEAVING_LINE, PHYSICAL
from harness.vfs import COUNT, KEPT, NUMBER, PORT, RETRIEVE, STUB

# The node of the PF in pcigate's own record.
NODE = "/physical-functions/function@0,500"
# The size of the SR-IOV capability.
SRIOV_SIZE = 0x40
# After the session is finished, SR-IOV is as usual.
AFTER = f"""{STUB}
    echo 0 >{NUMBER} || fail "not disabled"
    echo 2 >{NUMBER} || fail "not enabled"
    {COUNT}
    ls -d /sys/bus/pci/devices/{KEPT[0]} || say "no third"
"""


def run(tap, name, next_words="pcigate=report", **settings):
    return vfs.run(tap, name, next_words=next_words, **settings)


def kept(tap):
    result = run(tap, "vfs-kept", "", before_kexec=vfs.CHANGE, following=RETRIEVE + AFTER + "dump_entry pci-topology")
    tap.equal(vfs.changes(result),
              ["not changed to 0", "not changed to 4", "virtual functions: 8",
               "virtual functions: 8", "virtual functions: 2"],
              "the number of VFs cannot be changed before the kexec, and can be after the session")
    tap.has_line(result.gate, "pcigate: OPEN: 3 of 3 preserved devices keep their address")
    vfs.kept(tap, result)
    tap.has_line(result.lines, rf".*{PHYSICAL}: Device is finished participating in Live Update",
                 "the PF is finished with its last VF")
    tap.equal(result.count("was preserved and never finished"), 0, "nothing is left unfinished")
    vf_class = subprocess.run(["fdtget", "-t", "x", result.entry("pci-topology") or "/dev/null", NODE, "vf-class"],
                              text=True, stdout=subprocess.PIPE, check=False).stdout
    tap.equal(vf_class, "10802\n", "the record has the class code of the VFs")


def changed(tap):
    result = run(tap, "vfs-changed", before_kexec=vfs.FOUR, following=vfs.NONE)
    vfs.adds_none(tap, result, "NumVFs was 0x8 and is 0x4")


def writes_nothing(tap, result):
    """No kernel wrote an SR-IOV register after the first one left. The trace ends when the session of the
    last kernel is finished."""
    at = result.guest(r"SR-IOV at (\d+)")
    if not tap.ok(at, "the first kernel finds the SR-IOV capability"):
        return
    start = int(at[0][1][1])
    window = result.trace.before(result.trace.find(LEAVING_LINE), result.trace.end())
    physical = [access for access in window.accesses if access.address == PHYSICAL[5:]]
    tap.ok(any(start <= access.register < start + SRIOV_SIZE for access in physical),
           "the trace has accesses to the SR-IOV registers")
    tap.equal([access for access in physical if access.kind == "write" and
               start <= access.register < start + SRIOV_SIZE], [], "none of them is a write")


def twice(tap):
    result = run(tap, "vfs-twice", "", before_kexec=f'say "SR-IOV at $(extended_capability {PHYSICAL} 16)"', following=f"""
        {RETRIEVE}
        preserve {' '.join(KEPT)}
        load {scenario.NEXT_WORDS}
        go""", third=RETRIEVE)
    vfs.kept(tap, result)
    vfs.kept(tap, result, kernel=3)
    writes_nothing(tap, result)


def reset(tap):
    result = run(tap, "vfs-reset", before_kexec=f"reset_below {PORT}", following=COUNT)
    tap.has_line(result.lines, rf".*{PHYSICAL}: liveupdate: (SR-IOV Control|NumVFs) was 0x\w+ and is 0x0: no "
                 "virtual function is added", "the next kernel notices a reset of the PF")
    tap.equal(vfs.counts(result), ["0"], "it adds no VF after the reset")


def test(tap):
    kept(tap)
    changed(tap)
    twice(tap)
    reset(tap)


checks.main(test)
