#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Debian's libfdt.a needs a C library and a stack protector. The stage has neither,
# so it is built with the source of libfdt.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname -- "$0")/common.sh"
# shellcheck source=apt-root.sh
. "$(dirname -- "$0")/apt-root.sh"

usage() {
	cat <<-EOT
		Usage: scripts/fetch-libfdt.sh [--update]

		Fetches the source of libfdt and prints the directory that holds
		fdt.c and libfdt.h. The source is that of the Debian source package
		device-tree-compiler: of this machine's release, or of trixie or
		forky. If none can be fetched, the script takes libfdt from a kernel
		source (KERNEL_SRC, or one in the cache). If the cache has libfdt,
		the script fetches nothing.

		  --update   fetch again, even if the cache has it
		  --help     print this text
	EOT
}

dest=$cache_dir/libfdt-src
update=false
while [ $# -gt 0 ]; do
	case $1 in
	--update) update=true ;;
	-h | --help) usage; exit 0 ;;
	*) die_usage "unknown argument: $1" ;;
	esac
	shift
done

# put DIR ORIGIN: replaces the cached source by DIR in one step.
put() {
	local new=$dest.new.$$
	rm -rf "$new"
	cp -r "$1" "$new"
	printf '%s\n' "$2" >"$new/ORIGIN"
	rm -rf "$dest"
	mv "$new" "$dest"
	say "libfdt from $2"
}

# Fetches only the upstream tar file of the source package, which apt compares with
# the signed index: some mirrors lack the packaging part.
from_debian_source() {
	local suite=$1 work name
	work=$cache_dir/apt/dtc-source
	rm -rf "$work"
	mkdir -p "$work/tree"
	if ! (cd "$work" && apt_in_root apt-get -qq source --tar-only \
		device-tree-compiler) >"$work/log" 2>&1; then
		say "suite $suite: $(sed -n 's/^E: //p' "$work/log" | head -n 1)"
		return 1
	fi
	name=$(cd "$work" && ls device-tree-compiler_*.orig.tar.*)
	tar -xf "$work/$name" -C "$work/tree" --strip-components=1
	[ -f "$work/tree/libfdt/fdt.c" ] || return 1
	put "$work/tree/libfdt" "Debian's $name ($suite)"
	rm -rf "$work"
}

from_kernel_source() {
	local tree
	for tree in ${KERNEL_SRC:+"$KERNEL_SRC"} "$cache_dir"/src/linux-*; do
		if [ -f "$tree/scripts/dtc/libfdt/fdt.c" ]; then
			put "$tree/scripts/dtc/libfdt" "the kernel source $tree"
			return
		fi
	done
	return 1
}

take_lock libfdt
if $update || [ ! -f "$dest/fdt.c" ]; then
	need_command apt-get tar xz
	codename=$(apt_machine_codename)
	say "fetching the source package device-tree-compiler"
	apt_each_suite deb-src from_debian_source "$codename" trixie forky ||
		from_kernel_source ||
		die "no libfdt source: cannot fetch device-tree-compiler, and there is no kernel source"
fi
printf '%s\n' "$dest"
