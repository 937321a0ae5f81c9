# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck disable=SC2154 # repo_dir, which scripts/common.sh sets
#
# What belongs to a kernel image that scripts/build-kernel.sh has made, for those
# who build something against it. To be sourced, after scripts/common.sh.
[ -n "${cache_dir:-}" ] || return 1

# need_kernel WORD: an existing kernel image is what WORD has to name.
need_kernel() {
	case $1 in
	-*) die_usage "unknown argument: $1" ;;
	esac
	if [ ! -f "$1" ] || [ ! -r "$1" ]; then
		die_usage "$1: no such file; 'make kernel' makes build/bzImage"
	fi
}

# find_kept KERNEL: $kept is where scripts/build-kernel.sh keeps the finished image,
# and what was built for it; nothing for the kernel of a user's own source.
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

# need_tree KERNEL: $tree is the build directory that the image is from. Another
# checkout may have built something else there since: then it is built again.
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
