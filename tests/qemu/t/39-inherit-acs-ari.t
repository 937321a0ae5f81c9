#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""With the inherit layer, the next kernel keeps ACS control and ARI forwarding of a preserved path."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, image, paths
from harness.scenario import CARD, NVME, PHYSICAL, SRIOV, SWITCH_PORT, TOPOLOGY

# Capability 13 is ACS, its control register at offset 6.
CONTROL = f"$(($(extended_capability {SWITCH_PORT} 13) + 6)) 2"
SHOW = f'say "acs $(pciw {SWITCH_PORT} {CONTROL}) ari $(cat /sys/bus/pci/devices/{PHYSICAL}/ari_enabled)"'
# Only Source Validation. With an IOMMU, Linux sets more bits.
CHANGE = f"{SHOW}\nrun pciw {SWITCH_PORT} {CONTROL} 1\n{SHOW}"


def run(tap, name, words):
    result = checks.run(tap, name=name, topology=tuple(TOPOLOGY + SRIOV), before_kexec=CHANGE,
                        preserve=(NVME, CARD, PHYSICAL), next_words=f"pcigate=report pci=noari {words}",
                        files={"keeper.ko": image.keeper(paths.kernel())}, following=f"""
        list_devices
        {SHOW}
        run insmod /keeper.ko
        echo {SWITCH_PORT} >/sys/module/keeper/parameters/quirk
        {SHOW}
        bind {NVME} {CARD} {PHYSICAL}
        retrieve 3
        {SHOW}""")
    tap.equal(result.count(f"{SWITCH_PORT}: Intel SPT PCH root port ACS workaround enabled"), 1,
              "the next kernel applies quirks for the isolation of preserved devices")
    checks.starts(tap, result)
    checks.keeps_addresses(tap, result, (NVME, CARD, PHYSICAL))
    return [match[1].split() for _, match in result.guest(r"acs (\S+ ari \d)")]


def test(tap):
    before, changed, *after = run(tap, "inherit-acs-ari", "")
    tap.equal(changed, ["0x0001", "ari", "1"],
              "in the outgoing kernel, ACS is Source Validation only and ARI is on")
    tap.ok(before[0] != changed[0], "Linux itself had set other ACS bits", before)
    tap.equal(after[:2], [changed] * 2, "the next kernel has the same ACS and ARI, in spite of pci=noari")
    *_, first, _, _ = run(tap, "without-acs-ari", "pci_liveupdate.inherit=0")
    tap.equal(first, [before[0], "ari", "0"], "without the layer the next kernel keeps neither")


checks.main(test)
