#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# How much each layer of the series adds and takes away. A layer is what stands
# under one comment of the file series.
set -euo pipefail

usage='Usage: kernel-patch/count.sh'
case ${1-} in
'') ;;
-h | --help) echo "$usage"; exit 0 ;;
*) echo "count.sh: what is $1? ($usage)" >&2; exit 2 ;;
esac

cd -- "$(dirname -- "$0")"
awk '
	function tell() {
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
		# Only a comment in front of a patch begins a layer.
		if (fresh) {
			tell()
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
	END { tell() }' series
