#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The selftests in the kernel's source pass: Linux's own selftests for live update, of which two cross a
kexec, and the selftest of the patch series, which preserves devices within one kernel."""
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, image, paths
from harness.scenario import NEXT_WORDS, NVME, ONBOARD, PHYSICAL, SRIOV, TOPOLOGY, VIRTUAL

PROGRAMS = {"liveupdate": ("liveupdate", "luo_kexec_simple", "luo_multi_session"),
            "pci_liveupdate": ("pci_liveupdate",)}

# report PROGRAM...: prints the program's output and status for the host, also if the program fails.
REPORT = """
    report() {
        "$@" >/tmp/reported 2>&1
        status=$?
        while read -r line; do say "$1: $line"; done </tmp/reported
        say "$1: exit status $status"
    }
"""
FIRST = f"""
    {REPORT}
    bind {NVME} {ONBOARD} {PHYSICAL}
    echo 1 >/sys/module/vfio_pci/parameters/enable_sriov
    echo 1 >/sys/bus/pci/devices/{PHYSICAL}/sriov_numvfs
    bind {VIRTUAL}
    export PCI_LIVEUPDATE_BDF={NVME} PCI_LIVEUPDATE_BDF2={ONBOARD} PCI_LIVEUPDATE_VF_BDF={VIRTUAL}
    report pci_liveupdate
    echo 0 >/sys/bus/pci/devices/{PHYSICAL}/sriov_numvfs
    report liveupdate
    report luo_kexec_simple
    report luo_multi_session
    load {NEXT_WORDS}
    go
"""
NEXT = f"""
    {REPORT}
    report luo_kexec_simple -s 2
    report luo_multi_session -s 2
"""


def passes(tap, result, program):
    lines = [match[1] for _, match in result.guest(rf"{program}: (.*)")]
    totals = [match for match in map(re.compile(r"# Totals: pass:(\d+) fail:(\d+) .*skip:(\d+) .*")
                                     .match, lines) if match]
    if tap.ok(len(totals) == 1, f"{program} ends and prints its totals", *lines):
        passed, failed, skipped = map(int, totals[0].groups())
        wrong = [line for line in lines if "not ok" in line or "SKIP" in line or ".c:" in line]
        tap.ok(passed >= 7 and not failed and not skipped, f"{program}: all tests pass, none is skipped",
               totals[0][0], *wrong)
    tap.equal(lines[-1:], ["exit status 0"], f"{program} exits with status 0")


def test(tap):
    kernel = paths.kernel()
    files = {f"bin/{name}*": image.selftest(kernel, suite, name)
             for suite, names in PROGRAMS.items() for name in names}
    result = checks.run(tap, name="selftests", topology=tuple(TOPOLOGY + SRIOV), files=files,
                        first=FIRST, following=NEXT)
    passes(tap, result, "pci_liveupdate")
    passes(tap, result, "liveupdate")
    checks.starts(tap, result)
    for program, words in (("luo_kexec_simple", "SIMPLE KEXEC TEST PASSED"),
                           ("luo_multi_session", "MULTI-SESSION KEXEC TEST PASSED")):
        tap.equal([kernel for kernel, _ in result.guest(f"{program}: --- {words} ---")], [2],
                  f"{program} passes in the next kernel")


checks.main(test)
