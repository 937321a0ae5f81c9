#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Each allocation of preserving a device fails once: preserving fails with -ENOMEM or succeeds, it
succeeds afterwards, and no memory leaks. The same with the allocations of a reboot, which leaves all
devices preserved: one allocation fails, or that one and all later ones."""
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, failures
from harness.scenario import ASSIGNS, CARD, CMDLINE, DEVICES, NVME, ONBOARD, load

ORDER = (ONBOARD, NVME, CARD)
NODES = [f"/dev/vfio/devices/vfio{number}" for number in range(3)]
# With this word, which has no effect on these devices, the verdict is a prediction, for which the
# kernel allocates memory.
PREDICTED = f"{ASSIGNS} pci=noari"
# The number of an allocation varies, because at times the allocator needs pages of its own.
ROUNDS = 3
# A device with interrupts enabled refuses to be frozen, after the record and the verdict. So each
# reboot returns, also if the kernel does without the memory.
FIRST = f"""
    list_devices
    bind {' '.join(DEVICES)}
    {failures.ENABLE}
    run stress fail {NODES[0]} {NODES[1]}
    run stress race 20 {' '.join(NODES)}
    preserve {' '.join(ORDER)}
    {load(PREDICTED)}
    interrupts on
    {"run stress reboot one;" * ROUNDS}
    {failures.ENABLE_REST}
    {"run stress reboot rest;" * ROUNDS}
    say "handed over: $(ls /sys/kernel/debug/kho/out/sub_fdts)"
    {failures.LEAKS}
    interrupts off
    go
"""


def test(tap):
    result = checks.run(tap, name="fail-allocations", timeout=400,
                        expected_splats=[failures.DEBUGFS, failures.VMALLOC],
                        cmdline=f"{CMDLINE} kmemleak=on", first=FIRST, preserve=ORDER)
    failures.counted(tap, result, 2)
    reboots = [(int(match[1]), int(match[2])) for _, match in
               result.guest(r"reboot: (\d+) allocations, (\d+) of which refuse it")]
    one, rest = reboots[:ROUNDS], reboots[ROUNDS:]
    # With one failure the kernel mostly gets the memory from elsewhere.
    tap.ok(len(rest) == ROUNDS and any(refused for _, refused in one) and
           all(refused >= 5 for _, refused in rest),
           "the failures of all allocations of a reboot were tried, and some refuse it", *reboots)
    # One reboot without a failure after each failure, one that ends the search, the last one of all.
    tap.equal(sum(line.startswith("OPEN: 3 of 3 ") for line in result.early),
              sum(2 * tried - refused + 1 for tried, refused in reboots) + 1,
              "every reboot that got its memory finds all devices preserved")
    tap.equal([re.sub(r"\s+", " ", match[1]) for _, match in result.guest("handed over: (.*)")],
              ["LUO"], "after a refusal there is no record of the topology")
    checks.opens(tap, result, ORDER)


checks.main(test)
