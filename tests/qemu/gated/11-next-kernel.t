#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A Live Update whose next kernel, in a gated image, does not know KHO: stop, before any device is judged."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated, paths, scenario
from harness.scenario import DEVICES

ALL = " ".join(DEVICES)


def test(tap):
    # The purgatory of the second kernel judges the devices, but does not know the next kernel.
    for name, kernel in ("gated-next-kernel", paths.upstream_kernel()), ("gated-next-judged", paths.kernel()):
        result = checks.run(tap, **gated.settings(
            name=name, cmdline=scenario.CMDLINE, before_load=f"bind {ALL}", before_kexec=f"preserve {ALL}",
            kernel=kernel, next_kernel=gated.kernel(),
            load=f"wrap {ALL}\nload_gated 'kexec -s -l' {scenario.NEXT_WORDS}"))
        tap.has_line(result.gate, r"pcigate: the next kernel does not know KHO \[next-cannot-read\]",
                     "a line says what the next kernel does not know")
        checks.stops(tap, result, "next kernel cannot read the record")


checks.main(test)
