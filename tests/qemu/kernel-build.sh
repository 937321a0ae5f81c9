# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck disable=SC2154 # repo_dir, which scripts/common.sh sets
#
# Finds the directories of a kernel image that scripts/build-kernel.sh has built. For
# scripts that build something for this kernel; to be sourced after scripts/common.sh.
[ -n "${cache_dir:-}" ] || return 1

# need_kernel WORD: ends the script if WORD is not the name of a kernel image.
need_kernel() {
	case $1 in
	-*) die_usage "unknown argument: $1" ;;
	esac
	if [ ! -f "$1" ] || [ ! -r "$1" ]; then
		die_usage "$1: no such file; 'make kernel' makes build/bzImage"
	fi
}

# find_kept KERNEL: sets $kept to the directory in the cache that has the image and
# what was built for it. $kept is empty for a kernel of a user's own source.
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

# find_tree KERNEL: sets $tree to the build directory that last built the image.
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

# need_tree KERNEL: like find_tree. If another checkout has built another kernel in the
# build directory since, the image is built again.
need_tree() {
	local how again
	find_tree "$1" && return
	if [ -n "$kept" ]; then
		mapfile -t how <"$kept/how"
		again=$(mktemp)
		"$repo_dir/scripts/build-kernel.sh" --tree --out "$again" \
			${how[0]:+"${how[@]}"} || { rm -f -- "$again"; exit 1; }
		find_tree "$again" || true
		rm -f -- "$again"
	fi
	[ -n "$tree" ] || die "no build in $cache_dir/build has made $1: run 'make kernel' first"
}
