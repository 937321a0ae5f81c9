#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Builds the oracle's Linux, a program for this machine: Debian's source for ARCH=um,
# with the files of this directory in arch/um/oracle.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=../../../scripts/common.sh
. "$here/../../../scripts/common.sh"

usage() {
	cat <<-EOT
		Usage: tests/oracle/linux/build.sh OUT [--keep] [--version V]

		Builds Linux with the oracle as a program for this machine, and
		puts it into the file OUT. Nothing is built if nothing changed.

		  --keep       with the layers inherit and vfs of kernel-patch:
		               the result keeps the bus numbers of preserved
		               devices, and virtual functions
		  --version V  a line of versions, see scripts/fetch-kernel.sh

		KERNEL_SRC=DIR  build from this source
		PCIGATE_CACHE   the directory of the cache ($cache_dir)
		JOBS            number of parallel jobs ($(nproc))
	EOT
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
'' | -*) die_usage "OUT is missing" ;;
esac
out=$1
shift
keep=
if [ "${1:-}" = --keep ]; then
	keep=-keep
	shift
fi
if [ $# -gt 0 ] && [ "$1" != --version ]; then
	die_usage "unknown argument: $1"
fi
[ -d "$(dirname -- "$out")" ] || die_usage "$out: the directory does not exist"
need_command gcc ld make flex bison bc rsync sha256sum
source_dir=$("$repo_dir/scripts/fetch-kernel.sh" "$@")
dir=$cache_dir/oracle/${source_dir##*/}$keep
configs=("$here/config" ${keep:+"$here/config-keep"})
log=$dir/build.log
files=("$here"/{Kconfig,Makefile,*.[chS]} "$here"/../{machine,topo}.[ch])

# put FILE DEST: replaces DEST by renaming, as DEST may be a hard link to the source in the cache.
put() {
	cmp -s -- "$1" "$2" && return
	cp -- "$1" "$2.new"
	mv -f -- "$2.new" "$2"
}

# extend FILE LINE: makes FILE a copy of the source's file with LINE added.
extend() {
	{ cat "$source_dir/$1"; printf '%s\n' "$2"; } >"$dir/extended"
	put "$dir/extended" "$dir/src/$1"
}

# The objects are inside the copy of the source, so the compiler gets relative names
# and ccache can reuse its results.
kernel_make() {
	make -C "$dir/src" O="$dir/src/out" ARCH=um KBUILD_BUILD_USER=pcigate KBUILD_BUILD_HOST=pcigate "$@"
}

# No script writes to a source of the cache, so the copy has hard links to it.
copy_source() {
	local link=()
	[ -n "${KERNEL_SRC:-}" ] || link=(--link-dest="$source_dir/")
	rsync -a --delete "${link[@]}" --exclude=/arch/um/oracle --exclude=/out --exclude=/.git \
		--exclude=/.config --exclude=/include/config --exclude=/include/generated \
		--exclude=/arch/x86/include/generated --exclude='*.o' "$source_dir/" "$dir/src/"
}

# apply.sh may write to files that are hard links to the source in the cache.
apply_patches() {
	local file
	while IFS= read -r file; do
		[ ! -f "$dir/src/$file" ] || cp -p --remove-destination -- "$source_dir/$file" "$dir/src/$file"
	done < <("$repo_dir/kernel-patch/apply.sh" --list-files)
	"$repo_dir/kernel-patch/apply.sh" --layer inherit --layer vfs "$dir/src" >"$log" 2>&1 ||
		die "the layers inherit and vfs do not apply (log: $log)"
}

build() {
	local file missing flags
	say "Linux for the oracle from $source_dir, in $dir (log: $log)"
	if [ -n "${KERNEL_SRC:-}" ] || [ -n "$keep" ] || [ ! -f "$dir/copied" ]; then
		copy_source
		touch "$dir/copied"
	fi
	[ -z "$keep" ] || apply_patches
	mkdir -p "$dir/src/arch/um/oracle"
	for file in "${files[@]}"; do
		put "$file" "$dir/src/arch/um/oracle/${file##*/}"
	done
	put "$here/pci.h" "$dir/src/arch/um/include/asm/pci.h"
	extend arch/um/Kconfig 'source "arch/um/oracle/Kconfig"'
	extend arch/um/Makefile 'core-y += arch/um/oracle/'
	cat "${configs[@]}" >"$dir/config"
	kernel_make KCONFIG_ALLCONFIG="$dir/config" allnoconfig >"$log" 2>&1 ||
		die "Linux cannot be configured (log: $log)"
	missing=$(grep '^CONFIG_' "$dir/config" | grep -vxFf "$dir/src/out/.config" || true)
	[ -z "$missing" ] || die "config lines did not take effect: $missing"
	heartbeat_start "building"
	# shellcheck disable=SC2016 # make expands $(srctree)
	flags=(CFLAGS_iov.o='-include $(srctree)/arch/um/oracle/sleep.h')
	for file in ${keep:+liveupdate liveupdate_sriov}; do
		# shellcheck disable=SC2016
		flags+=("CFLAGS_$file.o="'-include $(srctree)/arch/um/oracle/incoming.h')
	done
	if ! kernel_make -j"${JOBS:-$(nproc)}" "${flags[@]}" linux >>"$log" 2>&1; then
		heartbeat_stop
		grep -nE '(error:|Error [0-9]|undefined reference)' "$log" | head -n 10 >&2 || true
		die "the build failed (log: $log)"
	fi
	heartbeat_stop
}

stamp=$({
	printf '%s\n' "$source_dir"
	gcc --version | head -n 1
	cat "${files[@]}" "${configs[@]}" "$here/build.sh"
	[ -z "$keep" ] || cat "$repo_dir"/kernel-patch/{apply.sh,series,*/*.patch}
} | sha256sum)
take_lock oracle-linux
mkdir -p "$dir/src/out" "$(dirname -- "$out")"
if [ -n "${KERNEL_SRC:-}" ] || [ "$(cat "$dir/stamp" 2>/dev/null)" != "$stamp" ]; then
	rm -f "$dir/stamp"
	build
	printf '%s\n' "$stamp" >"$dir/stamp"
fi
cp -f -- "$dir/src/out/linux" "$out"
