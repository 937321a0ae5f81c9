#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# All C follows .clang-format. Only with clang-format 14 (Debian 12): other versions break some
# lines differently.
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"
cd "$repo" || exit 2

mapfile -t files < <(project_files | grep '\.[ch]$')

# deviations FILE...: prints what clang-format would change.
deviations() {
	clang-format --dry-run --style=file "$@" 2>&1
}

if [[ $(clang-format --version) != *version\ 14.* ]]; then
	echo "1..0 # SKIP $(clang-format --version)"
	exit 0
fi
deviations "${files[@]}" >"$work/out"
holds [ ! -s "$work/out" ] && holds [ "${#files[@]}" -gt 100 ]
result $? "clang-format would change none of the ${#files[@]} files"

printf 'int  f( void ) { return 1; }\n' >"$work/seeded.c"
cp .clang-format "$work"
holds [ "$(deviations "$work/seeded.c" | grep -c warning)" -gt 0 ]
result $? "the search finds a wrong format"
finish
