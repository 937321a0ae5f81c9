#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Without an IOMMU a preserved device goes on mastering the bus through the kexec, and so do the
bridges above it, but no other device."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, image, paths
from harness.dma import MEMMAP, PAGES, InFlight
from harness.scenario import CMDLINE, NEXT_WORDS, NVME_PORT, ONBOARD, TOPOLOGY

WITHOUT_IOMMU = TOPOLOGY[:TOPOLOGY.index("intel-iommu,intremap=on") - 1] + \
    TOPOLOGY[TOPOLOGY.index("intel-iommu,intremap=on") + 1:]
PORT = "0000:00:06.0"
BEHIND = "0000:05:00.0"


def run(tap, name):
    dma = InFlight({ONBOARD: PAGES, BEHIND: PAGES + 0x1000}, (PORT, NVME_PORT))
    result = checks.run(
        tap, name=name, on_text=dma, extra=dma.arguments,
        cmdline=f"{CMDLINE} {MEMMAP}".replace("intel_iommu=on ", ""),
        topology=(*WITHOUT_IOMMU,
                  "-device", "pcie-root-port,id=port3,bus=pcie.0,addr=6,chassis=4,slot=4",
                  "-device", "edu,id=behind,bus=port3"),
        files={"keeper.ko": image.keeper(paths.kernel())},
        first="\n".join([
            "list_devices", "run insmod /keeper.ko", f"preserve keeper:{BEHIND}",
            f"run dma raw /sys/bus/pci/devices/{ONBOARD} {PAGES:#x}",
            f"run dma raw /sys/bus/pci/devices/{BEHIND} {PAGES + 0x1000:#x}",
            "say dma in flight", f"load {NEXT_WORDS}", "sleep 1", "go"]),
        following="list_devices\nsleep 1")
    for device in ONBOARD, BEHIND:
        count, looks = dma.written(device, "old")
        tap.ok(count, f"{device} writes memory in the outgoing kernel", f"{count} of {looks} looks")
    return result, dma


def is_off(tap, dma, device):
    tap.equal(dma.mastered(device, "next"), {False}, f"{device} lost bus mastering")
    count, looks = dma.written(device, "next")
    tap.ok(looks >= 5 and not count, f"{device} writes nothing any more",
           f"{count} of {looks} looks")


def test(tap):
    result, dma = run(tap, "dma-untranslated")
    checks.starts(tap, result)
    tap.ok(result.count(f"{BEHIND}: liveupdate: bus mastering stays on: no IOMMU translates"),
           "the outgoing kernel says that the preserved device goes on")
    tap.equal(dma.mastered(BEHIND, "next"), {True}, "it masters the bus in the next kernel")
    count, looks = dma.written(BEHIND, "next")
    tap.ok(count >= 3, "and writes its page", f"{count} of {looks} looks")
    tap.ok(True in dma.mastered(PORT, "next"), "as the bridge above it lets it", dma.looks[PORT])
    is_off(tap, dma, ONBOARD)


checks.main(test)
