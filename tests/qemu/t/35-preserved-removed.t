#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A preserved device is being removed: the kernel refuses the kexec until its session is closed."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, DEVICES, NEXT_WORDS

FIRST = f"""
    list_devices
    bind {' '.join(DEVICES)}
    preserve {' '.join(DEVICES)}
    load {NEXT_WORDS}
    (echo 1 >/sys/bus/pci/devices/{CARD}/remove; say "removed") &
    sleep 1
    expect_refusal
    close_session guests
    wait
    [ ! -e /sys/bus/pci/devices/{CARD} ] || fail "{CARD} is still there"
    echo 1 >/sys/bus/pci/rescan
    bind {CARD}
    preserve {' '.join(DEVICES)}
    go
"""


def test(tap):
    result = checks.run(tap, name="preserved-removed", first=FIRST)
    tap.equal(result.count("guest: kexec failed: No such device"), 1, "the kernel refuses the kexec")
    tap.has_line(result.lines, rf".* {CARD}: liveupdate: cannot be preserved: being unbound "
                 "from vfio-pci", "the kernel says why it refuses")
    tap.equal(result.count("guest: removed"), 1, "the device is removed when its session is closed")
    checks.opens(tap, result)
    tap.no_line(result.lines, "WARNING:|removed while it was preserved",
                "the kernel prints no warning")


checks.main(test)
