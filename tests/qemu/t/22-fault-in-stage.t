#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""After an exception, the stage prints the address of the instruction and stops.

With pcigate=report, the next kernel starts.
"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, stage

FUNCTION = "pg_judge"


def break_stage(code):
    """Overwrites the function in the loaded stage with an invalid instruction (ud2). The running
    kernel contains the same function, which may be overwritten as well, so the scenario disables
    the early check."""
    return f"overwrite_loaded {code.hex()} 0f0b"


def test(tap):
    offset, code = stage.function(FUNCTION)
    tap.ok(len(code) >= 12, f"{FUNCTION} begins with enough fixed bytes to find it in memory",
           code.hex())

    result = checks.run(tap, name="fault-in-stage", early=False,
                        before_kexec=break_stage(code))
    tap.has_line(result.gate, "pcigate: invalid opcode, vector 6, error code 0x0")
    tap.has_line(result.gate, rf"pcigate: RIP 0x[0-9a-f]+ \(purgatory_start \+ {offset:#x}\), .*")
    tap.has_line(result.gate[-1:], r"pcigate: STOP: .* \[stage-fault\]; halted")
    checks.sleeps(tap, result)

    result = checks.run(tap, name="fault-in-stage-report", early=False,
                        before_kexec=break_stage(code), next_words="pcigate=report",
                        following="list_devices")
    tap.has_line(result.gate, "pcigate: invalid opcode, vector 6, error code 0x0")
    tap.has_line(result.gate[-1:], r"pcigate: OPEN: .* \[stage-fault\].*")
    checks.starts(tap, result)


checks.main(test)
