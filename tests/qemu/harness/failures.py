# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What scenarios with failing allocations have in common. They need the debug kernel."""

# ignore-gfp-wait=N: allocations that may sleep fail as well. verbose=0: no trace for each failure.
ENABLE = """
    for kind in failslab fail_page_alloc; do
        echo N >/sys/kernel/debug/$kind/ignore-gfp-wait
        echo 0 >/sys/kernel/debug/$kind/verbose
    done
    echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
"""
# Allocations after the one that fails, in a task with make-it-fail, fail as well.
ENABLE_REST = """
    for kind in failslab fail_page_alloc; do
        echo Y >/sys/kernel/debug/$kind/task-filter
        echo -1 >/sys/kernel/debug/$kind/times
        echo 100 >/sys/kernel/debug/$kind/probability
    done
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
# vmalloc() prints a trace if it gets no memory. Each report of a checker has other lines, too.
VMALLOC = r"Call Trace:"


def counted(tap, result, devices):
    """Each allocation of preserving the devices failed once, and no memory leaked."""
    lines = [match for _, match in result.guest(
        r"\S+: (\d+) allocations to preserve it, (\d+) of which make it fail")]
    if tap.equal(len(lines), devices, "the failures of all devices' allocations were tried"):
        for match in lines:
            allocations, refused = map(int, match.groups())
            # Not every failure is fatal: a file in debugfs or a cache of the allocator is optional.
            tap.ok(allocations > 10 and refused >= 5, match[0])
    both = [match for _, match in result.guest(
        r"in \d+ s (\d+) preserved, (\d+) busy, 0 refused for another reason")]
    tap.ok(both and int(both[0][1]) > 10 and int(both[0][2]),
           "several threads preserve and unpreserve at the same time", *(match[0] for match in both))
    tap.equal([match[1] for _, match in result.guest(r"leaks: (\d+)")], ["0"], "no memory leaked")
