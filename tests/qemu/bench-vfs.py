#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""How long a preserved virtual function (VF) is away, and one that is disabled and enabled again.

Both times end when the next kernel has a file of the VF that can be used. They begin when the outgoing
kernel begins to disable the VFs, or with the kexec. The time between the kernels is not counted.
"""
import re
import statistics
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import scenario, vfs
from harness.scenario import NEXT_WORDS, Scenario
from harness.vfs import KEPT, NUMBER

RUNS = 3
ALL = " ".join(KEPT)
FIRST = f"""
    {vfs.ENABLE}
    bind {ALL}
    load {NEXT_WORDS}
"""
KEEP = f"{FIRST}\npreserve {ALL}\nsay begin\ngo"
RETRIEVE = f"bind {ALL}\nretrieve {len(KEPT)}\nsay 'all there'"
DISABLE = f"""{FIRST}
    say begin
    echo 0 >{NUMBER} || fail "not disabled"
    go"""
ENABLE = f"""{vfs.STUB}
    echo 8 >{NUMBER} || fail "no VFs"
    bind {ALL}
    attempt bound {KEPT[0]}
    attempt bound {KEPT[1]}
    say 'all there'"""


def seconds(name, first, following):
    """The time in the first kernel from "begin" on, and in the next one to "all there"."""
    result = Scenario(name=name, first=first, following=following, memory="768M", early=False, preserve=KEPT,
                      topology=tuple(scenario.TOPOLOGY + vfs.EIGHT)).run()
    stamps = [float(match[1]) for match in (re.match(r"\[ *(\d+\.\d+)\] (?:guest: (?:begin|all there)|kexec_core: Starting)", line)
                                            for line in result.lines) if match]
    if result.trouble or len(stamps) != 3:
        sys.exit(f"bench-vfs.py: {name}: {result.trouble or stamps}, logs in {result.directory}")
    return stamps[1] - stamps[0], stamps[2]


def main():
    for name, first, following in ("kept", KEEP, RETRIEVE), ("disabled and enabled", DISABLE, ENABLE):
        times = [seconds(f"bench-vfs-{name.split()[0]}", first, following) for _ in range(RUNS)]
        before, after = (statistics.median(column) for column in zip(*times))
        print(f"2 of 8 virtual functions, {name}: {before + after:.2f} s ({before:.2f} s before the kexec, "
              f"{after:.2f} s of the next kernel)")


if len(sys.argv) > 1:
    print(f"bench-vfs.py: unknown argument: {sys.argv[1]} (it takes none)", file=sys.stderr)
    sys.exit(2)
main()
