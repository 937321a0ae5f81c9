#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""kexec-tools' own loader, kexec_load(2), with the same stage: there is no KHO on this path."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, image
from harness.scenario import CRASH_WORDS, NEXT_WORDS

# Something to find the next kernel's initramfs by.
MARK = "pcigate-mark-in-the-initramfs"


def test(tap):
    files = {"sbin/kexec-stage*": image.kexec_with_stage()}

    result = checks.run(tap, name="kexec-load", files=files, following="list_devices",
                        first=f"list_devices\nload_by_tools {NEXT_WORDS}\ngo")
    checks.starts(tap, result)
    checks.keeps_addresses(tap, result)
    tap.has_line(result.gate, "pcigate: no KHO data: nothing is handed over")
    tap.has_line(result.gate[-1:], "pcigate: OPEN: no PCI device is preserved .*")
    checks.reads_no_config_space(tap, result)

    result = checks.run(tap, name="kexec-load-damaged", files=files, following=f"say {MARK}",
                        first=f"""list_devices
                        load_by_tools {NEXT_WORDS}
                        overwrite_loaded {MARK.encode().hex()} 58
                        go""")
    tap.has_line(result.gate, r"pcigate: STOP: .*digest \[image-damaged\]; halted")
    checks.sleeps(tap, result)

    result = checks.run(tap, name="kexec-load-crash", files=files,
                        first_words=CRASH_WORDS, end="guest: (done|FAILED)",
                        first=f"list_devices\nload_crash_by_tools {NEXT_WORDS}\ncrash",
                        following="run ls -l /proc/vmcore")
    checks.starts(tap, result)
    checks.touches_nothing(tap, result, "Kernel panic - not syncing")
    tap.equal(result.gate, ["pcigate: OPEN: a crash kernel, "
                            "no PCI register touched; continuing"], "the gate lets it pass")


checks.main(test)
