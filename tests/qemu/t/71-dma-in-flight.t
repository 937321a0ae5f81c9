#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A preserved device goes on writing by way of an IOMMU when the kexec comes: bus mastering is off
when the IOMMU's translations are, in the stage as in the next kernel, and the memory at what was
an IOVA stays as it was. The unsafe option shows what happens otherwise."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.dma import MEMMAP, PAGES, InFlight
from harness.scenario import CMDLINE, NEXT_WORDS, ONBOARD

IOVA = PAGES
WHY = "an IOMMU translates its DMA, and the translations are not handed over"


def run(tap, name, next_words="", **settings):
    dma = InFlight({ONBOARD: IOVA})
    result = checks.run(
        tap, name=name, cmdline=f"{CMDLINE} {MEMMAP}", on_text=dma, extra=dma.arguments,
        first="\n".join([
            "list_devices", f"bind {ONBOARD}",
            f"run dma vfio guests 1=/dev/vfio/devices/vfio0 {IOVA:#x}", "say dma in flight",
            f"load {NEXT_WORDS} {next_words}", "sleep 1", "go"]),
        following="list_devices\nsleep 1", **settings)
    # To the end of it: then the kernel takes that away, before its last line.
    tap.ok(True in dma.mastered(ONBOARD, "old"), "in the outgoing kernel the device masters the bus")
    count, looks = dma.written(ONBOARD, "old")
    tap.ok(looks >= 5 and not count, "and writes where the IOMMU leads it", f"{count} of {looks}")
    return result, dma


def stays_off(tap, result, dma, phase):
    tap.ok(result.count(f"{ONBOARD}: liveupdate: bus mastering is switched off: {WHY}"),
           "the outgoing kernel says that it ends that")
    tap.equal(dma.mastered(ONBOARD, phase), {False}, f"mastering is off: {phase}")
    count, looks = dma.written(ONBOARD, "stage", "next")
    tap.ok(looks >= 5 and not count, "nothing is written to the memory at the IOVA",
           f"{count} of {looks} looks")


def test(tap):
    # The stage waits two seconds before it resets the machine: time to look.
    result, dma = run(tap, "dma-in-stage", "liveupdate=off panic=2", early=False)
    checks.stops(tap, result, ".*", outcome="reset.*")
    stays_off(tap, result, dma, "stage")

    result, dma = run(tap, "dma-in-next")
    checks.starts(tap, result)
    stays_off(tap, result, dma, "next")

    result, dma = run(tap, "dma-unsafe", first_words="pci=liveupdate_unsafe_dma")
    tap.ok(result.count("liveupdate: UNSAFE: preserved devices will do DMA"), "a loud word at boot")
    tap.ok(result.count(f"{ONBOARD}: liveupdate: UNSAFE: bus mastering stays on although {WHY}"),
           "another when it comes to it")
    count, looks = dma.written(ONBOARD, "stage", "next")
    tap.ok(count, "memory that is not the device's is written", f"{count} of {looks} looks")


checks.main(test)
