#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# reasons.t - each reason has a section in docs/reasons.md, and each section is that of a reason.
set -euo pipefail
if [ $# -gt 0 ]; then
    echo "reasons.t: unknown argument: $1 (it takes none)" >&2
    exit 2
fi
cd "$(dirname "$0")/.."

in_code=$(sed -n 's/.*\[PG_[A-Z_]*\] = { "\([a-z-]*\)",.*/\1/p' lib/reason.c | grep -vx ok | sort)
# Some reasons exist only in the early refusal: static strings of the kernel patch.
in_kernel=$(sed -n 's/^+\t".* \[\([a-z-]*\)\]";$/\1/p' kernel-patch/*-PCI-liveupdate-Refuse-*.patch)
in_docs=$(sed -n 's/^### \([a-z-]*\)$/\1/p' docs/reasons.md | sort)
reasons=$(sed -n '/^enum pg_reason {/,/^}/p' include/pcigate/reason.h | grep -cE '^\s+PG_[A-Z_]+,')

echo 1..2
everywhere=$(sort <<<"$in_code"$'\n'"$in_kernel")
if [ "$everywhere" = "$in_docs" ]; then
    echo "ok 1 - docs/reasons.md has a section for each code, and no other"
else
    echo "not ok 1 - docs/reasons.md has a section for each code, and no other"
    diff <(echo "$everywhere") <(echo "$in_docs") | sed 's/^/# /'
fi
# The pattern matches neither PG_REASON_COUNT, which has no comma, nor PG_OK, which has a value and is not in $in_code either.
if [ "$reasons" -eq "$(wc -l <<<"$in_code")" ]; then
    echo "ok 2 - the table has an entry for each of the $reasons reasons"
else
    echo "not ok 2 - the table has $(wc -l <<<"$in_code") entries for $reasons reasons"
fi
