# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions of the tests, which print TAP. To be sourced.

if [ $# -gt 0 ]; then
	echo "${0##*/}: unknown argument: $1 (it takes none)" >&2
	exit 2
fi

# shellcheck disable=SC2034 # used by the tests
repo=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0

# A command that fails does not end the test: result reports it.
set +e

# holds [ CONDITION ]: a condition whose status is taken with $?. shellcheck accepts this only for a
# command (SC2319, from 0.10 on).
holds() {
	"$@"
}

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

# Prints the files of the project, also in a tree without git.
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
