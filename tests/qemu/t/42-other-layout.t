#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A file that a kernel with another layout of "vfio-pci-v1" preserved cannot be retrieved. The kernel says
why, and the session can be finished."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import DEVICES, NVME

# struct luo_file_ser: compatible[48], data, token. The layout of older kernels: segment and BDF in data.
NAME = b"vfio-pci-v1".ljust(48, b"\0").hex()
BUS, REST = NVME.split(":")[1:]
SLOT, FUNCTION = REST.split(".")
BDF = int(BUS, 16) << 8 | int(SLOT, 16) << 3 | int(FUNCTION)
OLD = BDF.to_bytes(8, "little").hex()
NEXT = f"""
    list_devices
    for address in $(memw find {NAME}); do
        if [ "$(memw read $((address + 56)) 8)" = 0100000000000000 ]; then
            run memw write $((address + 48)) {OLD}
            say "data of token 1 overwritten"
        fi
    done
    bind {' '.join(DEVICES)}
    run luctl fail guests 1 2 3
    attempt unbound {NVME}
"""


def test(tap):
    result = checks.run(tap, name="other-layout", following=NEXT)
    checks.starts(tap, result)
    tap.equal(len(result.guest("data of token 1 overwritten")), 1, "one file has the other layout")
    tap.equal([(match[1], match[2]) for _, match in result.guest(r"(refused|retrieved) token (\S+).*")],
              [("refused", "1"), ("retrieved", "2"), ("retrieved", "3")],
              "only the file with the other layout cannot be retrieved")
    # When it is retrieved, and when the session is finished.
    tap.equal(result.count(f"liveupdate: {BDF:#x} is not the address of a page: preserved by a kernel with "
                           "another layout"), 2, "the kernel says why")
    tap.equal(result.count(f"{NVME} was preserved and never finished"), 1,
              "the kernel names the device that was not finished")
    tap.equal([match[1] for _, match in result.guest(r"attempt unbound \S+: (\S+)")], ["ok"],
              "the device is an ordinary one when the session is finished")


checks.main(test)
