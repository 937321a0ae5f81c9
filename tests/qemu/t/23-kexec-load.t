#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The stage works in images that kexec-tools loads with kexec_load(2). This loader hands over no KHO data."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, image
from harness.scenario import CRASH_WORDS, NEXT_WORDS


def test(tap):
    files = {"sbin/kexec-stage*": image.kexec_with_stage()}

    result = checks.run(tap, name="kexec-load", files=files, following="list_devices",
                        first=f"list_devices\nload_by_tools {NEXT_WORDS}\ngo")
    checks.starts(tap, result)
    checks.keeps_addresses(tap, result)
    tap.has_line(result.gate, "pcigate: no KHO data: nothing is handed over")
    tap.has_line(result.gate[-1:], "pcigate: OPEN: no PCI device is preserved .*")
    checks.reads_no_config_space(tap, result)

    checks.stops_damaged_image(tap, "load_by_tools", name="kexec-load-damaged", files=files)

    result = checks.run(tap, name="kexec-load-crash", files=files,
                        first_words=CRASH_WORDS, end="guest: (done|FAILED)",
                        first=f"list_devices\nload_crash_by_tools {NEXT_WORDS}\ncrash",
                        following="run ls -l /proc/vmcore")
    checks.starts_crash_kernel(tap, result)


checks.main(test)
