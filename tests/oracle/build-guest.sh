#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Builds what the oracle's guest boots: the module against the kernel's build tree, its init, and a copy of the kernel.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=../../scripts/common.sh
. "$here/../../scripts/common.sh"
# shellcheck source=../qemu/kernel-build.sh
. "$here/../qemu/kernel-build.sh"

usage() {
	cat <<-EOT
		Usage: tests/oracle/build-guest.sh [KERNEL]

		Builds the oracle's guest for the kernel image KERNEL (build/bzImage),
		which scripts/build-kernel.sh has built.

		ORACLE_TREE=DIR   another kernel's build, with src/ and out/
	EOT
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
esac
[ $# -le 1 ] || die_usage "unknown argument: $2"
build=$repo_dir/build/oracle
if [ -n "${ORACLE_TREE:-}" ]; then
	[ $# -eq 0 ] || die_usage "there is KERNEL, and ORACLE_TREE too: which of them?"
	tree=$ORACLE_TREE
else
	kernel=${1:-$repo_dir/build/bzImage}
	need_kernel "$kernel"
	find_kept "$kernel" || true
	need_tree "$kernel"
fi
image=$tree/out/arch/x86/boot/bzImage
[ -f "$image" ] || die "$image is missing"
for option in CONFIG_MODULES CONFIG_PCI_IOV CONFIG_CARDBUS; do
	grep -qx "$option=y" "$tree/out/.config" || die "the kernel in $tree is built without $option"
done

mkdir -p "$build/module"
changed=false
# What was built against another kernel does not load, and make does not see that. The image tells its release.
release=$(python3 -c 'import struct, sys
image = open(sys.argv[1], "rb").read()
at = struct.unpack_from("<H", image, 0x20e)[0] + 0x200
print(image[at:at + 64].split()[0].decode())' "$image")
if [ "$release" != "$(cat "$build/module/release" 2>/dev/null)" ]; then
	rm -rf -- "$build/module"
	mkdir -p "$build/module"
	printf '%s\n' "$release" >"$build/module/release"
fi
localversion=
[ "$release" = "${release%%-*}" ] || localversion=-${release#*-}
copy() {
	cmp -s -- "$1" "$2" && return
	cp -f -- "$1" "$2"
	changed=true
}
for file in "$here"/module/{Kbuild,*.S,oracle.c,scan.c,*.h} "$here"/{machine,topo}.[ch]; do
	copy "$file" "$build/module/${file##*/}"
done
copy "$image" "$build/bzImage"

if $changed || [ ! -f "$build/module/pcigate-oracle.ko" ]; then
	log=$build/module.log
	# Nothing of this kernel is a module; this only writes down what it exports.
	if ! make -C "$tree/src" O="$tree/out" LOCALVERSION="$localversion" modules >"$log" 2>&1 ||
		! make -C "$tree/src" O="$tree/out" LOCALVERSION="$localversion" M="$build/module" modules >>"$log" 2>&1; then
		grep -nE '(error|Error|undefined)' "$log" | head -n 20 >&2 || tail -n 20 "$log" >&2
		rm -f "$build/bzImage"
		die "the module cannot be built (log: $log)"
	fi
fi
gcc -std=gnu11 -O1 -Wall -Wextra -Werror -static -o "$build/init" "$here/module/init.c"
