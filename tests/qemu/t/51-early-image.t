#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The outgoing kernel judges the loaded image: its command line, and whether it has KHO data."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, image
from harness.scenario import CARD, LEAVING_LINE, NEXT_WORDS, NVME, ONBOARD, SWITCH_PORT

# One image after the other is loaded in one kernel. Only the last one is started.
STEPS = f"""
    run kexec -u
    verdict
    expect_refusal
    load {NEXT_WORDS} pci=assign-busses pcigate.buses=assign
    verdict
    expect_refusal
    load {NEXT_WORDS} pci=assign-busses
    verdict
    load {NEXT_WORDS} kho=off
    expect_refusal
    load {NEXT_WORDS} mem=1M
    verdict
    load '{NEXT_WORDS} memmap=64K$0x10000'
    verdict
    load_by_tools {NEXT_WORDS}
    verdict
    expect_refusal
    clear_bus_numbers {SWITCH_PORT}
    load {NEXT_WORDS} pcigate=report
    verdict
    load {NEXT_WORDS} pcigate=off
    verdict
    load {NEXT_WORDS} pcigate=reprot
    verdict
    disable_early_check
    verdict
    echo Y >/sys/module/pci_liveupdate/parameters/check
    set_bus_numbers {SWITCH_PORT} 0 1 3
    load {NEXT_WORDS}
"""
# The next kernel is the build that is running, so it keeps bus numbers, and gives none to the bridge.
LOST = "pcigate: STOP: 1 of 3 preserved devices would not be found"
ENDINGS = [
    ("nothing loaded", "stop", "PCI: liveupdate: devices are preserved, but no next kernel is loaded.*", "no-image"),
    ("pci=assign-busses", "stop", "pcigate: STOP: 2 of 3 preserved devices would change address", "reassign-busses"),
    ("pci=assign-busses, kept", "open", "pcigate: OPEN: 3 of 3 preserved devices keep their address.*", None),
    ("mem=1M", "stop", "pcigate: STOP: .*", "next-loses-memory"),
    ("memmap=64K$0x10000", "open", "pcigate: OPEN: 3 of 3 preserved devices keep their address.*", None),
    ("kexec_load", "stop", "PCI: liveupdate: the image has no KHO data: .*", "image-without-kho"),
    ("pcigate=report", "open", "pcigate: OPEN: pcigate=report: 1 of 3 .*", "bridge-reset"),
    ("pcigate=off", "open", "pcigate: OPEN: pcigate=off, nothing was checked.*", None),
    ("pcigate=reprot", "stop", LOST, "bridge-reset"),
    ("check=0", "stop", LOST, "bridge-reset"),
]


def test(tap):
    result = checks.run(tap, name="early-image", before_kexec=STEPS,
                        files={"sbin/kexec-stage*": image.kexec_with_stage()})
    found = checks.verdicts(result)
    if tap.equal(len(found), len(ENDINGS), "sysfs has a verdict each time"):
        for lines, (name, value, last, code) in zip(found, ENDINGS):
            tap.equal(lines[-1], value, f"{name}: the verdict in sysfs")
            tap.has_line(lines[-2:-1], last, f"{name}: the verdict in the log")
            if code:
                tap.has_line(lines, rf".* \[{code}\]", f"{name}: the reason in the log")
        for device in (NVME, CARD):
            tap.has_line(found[1], rf"pcigate: {device} MOVES.*\[reassign-busses\]")
        tap.has_line(found[1], f"pcigate: {ONBOARD} keeps its address")
        tap.has_line(found[8], r"pcigate: pcigate=reprot: unknown value, using enforce")
        tap.has_line(found[9], r"PCI: liveupdate: pci_liveupdate\.check=0: a reboot is not checked")

    errors = [match[1] for _, match in result.guest("kexec failed: (.*)")]
    tap.equal(errors, 3 * ["Operation canceled"], "the kernel refuses three images")
    tap.equal(len(result.guest("Nothing has been loaded!")), 1,
              "without a loaded image, the kexec program does not call the kernel")
    for last in ("2 of 3 preserved devices would change address",
                 "3 of 3 preserved devices cannot be verified"):
        tap.has_line(result.early, rf"STOP: {last}( \({checks.COST}\))?; refused")
    tap.has_line(result.early, r".*kexec_load\(2\).* \[image-without-kho\]")
    tap.equal(result.count(LEAVING_LINE), 1, "only the last kexec proceeds")
    checks.opens(tap, result)


checks.main(test)
