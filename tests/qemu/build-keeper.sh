#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The module that some guests load, against the build tree of the kernel that
# they boot.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=../../scripts/common.sh
. "$here/../../scripts/common.sh"

usage() {
	cat <<-EOT
		Usage: tests/qemu/build-keeper.sh KERNEL

		Builds tests/qemu/guest/keeper for the kernel image KERNEL, which
		scripts/build-kernel.sh has built, and prints the path of the
		module. It stays in the cache for as long as the kernel is the same.
	EOT
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
esac
[ $# -ge 1 ] || die_usage "KERNEL is missing"
[ $# -eq 1 ] || die_usage "unknown argument: $2"
case $1 in
-*) die_usage "unknown argument: $1" ;;
esac
if [ ! -f "$1" ] || [ ! -r "$1" ]; then
	die_usage "$1: no such file; 'make kernel' makes build/bzImage"
fi

# find_tree KERNEL: the build directory that the image is from.
find_tree() {
	local dir
	tree=
	for dir in "$cache_dir"/build/*/; do
		if cmp -s -- "$1" "$dir/out/arch/x86/boot/bzImage"; then
			tree=${dir%/}
		fi
	done
	[ -n "$tree" ]
}

# find_kept KERNEL: where scripts/build-kernel.sh keeps the finished image.
find_kept() {
	local dir
	kept=
	for dir in "$cache_dir"/images/*/; do
		if cmp -s -- "$1" "$dir/bzImage"; then
			kept=${dir%/}
		fi
	done
	[ -n "$kept" ]
}

# The module is kept with the image; with the build directory, where that is of
# a user's own source.
key=$(cat "$1" "$here"/guest/keeper/* | sha256sum | cut -c1-16)
if find_kept "$1"; then
	if [ -f "$kept/keeper-$key.ko" ]; then
		printf '%s\n' "$kept/keeper-$key.ko"
		exit 0
	fi
	# Another checkout has built something else there since.
	find_tree "$1" || {
		mapfile -t how <"$kept/how"
		again=$(mktemp)
		trap 'rm -f "$again"' EXIT
		"$repo_dir/scripts/build-kernel.sh" --tree --out "$again" ${how[0]:+"${how[@]}"}
		find_tree "$again" || true
	}
else
	find_tree "$1" || true
fi
[ -n "$tree" ] || die "no build in $cache_dir/build has made $1: run 'make kernel' first"

dest=$tree/keeper
log=$tree/keeper.log
take_lock kernel-build
if [ "$(cat "$dest/key" 2>/dev/null)" != "$key" ]; then
	need_command make gcc
	rm -rf "$dest"
	mkdir -p "$dest"
	cp -- "$here"/guest/keeper/* "$dest/"
	release=$(cat "$tree/out/include/config/kernel.release")
	localversion=
	[ "$release" = "${release%%-*}" ] || localversion=-${release#*-}
	# Nothing of this kernel is a module; the first only writes down what it
	# exports.
	if ! make -C "$tree/src" O="$tree/out" LOCALVERSION="$localversion" \
		modules >"$log" 2>&1 ||
		! make -C "$tree/src" O="$tree/out" LOCALVERSION="$localversion" \
			M="$dest" modules >>"$log" 2>&1; then
		grep -nE '(error|Error|undefined)' "$log" | head -n 20 >&2 || tail -n 20 "$log" >&2
		die "the module cannot be built (log: $log)"
	fi
	printf '%s\n' "$key" >"$dest/key"
fi
if [ -n "$kept" ] && cp -- "$dest/keeper.ko" "$kept/keeper-$key.ko.new"; then
	mv -f -- "$kept/keeper-$key.ko.new" "$kept/keeper-$key.ko"
	dest=$kept/keeper-$key.ko
else
	dest=$dest/keeper.ko
fi
printf '%s\n' "$dest"
