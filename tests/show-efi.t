#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# show-efi.t - pcigate show --efi on copies of EFI variables, as efivarfs shows them.
set -euo pipefail
# shellcheck source=../scripts/tests/tap.sh
. "$(dirname -- "$0")/../scripts/tests/tap.sh"
cd "$repo" || exit 2

pcigate=build/asan/pcigate

# variable NAME TEXT: makes a file with the attributes, then the text in UTF-16.
variable()
{
    { printf '\6\0\0\0'; printf '%s\0' "$2" | iconv -f ASCII -t UTF-16LE; } >"$work/$1"
}

# is NAME STATUS PATTERN ARGUMENT...: the exit status must be STATUS, and a line of the output must match.
is()
{
    local name=$1 wanted=$2 pattern=$3 status=0
    shift 3
    "$pcigate" show --efi "$@" >"$work/out" 2>&1 || status=$?
    [ "$status" = "$wanted" ] && grep -qE -- "$pattern" "$work/out"
    result $? "$name: status $wanted, a line matches $pattern"
}

variable open 'verdict=open reason=none devices=3 keep=3 move=0 unverified=0 reads=198 usec=640'
variable stop 'verdict=stop reason=device-moved devices=3 keep=1 move=2 unverified=0 reads=198 usec=0 time=2026-11-22T20:15:03'
variable report 'verdict=open-by-policy reason=device-absent devices=1 keep=0 move=0 unverified=1 reads=1 usec=1'
variable other 'LoaderInfo'
: >"$work/empty"
printf '\6\0\0\0v\0e' >"$work/odd"

is 'an open verdict' 0 \
    '^verdict   open: 3 of 3 devices keep their address, 0 moved, 0 unverified \(198 config reads, 640 us\)$' "$work/open"
is 'an open verdict has no reason' 0 '^verdict' "$work/open"
if grep -q '^reason' "$work/out"; then echo "Bail out! a reason was printed"; exit 1; fi
is 'a stop' 1 '^verdict   stop: 1 of 3 devices keep their address, 2 moved, 0 unverified \(198 config reads\)$' "$work/stop"
is 'the reason of a stop' 1 '^reason    device-moved$' "$work/stop"
is 'the time of a stop' 1 '^time      2026-11-22T20:15:03$' "$work/stop"
is 'open by policy' 0 '^verdict   open-by-policy: 0 of 1' "$work/report"
is 'JSON with a reason' 1 '"reason": "device-moved"' --json "$work/stop"
is 'JSON without a reason' 0 '"reason": null' --json "$work/open"
is 'another variable' 2 'other: is not a verdict of pcigate.efi in efivarfs format$' "$work/other"
is 'an empty file' 2 'empty: is not a verdict' "$work/empty"
is 'an odd number of bytes' 2 'odd: is not a verdict' "$work/odd"
is 'a file that does not exist' 2 'none: cannot open it: No such file' "$work/none"
is 'a directory' 2 'cannot read it: Is a directory' "$work"
finish
