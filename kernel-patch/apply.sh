#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Applies the series to copies of the files that it changes. The copies replace
# the files in the tree only when every patch has applied, so that a failure
# changes nothing. With the early refusal, lib/ and include/pcigate/ of this
# checkout are copied into the tree unchanged. A layer is the patches below a line
# "# layer: NAME" of series, which also names the layers that it needs. A tree with
# upstream's own PCI Live Update gets no patch of base/, and no layer that is marked
# "base: ours".
set -euo pipefail

here=$(cd -- "$(dirname -- "$0")" && pwd -P)
repo=$(dirname -- "$here")
series=$here/series
# Where the core is copied to, and the file of the series that needs it.
core=drivers/pci/pcigate
core_needed_by=$core/Makefile

usage() {
	cat <<-EOT
		Usage: kernel-patch/apply.sh [--dry-run] [--reverse] [--layer NAME]... TREE
		       kernel-patch/apply.sh --check TREE
		       kernel-patch/apply.sh --list-files | --list-layers

		Applies the patches that kernel-patch/series names, in that
		order, to the kernel source TREE. If a patch does not apply, prints
		its name and leaves the tree unchanged. The layer simulation needs
		pcigate's core: lib/ and include/pcigate/ of this checkout are
		copied to $core/ in the tree.

		TREE may have a base of its own, that is, upstream's PCI Live
		Update. Then the patches of base/ are left out.

		  --check        print the base of TREE, and for each layer whether
		                 TREE has it or it would apply; change nothing
		  --dry-run      check whether the series applies, change nothing
		  --reverse      remove the series from TREE
		  --layer NAME   only this layer, and the layers that it needs and
		                 that TREE does not have; with --reverse, only this one
		  --list-files   print the files that the series changes
		  --list-layers  print the names of the layers, and what each needs
		  --help         this text
	EOT
}

say() {
	printf 'apply.sh: %s\n' "$*" >&2
}

die() {
	say "$*"
	exit 1
}

die_usage() {
	say "$* (try --help)"
	exit 2
}

dry_run=false
check=false
backwards=false
list=false
list_layers=false
layers=()
tree=
while [ $# -gt 0 ]; do
	case $1 in
	--dry-run) dry_run=true ;;
	--check) check=true ;;
	--reverse) backwards=true ;;
	--list-files) list=true ;;
	--list-layers) list_layers=true ;;
	--layer)
		[ -n "${2:-}" ] || die_usage "--layer needs a name"
		layers+=("$2")
		shift
		;;
	--layer=*) layers+=("${1#*=}") ;;
	-h | --help) usage; exit 0 ;;
	-*) die_usage "unknown option: $1" ;;
	'') die_usage "TREE is empty" ;;
	*)
		[ -z "$tree" ] || die_usage "only one TREE is possible, but there is also $1"
		tree=$1
		;;
	esac
	shift
done

# All patches in order, each with its layer; all layers, each with what it needs.
patches=()
layer_of=()
names=()
declare -A needs=() is_base=() is_ours=()
read_series() {
	local line layer=
	[ -f "$series" ] || return 0
	# The last line may lack a newline.
	while IFS= read -r line || [ -n "$line" ]; do
		if [[ $line =~ ^'# layer: '([a-z]+)(', needs: '([a-z ]+))?(', base: ours')?$ ]]; then
			layer=${BASH_REMATCH[1]}
			names+=("$layer")
			needs[$layer]=${BASH_REMATCH[3]}
			is_ours[$layer]=${BASH_REMATCH[4]}
		fi
		line=${line%%#*}
		line=${line%"${line##*[![:space:]]}"}
		[ -n "$line" ] || continue
		patches+=("$line")
		layer_of+=("$layer")
		[[ $line != base/* || -z $layer ]] || is_base[$layer]=yes
	done <"$series"
}
read_series
for name in "${patches[@]}"; do
	[ -f "$here/$name" ] || die "series names $name, which is missing"
done

# Every path that a patch names, old and new, without the leading a/ or b/.
touched_files() {
	[ ${#patches[@]} -gt 0 ] || return 0
	(cd "$here" && sed -n -E \
		-e 's,^(---|\+\+\+) [ab]/([^	]*).*$,\2,p' \
		-e 's,^rename (from|to) (.*)$,\2,p' "${patches[@]}") | sort -u
}

# The files of the core, as paths of this checkout, if the series needs them.
core_files() {
	touched_files | grep -qx "$core_needed_by" || return 0
	(cd -- "$repo" && find lib include/pcigate -path lib/capture -prune -o -name '*.[ch]' -print | sort)
}

if $list || $list_layers; then
	if $dry_run || $check || $backwards || [ ${#layers[@]} -gt 0 ] || [ -n "$tree" ] || { $list && $list_layers; }; then
		die_usage "--list-files and --list-layers cannot be combined with other arguments"
	fi
fi
if $check && { $dry_run || $backwards || [ ${#layers[@]} -gt 0 ]; }; then
	die_usage "--check cannot be combined with other options"
fi
if $list_layers; then
	for name in "${names[@]}"; do
		echo "$name${needs[$name]:+ (needs ${needs[$name]})}"
	done
	exit 0
fi
if $list; then
	{ touched_files; core_files | sed "s,^,$core/,"; } | sort -u
	exit 0
fi
[ -n "$tree" ] || die_usage "TREE is missing"
[ -d "$tree" ] || die_usage "$tree is not a directory"
command -v patch >/dev/null || die "the command patch is missing: run 'make install' first"

# in_layer NAME: prints the patches of the layer.
in_layer() {
	local i
	for i in "${!patches[@]}"; do
		[ "${layer_of[i]}" != "$1" ] || printf '%s\n' "${patches[i]}"
	done
}

# The base of the tree: none, ours or upstream.
base_of_tree() {
	local file=$tree/drivers/pci/liveupdate.c
	if [ ! -e "$file" ]; then
		echo none
	elif grep -q pcigate "$file"; then
		echo ours
	else
		echo upstream
	fi
}
base=$(base_of_tree)

# Whether upstream's base is in the place of this layer.
is_replaced() {
	[ "$base" = upstream ] && [ -n "${is_base[$1]:-}${is_ours[$1]:-}" ]
}

# A tree has a layer if it has every file that the layer creates.
tree_has() {
	local file found=false
	! is_replaced "$1" || return 0
	while IFS= read -r file; do
		[ -e "$tree/$file" ] || return 1
		found=true
	done < <(in_layer "$1" | (cd -- "$here" && xargs -r sed -nE '/^--- \/dev\/null/{ n; s,^\+\+\+ b/([^	]*).*,\1,p; }'))
	$found
}

# choose: keeps only the patches of the requested layers, and of the layers that
# they need.
choose() {
	local name other i
	local -A chosen=()
	for name in "${layers[@]}"; do
		[ -n "${needs[$name]+known}" ] ||
			die_usage "unknown layer $name, known are: ${names[*]}"
		! is_replaced "$name" || die "$tree has upstream's base, which replaces the layer $name: nothing changed"
		chosen[$name]=requested
	done
	# What a layer needs comes before it.
	for ((i = ${#names[@]} - 1; i >= 0; i--)); do
		name=${names[i]}
		for other in ${needs[$name]}; do
			if $backwards; then
				[ -z "${chosen[$other]:-}" ] || [ -n "${chosen[$name]:-}" ] || ! tree_has "$name" ||
					die "$tree has the layer $name, which needs $other: nothing changed"
			elif [ -n "${chosen[$name]:-}" ] && [ -z "${chosen[$other]:-}" ] && ! tree_has "$other"; then
				chosen[$other]=needed
				say "adding the layer $other, which $name needs"
			fi
		done
	done
	for i in "${!patches[@]}"; do
		name=${layer_of[i]}
		if [ -z "$name" ] || [ -z "${chosen[$name]:-}" ]; then
			unset "patches[i]"
		fi
	done
	patches=("${patches[@]}")
}
# The whole series, without what upstream's base replaces.
all_layers() {
	local i
	for i in "${!patches[@]}"; do
		if [ -n "${layer_of[i]}" ] && is_replaced "${layer_of[i]}"; then
			unset "patches[i]"
		fi
	done
	patches=("${patches[@]}")
	[ "$base" != upstream ] || say "$tree has upstream's base: the patches of base/ are left out"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tree"

touched_files >"$work/files"
while IFS= read -r file; do
	[ -f "$tree/$file" ] || continue
	mkdir -p "$work/tree/$(dirname -- "$file")"
	cp -p -- "$tree/$file" "$work/tree/$file"
done <"$work/files"

# No fuzz: a patch in the wrong place is worse than a patch that does not apply.
patch_tree() {
	patch -d "$work/tree" -p1 --force --fuzz=0 --no-backup-if-mismatch --reject-file=- "$@"
}

# try NAME OPTION: applies or reverts a patch. Every patch with a new file adds
# lines to the same entry of MAINTAINERS, and these lines may not apply without the
# patches before. With --layer, and on upstream's base, they are left out then.
try() {
	if [ ${#layers[@]} -eq 0 ] && [ "$base" != upstream ]; then
		patch_tree "$2" <"$here/$1" >"$work/log" 2>&1
		return
	fi
	awk -v rest="$work/rest" -v list="$work/list" '
		BEGIN { printf "" >rest; printf "" >list; to = rest }
		/^diff / { to = / [ab]\/MAINTAINERS( |$)/ ? list : rest }
		{ print >to }' "$here/$1"
	patch_tree "$2" <"$work/rest" >"$work/log" 2>&1 || return
	if [ -s "$work/list" ] && ! patch_tree "$2" --dry-run <"$work/list" >/dev/null 2>&1; then
		say "MAINTAINERS: the lines of $1 do not apply without other layers, left out"
	elif [ -s "$work/list" ]; then
		patch_tree "$2" <"$work/list" >"$work/log" 2>&1
	fi
}

# try_all DIRECTION PATCH...: tries each patch on the copy of the tree. If one fails,
# sets failed to its name, and the copy is as before.
try_all() {
	local direction=$1
	shift
	rm -rf "$work/kept"
	cp -r "$work/tree" "$work/kept"
	for failed; do
		try "$failed" "$direction" 2>/dev/null || { restore; return 1; }
	done
}

restore() {
	rm -rf "$work/tree"
	mv "$work/kept" "$work/tree"
}

# check_layers: prints one line for each layer. A layer that applies is in the copy
# of the tree for the next one.
check_layers() {
	local name status=0 forward backward
	case $base in
	upstream) echo "base: upstream's" ;;
	*) echo "base: $base" ;;
	esac
	for name in "${names[@]}"; do
		layers=("$name")
		mapfile -t forward < <(in_layer "$name")
		mapfile -t backward < <(in_layer "$name" | tac)
		if is_replaced "$name"; then
			echo "$name: left out, the tree has upstream's base"
		elif tree_has "$name" || { try_all --reverse "${backward[@]}" && restore; }; then
			echo "$name: is there"
		elif try_all --forward "${forward[@]}"; then
			echo "$name: applies"
		else
			echo "$name: does not apply: $failed: $(sed -n '/FAILED\|already exists/{ p; q; }' "$work/log")"
			status=1
		fi
	done
	return "$status"
}
if $check; then
	check_layers
	exit
fi
if [ ${#layers[@]} -gt 0 ]; then
	choose
else
	all_layers
fi

order=("${patches[@]}")
if $backwards && [ ${#patches[@]} -gt 0 ]; then
	mapfile -t order < <(printf '%s\n' "${patches[@]}" | tac)
fi

direction=--forward
$backwards && direction=--reverse
for name in "${order[@]}"; do
	if ! try "$name" "$direction"; then
		sed 's/^/  /' "$work/log" >&2
		if ! $backwards && "$0" --reverse --dry-run "${layers[@]/#/--layer=}" "$tree" 2>/dev/null; then
			say "${layers[*]:-the series} is already in this tree"
		fi
		die "$name does not apply to $tree: nothing changed"
	fi
done

# The core is added only if the tree has none, and removed only if it is unchanged.
core_files >"$work/core"
while IFS= read -r file; do
	if ! $backwards; then
		[ ! -e "$tree/$core/$file" ] ||
			die "$core/$file is already in $tree: nothing changed"
	elif ! cmp -s -- "$repo/$file" "$tree/$core/$file"; then
		die "$core/$file in $tree differs from this checkout: nothing changed"
	fi
done <"$work/core"
if $backwards && [ -s "$work/core" ]; then
	(cd -- "$tree/$core" && find lib include -type f | sort) >"$work/there"
	extra=$(comm -13 "$work/core" "$work/there" | head -n 1)
	[ -z "$extra" ] || die "$core/$extra in $tree is not in this checkout: nothing changed"
fi
with_core=
[ ! -s "$work/core" ] || with_core=", and the core, $(wc -l <"$work/core") files in $core/"

if $dry_run; then
	say "${#order[@]} patches apply$with_core"
	exit 0
fi
while IFS= read -r file; do
	if [ ! -f "$work/tree/$file" ]; then
		rm -f -- "$tree/$file"
		# Remove the directory as well if it was created for the file.
		(cd -- "$tree" && rmdir -p -- "$(dirname -- "$file")" 2>/dev/null) || true
	elif ! cmp -s -- "$work/tree/$file" "$tree/$file"; then
		mkdir -p "$tree/$(dirname -- "$file")"
		# By renaming, because the file in the tree may be a hard link
		# to the original source.
		cp --preserve=mode -- "$work/tree/$file" "$tree/$file.new"
		mv -f -- "$tree/$file.new" "$tree/$file"
	fi
done <"$work/files"
while IFS= read -r file; do
	if $backwards; then
		rm -f -- "$tree/$core/$file"
	else
		mkdir -p "$tree/$core/$(dirname -- "$file")"
		cp --preserve=mode -- "$repo/$file" "$tree/$core/$file"
	fi
done <"$work/core"
if $backwards; then
	if [ -s "$work/core" ]; then
		find "$tree/$core" -depth -type d -empty -delete
		(cd -- "$tree" && rmdir -p --ignore-fail-on-non-empty -- "${core%/*}")
	fi
	say "${#order[@]} patches removed from $tree$with_core"
else
	say "${#order[@]} patches applied to $tree$with_core"
fi
