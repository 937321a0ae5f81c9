#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Handoffs in QEMU, in two parts. In each part the first handoff proceeds, and pcigate stops the
second one; both run at the same time.

The exit status is 0 only if both end as expected.
"""

import argparse
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import checks, gated, image, paths, scenario  # noqa: E402
from harness.scenario import CARD, NVME, ONBOARD, SWITCH_PORT, Scenario  # noqa: E402
from harness.progress import Progress, plural  # noqa: E402
from harness.tap import Tap, exit_on_sigterm  # noqa: E402

WHERE = {
    NVME: "an NVMe disk behind a root port",
    CARD: "a network card behind a switch, below three bridges",
    ONBOARD: "a device on the root bus",
}
BOUND = r"guest: bound .* vfio2"
RECORDED = r"guest: recorded: 3 of .*"
CLEARED = (r"guest: bridge \S+ now",
           f"bridge {SWITCH_PORT}, above the switch and the card, loses its bus numbers")
JUMP = (r"kexec_core: Starting new kernel",
        "kexec -e: the outgoing kernel jumps to the stage, which prints:")
ARRIVED = r"(?s)Starting new kernel.*Linux version \d"
ONE_MOVES = "1 of 3 preserved devices would change address"

DEBIAN = [
    (r"Linux version \d", "Debian's kernel starts"),
    (RECORDED, "pcigate record: writes down the machine, with three devices that must not move:"),
    (r"(?s)guest: recorded.*next kernel loaded",
     "pcigate wrap: puts the stage in front of the same kernel; kexec -s -l: loads the result"),
    CLEARED,
    JUMP,
    (ARRIVED, "the next kernel, Debian's again, starts"),
]
LIVE_UPDATE = [
    (r"Linux version \d", "the outgoing kernel starts"),
    (BOUND, "the guest binds three devices to vfio-pci:"),
    (r"guest: preserved token 3", "the guest preserves their files in a Live Update session"),
    (r"guest: next kernel loaded", "the guest loads the next kernel (kexec -s -l)"),
    CLEARED,
    (r"pcigate: STOP: .*; refused", "kexec -e: the outgoing kernel runs pcigate, refuses the "
     "kexec (\"Operation canceled\") and continues"),
    (r"guest: early check disabled", "the guest disables the early check (as pci_liveupdate.check=0 does)"),
    JUMP,
    (ARRIVED, "the next kernel starts"),
    (r"guest: retrieved token 3", "the next kernel returns the three files"),
    (r"guest: finished session", "the guest finishes the session"),
]
# Set when the program ends early. The threads then end their machines.
interrupted = threading.Event()


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
        """part() prints where the logs are."""


def handoff(progress, failures, title, steps, **settings):
    progress.title(title)
    follower = progress.follow(steps, {BOUND: WHERE, RECORDED: WHERE})

    def on_text(machine, text):
        if interrupted.is_set():
            sys.exit(1)
        follower(machine, text)

    result = Scenario(**{**settings, "logs": "run", "on_text": on_text}).run()
    failures.ok(not result.trouble, result.trouble)
    return result


def debian_unharmed(progress, failures):
    result = handoff(progress, failures, "First handoff: no bridge has changed", DEBIAN,
                     **gated.settings(name="debian-unharmed"))
    gated.opens(failures, result)
    unharmed(progress, failures, result, "every device has the same address as before")
    return result


def debian_cleared(progress, failures):
    result = handoff(progress, failures, "Second handoff: a bridge loses its bus numbers after the "
                     "image was loaded", DEBIAN, **gated.settings(
                         name="debian-cleared", before_kexec=f"clear_bus_numbers {SWITCH_PORT}"))
    stopped(progress, failures, result)
    return result


def update_unharmed(progress, failures):
    result = handoff(progress, failures, "Third handoff: a Live Update, no bridge has changed",
                     LIVE_UPDATE, name="update-unharmed", firmware="ovmf", memory="1G")
    checks.opens(failures, result)
    unharmed(progress, failures, result, "every preserved device has the same address as before")
    return result


def update_cleared(progress, failures):
    result = handoff(progress, failures, "Fourth handoff: a Live Update, and a bridge loses its bus "
                     "numbers after the devices were preserved", LIVE_UPDATE,
                     name="update-cleared", firmware="ovmf", memory="1G",
                     before_kexec=f"clear_bus_numbers {SWITCH_PORT}\nexpect_refusal\ndisable_early_check")
    checks.refuses(failures, result, ONE_MOVES)
    stopped(progress, failures, result)
    return result


def unharmed(progress, failures, result, words):
    checks.leaves_config_space_alone(failures, result)
    if not failures.found:
        progress.say(words)
        figures(progress, result)


def stopped(progress, failures, result):
    checks.stops(failures, result, ONE_MOVES)
    checks.moves(failures, result, CARD, SWITCH_PORT, "bridge-reset")
    checks.leaves_config_space_alone(failures, result)
    if not failures.found:
        progress.say("the stage has halted the processor; the next kernel does not start")


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


def prepare_debian():
    version = gated.kernel().name.removeprefix("vmlinuz-")
    paths.command()
    return f"Part 1: Debian's own kernel ({version}) and kexec-tools, unchanged, in QEMU"


def prepare_live_update():
    paths.kernel()
    paths.ovmf()
    return ("Part 2: a Live Update in QEMU: UEFI firmware, a patched Linux, Debian's kexec-tools")


PARTS = {
    "debian": (prepare_debian, (debian_unharmed, debian_cleared)),
    "live-update": (prepare_live_update, (update_unharmed, update_cleared)),
}


def part(progress, prepare, handoffs):
    """Runs the handoffs side by side and prints them one after the other. Returns how many checks
    failed."""
    progress.say(prepare())
    paths.qemu()
    image.core()
    failed = 0
    with ThreadPoolExecutor(len(handoffs)) as pool:
        held = [Progress(sys.stdout, held=True) for _ in handoffs]
        failures = [Failures() for _ in handoffs]
        runs = [pool.submit(*work) for work in zip(handoffs, held, failures)]
        try:
            for printer, found, run in zip(held, failures, runs):
                printer.release()
                result = run.result()
                for name, why in found.found:
                    printer.wrong(name, why)
                failed += len(found.found)
                printer.say(f"logs: {result.directory}/")
        except BaseException:
            interrupted.set()
            raise
    return failed


def arguments():
    parser = argparse.ArgumentParser(
        description="Handoffs in QEMU: one proceeds, pcigate stops the other one. `make run` builds what "
        "is needed and runs both parts.",
        epilog="Exit status: 0 both ended as expected, 1 one did not, 2 a kernel or program is missing.")
    parser.add_argument("part", nargs="?", choices=PARTS, default="debian",
                        help="debian (the default): a gated image of Debian's own kernel; live-update: "
                        "a Live Update with build/bzImage")
    return parser.parse_args()


def main():
    prepare, handoffs = PARTS[arguments().part]
    start = time.monotonic()
    progress = Progress(sys.stdout)
    exit_on_sigterm()
    try:
        failed = part(progress, prepare, handoffs)
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
