#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""pcigate diff on recordings of a machine before and after its cards were changed."""
import subprocess
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import paths, uefi, uefi_checks
from harness.uefi import network_card, nvme, port

# The words at the beginning of a line of `pcigate diff` that say what became of a function.
CHANGES = ("MOVED", "EXCHANGED", "REPLACED", "GONE", "NEW", "RENUMBERED")


def first(bus):
    return network_card(bus, 0x33)


def second(bus):
    return network_card(bus, 0x44)


def generator(bus):
    """A device without a serial number; there are two of them."""
    return ["-device", f"virtio-rng-pci,bus={bus}"]


def empty(_bus):
    return []


def machine(*cards, front=()):
    """Root ports at devices 3 to 7, with a card behind each of the first ones."""
    arguments = list(front)
    for number, card in enumerate([*cards, *[empty] * (5 - len(cards))]):
        arguments += [*port(f"port{number}", 3 + number, 1 + number), *card(f"port{number}")]
    return tuple(arguments)


BEFORE = (first, second, generator, generator)
FRONT = port("front", 2, 9)
SHIFTED = [f"MOVED 0000:{bus:02x}:00.0 → 0000:{bus + 1:02x}:00.0" for bus in range(1, 5)]
RENUMBERED = [f"RENUMBERED 0000:00:{3 + n:02x}.0 buses {1 + n:02x}-{1 + n:02x} → {2 + n:02x}-{2 + n:02x}"
              for n in range(5)]
# What was done, the machine afterwards, the changes in any order, the last line.
CASES = (
    ("nothing was done, or the two equal cards were exchanged", machine(*BEFORE), [],
     "14 of 14 functions are the same"),
    ("a card was moved to another slot", machine(empty, second, generator, generator, first),
     ["MOVED 0000:01:00.0 → 0000:05:00.0"], "13 of 14 functions are the same, 1 moved"),
    ("two cards were exchanged", machine(second, first, generator, generator),
     ["EXCHANGED 0000:01:00.0 → 0000:02:00.0", "EXCHANGED 0000:02:00.0 → 0000:01:00.0"],
     "12 of 14 functions are the same, 2 exchanged"),
    ("a card was removed", machine(empty, second, generator, generator), ["GONE 0000:01:00.0"],
     "13 of 14 functions are the same, 1 gone"),
    ("a card was replaced by one of another model", machine(nvme, second, generator, generator),
     ["REPLACED 0000:01:00.0"], "13 of 14 functions are the same, 1 replaced"),
    ("a card was added in front", machine(*BEFORE, front=[*FRONT, *nvme("front")]),
     [*SHIFTED, "NEW 0000:01:00.0", "NEW 0000:00:02.0", *RENUMBERED],
     "5 of 16 functions are the same, 4 moved, 2 new, 5 renumbered"),
    ("the firmware gives other numbers, because of a port in front", machine(*BEFORE, front=FRONT),
     [*SHIFTED, "NEW 0000:00:02.0", *RENUMBERED],
     "5 of 15 functions are the same, 4 moved, 1 new, 5 renumbered"),
)


def test(tap):
    before = uefi.capture(arguments="", devices=machine(*BEFORE))
    for name, devices, changes, summary in CASES:
        result = subprocess.run(
            [paths.BUILD / "pcigate", "diff", before, uefi.capture(arguments="", devices=devices)],
            text=True, capture_output=True, check=False)
        lines = result.stdout.splitlines()
        tap.equal(result.returncode, int(bool(changes)), f"{name}: exit status")
        tap.equal(result.stderr, "", f"{name}: no message")
        tap.equal(sorted(line for line in lines if line.split(" ", 1)[0] in CHANGES),
                  sorted(changes), f"{name}: the changes")
        tap.equal([line for line in lines if line.startswith("CANNOT TELL")],
                  ["CANNOT TELL whether these were exchanged: they have no serial number"],
                  f"{name}: the two equal cards")
        tap.equal(lines[-1:], [summary], f"{name}: the last line")


uefi_checks.main(test)
