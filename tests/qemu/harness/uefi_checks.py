# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The checks that several firmware boots have in common."""

import re
import subprocess

from . import checks, paths, uefi
from .checks import COST, prints_cost
from .uefi import Boot

STOP_TAIL = r"next boot entry"


def main(test):
    """Runs test(tap) as a TAP program, once for each depth of page tables that the firmware uses."""
    def each(tap):
        for cpu in uefi.cpus():
            uefi.CPU = cpu
            if cpu != "qemu64":
                tap.note("again, with five levels of page tables")
            test(tap)
    checks.main(each)


def run(tap, **settings):
    return run_boot(tap, Boot(**settings))


def run_boot(tap, boot):
    outcome = boot.run()
    tap.ok(not outcome.trouble, f"{boot.name} ends", outcome.trouble, *outcome.lines[-15:])
    tap.note(f"{boot.name}: {outcome.seconds:.1f} s, logs in {outcome.directory}")
    return outcome


def opens(tap, outcome, devices=(uefi.CARD, uefi.NVME)):
    """The verdict is open, and Linux finds the devices at the recorded addresses."""
    number = len(devices)
    for device in devices:
        tap.has_line(outcome.gate, rf"pcigate: {device} keeps its address")
    tap.has_line(outcome.gate[-1:], rf"pcigate: OPEN: {number} of {number} preserved devices keep "
                 rf"their address( \({COST}\))?", "the last line says OPEN")
    prints_cost(tap, outcome.gate)
    tap.equal(outcome.count(uefi.KERNEL_LINE), 1, "the kernel starts")
    tap.equal(len(outcome.guest("done")), 1, "the guest's script runs to its end")
    seen = outcome.devices()
    tap.ok(set(devices) <= set(seen), "Linux finds the devices at the recorded addresses",
           *seen.items())


def stops(tap, outcome, verdict, reason, outcome_words=STOP_TAIL, kernels=0):
    """pcigate.efi stopped and the firmware started the next entry. `kernels` is the number of kernels
    that started: 0, or 1 if the fallback entry starts one."""
    tap.has_line(outcome.gate[-1:], rf"pcigate: STOP: {verdict}( \({COST}\))?; {outcome_words}",
                 "the last line says STOP")
    tap.equal(outcome.count(uefi.KERNEL_LINE), kernels, f"{kernels or 'no'} kernel starts")
    if outcome_words == STOP_TAIL:
        tap.equal(outcome.count(uefi.FALLBACK_LINE), 1, "the fallback entry starts")
    if reason:
        tap.ok(any(f"[{reason}]" in line for line in outcome.gate), f"the reason is {reason}",
               *outcome.gate)


def well_formed(tap, outcome):
    checks.well_formed(tap, outcome, columns=100)


def show_efi(tap, outcome, name, *arguments):
    """The output of pcigate show --efi for the variable as efivarfs in the guest showed it."""
    data = outcome.variables().get(name)
    if not tap.ok(data, f"Linux has the variable {name}", *outcome.variables()):
        return ""
    path = outcome.directory / name
    path.write_bytes(data)
    shown = subprocess.run([paths.command(), "show", "--efi", *arguments, path], text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    tap.equal(shown.returncode, 0 if "verdict=open" in plain(data) else 1,
              f"pcigate show --efi reads {name} and exits with its verdict")
    return shown.stdout


def commands_read(tap, record, what, devices=(uefi.CARD, uefi.NVME)):
    """The commands check, show and plan accept a recording with the two devices."""
    card, nvme = devices
    for command, pattern in (("check", "pcigate: OPEN: 2 of 2 preserved devices keep their address"),
                             ("show", f"{card} 8086:10d3 preserved"),
                             ("plan", f"{nvme} 1b36:0010, preserved")):
        done = subprocess.run([paths.command(), command, record], text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        tap.equal(done.returncode, 0, f"pcigate {command} reads {what}")
        tap.ok(pattern in done.stdout, f"pcigate {command} prints what {what} contains", done.stdout)


def plain(data):
    """The text of a variable as efivarfs shows it."""
    return data[4:].decode("utf-16-le").rstrip("\0")


def words(data):
    return dict(re.findall(r"(\S+)=(\S+)", plain(data)))
