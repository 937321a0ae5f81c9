#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Devices are preserved while kexecs are refused, both as fast as possible: all calls end as they should.

PCIGATE_RACE_SECONDS is the duration; `make check-race` takes a minute.
"""
import os
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, KERNEL_LINE, LEAVING_LINE, NVME, ONBOARD, SWITCH_PORT

SECONDS = int(os.environ.get("PCIGATE_RACE_SECONDS", "3"))
# The card stays preserved below a bridge without bus numbers, so every kexec is refused. At the end
# the bridge has its numbers again, and the kexec proceeds while other devices are being preserved.
STEPS = f"""
    bind {NVME} {ONBOARD}
    clear_bus_numbers {SWITCH_PORT}
    for bdf in {NVME} {ONBOARD}; do
        for node in /sys/bus/pci/devices/$bdf/vfio-dev/vfio*; do
            racers="$racers /dev/vfio/devices/${{node##*/}}"
        done
    done
    run race kexec {SECONDS} $racers
    verdict
    set_bus_numbers {SWITCH_PORT} 0 1 3
    verdict
    run race kexec 0 $racers
    sleep 1
"""


def test(tap):
    result = checks.run(tap, name="early-race", preserve=(CARD,), before_kexec=STEPS,
                        timeout=150 + 2 * SECONDS)
    times = {}
    for _, match in result.guest(r"(refused|read|preserved) (\d+) times ?(.*)"):
        times.setdefault(match[1], []).append(int(match[2]))
    tap.note(f"in {SECONDS} s: {times}")
    tap.equal({what: len(counts) for what, counts in times.items()},
              {"refused": 1, "read": 1, "preserved": 2},
              "each of the four processes ended without an error")
    tap.ok(all(count >= 3 * SECONDS for counts in times.values() for count in counts),
           "each of them made at least three calls per second", times)
    refused = [match[1] for match in
               (re.fullmatch(r"STOP: 1 of (\d) preserved devices? .*; refused", line)
                for line in result.early) if match]
    tap.ok(0 < len(refused) <= sum(times.get("refused", [])),
           "the log has refusals, and not more than kexecs were tried", len(refused))
    tap.ok(len(set(refused)) > 1, "some refusals came while other devices were preserved, some not",
           set(refused))

    for lines, last in zip(checks.verdicts(result), ("STOP: 1 of 1", "OPEN: 1 of 1")):
        tap.has_line(lines[-2:-1], rf"pcigate: {last} preserved devices? .*", f"after the race: {last}")
    tap.equal(result.count(r"WARNING|BUG:|deadlock|blocked for more"), 0,
              "the kernel prints no warning")

    # The number of devices depends on which of the two others is preserved at that moment.
    tap.equal(result.count(LEAVING_LINE), 1, "the last kexec proceeds")
    tap.has_line(result.early[-1:], r"OPEN: (\d) of \1 preserved devices? .*")
    tap.has_line(result.gate[-1:], r"pcigate: OPEN: (\d) of \1 preserved devices? .*")
    tap.has_line(result.gate, f"pcigate: {CARD} keeps its address")
    tap.equal(result.count(KERNEL_LINE), 2, "the next kernel starts")
    checks.retrieves(tap, result, (CARD,))


checks.main(test)
