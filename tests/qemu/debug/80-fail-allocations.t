#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Every allocation on the way of preserving a device, and of letting it go, fails once: it is
refused with -ENOMEM or goes well, works again afterwards, and leaks nothing."""
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, CMDLINE, NVME, ONBOARD

# ignore-gfp-wait: allocations that may sleep are left out otherwise; verbose: no trace of each.
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


# Linux warns, once, if the file in debugfs that shows an entry of KHO cannot be made.
DEBUGFS = r"WARNING: .* at kho_add_subtree\+"


def test(tap):
    result = checks.run(tap, name="fail-allocations", timeout=300, expected_splats=[DEBUGFS],
                        cmdline=f"{CMDLINE} kmemleak=on", first=f"""
        bind {NVME} {CARD} {ONBOARD}
        {ENABLE}
        run stress fail /dev/vfio/devices/vfio0 /dev/vfio/devices/vfio1
        run stress race 20 /dev/vfio/devices/vfio0 /dev/vfio/devices/vfio1 /dev/vfio/devices/vfio2
        say "handed over: $(ls /sys/kernel/debug/kho/out/sub_fdts)"
        {LEAKS}""")
    told = [match for _, match in result.guest(
        r"\S+: (\d+) allocations to preserve it, (\d+) of their failures refused it; "
        r"(\d+) to let it go")]
    if tap.equal(len(told), 2, "all failures were gone through"):
        for match in told:
            allocations, refused, closing = map(int, match.groups())
            # Without some of them all goes well: a file in debugfs, a cache of the allocator.
            tap.ok(allocations > 10 and closing > 0 and refused >= 5, match[0])
    raced = [match for _, match in result.guest(
        r"in \d+ s (\d+) preserved, (\d+) busy, 0 refused for another reason")]
    tap.ok(raced and int(raced[0][1]) > 10 and int(raced[0][2]),
           "and many at once get on with each other", *(match[0] for match in raced))
    tap.equal([re.sub(r"\s+", " ", match[1]) for _, match in result.guest("handed over: (.*)")],
              ["LUO"], "in the end nothing of them is handed over")
    tap.equal([match[1] for _, match in result.guest(r"leaks: (\d+)")], ["0"], "nothing leaked")


checks.main(test)
