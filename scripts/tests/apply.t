#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# kernel-patch/apply.sh on a small tree: it applies or removes a whole series, or
# changes nothing.
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
find "$work/tree/sub/tool" -executable | grep -q .
result $? "an executable file stays executable"
cmp -s "$work/linked" "$work/kept/numbers"
result $? "a hard link to the old file keeps the old contents"

! apply "$work/tree" && grep -q 'is already in this tree' "$work/out"
result $? "a series that is in the tree is refused, with the reason"

apply --reverse "$work/tree" && same_tree "$work/tree" "$work/kept"
result $? "--reverse removes the series"

fresh
sed -i 's/^10$/ten/' "$work/tree/numbers"
cp -r "$work/tree" "$work/before"
! apply "$work/tree" && same_tree "$work/tree" "$work/before"
result $? "if only the first patch of a series applies, nothing is changed"
grep -q '^apply.sh: 0002-two.patch does not apply' "$work/out"
result $? "the message names the patch that does not apply"

"$patches/apply.sh" --list-files | tr '\n' ' ' | grep -qx 'made numbers sub/tool '
result $? "--list-files prints the files that the series changes"

# apply.sh copies the core if a patch creates drivers/pci/pcigate/Makefile.
fresh
core=$work/tree/drivers/pci/pcigate
mkdir -p "$work/lib/step" "$work/include/pcigate" "$work/core/a" \
	"$work/core/b/drivers/pci/pcigate"
echo one >"$work/lib/one.c"
echo two >"$work/lib/step/two.h"
echo three >"$work/include/pcigate/three.h"
echo no >"$work/lib/module.mk"
echo core >"$work/core/b/drivers/pci/pcigate/Makefile"
(cd "$work/core" && diff -Nru a b) >"$patches/0003-core.patch" || true
echo 0003-core.patch >>"$patches/series"

apply --dry-run "$work/tree" && same_tree "$work/tree" "$work/kept" &&
	grep -q '3 patches apply, and the core, 3 files in drivers/pci/pcigate/$' "$work/out"
result $? "a dry run reports the core"
apply "$work/tree" && cmp "$work/lib/one.c" "$core/lib/one.c" &&
	cmp "$work/lib/step/two.h" "$core/lib/step/two.h" &&
	cmp "$work/include/pcigate/three.h" "$core/include/pcigate/three.h" &&
	[ ! -e "$core/lib/module.mk" ]
result $? "the core is copied unchanged"
"$patches/apply.sh" --list-files | grep -c ^drivers/pci/pcigate/ | grep -qx 4
result $? "--list-files prints the files of the core"

cp -r "$work/tree" "$work/applied"
echo changed >>"$core/lib/one.c"
! apply --reverse "$work/tree" && grep -q 'lib/one.c in .* differs from this checkout' "$work/out" &&
	cp "$work/lib/one.c" "$core/lib/one.c" && same_tree "$work/tree" "$work/applied"
result $? "with a changed file in the core, --reverse changes nothing"
echo more >"$core/lib/step/four.c"
! apply --reverse "$work/tree" && grep -q 'lib/step/four.c in .* is not in this checkout' "$work/out" &&
	rm "$core/lib/step/four.c" && same_tree "$work/tree" "$work/applied"
result $? "with an added file in the core, --reverse changes nothing"
apply --reverse "$work/tree" && same_tree "$work/tree" "$work/kept"
result $? "--reverse removes the core with the series"
mkdir -p "$core/lib"
echo mine >"$core/lib/one.c"
cp -r "$work/tree" "$work/before-core"
! apply "$work/tree" && grep -q 'lib/one.c is already in ' "$work/out" &&
	same_tree "$work/tree" "$work/before-core"
result $? "an existing file is not overwritten by a file of the core"

echo 0003-none.patch >>"$patches/series"
! apply "$work/tree" && grep -q '0003-none.patch, which is missing' "$work/out"
result $? "a series with a patch that does not exist is refused"

rm "$patches/series"
fresh
apply "$work/tree" && same_tree "$work/tree" "$work/kept"
result $? "a missing series file counts as an empty series"

# Three layers: "base" creates a file, "more" needs "base", "else" needs no layer.
rm "$patches"/*.patch
seq 9 >"$work/kept/MAINTAINERS"
fresh
layer() {
	rm -rf "$work/a" "$work/b"
	mkdir "$work/a"
	cp -r "$work/tree/." "$work/a"
	cp -r "$work/a" "$work/b"
	(cd "$work/b" && eval "$2")
	(cd "$work" && diff -Nru a b) | sed -E 's,^--- a/(made-[a-z]+)\t.*,--- /dev/null,' >"$patches/$1.patch" || true
}
layer 0001-base 'echo base >made-base; echo base >>MAINTAINERS'
layer 0002-more 'echo more >made-more'
echo base >>"$work/tree/MAINTAINERS"
layer 0003-else 'sed -i s/^15$/fifteen/ numbers; echo else >>MAINTAINERS'
fresh
cat >"$patches/series" <<'EOT'
# layer: base
0001-base.patch
# layer: more, needs: base
0002-more.patch
# layer: else
EOT
# The last line counts without a newline.
printf 0003-else.patch >>"$patches/series"
there() {
	echo "$(cd "$work/tree" && printf '%s ' made-*)$(grep -c fifteen "$work/tree/numbers")"
}
diff <("$patches/apply.sh" --list-layers) <(printf '%s\n' base 'more (needs base)' else) >"$work/out"
result $? "--list-layers prints the layers and the layers that they need"
apply --layer else "$work/tree" && [ "$(there)" = "made-* 1" ] &&
	grep -q 'MAINTAINERS: the lines of 0003-else.patch do not apply' "$work/out" &&
	cmp -s "$work/kept/MAINTAINERS" "$work/tree/MAINTAINERS"
result $? "one layer applies; its line for MAINTAINERS, which follows a line of another layer, is left out"
apply --layer more "$work/tree" && [ "$(there)" = "made-base made-more 1" ] &&
	grep -q 'adding the layer base, which more needs' "$work/out"
result $? "a layer is applied with the layers that it needs"
! apply --reverse --layer=base "$work/tree" && [ "$(there)" = "made-base made-more 1" ] &&
	grep -q 'has the layer more, which needs base: nothing changed' "$work/out"
result $? "a layer that another one needs is not removed"
apply --reverse --layer more "$work/tree" && [ "$(there)" = "made-base 1" ]
result $? "--reverse removes one layer"
apply --layer more "$work/tree" && [ "$(there)" = "made-base made-more 1" ] &&
	! grep -q 'adding the layer' "$work/out"
result $? "a needed layer that the tree has is not applied again"
! apply --layer more "$work/tree" && grep -q 'more is already in this tree' "$work/out"
result $? "a layer that the tree has is refused"
apply --reverse --layer more --layer base "$work/tree" && apply --reverse --layer else "$work/tree" &&
	same_tree "$work/tree" "$work/kept"
result $? "without its layers the tree is as before"
apply "$work/tree" && [ "$(tail -n 1 "$work/tree/MAINTAINERS")" = else ] && apply --reverse "$work/tree" &&
	same_tree "$work/tree" "$work/kept"
result $? "all layers can be applied and removed together"
apply --layer mor "$work/tree" && status=0 || status=$?
[ "$status" -eq 2 ] && grep -q 'unknown layer mor, known are: base more else' "$work/out"
result $? "an unknown layer is refused, and the message has the known ones"

# The same layers again: "base" is in base/, "else" is only for our base.
mkdir "$patches/base"
mv "$patches/0001-base.patch" "$patches/base/"
sed -i 's,^0001,base/0001,; s/^# layer: else/&, base: ours/' "$patches/series"
answers() {
	"$patches/apply.sh" --check "$work/tree" | paste -sd ';'
}
fresh
[ "$(answers)" = "base: none;base: applies;more: applies;else: applies" ] && same_tree "$work/tree" "$work/kept"
result $? "--check: the layers apply to a tree without a base, and the tree is unchanged"
sed -i 's/^14$/fourteen/' "$work/tree/numbers"
[ "$(answers)" = "base: none;base: applies;more: applies;else: does not apply: 0003-else.patch: Hunk #1 FAILED at 12." ] &&
	! apply --check "$work/tree"
result $? "--check names the layer that does not apply, and its patch"
fresh
mkdir -p "$work/tree/drivers/pci"
echo "of pcigate" >"$work/tree/drivers/pci/liveupdate.c"
apply --layer base --layer else "$work/tree" &&
	[ "$(answers)" = "base: ours;base: is there;more: applies;else: is there" ]
result $? "--check names the layers that a tree with our base has"
fresh
mkdir -p "$work/tree/drivers/pci"
echo "of another" >"$work/tree/drivers/pci/liveupdate.c"
[ "$(answers)" = "base: upstream's;base: left out, the tree has upstream's base;more: applies;else: left out, the tree has upstream's base" ]
result $? "--check names the layers that upstream's base replaces"
! apply --layer base "$work/tree" && grep -q "which replaces the layer base: nothing changed" "$work/out"
result $? "a layer that upstream's base replaces is refused"
apply "$work/tree" && [ "$(there)" = "made-more 0" ] && grep -q "has upstream's base: the patches of base/ are left out" "$work/out" &&
	apply --reverse "$work/tree" && [ "$(there)" = "made-* 0" ]
result $? "on upstream's base, the series is applied and removed without what it replaces"

apply --wrong "$work/tree" && status=0 || status=$?
[ "$status" -eq 2 ]
result $? "wrong usage has exit status 2"
apply --check --reverse "$work/tree" && status=0 || status=$?
[ "$status" -eq 2 ]
result $? "--check with another option is wrong usage"
finish
