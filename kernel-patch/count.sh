#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Counts the lines that each layer of the series adds and removes. A layer is the
# patches below one comment of the file series.
set -euo pipefail

usage='Usage: kernel-patch/count.sh'
case ${1-} in
'') ;;
-h | --help) echo "$usage"; exit 0 ;;
*) echo "count.sh: unknown argument: $1 ($usage)" >&2; exit 2 ;;
esac

cd -- "$(dirname -- "$0")"
awk '
	function report() {
		if (layer != "" && patches)
			printf "  %-44.44s %2d patch%s %5d lines added, %3d removed, %2d files\n",
				layer, patches, patches == 1 ? ",  " : "es,", added, removed, files
		patches = added = removed = files = 0
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
		patches++
		while ((getline line <$1) > 0) {
			if (line ~ /^\+\+\+ /)
				files++
			else if (line ~ /^\+/)
				added++
			else if (line ~ /^-[^-]/ || line == "-")
				removed++
		}
		close($1)
	}
	END { report() }' series
