#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Fetches Debian's kexec-tools and busybox for the guests. An installed kexec-tools
# would change how this machine reboots. So the packages and their dependencies come
# through a private apt root and are only unpacked.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=../../scripts/common.sh
. "$here/../../scripts/common.sh"
# shellcheck source=../../scripts/apt-root.sh
. "$here/../../scripts/apt-root.sh"

usage() {
	cat <<-EOT
		Usage: tests/qemu/fetch-guest-tools.sh [--update] [--systemd | --systemd-sid | --libvirt | --qemu]

		Fetches Debian's kexec-tools and busybox-static for the test guests
		and prints the directory they are unpacked in. Nothing is installed.
		What is already in the cache is used as it is.

		  --systemd  fetch systemd and udev instead, with their dependencies
		  --systemd-sid  that of Debian sid, with its libraries
		  --libvirt  fetch libvirt's schemas and xmllint instead
		  --qemu     fetch Debian trixie's QEMU instead, with its libraries: it has
		             the network card igb. The directory has a program
		             "qemu-system-x86_64" that uses them
		  --update   fetch again, even if the cache has them
		  --help     this text
	EOT
}

dest=$cache_dir/guest-tools
packages=(kexec-tools busybox-static)
wanted=({,usr/}sbin/kexec {,usr/}bin/busybox)
size=6
suite=$(apt_machine_codename)
update=false
while [ $# -gt 0 ]; do
	case $1 in
	--update) update=true ;;
	--systemd)
		dest=$cache_dir/guest-systemd
		packages=(systemd udev)
		wanted=({,usr/}lib/systemd/systemd {,usr/}bin/systemctl {,usr/}bin/udevadm)
		size=25
		;;
	--systemd-sid)
		dest=$cache_dir/guest-systemd-sid
		packages=(systemd udev)
		wanted=({,usr/}lib/systemd/systemd {,usr/}bin/systemctl {,usr/}bin/udevadm)
		size=30
		suite=sid
		;;
	--libvirt)
		dest=$cache_dir/libvirt
		packages=(libvirt0 libxml2-utils)
		wanted=({,usr/}bin/xmllint)
		size=25
		;;
	--qemu)
		dest=$cache_dir/guest-qemu
		packages=(qemu-system-x86)
		wanted=({,usr/}bin/qemu-system-x86_64)
		size=40
		suite=trixie
		;;
	-h | --help) usage; exit 0 ;;
	*) die_usage "unknown argument: $1" ;;
	esac
	shift
done

# Prints a program that runs the unpacked QEMU with its own loader, libraries, modules
# and firmware. They stay where they are relative to this program.
qemu_program() {
	cat <<-'EOT'
		#!/bin/sh
		root=$(dirname -- "$(realpath -- "$0")")
		libraries=$root/usr/lib/x86_64-linux-gnu
		export QEMU_MODULE_DIR="$libraries/qemu"
		exec "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" \
			"$root/usr/bin/qemu-system-x86_64" -L "$root/usr/share/qemu" \
			-L "$root/usr/share/seabios" "$@"
	EOT
}

# Whether the directory has all that is wanted. Each program has two possible places.
complete() {
	local i
	for ((i = 0; i < ${#wanted[@]}; i += 2)); do
		[ -x "$1/${wanted[i]}" ] || [ -x "$1/${wanted[i + 1]}" ] || return 1
	done
}

# The private root has no installed packages, so apt downloads the packages and all
# their libraries.
from_suite() {
	local suite=$1 work=$dest.new deb archives
	archives=$apt_root_dir/cache/archives
	rm -f "$archives"/*.deb
	apt_in_root apt-get -qq -y --no-install-recommends --download-only \
		install "${packages[@]}" >&2 || return 1
	rm -rf "$work"
	mkdir -p "$work"
	for deb in "$archives"/*.deb; do
		dpkg-deb -x "$deb" "$work" || return 1
	done
	complete "$work" || return 1
	say "from $suite: $(cd "$archives" && for deb in "${packages[@]}"; do echo "$deb"_*.deb; done | tr '\n' ' ')"
	if [ "${packages[0]}" = qemu-system-x86 ]; then
		qemu_program >"$work/qemu-system-x86_64"
		chmod +x "$work/qemu-system-x86_64"
	fi
	rm -rf "$dest"
	mv "$work" "$dest"
}

take_lock guest-tools
if $update || ! complete "$dest"; then
	need_command apt-get dpkg-deb
	say "fetching ${packages[*]} for the guests (about $size MB)"
	apt_each_suite deb from_suite "$suite" ||
		die "the machine's Debian archive does not have all of: ${packages[*]}"
fi
printf '%s\n' "$dest"
