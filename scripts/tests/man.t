#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# groff and man have no warnings about the man pages, and Debian's packages have the pages that they name.
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"

for page in "$repo"/docs/*.8; do
	groff -t -man -ww -z -Tutf8 "$page" >"$work/out" 2>&1 && [ ! -s "$work/out" ]
	result $? "$(basename "$page"): groff -ww has no warning"
	LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" >"$work/pages" 2>"$work/out" &&
		[ -s "$work/pages" ] && [ ! -s "$work/out" ]
	result $? "$(basename "$page"): man --warnings has no warning"
done

grep -oh 'docs/[a-z-]*\.md' "$repo"/docs/*.8 | sort -u >"$work/named"
sort -u "$repo"/tools/debian/*.docs >"$work/shipped"
comm -23 "$work/named" "$work/shipped" >"$work/out"
holds [ -s "$work/named" ] && holds [ ! -s "$work/out" ]
result $? "the Debian packages have each page that a man page names"
finish
