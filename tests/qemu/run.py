#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The project's main job as a told story: one handoff that is opened, one that is stopped.

Exit status 0 only if both went as they should.
"""

import argparse
import re
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import checks, paths, scenario  # noqa: E402
from harness.scenario import CARD, NVME, ONBOARD, SWITCH_PORT, Scenario  # noqa: E402
from harness.story import Narrator, plural  # noqa: E402
from harness.tap import Tap, ends_well_when_told_to_end  # noqa: E402

WHERE = {
    NVME: "an NVMe disk behind a root port",
    CARD: "a network card behind a switch, below three bridges",
    ONBOARD: "a device on the root bus",
}

LEAVING = [
    (r"Linux version \d", "the old kernel starts"),
    (r"guest: bound .* vfio2", "three devices are handed to vfio-pci:"),
    (r"guest: preserved token 3", "their files are preserved in a Live Update session"),
    (r"guest: next kernel loaded", "the next kernel is loaded (kexec -s -l)"),
    (r"guest: bridge \S+ now", f"bridge {SWITCH_PORT}, above the switch and the card, loses its bus numbers"),
    (r"pcigate: STOP: .*; refused", "kexec -e: the old kernel asks the gate first, and refuses: "
     "\"Operation canceled\". Nothing is lost"),
    (r"guest: the old kernel does not ask", "it is told not to ask (pcigate.early=off): the stage "
     "has to decide"),
    (r"kexec_core: Starting new kernel", "kexec -e: the old kernel is gone. The gate says:"),
]
ARRIVING = [
    (r"(?s)Starting new kernel.*Linux version \d", "the next kernel starts"),
    (r"guest: retrieved token 3", "it gets the three files back"),
    (r"guest: finished session", "and finishes the session"),
]


class Failures(Tap):
    """Collects what went wrong instead of printing every result."""

    def __init__(self):
        super().__init__()
        self.found = []

    def ok(self, passed, name, *why):
        self.count += 1
        if not passed:
            self.found.append((name, why))
        return bool(passed)

    @staticmethod
    def note(line):
        """The story tells where the logs are."""


def act(narrator, name, steps, **settings):
    teller = narrator.follow(steps, {r"guest: bound .* vfio2": WHERE})
    return Scenario(name=name, logs="run", firmware="ovmf", memory="1G", on_text=teller,
                    **settings).run()


def act_one(narrator, failures):
    narrator.title("Act one: nothing is harmed")
    result = act(narrator, "act-one", LEAVING + ARRIVING)
    failures.ok(not result.trouble, result.trouble)
    checks.opens(failures, result)
    checks.leaves_config_space_alone(failures, result)
    if not failures.found:
        narrator.say("every preserved device has its old address")
        figures(narrator, result)
    return result


def figures(narrator, result):
    gate = re.search(r"(\d+) config reads, (\d+) (\w+)", "\n".join(result.gate[-2:]))
    start = result.trace.find(scenario.LEAVING_LINE)
    kernel = result.trace.find(scenario.KERNEL_LINE, after=start)
    linux = result.trace.enumeration(kernel)
    answered = len(result.gate_window().answered)
    narrator.say(f"the gate: {gate[1]} config reads, {answered} of them answered by a device; "
                 f"no write; {int(gate[2]):,} {gate[3]}")
    narrator.say(f"the next kernel's enumeration: {len(linux.answered):,} answered reads and "
                 f"{len(linux.writes)} writes, so the gate adds "
                 f"{100 * answered / len(linux.answered):.1f} %")


def act_two(narrator, failures):
    narrator.title("Act two: a bridge loses its bus numbers after the devices were preserved")
    result = act(narrator, "act-two", LEAVING,
                 before_kexec=f"clear_bus_numbers {SWITCH_PORT}\ngo_in_vain\ndo_not_ask")
    failures.ok(not result.trouble, result.trouble)
    checks.refuses(failures, result, "1 of 3 preserved devices would change address")
    checks.stops(failures, result, "1 of 3 preserved devices would change address")
    checks.moves(failures, result, CARD, SWITCH_PORT, "bridge-reset")
    checks.leaves_config_space_alone(failures, result)
    if not failures.found:
        narrator.say("no next kernel starts; the processor sleeps")
    return result


def report(narrator, failures):
    for name, why in failures.found:
        narrator.wrong(name, why)


def no_arguments():
    parser = argparse.ArgumentParser(description="The project's main job as a told story: one handoff in QEMU that is "
                                     "opened, one that is stopped. Boots build/bzImage, which `make run` brings up to date.",
                                     epilog="Exit status: 0 both went as they should, 1 they did not, 2 something is missing.")
    parser.parse_args()


def main():
    no_arguments()
    start = time.monotonic()
    narrator = Narrator(sys.stdout)
    ends_well_when_told_to_end()
    failed = 0
    try:
        for needed in (paths.kernel, paths.qemu, paths.ovmf):
            needed()
        narrator.say("A Live Update of a machine in QEMU: UEFI firmware, a patched Linux, "
                     "Debian's kexec-tools")
        for play in (act_one, act_two):
            failures = Failures()
            result = play(narrator, failures)
            report(narrator, failures)
            failed += len(failures.found)
            narrator.say(f"logs: {result.directory}/")
    except paths.Missing as missing:
        print(f"run: {missing}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("run: interrupted", file=sys.stderr)
        return 130
    narrator.end(failed, f"{plural(failed, 'thing')} went wrong" if failed else
                 "Both acts went as they should", time.monotonic() - start)
    return 1 if failed else 0


sys.exit(main())
