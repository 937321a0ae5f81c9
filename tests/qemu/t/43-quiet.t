#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""An open gate prints one line, and none if the next kernel hides information. The report in memory
has everything in both cases. A stop always prints everything."""
import json
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated
from harness.scenario import CARD, DEVICES, NVME, SWITCH_PORT

# Level 6 hides information. `quiet` would also hide the line by which a scenario finds a kernel.
QUIET = "pcigate=enforce loglevel=6"
OPEN = "pcigate: OPEN: 3 of 3 preserved devices keep their address"


def reports(tap, result, first):
    """The report in memory is complete, and its last line has the time of each phase."""
    lines = [match[1] for _, match in result.guest("report (.*)")]
    tap.has_line(lines[:1], f"pcigate: {first}", "the report in memory begins with the record")
    for device in DEVICES:
        tap.has_line(lines, rf"pcigate: {device} keeps its address", f"the report in memory has {device}")
    tap.has_line(lines[-2:-1], rf"{OPEN}.*", "the report in memory has the verdict")
    times = re.fullmatch(r"pcigate: (?:us|kcycles): entry (\d+), record (\d+), scan (\d+), plan (\d+), output (\d+)",
                         lines[-1] if lines else "")
    # On a busy host each can take long. 5 GHz: a faster processor has more cycles.
    limit = result.seconds * 5 * 10 ** 6
    tap.ok(times and sum(map(int, times.groups())) < limit and int(times[2]) + int(times[3]),
           "the last line of the report in memory has the time of each phase", lines[-1:])


def test(tap):
    result = checks.run(tap, name="quiet", next_words=QUIET)
    tap.equal(result.wire(), "", "a quiet next kernel: the stage prints nothing")
    reports(tap, result, "KHO .*: 3 devices, 4 bridges")
    checks.answers(tap, result, [3, 3, 0, 0])

    result = checks.run(tap, name="one-line", next_words="pcigate=enforce")
    tap.equal(result.wire(), OPEN, "the stage prints one line")
    reports(tap, result, "KHO .*: 3 devices, 4 bridges")
    logged = [re.match(r"\[.*\] PCI: liveupdate: (pcigate: .*)", line) for line in result.lines]
    tap.equal([match[1] for match in logged if match], [match[1] for _, match in result.guest("report (.*)")],
              "the next kernel logs the report in memory")

    result = checks.run(tap, **gated.settings(
        name="quiet-gated", words=QUIET,
        following=f"{gated.VERBS}\nlist_devices\nlist_report\nattempt show pcigate show\nattempt json pcigate show --json"))
    tap.equal(result.wire(), "", "a gated image prints nothing, too")
    reports(tap, result, "record of user space: 3 devices, 4 bridges")

    report = [match[1] for _, match in result.guest("report (.*)")]
    said = [match[1] for _, match in result.guest("show (.*)")]
    tap.equal(said, ["status 0", *(f"said {line}" for line in report)], "pcigate show prints the report")
    said = [match[1] for _, match in result.guest("json said (.*)")]
    tap.equal(json.loads(" ".join(said) or "{}").get("report"), report, "pcigate show --json has the report")

    result = checks.run(tap, name="quiet-stop", next_words=QUIET, early=False,
                        before_kexec=f"clear_bus_numbers {SWITCH_PORT}")
    checks.stops(tap, result, "1 of 3 preserved devices would change address")
    checks.moves(tap, result, CARD, SWITCH_PORT, "bridge-reset")
    tap.has_line(result.gate, rf"pcigate: {NVME} keeps its address", "a stop prints all lines")


checks.main(test)
