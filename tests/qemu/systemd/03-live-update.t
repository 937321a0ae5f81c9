#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""`systemctl kexec` with Debian sid's systemd, which keeps a service's file descriptors
in a Live Update session, into a gated kernel. LUOSession= gives the service a session of its own."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated, paths, systemd
from harness.image import command_files
from harness.scenario import CMDLINE, NEXT_WORDS, NVME, ONBOARD

DEVICES = (NVME, ONBOARD)
PRESERVE = " ".join(f"--preserve {device}" for device in DEVICES)
TEXT, OWN_TEXT = "kept by systemd", "kept by the service"

# systemd makes a memfd of the text, which the service puts into its store.
UNIT = f"""
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh /scenario/keep
StandardInput=data
StandardInputText={TEXT}
NotifyAccess=all
FileDescriptorStoreMax=8
FileDescriptorStorePreserve=yes
LUOSession=own
"""

# The service preserves another memfd in its own session.
KEEP = f"""
. /verbs
kernel=$(sed -n 's/.*guest\\.kernel=\\([0-9]\\).*/\\1/p' /proc/cmdline)
kernel=${{kernel:-1}}
say "kernel $kernel names: $LISTEN_FDNAMES"
fd=3
for name in $(echo "$LISTEN_FDNAMES" | tr : ' '); do
    case $kernel-$name in
    *-memory) say "kernel $kernel memory has: $(cat /proc/self/fd/$fd)" ;;
    1-own) run /bin/luctl preserve fd:$fd "1=line:{OWN_TEXT}" ;;
    2-own) run /bin/luctl retrieve fd:$fd 1 ;;
    esac
    fd=$((fd + 1))
done
[ "$kernel" = 2 ] || run systemd-notify --fd=0 --fdname=memory
"""

STEPS = f"""
. /verbs
{gated.VERBS}
export PATH=/bin:/sbin:/usr/bin
kernel=$(sed -n 's/.*guest\\.kernel=\\([0-9]\\).*/\\1/p' /proc/cmdline)
if [ "$kernel" = 2 ]; then
    say "done"
    exit
fi
kernel=1
say "$(systemctl --version | head -n 1)"
run pcigate load --initrd=/next/initrd --append="$(next_cmdline "{NEXT_WORDS}")" {PRESERVE} /next/bzImage
systemctl kexec >/tmp/out 2>&1 || fail "systemctl kexec: $(cat /tmp/out)"
"""


def guest(tap):
    units = {name: text.replace("ordinary.service", "keep.service ordinary.service")
             for name, text in systemd.ordinary().items()}
    return checks.run(tap, name="systemd-live-update", kernel=paths.network_kernel(), memory="2G", cmdline=CMDLINE,
                      first_words="systemd.firstboot=off", first="list_devices\n" + systemd.FIRST,
                      following="list_devices\n" + systemd.FIRST, files={
                          **systemd.sid_files(), **command_files(),
                          **systemd.units({**units, "keep.service": UNIT}),
                          "etc/machine-id": b"0123456789abcdef0123456789abcdef\n",
                          "scenario/keep": KEEP.encode(), "scenario/steps": STEPS.encode()})


def test(tap):
    result = guest(tap)
    tap.note(f"with {[match[0] for _, match in result.guest(r'systemd .*')]}")
    checks.starts(tap, result)
    tap.has_line(result.gate, "pcigate: OPEN: 2 of 2 preserved devices keep their address.*", "the stage opens")
    checks.keeps_addresses(tap, result, DEVICES)
    memory = [match[1] for _, match in result.guest("kernel 2 memory has: (.*)")]
    tap.equal(memory, [TEXT], "the service has its memfd again")
    tap.equal([(kernel, match[1]) for kernel, match in result.guest("retrieved token 1 (.*)")], [(2, OWN_TEXT)],
              "the session of LUOSession= has what the service preserved in it")


checks.main(test)
