#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The kexec program contains its own purgatory for kexec_load(2). To test the stage
# with this call, this script builds Debian's kexec-tools with the stage in place of
# that purgatory, and no other change.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=../../scripts/common.sh
. "$here/../../scripts/common.sh"
# shellcheck source=../../scripts/apt-root.sh
. "$here/../../scripts/apt-root.sh"

usage() {
	cat <<-EOT
		Usage: tests/qemu/build-kexec.sh PURGATORY

		Builds Debian's kexec-tools with PURGATORY (build/purgatory.ro) in
		place of its own and prints the path of the program. Nothing is
		installed. The source and its build stay in the cache.
	EOT
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
esac
[ $# -ge 1 ] || die_usage "PURGATORY is missing"
[ $# -eq 1 ] || die_usage "unknown argument: $2"
case $1 in
-*) die_usage "unknown argument: $1" ;;
esac
if [ ! -f "$1" ] || [ ! -r "$1" ]; then
	die_usage "$1: no such file; 'make kernel' makes build/purgatory.ro"
fi
purgatory=$(realpath -- "$1")
tree=$cache_dir/kexec-tools
log=$cache_dir/kexec-tools.log

# The upstream tar file is enough. apt verifies it with the signed index.
from_suite() {
	local suite=$1 work=$tree.new
	rm -rf "$work"
	mkdir -p "$work/src"
	(cd "$work" && apt_in_root apt-get -qq source --tar-only kexec-tools) \
		>"$log" 2>&1 || return 1
	tar -xf "$work"/kexec-tools_*.orig.tar.* -C "$work/src" --strip-components=1 || return 1
	rm -rf "$tree"
	mv "$work/src" "$tree"
	rm -rf "$work"
	say "source of kexec-tools from $suite"
}

# The program is linked statically, so it runs in any guest.
configure_and_build() {
	(cd "$tree" && ./configure --without-xen --without-zlib --without-lzma LDFLAGS=-static &&
		make) >"$log" 2>&1 || die "kexec-tools does not build, see $log"
	touch "$tree/built"
}

take_lock kexec-tools
if [ ! -d "$tree" ]; then
	need_command apt-get tar xz
	say "fetching the source of kexec-tools (0.3 MB)"
	apt_each_suite deb-src from_suite "$(apt_machine_codename)" ||
		die "no source of kexec-tools in the machine's Debian archive"
fi
[ -f "$tree/built" ] || configure_and_build
if ! cmp -s -- "$purgatory" "$tree/purgatory/purgatory.ro"; then
	cp -f -- "$purgatory" "$tree/purgatory/purgatory.ro"
	make -C "$tree" build/sbin/kexec >"$log" 2>&1 ||
		die "kexec-tools does not build with $purgatory, see $log"
fi
printf '%s\n' "$tree/build/sbin/kexec"
