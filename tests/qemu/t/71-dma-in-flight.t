#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A preserved device writes through an IOMMU during the kexec. The outgoing kernel clears its bus
mastering, so nothing is written to the physical memory at the IOVA after the translations are gone.
The unsafe option shows what happens otherwise."""
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
    # Not in all samples: the kernel clears bus mastering before it prints its last line.
    tap.ok(True in dma.mastered(ONBOARD, "old"),
           "bus mastering of the device is on in the outgoing kernel")
    count, samples = dma.written(ONBOARD, "old")
    tap.ok(samples >= 5 and not count,
           "in the outgoing kernel nothing is written to the memory at the IOVA",
           f"{count} of {samples} samples")
    return result, dma


def stays_off(tap, result, dma, phase):
    tap.ok(result.count(f"{ONBOARD}: liveupdate: bus mastering is switched off: {WHY}"),
           "the outgoing kernel says that it clears bus mastering")
    tap.equal(dma.mastered(ONBOARD, phase), {False}, f"bus mastering is off: {phase}")
    count, samples = dma.written(ONBOARD, "stage", "next")
    tap.ok(samples >= 5 and not count, "nothing is written to the memory at the IOVA",
           f"{count} of {samples} samples")


def test(tap):
    # panic=2: the stage waits two seconds before the reset, in which samples are taken.
    result, dma = run(tap, "dma-in-stage", "liveupdate=off panic=2", early=False)
    checks.stops(tap, result, ".*", outcome="reset.*")
    stays_off(tap, result, dma, "stage")

    result, dma = run(tap, "dma-in-next")
    checks.starts(tap, result)
    stays_off(tap, result, dma, "next")

    result, dma = run(tap, "dma-unsafe", first_words="pci_liveupdate.unsafe_dma=1")
    tap.ok(result.count("Setting dangerous option pci_liveupdate.unsafe_dma - tainting kernel"),
           "the kernel warns of the unsafe option at boot")
    tap.ok(result.count(f"{ONBOARD}: liveupdate: UNSAFE: bus mastering stays on although {WHY}"),
           "the outgoing kernel warns that bus mastering stays on")
    count, samples = dma.written(ONBOARD, "stage", "next")
    tap.ok(count, "the device writes memory that is not its own", f"{count} of {samples} samples")


checks.main(test)
