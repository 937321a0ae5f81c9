# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Handoffs through a gated image, from Debian's own kernel to itself."""

import shlex

from . import checks, paths
from .image import command_files
from .scenario import CARD, NEXT_WORDS, NVME, ONBOARD, TOPOLOGY, Plugger

# No KHO and no Live Update: these kernels have none.
CMDLINE = "console=ttyS0 printk.devkmsg=on no_timer_check tsc=reliable"
DEVICES = (NVME, CARD, ONBOARD)

VERBS = """
pcigate() {
	/host/ld-linux-x86-64.so.2 --library-path /host /host/pcigate "$@"
}

# attempt NAME COMMAND...: runs a command and prints its status and lines for the host.
attempt() {
	name=$1
	shift
	"$@" >/tmp/printed 2>&1
	say "$name status $?"
	while read -r line; do say "$name said $line"; done </tmp/printed
}

# wrap ADDRESS...: records the host and wraps the next kernel.
wrap() {
	run pcigate record -o /tmp/host.dtb "$@"
	run pcigate wrap --record /tmp/host.dtb -o /tmp/gated.img /next/bzImage
}

next_cmdline() {
	echo "$(cat /scenario/cmdline) guest.kernel=$((kernel + 1)) $*"
}

# load_gated LOADER WORDS: LOADER is kexec with its options.
load_gated() {
	loader=$1
	shift
	# shellcheck disable=SC2086 # program and options
	run $loader /tmp/gated.img --initrd=/next/initrd --append="$(next_cmdline "$@")"
	say "next kernel loaded"
}

# load_by_command WORDS OPTION...
load_by_command() {
	words=$1
	shift
	attempt load pcigate load --initrd=/next/initrd --append="$(next_cmdline "$words")" "$@" \
		"${image:-/next/bzImage}"
	say "next kernel loaded"
}
"""


def kernel(release="bookworm"):
    """Debian's kernel of that release, fetched the first time."""
    return paths.printed_by(paths.REPO / "scripts/fetch-debian-kernel.sh", release)


def loaded(beside=False):
    """What pcigate load says when it has loaded that kernel with the three devices."""
    release = kernel().name.removeprefix("vmlinuz-")
    return ["status 0", f"said gated: 3 devices pinned{', recorded in the initrd' if beside else ''}, "
            f"next kernel {release} does not know KHO"]


def settings(*, loader="kexec -s -l", before_load="", before_kexec="", words="", load="",
             devices=DEVICES, **more):
    """The settings of a Scenario: record, wrap, load, kexec."""
    words = f"{NEXT_WORDS} {words}".strip()
    script = "\n".join([
        VERBS, "list_devices", before_load,
        load or f"wrap {' '.join(devices)}\nload_gated {shlex.quote(loader)} {shlex.quote(words)}",
        before_kexec, "go"])
    return {"kernel": kernel(), "first": script, "following": "list_devices\nlist_report", "cmdline": CMDLINE,
            "files": command_files(), "logs": "qemu", "memory": "1G", **more}


def run(tap, **more):
    """Runs a scenario with these settings. The stage reads config space and does not write to it."""
    result = checks.run(tap, **settings(**more))
    checks.leaves_config_space_alone(tap, result)
    return result


# A machine with an empty slot in front of the recorded bridges, and the settings that plug a card with
# a bridge into it, which takes the bus number of a recorded one.
FRONT_PORT, FRONT_SLOT = "0000:00:02.0", "0000:01:00.0"
BEHIND_CARD, BEHIND_DISK = "0000:04:00.0", "0000:05:00.0"


def plugged_in_front():
    return {"topology": (*TOPOLOGY, "-device", "pcie-root-port,id=front,bus=pcie.0,addr=2,chassis=11,slot=11,"
                         "power_controller_present=off"),
            "devices": (BEHIND_DISK, BEHIND_CARD),
            "on_text": Plugger(driver="pcie-pci-bridge", id="coming", bus="front"),
            "before_kexec": f'say "plug it in"\nwait_for_card {FRONT_PORT}'}


def stops_in_front(tap, result):
    """The stage stopped because of the card that was plugged in."""
    checks.stops(tap, result, "1 of 2 would move, 1 unverified")
    checks.moves(tap, result, BEHIND_CARD, FRONT_SLOT, "bus-taken")


def opens(tap, result, devices=DEVICES):
    """The stage opened, and the next kernel finds everything where it was."""
    for device in devices:
        tap.has_line(result.gate, rf"pcigate: {device} keeps its address")
    number = len(devices)
    tap.has_line(result.gate[-1:], rf"pcigate: OPEN: {number} of {number} preserved devices keep "
                 rf"their address( \({checks.COST}\))?", "the last line says OPEN")
    checks.starts(tap, result)
    checks.keeps_addresses(tap, result, devices)
