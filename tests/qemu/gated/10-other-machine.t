#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The record in a gated image was made on a machine with its config space at another address: stop."""
import subprocess
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated, paths
from harness.scenario import NEXT_WORDS


def capture():
    """A capture with a record of pcigate's own, whose window is not where QEMU has it."""
    vectors = paths.REPO / "tests/vectors"
    source = (vectors / "own.dtsi").read_text().replace("<0 0xb0000000 0 0x10000000>", "<0 0xd0000000 0 0x10000000>")
    text = f'/dts-v1/;\n/include/ "{vectors}/record.dtsi"\n/include/ "{vectors}/machine.dtsi"\n{source}'
    return subprocess.run(["dtc", "-q", "-O", "dtb"], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout


def test(tap):
    result = checks.run(tap, **gated.settings(
        name="gated-other-machine", files={**gated.command_files(), "other.dtb": capture()}, load=f"""
        run pcigate wrap --record /other.dtb -o /tmp/gated.img /next/bzImage
        load_gated 'kexec -s -l' '{NEXT_WORDS}'"""))
    checks.stops(tap, result, "record of another machine")
    tap.has_line(result.gate, r"pcigate: .*recorded ECAM window, not in MCFG: 0xd0000000.* \[record-other-machine\]",
                 "a line names the window")


checks.main(test)
