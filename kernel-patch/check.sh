#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Checks the series without building it: series lists every patch, and for each
# kernel source that is present the series applies and that kernel's checkpatch.pl
# reports nothing. The layers of pcigate/ also apply to a tree with the interface of
# upstream's PCI Live Update (tests/kernel-patch/stand-in.patch). Sources are those that scripts/fetch-kernel.sh has put into the
# cache, and KERNEL_SRC; nothing is fetched. Prints TAP, for prove(1).
set -euo pipefail
if [ $# -gt 0 ]; then
	echo "check.sh: unknown argument: $1 (it takes none)" >&2
	exit 2
fi

here=$(cd -- "$(dirname -- "$0")" && pwd -P)
cache=${PCIGATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pcigate}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
failed=0

# result NAME STATUS [LOG]: prints one line of TAP, and the log of a failure.
result() {
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $count - $1"
		return
	fi
	failed=1
	echo "not ok $count - $1"
	[ -z "${3:-}" ] || sed 's/^/# /' "$3"
}

# trees: prints each kernel source once, even if several links point to it.
trees() {
	local dir
	for dir in "$cache"/src/*/ ${KERNEL_SRC:+"$KERNEL_SRC"}; do
		[ -f "$dir/scripts/checkpatch.pl" ] || continue
		(cd -- "$dir" && pwd -P)
	done | sort -u
}

# copy_touched TREE: makes $work/tree, with the files of TREE that the series or the
# stand-in changes.
copy_touched() {
	local file
	rm -rf "$work/tree"
	mkdir "$work/tree"
	while IFS= read -r file; do
		[ ! -f "$1/$file" ] || (cd -- "$1" && cp --parents -- "$file" "$work/tree")
	done < <("$here/apply.sh" --list-files; sed -n 's,^--- a/,,p' "$stand_in")
}

# on_upstream: applies the series to $work/tree, which has upstream's base. Each layer
# has to apply or be left out, and no file of the base may be made or changed.
on_upstream() {
	local name want
	patch -d "$work/tree" -p1 --force --fuzz=0 <"$stand_in" >/dev/null || return
	cp -r "$work/tree" "$work/before"
	"$here/apply.sh" --check "$work/tree" | tee "$work/answers"
	[ "$(head -n 1 "$work/answers")" = "base: upstream's" ] || return
	for name in "${layers[@]}"; do
		want="$name: applies"
		[[ " ${replaced[*]} " != *" $name "* ]] || want="$name: left out, the tree has upstream's base"
		grep -qxF "$want" "$work/answers" || { echo "not: $want"; return 1; }
	done
	"$here/apply.sh" "$work/tree" || return
	for name in "${base_files[@]}"; do
		if [ -e "$work/before/$name" ] && ! grep -q "^+++ b/$name" "$here"/{pcigate,simulation,sriov}/*.patch 2>/dev/null; then
			cmp "$work/before/$name" "$work/tree/$name" || return
		elif [ ! -e "$work/before/$name" ] && [ -e "$work/tree/$name" ]; then
			echo "made: $name"
			return 1
		fi
	done
	! "$here/apply.sh" --check "$work/tree" | grep -v "left out\|is there\|^base: upstream's"
}

stand_in=$here/../tests/kernel-patch/stand-in.patch
mapfile -t replaced < <(awk '/^# layer:/ { name = $3; sub(/,$/, "", name) }
	/^# layer:.*base: ours/ || /^base\// { print name }' "$here/series" | sort -u)
mapfile -t base_files < <(sed -n 's,^+++ b/,,p' "$here"/base/*.patch | sort -u)
mapfile -t layers < <("$here/apply.sh" --list-layers | sed 's/ .*//')
sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$here/series" >"$work/series"
# A cover letter, 0000-*.patch, changes nothing.
(cd -- "$here" && printf '%s\n' {base,pcigate,sriov,simulation}/*.patch | grep -v '/0000-') >"$work/files"
status=0
diff "$work/series" "$work/files" >"$work/log" || status=$?
result "series lists every patch, in order" "$status" "$work/log"

mapfile -t patches <"$work/series"
mapfile -t sources < <(trees)
for tree in "${sources[@]}"; do
	version=$(make -s -C "$tree" kernelversion)

	status=0
	"$here/apply.sh" --dry-run "$tree" 2>"$work/log" || status=$?
	result "$version: the series applies" "$status" "$work/log"

	for layer in "${layers[@]}"; do
		status=0
		"$here/apply.sh" --dry-run --layer "$layer" "$tree" 2>"$work/log" || status=$?
		result "$version: layer $layer applies with only the layers that it needs" "$status" "$work/log"
	done

	copy_touched "$tree"
	cp -r "$work/tree" "$work/before"
	status=0
	{
		"$here/apply.sh" "$work/tree" && ! diff -rq "$work/before" "$work/tree" &&
			"$here/apply.sh" --reverse "$work/tree" &&
			diff -r "$work/before" "$work/tree"
	} >"$work/log" 2>&1 || status=$?
	rm -rf "$work/before"
	result "$version: the series can be removed completely" "$status" "$work/log"

	copy_touched "$tree"
	status=0
	on_upstream >"$work/log" 2>&1 || status=$?
	rm -rf "$work/before"
	result "$version: only the layers of pcigate/ apply to a tree with upstream's base" "$status" "$work/log"

	for name in "${patches[@]}"; do
		status=0
		ignore=()
		# struct pci_sriov has num_VFs, initial_VFs and total_VFs.
		! grep -q '^+.*[a-z]_VFs\>' "$here/$name" || ignore=(--ignore CAMELCASE)
		(cd -- "$tree" && ./scripts/checkpatch.pl --strict --quiet "${ignore[@]}" \
			--no-summary "$here/$name") >"$work/log" 2>&1 || status=$?
		result "$version: checkpatch --strict: $name" "$status" "$work/log"
	done
done
[ ${#sources[@]} -gt 0 ] ||
	echo "# no kernel source in $cache/src: 'make kernel' fetches one"

echo "1..$count"
exit "$failed"
