#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""`systemctl kexec` with Debian's kernel and systemd: pcigate-load.service loads a gated kernel before
systemd stops any service. If it cannot, there is no kexec."""
import json
import subprocess
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated, paths, systemd
from harness.scenario import KERNEL_LINE, LEAVING_LINE, NEXT_WORDS, NVME, ONBOARD, NVME_PORT

# Debian's kernel has the driver of this disk and not that of the network card.
DEVICES = (NVME, ONBOARD)
PRESERVE = " ".join(f"--preserve {device}" for device in DEVICES)


SETTINGS = f"""KERNEL_IMAGE=/next/bzImage
INITRD=/next/initrd
OPTIONS="--reuse-cmdline --on-stop reset --append 'guest.kernel=2 {NEXT_WORDS}' {PRESERVE}"
"""

_BUS, _SLOT = NVME[5:7], NVME[8:10]
DOMAIN = f"""<domain type='kvm'><name>web</name><memory>65536</memory><os><type>hvm</type></os><devices>
<hostdev mode='subsystem' type='pci' managed='yes'><source>
<address domain='0x0000' bus='0x{_BUS}' slot='0x{_SLOT}' function='0x0'/>
</source></hostdev></devices></domain>
"""

STEPS = f"""
kernel=1
. /verbs
export PATH=/bin:/sbin:/usr/bin:/usr/local/bin
by_systemd() {{
    systemctl "$@" >/tmp/out 2>&1
    status=$?
    while read -r line; do say "systemctl: $line"; done </tmp/out
    say "systemctl exits with $status"
}}
list_devices
echo nvme >/sys/bus/pci/devices/{NVME}/driver_override
pcigate plan --cmdline "pci=assign-busses" >/tmp/out 2>&1
while read -r line; do say "plan: $line"; done </tmp/out
echo >/sys/bus/pci/devices/{NVME}/driver_override
mkdir -p /var/lib/pcigate
run pcigate record --all -o /var/lib/pcigate/baseline.dtb
systemctl restart pcigate-baseline.service
say "baseline: $?"
set_bus_numbers {NVME_PORT} 0 {int(_BUS, 16)} 9
systemctl restart pcigate-baseline.service
say "baseline, changed: $?"
journalctl -q -o cat PCIGATE=baseline >/tmp/out
while read -r line; do say "baseline: $line"; done </tmp/out
journalctl -q -o json --output-fields=PCIGATE_FROM,PCIGATE_TO,PRIORITY PCIGATE=baseline PCIGATE_CHANGE=renumbered >/tmp/out
while read -r line; do say "entry: $line"; done </tmp/out
set_bus_numbers {NVME_PORT} 0 {int(_BUS, 16)} {int(_BUS, 16)}
by_systemd enable pcigate-load.service
by_systemd kexec
load
cp /etc/default/pcigate /tmp/settings
echo 'KERNEL_IMAGE=/absent' >>/etc/default/pcigate
by_systemd start kexec.target
say "pcigate-load is $(systemctl is-active pcigate-load.service)"
say "ordinary service is $(systemctl is-active ordinary.service)"
journalctl -q -o cat -u pcigate-load.service >/tmp/out
while read -r line; do say "journal: $line"; done </tmp/out
cp /tmp/settings /etc/default/pcigate
if grep -q GATED_COPIES=yes /tmp/settings; then
    mkdir -p /var/lib/pcigate
    run pcigate wrap -o /var/lib/pcigate/bzImage /next/bzImage
    rm /next/bzImage
fi
by_systemd kexec
"""


def guest(tap, name, at_stop="true", more=""):
    """`at_stop`: a shell line for the time after the load, when systemd stops the services."""
    return checks.run(tap, **gated.settings(
        name=name, memory="2G", timeout=240, first_words="systemd.firstboot=off", first=systemd.FIRST,
        following="list_devices", files={
            **systemd.files(), **systemd.units(systemd.ordinary(at_stop)),
            "etc/libvirt/qemu/web.xml": DOMAIN.encode(),
            "etc/machine-id": b"0123456789abcdef0123456789abcdef\n",
            "etc/default/pcigate": (SETTINGS + more).encode(), "scenario/steps": STEPS.encode()}))


def schema_complaint():
    """What libvirt's own schema says of the domain."""
    root = paths.printed_by("fetch-guest-tools.sh", "--libvirt")
    [loader] = [path for path in root.glob("**/ld-linux-x86-64.so.2") if not path.is_symlink()]
    libraries = ":".join({str(path.parent) for path in root.glob("**/*.so.*")})
    [schema] = root.glob("usr/share/libvirt/schemas/domain.rng")
    run = subprocess.run([loader, "--library-path", libraries, root / "usr/bin/xmllint", "--noout", "--relaxng", schema, "-"],
                         input=DOMAIN, text=True, stderr=subprocess.PIPE, check=False)
    return run.stderr if run.returncode else ""


def test(tap):
    tap.equal(schema_complaint(), "", "libvirt's schema accepts the domain")
    result = guest(tap, "systemd-gated")
    tap.has_line([match[1] for _, match in result.guest("plan: (.*)")],
                 rf".*{NVME}.* UNSAFE .*, used by disk nvme0, driver_override nvme, domain web\b.*",
                 "the plan says what depends on the address of the disk")
    lines = [match[1] for _, match in result.guest("baseline(.*)")]
    tap.ok(": 0" in lines and ", changed: 1" in lines, "the baseline is compared: the unit fails if it differs", *lines)
    tap.has_line(lines, rf": RENUMBERED {NVME_PORT} buses {_BUS}-{_BUS} -> {_BUS}-09", "the journal has the difference")
    entries = [json.loads(match[1]) for _, match in result.guest("entry: (.*)")]
    tap.equal([(entry["PCIGATE_FROM"], entry["PCIGATE_TO"], entry["PRIORITY"]) for entry in entries],
              [(NVME_PORT, NVME_PORT, "4")], "the journal has an entry for the difference, with fields")
    # The second command is "kexec": nothing is loaded, and there is no entry of systemd-boot.
    tap.equal([match[1] for _, match in result.guest(r"systemctl exits with (\d+)")][:3], ["0", "1", "1"],
              "\"systemctl start kexec.target\" fails without the kernel that the settings name")
    tap.equal([match[1] for _, match in result.guest("pcigate-load is (.*)")], ["failed"],
              "pcigate-load.service fails")
    tap.has_line([match[1] for _, match in result.guest("journal: (.*)")],
                 "pcigate: /absent: .*No such file or directory", "the journal has the reason")
    tap.equal([match[1] for _, match in result.guest("ordinary service is (.*)")], ["active"],
              "then the ordinary service is not stopped, although another kernel is loaded")
    tap.equal(result.count(LEAVING_LINE), 1, "there is one kexec")
    tap.equal([kernel for kernel, _ in result.guest(systemd.STOPPED)], [1],
              "then the ordinary service is stopped")
    tap.has_line(result.gate, "pcigate: record of user space: 2 devices, .*", "the kernel is gated")
    gated.opens(tap, result, DEVICES)

    result = guest(tap, "systemd-gated-cleared", f"clear_bus_numbers {NVME_PORT}", "GATED_COPIES=yes")
    tap.has_line(result.gate, "pcigate: record of user space: 2 devices, .*", "the copy was loaded, with a record")
    checks.stops(tap, result, "1 of 2 preserved devices would change address", "resetting")
    tap.equal(result.count(KERNEL_LINE), 1, "the next kernel does not start")
    tap.equal(result.shutdown, "guest-reset", "the machine resets")


checks.main(test)
