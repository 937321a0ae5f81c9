#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Builds what the oracle's guest boots: the module against the kernel's build tree, its init, and a copy of the kernel.
# The tree is the one of build/bzImage (scripts/build-kernel.sh), or ORACLE_TREE, a directory with src/ and out/.
set -euo pipefail

repo=$(cd -- "$(dirname -- "$0")/../.." && pwd)
build=$repo/build/oracle
cache=${PCIGATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pcigate}

die() {
	printf 'oracle: %s\n' "$*" >&2
	exit 1
}

# The build used last: scripts/build-kernel.sh touches the stamp each time it delivers a kernel.
find_tree() {
	local stamp
	stamp=$(find "$cache/build" -mindepth 2 -maxdepth 2 -name stamp -path '*-patched*' -printf '%T@ %h\n' 2>/dev/null |
		sort -rn | head -n 1 | cut -d' ' -f2-)
	[ -n "$stamp" ] || die "no kernel build in $cache/build: run 'make kernel' first"
	printf '%s\n' "$stamp"
}

if [ $# -gt 0 ]; then
	printf 'build-guest.sh: unknown argument: %s (it takes none)\n' "$1" >&2
	exit 2
fi
tree=${ORACLE_TREE:-$(find_tree)}
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
for file in "$repo"/tests/oracle/module/{Kbuild,*.S,oracle.c,scan.c,*.h} "$repo"/tests/oracle/{machine,topo}.[ch]; do
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
gcc -std=gnu11 -O1 -Wall -Wextra -Werror -static -o "$build/init" "$repo/tests/oracle/module/init.c"
