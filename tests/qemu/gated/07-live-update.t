#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A Live Update through a gated image: KHO names the preserved devices, the image has a record of user space."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated, paths, scenario
from harness.scenario import CARD, DEVICES, NVME, NVME_PORT, SWITCH_PORT

ALL = " ".join(DEVICES)


def live_update(tap, kernel, record=ALL, **more):
    """The outgoing kernel preserves the devices after it has loaded the image."""
    more["before_kexec"] = f"preserve {ALL}\n{more.get('before_kexec', '')}"
    return gated.run(tap, kernel=kernel, cmdline=scenario.CMDLINE, before_load=f"bind {ALL}", load=f"""
        wrap {record}
        load_gated 'kexec -s -l' {scenario.NEXT_WORDS}""", **more)


def test(tap):
    retrieve = f"list_devices\nbind {ALL}\nretrieve {len(DEVICES)}"
    upstream = {"kernel": paths.upstream_kernel(), "following": retrieve}

    result = live_update(tap, name="gated-live", **upstream)
    tap.has_line(result.gate[:1], "pcigate: KHO kho-v4, LUO luo-v5, PCI 2, user space: 3 devices, 4 bridges")
    gated.opens(tap, result, DEVICES)
    checks.retrieves(tap, result)
    checks.well_formed(tap, result)

    result = live_update(tap, name="gated-live-cleared", **upstream,
                         before_kexec=f"clear_bus_numbers {SWITCH_PORT}")
    checks.stops(tap, result, "1 of 3 preserved devices would change address")
    checks.moves(tap, result, CARD, SWITCH_PORT, "bridge-reset")

    # The record has one of the three devices: of the others, the address is all that is judged.
    unknown = "pcigate: preserved after the record of user space: identity not compared"
    result = live_update(tap, name="gated-live-later", record=CARD, **upstream)
    tap.has_line(result.gate, unknown)
    gated.opens(tap, result, DEVICES)
    checks.retrieves(tap, result)

    result = live_update(tap, name="gated-live-later-cleared", record=CARD, **upstream,
                         before_kexec=f"clear_bus_numbers {NVME_PORT}")
    tap.has_line(result.gate, unknown)
    checks.stops(tap, result, "1 of 3 preserved devices would change address")
    checks.moves(tap, result, NVME, NVME_PORT, "bridge-reset")

    # The purgatory of this kernel has judged already.
    result = live_update(tap, paths.kernel(), name="gated-live-judged",
                         following=f"{retrieve}\ndump_entry pcigate")
    checks.opens(tap, result)
    checks.well_formed(tap, result)


checks.main(test)
