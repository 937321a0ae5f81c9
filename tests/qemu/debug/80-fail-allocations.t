#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Each allocation of preserving a device fails once: preserving fails with -ENOMEM or succeeds, it
succeeds afterwards, and no memory leaks. The same with the allocations of a reboot, until it succeeds."""
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import ASSIGNS, CARD, CMDLINE, NVME, ONBOARD, load

# ignore-gfp-wait=N: allocations that may sleep fail as well. verbose=0: no trace for each failure.
ENABLE = """
    for kind in failslab fail_page_alloc; do
        echo N >/sys/kernel/debug/$kind/ignore-gfp-wait
        echo 0 >/sys/kernel/debug/$kind/verbose
    done
    echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
"""
LEAKS = """
    for i in 1 2; do
        echo scan >/sys/kernel/debug/kmemleak
        sleep 6
    done
    say "leaks: $(grep -c 'unreferenced object' /sys/kernel/debug/kmemleak)"
    while read -r line; do say "leak: $line"; done </sys/kernel/debug/kmemleak
"""


# Linux warns once if it cannot create the file in debugfs that shows a KHO entry.
DEBUGFS = r"WARNING: .* at kho_add_subtree\+"


def test(tap):
    result = checks.run(tap, name="fail-allocations", timeout=300, expected_splats=[DEBUGFS],
                        cmdline=f"{CMDLINE} kmemleak=on", following="list_devices", first=f"""
        list_devices
        bind {NVME} {CARD} {ONBOARD}
        {ENABLE}
        run stress fail /dev/vfio/devices/vfio0 /dev/vfio/devices/vfio1
        run stress race 20 /dev/vfio/devices/vfio0 /dev/vfio/devices/vfio1 /dev/vfio/devices/vfio2
        say "handed over: $(ls /sys/kernel/debug/kho/out/sub_fdts)"
        {LEAKS}
        {load(ASSIGNS)}
        run stress reboot /dev/vfio/devices/vfio0 /dev/vfio/devices/vfio1 /dev/vfio/devices/vfio2""")
    checks.starts(tap, result)
    checks.keeps_addresses(tap, result)
    refused = result.guest(r"allocation \d+ fails: no reboot")
    tap.ok(len(refused) >= 5, f"{len(refused)} allocations of a reboot were refused, and the last reboot succeeds")
    lines = [match for _, match in result.guest(
        r"\S+: (\d+) allocations to preserve it, (\d+) of which make it fail")]
    if tap.equal(len(lines), 2, "the failures of both devices' allocations were tried"):
        for match in lines:
            allocations, refused = map(int, match.groups())
            # Not every failure is fatal: a file in debugfs or a cache of the allocator is optional.
            tap.ok(allocations > 10 and refused >= 5, match[0])
    both = [match for _, match in result.guest(
        r"in \d+ s (\d+) preserved, (\d+) busy, 0 refused for another reason")]
    tap.ok(both and int(both[0][1]) > 10 and int(both[0][2]),
           "several threads preserve and unpreserve at the same time", *(match[0] for match in both))
    tap.equal([re.sub(r"\s+", " ", match[1]) for _, match in result.guest("handed over: (.*)")],
              ["LUO"], "at the end there is no record of these devices")
    tap.equal([match[1] for _, match in result.guest(r"leaks: (\d+)")], ["0"], "no memory leaked")


checks.main(test)
