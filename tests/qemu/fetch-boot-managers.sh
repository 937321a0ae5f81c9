#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Fetches Debian's systemd-boot and GRUB for UEFI, and GRUB for the BIOS. If they were
# installed, they could replace this machine's boot manager. So the packages come through
# a private apt root and are only unpacked.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=../../scripts/common.sh
. "$here/../../scripts/common.sh"
# shellcheck source=../../scripts/apt-root.sh
. "$here/../../scripts/apt-root.sh"

usage() {
	cat <<-EOT
		Usage: tests/qemu/fetch-boot-managers.sh [--update]

		Fetches systemd-boot and GRUB from Debian's packages for the
		firmware boots of the tests and prints the directory they are
		unpacked in. Nothing is installed. What is already in the cache is
		used as it is.

		  --update   fetch again, even if the cache has them
		  --help     this text
	EOT
}

dest=$cache_dir/boot-managers
update=false
while [ $# -gt 0 ]; do
	case $1 in
	--update) update=true ;;
	-h | --help) usage; exit 0 ;;
	*) die_usage "unknown argument: $1" ;;
	esac
	shift
done

# The files that the tests need. A cache of an older version does not have all of them.
complete() {
	local file
	for file in lib/systemd/boot/efi/systemd-bootx64.efi bin/grub-mkimage \
		lib/grub/{x86_64-efi/monolithic/grubx64.efi,i386-pc/boot.img}; do
		[ -f "$1/usr/$file" ] && continue
		missing=/usr/$file
		return 1
	done
}

# Other dependencies are not needed: they are programs for a host, and libraries that each
# host has. Debian 13 has GRUB's image in grub-efi-amd64-unsigned, Debian 12 in
# grub-efi-amd64-bin.
from_suite() {
	local suite=$1 work=$dest.new deb grub=grub-efi-amd64-unsigned missing
	apt_in_root apt-cache show "$grub" >/dev/null 2>&1 || grub="grub-efi-amd64-bin"
	rm -rf "$work"
	mkdir -p "$work/debs"
	(cd "$work/debs" && apt_in_root apt-get -qq download systemd-boot-efi "$grub" \
		grub-pc-bin grub-common libdevmapper1.02.1 >&2) || return 1
	for deb in "$work/debs"/*.deb; do
		dpkg-deb -x "$deb" "$work" || return 1
	done
	if ! complete "$work"; then
		say "$suite: none of the packages has $missing"
		return 1
	fi
	say "from $suite: $(cd "$work/debs" && echo *.deb)"
	rm -rf "$work/debs" "$dest"
	mv "$work" "$dest"
}

take_lock boot-managers
if $update || ! complete "$dest"; then
	need_command apt-get dpkg-deb
	say "fetching systemd-boot and GRUB for the tests (about 7 MB)"
	apt_each_suite deb from_suite "$(apt_machine_codename)" ||
		die "no systemd-boot and GRUB in the machine's Debian archive"
fi
printf '%s\n' "$dest"
