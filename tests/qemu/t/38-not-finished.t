#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""In the next kernel a device belongs to its session until it is finished or removed."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, DEVICES, NVME

NEXT = f"""
    list_devices
    bind {' '.join(DEVICES)}
    attempt_open {NVME}
    attempt_open {CARD}
    attempt_group {CARD}
    echo 1 >/sys/bus/pci/devices/{NVME}/remove
    echo 1 >/sys/bus/pci/rescan
    bind {NVME}
    attempt_open {NVME}
    run luctl fail guests 1 2 3
    attempt_open {CARD}
    say "again"
    echo 1 >/sys/bus/pci/devices/{CARD}/remove
    echo 1 >/sys/bus/pci/rescan
    bind {CARD}
    attempt unbound {CARD}
    attempt unbound {NVME}
    dump_entry pci-topology
"""
OPEN = """attempt_open() {
    if (exec 3<>"$(cdev "$1")") 2>/dev/null; then say "open $1 ok"; else say "open $1 refused"; fi
}
"""


def test(tap):
    result = checks.run(tap, name="not-finished", following=OPEN + NEXT)
    checks.starts(tap, result)
    checks.keeps_addresses(tap, result)
    tap.equal([(match[1], match[2]) for _, match in result.guest(r"open (\S+) (\S+)")],
              [(NVME, "refused"), (CARD, "refused"), (NVME, "ok"), (CARD, "ok")],
              "a device can be opened by its cdev after it is removed or finished, not before")
    tap.equal(result.count("guest: attempt group .*: not opened: EBUSY"), 1,
              "before that, the device cannot be opened through its group either")
    tap.equal(result.count(rf"{CARD}: liveupdate: can only be opened through its session"), 2,
              "the kernel says why it refuses")
    tap.has_line(result.lines, rf".* {NVME}: liveupdate: removed before it was finished")
    tap.equal(result.count(rf"{NVME}: Device was preserved by previous kernel across Live Update"), 1,
              "a device that appears later at the address of a removed one is not the preserved one")
    tap.equal(result.count(rf"{CARD}: Device was preserved by previous kernel across Live Update"), 1,
              "a device that appears later at the address of a finished one is not the preserved one")
    tap.equal([(match[1], match[2]) for _, match in result.guest(r"(refused|retrieved) token (\S+).*")],
              [("refused", "1"), ("retrieved", "2"), ("retrieved", "3")],
              "only the removed device cannot be retrieved any more")
    tap.equal([match[1] for _, match in result.guest(r"attempt unbound \S+: (\S+)")], ["ok", "ok"],
              "both devices can be preserved again")
    tap.no_line(result.lines, "WARNING:|never finished|Cannot finish",
                "the kernel prints no warning")


checks.main(test)
