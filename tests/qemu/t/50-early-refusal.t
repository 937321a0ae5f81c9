#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The outgoing kernel refuses the kexec; after the bridge is repaired, the same kexec proceeds."""
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, LEAVING_LINE, SWITCH_PORT

STEPS = f"""
    verdict
    clear_bus_numbers {SWITCH_PORT}
    verdict
    expect_refusal
    run luctl preserve others 1=memfd
    verdict
    set_bus_numbers {SWITCH_PORT} 0 1 3
    verdict
"""


def test(tap):
    result = checks.run(tap, name="early-refusal", before_kexec=STEPS)

    verdicts = checks.verdicts(result)
    tap.equal([lines[-1] for lines in verdicts], ["open", "stop", "stop", "open"],
              "sysfs has the right verdict at each step")
    for lines in verdicts[1:3]:
        tap.has_line(lines, rf"pcigate: {CARD} MOVES.*\b{SWITCH_PORT}\b.* \[bridge-reset\]")
        tap.has_line(lines, rf".* {SWITCH_PORT}: liveupdate: lost its bus numbers \[bridge-reset\]")
        tap.has_line(lines[-2:-1], r"pcigate: STOP: 1 of 3 preserved devices would change address")
        tap.has_line(lines[-3:-2], f"pcigate: {checks.COST}")

    checks.refuses(tap, result, "1 of 3 preserved devices would change address")
    tap.has_line(result.early, rf"{CARD} MOVES.*\b{SWITCH_PORT}\b.* \[bridge-reset\]",
                 "the log has the reason in the words of the stage")
    tap.equal(len(result.guest("preserved token 1 memfd")), 1,
              "a file can be preserved after the refusal")
    tap.equal(result.count(LEAVING_LINE), 1, "only the last kexec proceeds")
    tap.has_line(result.early[-1:], "OPEN: 3 of 3 preserved devices keep their address")
    checks.opens(tap, result)
    checks.leaves_config_space_alone(tap, result)
    figures(tap, result)


def figures(tap, result):
    """The time of the early check as a share of the kexec call up to the jump."""
    took = re.fullmatch(r"3 preserved devices: 0 faults, 0 changes .* (\d+) us\)", result.early[-2])
    said, left = (result.seconds_of(line) for line in (r"pcigate: OPEN", LEAVING_LINE))
    if tap.ok(took and said and left, "the log has the time of the early check", took, said, left):
        whole = (left - said) * 1000 + int(took[1]) / 1000
        tap.note(f"the early check takes {int(took[1]) / 1000:.1f} ms of the {whole:.0f} ms "
                 f"from the call to the jump ({int(took[1]) / 10 / whole:.1f} %)")


checks.main(test)
