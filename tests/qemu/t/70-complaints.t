#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Whatever a kernel complains about makes a scenario fail: seen with complaints on purpose.

A debug kernel has more checkers, and each of them has to be awake.
"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, image, paths, splats
from harness.scenario import Scenario

ALWAYS = {"warning": r"WARNING: .*provoke"}
DEBUG = {
    "sleep": "BUG: sleeping function called from invalid context",
    # Lock checking is off from then on; a report of KASAN would end it, too.
    "lock-order": "WARNING: possible circular locking dependency",
    "overflow": "BUG: KASAN: slab-out-of-bounds",
    "use-after-free": "BUG: KASAN: slab-use-after-free",
}


class Silent:
    """Takes results without telling them."""

    def __init__(self):
        self.results = []

    def ok(self, passed, *_):
        self.results.append(bool(passed))
        return passed


def test(tap):
    wanted = {**ALWAYS, **(DEBUG if paths.KIND == "debug" else {})}
    name = "provoke"
    result = Scenario(
        name="complaints", first_words="kasan_multi_shot",
        files={f"{name}.ko": image.module(paths.kernel(), name)},
        first="\n".join([f"insmod /{name}.ko what={what}; say provoked {what}" for what in wanted] +
                        ["report_lockdep"])).run()
    tap.ok(not result.trouble, "the guest comes to an end", result.trouble, *result.lines[-15:])
    tap.equal([match[1] for _, match in result.guest("provoked (.*)")], [*wanted], "each was tried")
    found = splats.find(result.lines)
    for what, pattern in wanted.items():
        tap.has_line(found, rf".*{pattern}.*", f"found: {what}")
    told = Silent()
    checks.healthy(told, result)
    tap.ok(False in told.results, "such a run is not taken for a good one")
    if paths.KIND == "debug":
        tap.equal(told.results, [False, True, False], "nor is one where lock checking went off")
    tap.equal(splats.find(result.lines, [".*"]), [], "unless it is accounted for")


checks.main(test)
