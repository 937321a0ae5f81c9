#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The man page: what groff and man have to say about it.
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"

page=$repo/docs/pcigate.8
groff -t -man -ww -z -Tutf8 "$page" >"$work/out" 2>&1 && [ ! -s "$work/out" ]
result $? "groff -ww says nothing"
LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" >"$work/pages" 2>"$work/out" &&
	[ -s "$work/pages" ] && [ ! -s "$work/out" ]
result $? "man --warnings says nothing"
finish
