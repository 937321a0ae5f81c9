#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# reasons.t - each reason has a section in docs/reasons.md, and each section is that of a reason.
set -euo pipefail
# shellcheck source=../scripts/tests/tap.sh
. "$(dirname -- "$0")/../scripts/tests/tap.sh"
cd "$repo" || exit 2

in_code=$(sed -n 's/.*\[PG_[A-Z_]*\] = { "\([a-z-]*\)",.*/\1/p' lib/reason.c | grep -vx ok | sort)
# Some reasons exist only in the early refusal: static strings of the kernel patch.
in_kernel=$(sed -n 's/^+\t".* \[\([a-z-]*\)\]";$/\1/p' kernel-patch/pcigate/*-PCI-liveupdate-Refuse-*.patch)
in_docs=$(sed -n 's/^### \([a-z-]*\)$/\1/p' docs/reasons.md | sort)
reasons=$(sed -n '/^enum pg_reason {/,/^}/p' include/pcigate/reason.h | grep -cE '^\s+PG_[A-Z_]+,')

diff <(sort <<<"$in_code"$'\n'"$in_kernel") <(echo "$in_docs") >"$work/out"
result $? 'docs/reasons.md has a section for each code, and no other'
# The pattern matches neither PG_REASON_COUNT, which has no comma, nor PG_OK, which has a value and is not in $in_code either.
diff <(wc -l <<<"$in_code") <(echo "$reasons") >"$work/out"
result $? "the table has an entry for each of the $reasons reasons"
finish
