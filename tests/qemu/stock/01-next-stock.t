#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The next kernel is one without the patches: it has the LUO, but recognises no preserved device.

The stage cannot see that. Its verdict is still right: every function keeps its address.
"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, paths
from harness.scenario import DEVICES, NVME

NEXT = f"""
    list_devices
    bind {' '.join(DEVICES)}
    luctl retrieve guests 1 2 3 >/tmp/out 2>&1 || say "$(cat /tmp/out)"
    (exec 3<>"$(cdev {NVME})") && say "opened"
"""


def test(tap):
    result = checks.run(tap, name="next-stock", next_kernel=paths.stock_kernel(), following=NEXT)
    tap.has_line(result.gate[-1:], r"pcigate: OPEN: 3 of 3 preserved devices keep their address .*")
    checks.starts(tap, result)
    tap.equal(result.count(r"Linux version \d\S+-stock"), 1, "the next kernel is the stock kernel")
    checks.keeps_addresses(tap, result)
    tap.equal(result.count("Device was preserved by previous kernel across Live Update"), 0,
              "the next kernel recognises no preserved device")
    tap.has_line(result.lines, r".*luo.*: No registered handler for compatible 'vfio-pci-v1'")
    tap.equal(result.count("guest: luctl: retrieve session guests: Input/output error"), 1,
              "no session can be retrieved")
    tap.equal(len(result.guest("opened")), 1, "the device can be opened without its session")
    tap.no_line(result.lines, "WARNING:|BUG:", "the kernels print no warning")


checks.main(test)
