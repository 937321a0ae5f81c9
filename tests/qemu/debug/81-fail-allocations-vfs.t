#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Each allocation of preserving a virtual function (VF) fails once, as in 80-fail-allocations.t."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, failures, vfs
from harness.scenario import ASSIGNS, CMDLINE, load

NODES = "/dev/vfio/devices/vfio0 /dev/vfio/devices/vfio1"


def test(tap):
    result = vfs.run(tap, "fail-allocations-vfs", timeout=300, expected_splats=[failures.DEBUGFS], early=True,
                     cmdline=f"{CMDLINE} kmemleak=on", following=f"list_devices\n{vfs.COUNT}", first=f"""
        {vfs.ENABLE}
        bind {' '.join(vfs.KEPT)}
        {failures.ENABLE}
        run stress fail {NODES}
        run stress race 20 {NODES}
        {failures.LEAKS}
        preserve {' '.join(vfs.KEPT)}
        {load(ASSIGNS)}
        go""")
    checks.starts(tap, result)
    tap.has_line(result.gate, "pcigate: OPEN: 3 of 3 preserved devices keep their address")
    first, following = result.places(1), result.places(2)
    tap.equal({address: following.get(address) for address in vfs.VIRTUAL},
              {address: first.get(address) for address in vfs.VIRTUAL}, "all VFs have their addresses and BARs")
    failures.counted(tap, result, 2)


checks.main(test)
