#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A short run of the oracle for make check: the made-up bridges against QEMU's, the kept topologies under every policy,
# and a few generated topologies.
set -u
if [ $# -gt 0 ]; then
	echo "oracle.t: unknown argument: $1 (it takes none)" >&2
	exit 2
fi
cd -- "$(dirname -- "$0")" || exit 2

number=0
failed=0
check() {
	local what=$1 said
	shift
	number=$((number + 1))
	if said=$("$@" 2>&1); then
		printf 'ok %d - %s\n' "$number" "$what"
	else
		printf 'not ok %d - %s\n' "$number" "$what"
		failed=1
	fi
	sed 's/^/# /' <<<"$said"
}

# Text to machine and back is the same text.
round_trip() {
	diff <(../../build/oracle/oracle generate "$1" 0 500) \
		<(../../build/oracle/oracle generate "$1" 0 500 | ../../build/oracle/oracle print)
}

fresh=$((RANDOM * 32768 + RANDOM + 2))
check "topologies survive being printed and read" round_trip "$fresh"
check "made-up bridges forward as QEMU's do, seed $fresh" hardware/check.py -n 500 --seed "$fresh"
check "kept topologies and seed 4" ./check.py -n 300 --seed 4 --shown 1 --patience 20
check "every bit of a sound machine, seed 6" ./check.py -n 0 --flips 1 --seed 6 --policies default --shown 1 --patience 20
printf '1..%d\n' "$number"
exit "$failed"
