#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A bridge is in D3cold, and the device below sleeps. Neither answers, but the verdict is open."""
import sys
import tempfile
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import acpi, checks
from harness.scenario import DEVICES, NVME, NVME_PORT

POWER = f"""
    say "$(cat /sys/bus/pci/devices/{NVME_PORT}/power_state) \\
$(cat /sys/bus/pci/devices/{NVME_PORT}/power/runtime_status) bridge"
    say "$(cat /sys/bus/pci/devices/{NVME}/power_state) device"
"""
# A sleeping device refuses to be frozen, so the kexec fails until its user wakes it up.
STEPS = f"""
    echo 1 >/sys/bus/pci/devices/{NVME_PORT}/d3cold_allowed
    {POWER}
    asleep on
    {POWER}
    verdict
    sleep 1
    {POWER}
    expect_refusal
    asleep off
    tries=0
    until grep -q active /sys/bus/pci/devices/{NVME_PORT}/power/runtime_status; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || fail "{NVME_PORT} does not wake up"
        usleep 100000
    done
    {POWER}
"""


def test(tap):
    with tempfile.NamedTemporaryFile(suffix=".aml") as table:
        table.write(acpi.bridge_with_power(4))
        table.flush()
        result = checks.run(tap, name="early-asleep", before_kexec=STEPS,
                            first_words="pcie_port_pm=force pcie_ports=native",
                            extra=("-acpitable", f"file={table.name}"))
    bridge = [match[1] for _, match in result.guest(r"(\S+ \S+) bridge")]
    tap.equal(bridge, ["D0 active", "D3cold suspended", "D3cold suspended", "D0 active"],
              "the bridge sleeps while its device sleeps, before and after the verdict is read")
    device = [match[1] for _, match in result.guest(r"(\S+) device")]
    tap.equal(device[0] == device[3] == "D0" and device[1] != "D0", True,
              "the device sleeps meanwhile, and is in D0 before and after")
    for lines in checks.verdicts(result):
        for address in DEVICES:
            tap.has_line(lines, f"pcigate: {address} keeps its address")
        tap.equal(lines[-1], "open", "sysfs has the verdict")
        tap.has_line(lines[-2:-1], r"pcigate: OPEN: 3 of 3 preserved devices keep their address.*")
    tap.has_line(result.early, r"OPEN: 3 of 3 preserved devices keep their address.*",
                 "pcigate does not refuse this kexec")
    checks.opens(tap, result)


checks.main(test)
