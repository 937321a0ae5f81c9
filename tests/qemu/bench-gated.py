#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What the stage costs in a gated image and as a purgatory, for the same devices of the same machine."""
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import gated
from harness.scenario import Scenario

# QEMU counts instructions, and a cycle of the time stamp counter is one instruction.
ICOUNT = ("-icount", "shift=0,sleep=off")


def cost(what, **settings):
    result = Scenario(**{**settings, "logs": "bench", "timeout": 600, "extra": ICOUNT}).run()
    said = re.search(r"(\d+) config reads, (\d+) cycles", "\n".join(result.gate[-2:]))
    if not said or result.trouble:
        sys.exit(f"no measurement: {result.trouble}: see {result.directory}")
    print(f"  {what}: {said[1]} config reads, {int(said[2]):,} instructions")


if len(sys.argv) > 1:
    print(f"{Path(sys.argv[0]).name}: unknown argument: {sys.argv[1]} (it takes none)", file=sys.stderr)
    sys.exit(2)
cost("as a purgatory, with the records of Live Update", name="purgatory")
cost("in a gated image, with a record of user space", **gated.settings(name="gated"))
