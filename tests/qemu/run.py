#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Two handoffs in QEMU: the first one proceeds, pcigate stops the second one.

The exit status is 0 only if both end as expected.
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
from harness.progress import Progress, plural  # noqa: E402
from harness.tap import Tap, exit_on_sigterm  # noqa: E402

WHERE = {
    NVME: "an NVMe disk behind a root port",
    CARD: "a network card behind a switch, below three bridges",
    ONBOARD: "a device on the root bus",
}

LEAVING = [
    (r"Linux version \d", "the outgoing kernel starts"),
    (r"guest: bound .* vfio2", "the guest binds three devices to vfio-pci:"),
    (r"guest: preserved token 3", "the guest preserves their files in a Live Update session"),
    (r"guest: next kernel loaded", "the guest loads the next kernel (kexec -s -l)"),
    (r"guest: bridge \S+ now", f"bridge {SWITCH_PORT}, above the switch and the card, loses its bus numbers"),
    (r"pcigate: STOP: .*; refused", "kexec -e: the outgoing kernel runs pcigate, refuses the "
     "kexec (\"Operation canceled\") and continues"),
    (r"guest: early check disabled", "the guest disables the early check (as pcigate.early=off does)"),
    (r"kexec_core: Starting new kernel", "kexec -e: the outgoing kernel jumps to the stage, which prints:"),
]
ARRIVING = [
    (r"(?s)Starting new kernel.*Linux version \d", "the next kernel starts"),
    (r"guest: retrieved token 3", "the next kernel returns the three files"),
    (r"guest: finished session", "the guest finishes the session"),
]


class Failures(Tap):
    """Collects the checks that fail, and prints nothing."""

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
        """main() prints where the logs are."""


def handoff(progress, name, steps, **settings):
    follower = progress.follow(steps, {r"guest: bound .* vfio2": WHERE})
    return Scenario(name=name, logs="run", firmware="ovmf", memory="1G", on_text=follower,
                    **settings).run()


def first_handoff(progress, failures):
    progress.title("First handoff: no bridge has changed")
    result = handoff(progress, "first", LEAVING + ARRIVING)
    failures.ok(not result.trouble, result.trouble)
    checks.opens(failures, result)
    checks.leaves_config_space_alone(failures, result)
    if not failures.found:
        progress.say("every preserved device has the same address as before")
        figures(progress, result)
    return result


def figures(progress, result):
    gate = re.search(r"(\d+) config reads, (\d+) (\w+)", "\n".join(result.gate[-2:]))
    start = result.trace.find(scenario.LEAVING_LINE)
    kernel = result.trace.find(scenario.KERNEL_LINE, after=start)
    linux = result.trace.enumeration(kernel)
    answered = len(result.gate_window().answered)
    progress.say(f"the stage: {gate[1]} config reads, {answered} of them answered by a device; "
                 f"no write; {int(gate[2]):,} {gate[3]}")
    progress.say(f"the next kernel's enumeration: {len(linux.answered):,} answered reads and "
                 f"{len(linux.writes)} writes; the stage adds "
                 f"{100 * answered / len(linux.answered):.1f} %")


def second_handoff(progress, failures):
    progress.title("Second handoff: a bridge loses its bus numbers after the devices were preserved")
    result = handoff(progress, "second", LEAVING,
                 before_kexec=f"clear_bus_numbers {SWITCH_PORT}\nexpect_refusal\ndisable_early_check")
    failures.ok(not result.trouble, result.trouble)
    checks.refuses(failures, result, "1 of 3 preserved devices would change address")
    checks.stops(failures, result, "1 of 3 preserved devices would change address")
    checks.moves(failures, result, CARD, SWITCH_PORT, "bridge-reset")
    checks.leaves_config_space_alone(failures, result)
    if not failures.found:
        progress.say("the stage has halted the processor; the next kernel does not start")
    return result


def report(progress, failures):
    for name, why in failures.found:
        progress.wrong(name, why)


def no_arguments():
    parser = argparse.ArgumentParser(
        description="Two handoffs in QEMU: the first one proceeds, pcigate stops the second one. "
        "Boots build/bzImage, which `make run` builds.",
        epilog="Exit status: 0 both ended as expected, 1 one did not, 2 a kernel or program is missing.")
    parser.parse_args()


def main():
    no_arguments()
    start = time.monotonic()
    progress = Progress(sys.stdout)
    exit_on_sigterm()
    failed = 0
    try:
        for needed in (paths.kernel, paths.qemu, paths.ovmf):
            needed()
        progress.say("A Live Update of a machine in QEMU: UEFI firmware, a patched Linux, "
                     "Debian's kexec-tools")
        for run_handoff in (first_handoff, second_handoff):
            failures = Failures()
            result = run_handoff(progress, failures)
            report(progress, failures)
            failed += len(failures.found)
            progress.say(f"logs: {result.directory}/")
    except paths.Missing as missing:
        print(f"run: {missing}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("run: interrupted", file=sys.stderr)
        return 130
    progress.end(failed, f"{plural(failed, 'check')} failed" if failed else
                 "Both handoffs ended as expected", time.monotonic() - start)
    return 1 if failed else 0


sys.exit(main())
