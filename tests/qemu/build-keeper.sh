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
[ $# -eq 1 ] || die_usage "one argument is needed"
[ -r "$1" ] || die "$1 is missing: run 'make kernel' first"

# The build directory that the image is from.
tree=
for dir in "$cache_dir"/build/*/; do
	if cmp -s -- "$1" "$dir/out/arch/x86/boot/bzImage"; then
		tree=${dir%/}
	fi
done
[ -n "$tree" ] || die "no build in $cache_dir/build has made $1: run 'make kernel' first"

# The build directory has the kernel's config and what it exports.
key=$(cat "$1" "$here"/guest/keeper/* | sha256sum | cut -c1-16)
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
printf '%s\n' "$dest/keeper.ko"
