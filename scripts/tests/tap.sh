# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The little that a test needs to speak TAP. To be sourced.

if [ $# -gt 0 ]; then
	echo "${0##*/}: unknown argument: $1 (it takes none)" >&2
	exit 2
fi

# shellcheck disable=SC2034 # used by the tests
repo=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0

# A failing command is what a test looks at, in result.
set +e

# result STATUS NAME
result() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		[ ! -s "$work/out" ] || sed 's/^/# /' "$work/out"
	fi
}

# The files of the project, also where it did not come by git.
project_files() {
	git -C "$repo" ls-files 2>/dev/null ||
		(cd "$repo" && find . \( -name .git -o -name build -o -name __pycache__ \) -prune -o -type f -printf '%P\n')
}

same_tree() {
	diff -r "$1" "$2" >>"$work/out"
}

finish() {
	echo "1..$count"
}
