#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Each allocation of preserving a device fails once: preserving fails with -ENOMEM or succeeds, it
succeeds afterwards, and no memory leaks. The same with the allocations of a reboot, until it succeeds."""
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, failures
from harness.scenario import ASSIGNS, CARD, CMDLINE, NVME, ONBOARD, load


def test(tap):
    result = checks.run(tap, name="fail-allocations", timeout=300, expected_splats=[failures.DEBUGFS],
                        cmdline=f"{CMDLINE} kmemleak=on", following="list_devices", first=f"""
        list_devices
        bind {NVME} {CARD} {ONBOARD}
        {failures.ENABLE}
        run stress fail /dev/vfio/devices/vfio0 /dev/vfio/devices/vfio1
        run stress race 20 /dev/vfio/devices/vfio0 /dev/vfio/devices/vfio1 /dev/vfio/devices/vfio2
        say "handed over: $(ls /sys/kernel/debug/kho/out/sub_fdts)"
        {failures.LEAKS}
        {load(ASSIGNS)}
        stress reboot /dev/vfio/devices/vfio0 /dev/vfio/devices/vfio1 /dev/vfio/devices/vfio2 2>&1 | while read -r line; do say "$line"; done""")
    checks.starts(tap, result)
    checks.keeps_addresses(tap, result)
    refused = result.guest(r"allocation \d+ fails: no reboot")
    tap.ok(len(refused) >= 5, f"{len(refused)} allocations of a reboot were refused, and the last reboot succeeds")
    failures.counted(tap, result, 2)
    tap.equal([re.sub(r"\s+", " ", match[1]) for _, match in result.guest("handed over: (.*)")],
              ["LUO"], "at the end there is no record of these devices")


checks.main(test)
