#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Builds a module that guests load, with the build tree of the kernel that they boot.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=../../scripts/common.sh
. "$here/../../scripts/common.sh"
# shellcheck source=kernel-build.sh
. "$here/kernel-build.sh"

usage() {
	cat <<-EOT
		Usage: tests/qemu/build-module.sh NAME KERNEL

		Builds tests/qemu/guest/NAME for the kernel image KERNEL, which
		scripts/build-kernel.sh has built, and prints the path of the
		module. It stays in the cache for as long as the kernel is the same.
	EOT
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
esac
[ $# -ge 1 ] || die_usage "NAME is missing"
name=$1
source=$here/guest/$name
case $name in
-*) die_usage "unknown argument: $name" ;;
esac
[ -f "$source/Kbuild" ] || die_usage "$name: no such module in $here/guest"
[ $# -ge 2 ] || die_usage "KERNEL is missing"
[ $# -eq 2 ] || die_usage "unknown argument: $3"
need_kernel "$2"

# The module is kept beside the image in the cache. For a kernel of a user's own
# source, which has no image there, it stays in the build directory.
key=$(cat "$2" "$source"/* | sha256sum | cut -c1-16)
if find_kept "$2" && [ -f "$kept/$name-$key.ko" ]; then
	printf '%s\n' "$kept/$name-$key.ko"
	exit 0
fi
need_tree "$2"

dest=$tree/$name
log=$tree/$name.log
take_lock kernel-build
if [ "$(cat "$dest/key" 2>/dev/null)" != "$key" ]; then
	need_command make gcc
	rm -rf "$dest"
	mkdir -p "$dest"
	cp -- "$source"/* "$dest/"
	release=$(cat "$tree/out/include/config/kernel.release")
	localversion=
	[ "$release" = "${release%%-*}" ] || localversion=-${release#*-}
	# This kernel has no modules: the first command only writes Module.symvers.
	if ! make -C "$tree/src" O="$tree/out" LOCALVERSION="$localversion" \
		modules >"$log" 2>&1 ||
		! make -C "$tree/src" O="$tree/out" LOCALVERSION="$localversion" \
			M="$dest" modules >>"$log" 2>&1; then
		grep -nE '(error|Error|undefined)' "$log" | head -n 20 >&2 || tail -n 20 "$log" >&2
		die "the module cannot be built (log: $log)"
	fi
	printf '%s\n' "$key" >"$dest/key"
fi
if [ -n "$kept" ] && cp -- "$dest/$name.ko" "$kept/$name-$key.ko.new"; then
	mv -f -- "$kept/$name-$key.ko.new" "$kept/$name-$key.ko"
	dest=$kept/$name-$key.ko
else
	dest=$dest/$name.ko
fi
printf '%s\n' "$dest"
