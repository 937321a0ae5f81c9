# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What a kernel prints when it finds something wrong with itself.

The checkers (lockdep, KASAN, the debug options of kernel-patch/config-debug)
print and go on, so a scenario can be green over a log that is full of it.
"""

import re

# Each of them begins a report, or stands in one. printk's time and the caller's
# name may come before it.
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
]))
# The crash that a scenario asks for prints a trace of its own.
_CRASH = re.compile(r"sysrq: Trigger a crash")
_KERNEL = re.compile(r"Linux version \d")


def find(lines, expected=()):
    """The lines that tell of something wrong, without what an `expected` pattern accounts for.

    A report in a frame ("cut here" to "end trace") is accounted for as a whole.
    """
    found, frame, crashing = [], [], False
    for line in lines:
        crashing = (crashing or bool(_CRASH.search(line))) and not _KERNEL.search(line)
        if crashing or "guest: " in line:
            continue
        if frame or "[ cut here ]" in line:
            frame.append(line)
            if "---[ end trace" in line:
                found += _unaccounted(frame, expected, True)
                frame = []
        else:
            found += _unaccounted([line], expected, False)
    return found + _unaccounted(frame, expected, True)


def _unaccounted(lines, expected, whole):
    wrong = [line for line in lines if _SPLAT.search(line)]
    hits = [line for line in lines if any(re.search(pattern, line) for pattern in expected)]
    return [] if whole and hits else [line for line in wrong if line not in hits]
