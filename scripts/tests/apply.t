#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# kernel-patch/apply.sh on a small tree: a series goes in and out as a whole,
# or not at all.
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"

patches=$work/kernel-patch
mkdir -p "$patches" "$work/a/sub"
cp "$repo/kernel-patch/apply.sh" "$patches/"
seq 20 >"$work/a/numbers"
printf '#!/bin/sh\n' >"$work/a/sub/tool"
chmod +x "$work/a/sub/tool"

# Patch 1 changes one line and makes a file; patch 2 needs patch 1, removes that
# file again and touches an executable.
cp -r "$work/a" "$work/b"
sed -i 's/^5$/five/' "$work/b/numbers"
echo new >"$work/b/made"
(cd "$work" && diff -Nru a b) >"$patches/0001-one.patch" || true
cp -r "$work/b" "$work/c"
sed -i 's/^7$/seven/' "$work/c/numbers"
rm "$work/c/made"
echo 'exit 0' >>"$work/c/sub/tool"
(cd "$work" && mv a kept && mv b a && mv c b && diff -Nru a b) \
	>"$patches/0002-two.patch" || true
printf '# a comment\n0001-one.patch\n\n0002-two.patch  # another\n' >"$patches/series"
mv "$work/b" "$work/want"

fresh() {
	rm -rf "$work/tree"
	cp -r "$work/kept" "$work/tree"
}
apply() {
	"$patches/apply.sh" "$@" >"$work/out" 2>&1
}

fresh
apply --dry-run "$work/tree" && same_tree "$work/tree" "$work/kept"
result $? "a dry run changes nothing"

ln "$work/tree/numbers" "$work/linked"
apply "$work/tree" && same_tree "$work/tree" "$work/want"
result $? "the series applies"
[ -x "$work/tree/sub/tool" ]
result $? "an executable stays one"
cmp -s "$work/linked" "$work/kept/numbers"
result $? "a hard link to the old file keeps its contents"

! apply "$work/tree" && grep -q 'in this tree already' "$work/out"
result $? "a second time is refused, with the reason"

apply --reverse "$work/tree" && same_tree "$work/tree" "$work/kept"
result $? "the series comes out again"

fresh
sed -i 's/^10$/ten/' "$work/tree/numbers"
cp -r "$work/tree" "$work/before"
! apply "$work/tree" && same_tree "$work/tree" "$work/before"
result $? "a series of which the first patch alone applies changes nothing"
grep -q '^apply.sh: 0002-two.patch does not apply' "$work/out"
result $? "the patch that does not apply is named"

[ "$("$patches/apply.sh" --list-files | tr '\n' ' ')" = "made numbers sub/tool " ]
result $? "the files that the series touches"

echo 0003-none.patch >>"$patches/series"
! apply "$work/tree" && grep -q '0003-none.patch, which is missing' "$work/out"
result $? "a patch that the series names but nobody has"

rm "$patches/series"
fresh
apply "$work/tree" && same_tree "$work/tree" "$work/kept"
result $? "no series is an empty one"

apply --wrong "$work/tree" && status=0 || status=$?
[ "$status" -eq 2 ]
result $? "wrong usage has a status of its own"
finish
