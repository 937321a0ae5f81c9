#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A card with a bridge is plugged in after the record was made, and Linux has not found it yet."""
import re
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import TOPOLOGY, Plugger

# Two empty slots: Linux scans "front" before the preserved devices, and "back" after them. Without a
# power controller a card answers as soon as it is plugged in. The first kernel runs without
# pcie_ports=native, so it handles no interrupt of a slot.
MORE = """
-device pcie-root-port,id=front,bus=pcie.0,addr=2,chassis=11,slot=11,power_controller_present=off
-device pcie-root-port,id=back,bus=pcie.0,addr=6,chassis=12,slot=12,power_controller_present=off
""".split()
PORTS = {"front": "0000:00:02.0", "back": "0000:00:06.0"}
SLOTS = {"front": "0000:01:00.0", "back": "0000:06:00.0"}
CARD, DISK = "0000:04:00.0", "0000:05:00.0"
DEVICES = (DISK, CARD)
MACHINE = {"topology": tuple(TOPOLOGY + MORE), "preserve": DEVICES}
# In the slot "front", Linux gives the new bridge bus number 02, which the switch has.
NEW_PATH = f"{SLOTS['front']}/0000:02:00.0/0000:03:00.0/{CARD}"


def plugged(slot):
    """The settings: the card is plugged in immediately before `kexec -e`."""
    return {**MACHINE, "name": f"plugged-{slot}",
            "on_text": Plugger(driver="pcie-pci-bridge", id="coming", bus=slot),
            "before_kexec": f"""
                say "plug it in"
                wait_for_card {PORTS[slot]}
                [ ! -e /sys/bus/pci/devices/{SLOTS[slot]} ] || fail "the outgoing kernel has seen it"
            """}


def reads(result):
    """The number of config reads of the stage, and how many of them no device answered."""
    number = int(re.search(r"(\d+) config reads", "\n".join(result.gate[-2:]))[1])
    return number, number - len(result.gate_window().answered)


def test(tap):
    result = checks.run(tap, name="plugged-nothing", **MACHINE)
    checks.opens(tap, result, DEVICES)
    number, unanswered = reads(result)
    tap.equal(unanswered, len(SLOTS), f"of {number} config reads, one goes to each empty slot")

    # In the slot "back", the new bridge gets bus numbers that no other bridge has.
    result = checks.run(tap, **plugged("back"))
    tap.has_line(result.gate[-1:], r"pcigate: OPEN: 2 of 2 preserved devices keep their address.*")
    tap.note(f"{reads(result)[0]} config reads")
    checks.starts(tap, result)
    before, after = result.places(1), result.places(2)
    tap.ok(SLOTS["back"] in after, "the next kernel finds the card", after)
    tap.equal({device: after.get(device) for device in before}, before,
              "no other function has another path, address or BAR")
    checks.retrieves(tap, result, DEVICES)

    truth = checks.ground_truth(tap, **plugged("front"))
    checks.linux_moves(tap, truth, {CARD: NEW_PATH})
    # The outgoing kernel has not found the card, but its early check reads from the slot.
    settings = plugged("front")
    settings["before_kexec"] += "\nexpect_refusal\ndisable_early_check\n"
    result = checks.run(tap, **settings)
    checks.refuses(tap, result, "1 of 2 would move, 1 unverified")
    checks.stops(tap, result, "1 of 2 would move, 1 unverified")
    checks.moves(tap, result, CARD, SLOTS["front"], "bus-taken")
    checks.leaves_config_space_alone(tap, result)
    tap.note(f"{reads(result)[0]} config reads")


checks.main(test)
