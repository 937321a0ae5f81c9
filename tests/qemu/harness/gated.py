# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Handoffs through a gated image, from Debian's own kernel to itself."""

import shlex

from . import checks, paths
from .image import command_files
from .scenario import CARD, NEXT_WORDS, NVME, ONBOARD

# No KHO and no Live Update: these kernels have none.
CMDLINE = "console=ttyS0 printk.devkmsg=on no_timer_check tsc=reliable"
DEVICES = (NVME, CARD, ONBOARD)

_VERBS = """
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


def settings(*, loader="kexec -s -l", before_load="", before_kexec="", words="", load="",
             devices=DEVICES, **more):
    """The settings of a Scenario: record, wrap, load, kexec."""
    words = f"{NEXT_WORDS} {words}".strip()
    script = "\n".join([
        _VERBS, "list_devices", before_load,
        load or f"wrap {' '.join(devices)}\nload_gated {shlex.quote(loader)} {shlex.quote(words)}",
        before_kexec, "go"])
    return {"kernel": kernel(), "first": script, "following": "list_devices", "cmdline": CMDLINE,
            "files": command_files(), "logs": "qemu", "memory": "1G", **more}


def opens(tap, result, devices=DEVICES):
    """The stage opened, and the next kernel finds everything where it was."""
    for device in devices:
        tap.has_line(result.gate, rf"pcigate: {device} keeps its address")
    number = len(devices)
    tap.has_line(result.gate[-1:], rf"pcigate: OPEN: {number} of {number} preserved devices keep "
                 rf"their address( \({checks.COST}\))?", "the last line opens")
    checks.starts(tap, result)
    checks.keeps_addresses(tap, result, devices)
