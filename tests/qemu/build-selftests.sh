#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Builds Linux's own selftests for live update and those of the patch series from the
# source of the kernel that the guest boots. They are linked statically.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=../../scripts/common.sh
. "$here/../../scripts/common.sh"
# shellcheck source=kernel-build.sh
. "$here/kernel-build.sh"

# pcigate's Makefile exports a MAKEFLAGS without built-in rules. The selftests need these rules.
unset MAKEFLAGS MFLAGS MAKELEVEL

suites=(liveupdate pci_liveupdate)

usage() {
	cat <<-EOT
		Usage: tests/qemu/build-selftests.sh KERNEL

		Builds tools/testing/selftests/{liveupdate,pci_liveupdate} of the source
		that the kernel image KERNEL was built from by scripts/build-kernel.sh,
		and prints the path. They stay in the cache for as long as their source
		is the same.
	EOT
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
esac
[ $# -ge 1 ] || die_usage "KERNEL is missing"
[ $# -eq 1 ] || die_usage "unknown argument: $2"
need_kernel "$1"

# The selftests are kept beside the image in the cache. For a kernel of a user's own
# source, which has no image there, they stay in the build directory. A change of our
# selftest does not change the image.
key=$(cat "$1" "${BASH_SOURCE[0]}" "$here"/../../kernel-patch/pcigate/*-selftests-*.patch | sha256sum |
	cut -c1-16)
if find_kept "$1" && [ -f "$kept/selftests-$key/done" ]; then
	printf '%s\n' "$kept/selftests-$key"
	exit 0
fi
need_tree "$1"

selftests=$tree/src/tools/testing/selftests
result=${kept:-$tree}/selftests-$key
log=$tree/selftests.log
take_lock kernel-build
if [ ! -f "$result/done" ]; then
	need_command make gcc
	rm -rf "$result"
	mkdir -p "$result"
	make -C "$tree/src" O="$tree/out" headers >"$log" 2>&1 ||
		die "the kernel's headers cannot be made (log: $log)"
	for suite in "${suites[@]}"; do
		mkdir -p "$result/$suite"
		make -C "$selftests/$suite" OUTPUT="$result/$suite" top_srcdir="$tree/src" \
			KHDR_INCLUDES="-isystem $tree/out/usr/include" LDFLAGS=-static \
			>>"$log" 2>&1 ||
			die "the selftests in $suite cannot be built (log: $log)"
	done
	touch "$result/done"
fi
printf '%s\n' "$result"
