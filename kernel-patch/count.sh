#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Counts the lines that each layer of the series adds and removes, and the sum of
# each folder. A layer is the patches below one comment of the file series.
set -euo pipefail

usage='Usage: kernel-patch/count.sh'
case ${1-} in
'') ;;
-h | --help) echo "$usage"; exit 0 ;;
*) echo "count.sh: unknown argument: $1 ($usage)" >&2; exit 2 ;;
esac

cd -- "$(dirname -- "$0")"
awk '
	function print_line(what, n, plus, minus, changed) {
		printf "  %-44.44s %2d patch%s %5d lines added, %3d removed, %2d files\n",
			what, n, n == 1 ? ",  " : "es,", plus, minus, changed
	}
	function report() {
		if (layer != "" && patches)
			print_line(layer, patches, added, removed, files)
		sum["patches", folder] += patches
		sum["added", folder] += added
		sum["removed", folder] += removed
		patches = added = removed = files = 0
	}
	function report_folder(  file, n) {
		for (file in seen)
			n++
		if (folder != "")
			print_line("all of " folder "/", sum["patches", folder],
				sum["added", folder], sum["removed", folder], n)
		delete seen
	}
	/^#/ {
		if (!fresh)
			text = $0
		sub(/^# */, "", text)
		fresh = 1
		next
	}
	/^[[:space:]]*$/ { fresh = 0; next }
	{
		# A layer begins at a comment that a patch follows.
		if (fresh) {
			report()
			layer = text
			sub(/:.*/, "", layer)
			fresh = 0
		}
		if (folder "/" != substr($1, 1, length(folder) + 1)) {
			report_folder()
			folder = $1
			sub(/\/.*/, "", folder)
		}
		patches++
		while ((getline line <$1) > 0) {
			if (line ~ /^\+\+\+ /) {
				files++
				seen[line]
			}
			else if (line ~ /^\+/)
				added++
			else if (line ~ /^-[^-]/ || line == "-")
				removed++
		}
		close($1)
	}
	END { report(); report_folder() }' series
