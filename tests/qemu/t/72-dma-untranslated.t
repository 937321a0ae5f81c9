#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Without an IOMMU, bus mastering of a preserved device and of the bridges above it stays on during the
kexec. It is switched off for other devices."""
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
        count, samples = dma.written(device, "old")
        tap.ok(count, f"{device} writes memory in the outgoing kernel", f"{count} of {samples} samples")
    return result, dma


def is_off(tap, dma, device):
    tap.equal(dma.mastered(device, "next"), {False},
              f"bus mastering of {device} is off in the next kernel")
    count, samples = dma.written(device, "next")
    tap.ok(samples >= 5 and not count, f"{device} writes nothing in the next kernel",
           f"{count} of {samples} samples")


def test(tap):
    result, dma = run(tap, "dma-untranslated")
    checks.starts(tap, result)
    tap.ok(result.count(f"{BEHIND}: liveupdate: bus mastering stays on: no IOMMU translates"),
           "the outgoing kernel says that bus mastering of the preserved device stays on")
    tap.equal(dma.mastered(BEHIND, "next"), {True},
              "bus mastering of the preserved device is on in the next kernel")
    count, samples = dma.written(BEHIND, "next")
    tap.ok(count >= 3, "the preserved device writes its page in the next kernel",
           f"{count} of {samples} samples")
    tap.ok(True in dma.mastered(PORT, "next"),
           "bus mastering of the bridge above it is on in the next kernel", dma.samples[PORT])
    is_off(tap, dma, ONBOARD)


checks.main(test)
