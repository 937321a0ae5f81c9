#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Sessions are created and closed before the kexec; only the last one is handed over."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks
from harness.scenario import CARD, DEVICES, NVME, NEXT_WORDS, ONBOARD

# At the end the session "third" is closed while "guests" stays open: only its device leaves the record.
FIRST = f"""
    list_devices
    bind {' '.join(DEVICES)}
    preserve_as one {CARD} {NVME}
    preserve_as other {ONBOARD}
    close_session one
    close_session other
    preserve_as one {ONBOARD} {CARD}
    preserve_as other {NVME}
    close_session one
    preserve_as one {CARD}
    preserve_as third {ONBOARD}
    close_session other
    close_session one
    preserve {NVME} {CARD}
    close_session third
    load {NEXT_WORDS}
    go
"""


def test(tap):
    result = checks.run(tap, name="sessions", first=FIRST, preserve=(NVME, CARD))
    checks.opens(tap, result, (NVME, CARD))
    tap.has_line(result.gate, "pcigate: KHO kho-v4, LUO luo-v5, PCI 2, pci-topology-v1: "
                 "2 devices, 4 bridges", "only the last session is handed over")
    tap.no_line(result.lines, "WARNING:|never unpreserved", "the kernel prints no warning")


checks.main(test)
