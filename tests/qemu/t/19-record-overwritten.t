#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Linux's record is overwritten before the kexec: the stage stops and names field and value."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks

# struct luo_ser: compatible[8], liveupdate_num, sessions_pa, flbs_pa
COMPATIBLE, FLBS_PA = 0, 24


def test(tap):
    result = checks.run(tap, name="luo-version",
                        before_kexec=f"overwrite_kho LUO {COMPATIBLE} 6c756f2d76390000")
    checks.stops(tap, result, ".*")
    tap.has_line(result.gate, r"pcigate: .*luo_ser\.compatible.*luo-v9.*\[record-version-unknown\]")
    checks.reads_no_config_space(tap, result)

    result = checks.run(tap, name="luo-flbs-address",
                        before_kexec=f"overwrite_kho LUO {FLBS_PA} 00f0ffffff7f0000")
    checks.stops(tap, result, ".*")
    tap.has_line(result.gate, r"pcigate: .*luo_ser\.flbs_pa.*0x7ffffffff000.*"
                 r"\[record-outside-memory\]")
    checks.reads_no_config_space(tap, result)


checks.main(test)
