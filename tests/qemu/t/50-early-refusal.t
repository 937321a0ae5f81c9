#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The kernel refuses before anything is given up; repaired, the same kexec goes through."""
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
    tap.equal([lines[-1].split(":")[1].strip() for lines in verdicts],
              ["OPEN", "STOP", "STOP", "OPEN"], "sysfs says so at each moment")
    for lines in verdicts[1:3]:
        tap.has_line(lines, rf"pcigate: {CARD} MOVES.*\b{SWITCH_PORT}\b.* \[bridge-reset\]")
        tap.has_line(lines[-1:], r"pcigate: STOP: 1 of 3 preserved devices would change address")
        tap.has_line(lines[-2:-1], f"pcigate: {checks.COST}")

    checks.refuses(tap, result, "1 of 3 preserved devices would change address")
    tap.has_line(result.early, rf"{CARD} MOVES.*\b{SWITCH_PORT}\b.* \[bridge-reset\]",
                 "the log has the reason, as the stage words it")
    tap.equal(len(result.guest("preserved token 1 memfd")), 1, "the next session is not locked out")
    tap.equal(result.count(LEAVING_LINE), 1, "only the last kexec leaves")
    tap.has_line(result.early[-1:], "OPEN: 3 of 3 preserved devices keep their address")
    checks.opens(tap, result)
    checks.leaves_config_space_alone(tap, result)
    figures(tap, result)


def figures(tap, result):
    """What it adds to a kexec that goes through, against the whole call up to the jump."""
    took = re.fullmatch(r".* (\d+) us", result.early[-2])
    said, left = (result.seconds_of(line) for line in (r"pcigate: OPEN", LEAVING_LINE))
    if tap.ok(took and said and left, "the log tells what it costs", took, said, left):
        whole = (left - said) * 1000 + int(took[1]) / 1000
        tap.note(f"the early refusal takes {int(took[1]) / 1000:.1f} ms of the {whole:.0f} ms "
                 f"from the call to the jump ({int(took[1]) / 10 / whole:.1f} %)")


checks.main(test)
