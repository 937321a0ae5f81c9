#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""`systemctl kexec` with Debian's systemd: pcigate's units (tools/systemd/) check before systemd stops
any service.

Without these units systemd stops all services, the kernel refuses the kexec, and systemd reboots
through the firmware.
"""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, paths, systemd
from harness.scenario import CARD, KERNEL_LINE, LEAVING_LINE, NEXT_WORDS, SWITCH_PORT

STEPS = f"""
kernel=1
. /verbs
export PATH=/bin:/sbin:/usr/bin:/usr/local/bin
by_systemd() {{
    say "systemctl $*"
    systemctl "$@" >/tmp/out 2>&1
    status=$?
    while read -r line; do say "systemctl: $line"; done </tmp/out
    say "systemctl exits with $status"
    sleep 2
    say "pcigate-check is $(systemctl is-active pcigate-check.service)"
    say "ordinary service is $(systemctl is-active ordinary.service)"
}}
systemctl --version | while read -r line; do say "$line"; break; done
list_devices
bind {CARD}
run @luctl preserve guests 1=$(ls -d /dev/vfio/devices/vfio*)
load {NEXT_WORDS} pcigate.buses=assign
clear_bus_numbers {SWITCH_PORT}
by_systemd kexec
journalctl -q -o cat -u pcigate-check.service >/tmp/out
while read -r line; do say "journal: $line"; done </tmp/out
by_systemd start kexec.target
set_bus_numbers {SWITCH_PORT} 0 1 3
by_systemd kexec
"""


def guest(tap, name, installed, end):
    luctl = {"sbin/@luctl@": b"/bin/luctl"}
    return checks.run(tap, name=name, kernel=paths.network_kernel(), first=systemd.FIRST, preserve=(CARD,),
                      memory="2G", timeout=150,
                      first_words="systemd.firstboot=off", end=end,
                      files={**systemd.files(installed), **systemd.units(systemd.ordinary()), **luctl,
                             "etc/machine-id": b"0123456789abcdef0123456789abcdef\n",
                             "scenario/steps": STEPS.encode()})


def test(tap):
    result = guest(tap, "systemd", True, "guest: (done|FAILED)|^pcigate: STOP|Kernel panic")
    tap.note(f"with {[match[0] for _, match in result.guest(r'systemd .*')]}")
    # "systemctl kexec" does not wait for the result, so its exit status is 0.
    tap.equal([match[1] for _, match in result.guest(r"systemctl exits with (\d+)")][:2], ["0", "1"],
              "\"systemctl start kexec.target\" fails")
    tap.equal([match[1] for _, match in result.guest(r"pcigate-check is (.*)")][:2], 2 * ["failed"],
              "pcigate-check.service fails both times")
    tap.equal([match[1] for _, match in result.guest(r"ordinary service is (.*)")][:2], 2 * ["active"],
              "the ordinary service is not stopped")
    journal = [match[1] for _, match in result.guest("journal: (.*)")]
    tap.has_line(journal, rf"pcigate: {CARD} MOVES.* \[bridge-reset\]",
                 "the journal has the reason")
    tap.has_line(journal, "pcigate:     used by driver_override vfio-pci",
                 "the journal has what depends on the address")
    tap.has_line(journal, "pcigate: STOP: 1 of 1 preserved device would change address")
    tap.equal(result.count("Rebooting with kexec"), 1,
              "after the bridge is repaired, systemd reboots with kexec")
    tap.equal([kernel for kernel, _ in result.guest(systemd.STOPPED)], [1], "then the service is stopped")
    tap.equal(result.count(LEAVING_LINE), 1, "there is one kexec")
    tap.equal(result.count(KERNEL_LINE), 2, "the next kernel starts")
    checks.retrieves(tap, result, (CARD,))

    result = guest(tap, "systemd-alone", False, "guest: (done|FAILED)|Kernel panic")
    tap.equal(len(result.guest(systemd.STOPPED)), 1, "without pcigate's units the service is stopped first")
    tap.has_line(result.early, "STOP: 1 of 1 preserved device would change address.*; refused",
                 "then the kernel refuses the kexec")
    tap.equal(result.shutdown, "guest-reset", "then systemd reboots through the firmware")


checks.main(test)
