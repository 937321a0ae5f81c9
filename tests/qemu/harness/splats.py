# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Finds the warnings of a kernel about itself.

The checkers (lockdep, KASAN, the debug options of kernel-patch/config-debug) print a warning and the
kernel continues, so a scenario would pass in spite of them.
"""

import re

# Each pattern is in a line of a report. printk's time and the caller's name may come before it.
_SPLAT = re.compile("|".join([
    r"WARNING: ",
    r"\bBUG: ",
    r"kernel BUG at",
    r"-+\[ cut here \]-+",
    r"\bOops\b",
    r"general protection fault",
    r"KASAN|UBSAN: |KMSAN|KCSAN",
    r"unreferenced object",
    r"ODEBUG: ",
    r"DMA-API: (?!preallocated|debugging (en|dis)abled)",
    r"refcount_t: ",
    r"list_(add|del) corruption",
    r"possible (recursive|circular|irq lock inversion|deadlock|reason: unannotated)",
    r"(inconsistent|invalid) (lock state|wait context)",
    r"suspicious RCU usage",
    r"lock held when returning|bad unlock balance|held lock freed|still has locks held",
    r"turning off the locking correctness validator",
    r"sleeping function called from invalid context",
    r"scheduling while atomic",
    r"INFO: (task |trying to register|rcu|lockdep is turned off)",
    r"rcu: INFO: ",
    r"soft lockup|hard LOCKUP|hung_task: blocked",
    r"Call Trace:",
    r"page allocation failure",
    r"Bad page|bad: scheduling|nobody cared",
    r"sysfs: cannot create duplicate",
    r"Initramfs unpacking failed",
]))
# A crash that the scenario causes prints a trace, which is no finding.
_CRASH = re.compile(r"sysrq: Trigger a crash")
_KERNEL = re.compile(r"Linux version \d")


# Lockdep's report of a circular dependency has no "cut here" and no "end trace" line.
_LOCKS = re.compile(r"WARNING: possible circular locking dependency detected")


def find(lines, expected=()):
    """The lines with a warning, without those of expected reports.

    A report ("cut here" to "end trace", or one of lockdep's) is expected if any of its lines matches
    one of the patterns `expected`.
    """
    return [line for report in _reports(lines) for line in _unaccounted(report, expected)]


def ends_lock_checking(lines, expected):
    """Whether there is an expected report of lockdep. After its first report lockdep is off."""
    return any(_LOCKS.search(report[0]) and not _unaccounted(report, expected)
               for report in _reports(lines))


def _reports(lines):
    """Lists of the lines of each report. A line outside of a report is a list of its own."""
    report, end, crashing = [], None, False
    for line in lines:
        crashing = (crashing or bool(_CRASH.search(line))) and not _KERNEL.search(line)
        if crashing or "guest: " in line:
            continue
        report.append(line)
        if not end:
            end = ("---[ end trace" if "[ cut here ]" in line else
                   "</TASK>" if _LOCKS.search(line) else None)
        if not end or end in line:
            yield report
            report, end = [], None
    if report:
        yield report


def _unaccounted(report, expected):
    wrong = [line for line in report if _SPLAT.search(line)]
    hit = any(re.search(pattern, line) for pattern in expected for line in report)
    return [] if hit else wrong
