#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""vfio-pci does not preserve a device in a wrong state.

While the interrupts of a preserved device are enabled, the kexec is refused.
"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import DEVICES, NEXT_WORDS, NVME, ONBOARD

# The verb "interrupts" enables or disables the interrupts of the session's first device.
ORDER = (ONBOARD, *(device for device in DEVICES if device != ONBOARD))
FIRST = f"""
    list_devices
    bind {' '.join(ORDER)}
    attempt bound {ONBOARD}
    attempt unbound {ONBOARD}
    attempt interrupts {ONBOARD}
    attempt asleep {NVME}
    attempt twice {ONBOARD}
    attempt_group {ONBOARD}
    preserve {' '.join(ORDER)}
    load {NEXT_WORDS}
    interrupts on
    expect_refusal
    interrupts off
    go
"""


def test(tap):
    result = checks.run(tap, name="preserve-refused", preserve=ORDER, first=FIRST)
    tap.equal([(match[1], match[2]) for _, match in result.guest(r"attempt (\S+) \S+: (\S+)")],
              [("bound", "ok"), ("unbound", "ok"), ("interrupts", "EBUSY"), ("asleep", "EBUSY"),
               ("twice", "EBUSY"), ("group", "ENOENT")], "each attempt ends as expected")
    for device, why in ((ONBOARD, "liveupdate: cannot be preserved while its interrupts are enabled"),
                        (NVME, "liveupdate: cannot be preserved in a low-power state"),
                        (ONBOARD, "liveupdate: cannot be preserved through a group, only through its cdev"),
                        (ONBOARD, "Device is already preserved")):
        tap.has_line(result.lines, rf".* {device}: {why}")
    tap.equal(result.count("guest: kexec failed: Device or resource busy"), 1,
              "with interrupts enabled the kernel refuses the kexec")
    tap.equal(result.count("interrupts are enabled"), 2,
              "the kernel names enabled interrupts as the reason both times")
    checks.opens(tap, result, ORDER)


checks.main(test)
