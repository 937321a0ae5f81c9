#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# oracle.t - a short run of the oracle for make check: compares the bridges of generated machines with QEMU's, then Linux with
# the plan on the stored topologies under every policy and on a few generated ones.
set -u
if [ $# -gt 0 ]; then
	echo "oracle.t: unknown argument: $1 (it takes none)" >&2
	exit 2
fi
cd -- "$(dirname -- "$0")" || exit 2

number=0
failed=0
check() {
	local what=$1 output
	shift
	number=$((number + 1))
	if output=$("$@" 2>&1); then
		printf 'ok %d - %s\n' "$number" "$what"
	else
		printf 'not ok %d - %s\n' "$number" "$what"
		failed=1
	fi
	sed 's/^/# /' <<<"$output"
}

# A topology that is read and printed has the same text.
round_trip() {
	diff <(../../build/oracle/oracle generate "$1" 0 500) \
		<(../../build/oracle/oracle generate "$1" 0 500 | ../../build/oracle/oracle print)
}

fresh=$((RANDOM * 32768 + RANDOM + 2))
check "topologies that are read and printed have the same text, seed $fresh" round_trip "$fresh"
check "bridges of a generated machine forward like QEMU's, seed $fresh" hardware/check.py -n 500 --seed "$fresh"
check "plan and Linux agree on the stored topologies, and on generated ones with seed 4" ./check.py -n 300 --seed 4 --shown 1 --patience 20
check "plan and Linux agree if one bit of a sound machine is flipped, seed 6" ./check.py -n 0 --flips 1 --seed 6 --policies default --shown 1 --patience 20
check "the same for a next kernel that keeps bus numbers and virtual functions" ./check.py -n 300 --seed 4 --keep --flips 1 --shown 1 --patience 20
printf '1..%d\n' "$number"
exit "$failed"
