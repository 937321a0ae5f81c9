# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What several firmware boots assert."""

import re
import subprocess

from . import checks, paths, uefi
from .checks import COST
from .uefi import Boot

STOP_TAIL = r"next boot entry"


def main(test):
    """Runs test(tap) as a TAP program, for each kind of paging that the firmware offers."""
    def each(tap):
        for cpu in uefi.cpus():
            uefi.CPU = cpu
            if cpu != "qemu64":
                tap.note("once more, with five levels of page tables")
            test(tap)
    checks.main(each)


def run(tap, **settings):
    outcome = Boot(**settings).run()
    tap.ok(not outcome.trouble, f"{settings['name']} came to an end", outcome.trouble,
           *outcome.lines[-15:])
    tap.note(f"{settings['name']}: {outcome.seconds:.1f} s, logs in {outcome.directory}")
    return outcome


def opens(tap, outcome, devices=(uefi.CARD, uefi.NVME)):
    """The gate opened, and Linux has what was recorded where it was recorded."""
    number = len(devices)
    for device in devices:
        tap.has_line(outcome.gate, rf"pcigate: {device} keeps its address")
    tap.has_line(outcome.gate[-1:], rf"pcigate: OPEN: {number} of {number} preserved devices keep "
                 rf"their address( \({COST}\))?", "the last line opens")
    tap.has_line(outcome.gate[-2:], rf".*\b{COST}\b.*", "and what it cost is told")
    tap.equal(outcome.count(uefi.KERNEL_LINE), 1, "the kernel starts")
    tap.equal(len(outcome.guest("done")), 1, "and comes up")
    seen = outcome.devices()
    tap.ok(set(devices) <= set(seen), "with the devices at the recorded addresses",
           *seen.items())


def stops(tap, outcome, verdict, reason, outcome_words=STOP_TAIL, kernels=0):
    """The gate stopped, no kernel started (but for a fallback's own); the next entry got its turn."""
    tap.has_line(outcome.gate[-1:], rf"pcigate: STOP: {verdict}( \({COST}\))?; {outcome_words}",
                 "the last line stops")
    tap.equal(outcome.count(uefi.KERNEL_LINE), kernels, f"{kernels or 'no'} kernel starts")
    if outcome_words == STOP_TAIL:
        tap.equal(outcome.count(uefi.FALLBACK_LINE), 1, "the fallback entry gets its turn")
    if reason:
        tap.ok(any(f"[{reason}]" in line for line in outcome.gate), f"the reason is {reason}",
               *outcome.gate)


def well_formed(tap, outcome):
    bad = [line for line in outcome.gate if len(line) > 100 or not line.isprintable()]
    tap.equal(bad, [], "the gate's lines are short and printable")
    tap.equal(sorted(set(outcome.gate)), sorted(outcome.gate), "and none is printed twice")


def show_efi(tap, outcome, name, *arguments):
    """pcigate show --efi on what efivarfs in the guest showed."""
    data = outcome.variables().get(name)
    if not tap.ok(data, f"the kernel sees the variable {name}", *outcome.variables()):
        return ""
    path = outcome.directory / name
    path.write_bytes(data)
    shown = subprocess.run([paths.command(), "show", "--efi", *arguments, path], text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    tap.equal(shown.returncode, 0 if "verdict=open" in plain(data) else 1,
              "pcigate show --efi reads it")
    return shown.stdout


def plain(data):
    """The text of a variable as efivarfs shows it."""
    return data[4:].decode("utf-16-le").rstrip("\0")


def words(data):
    return dict(re.findall(r"(\S+)=(\S+)", plain(data)))
