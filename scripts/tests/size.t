#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Functions of more than 60 lines and C files of more than 400 lines give a reason, in a line
# "Long: REASON" of the comment above the function, or of the first comment of the file.
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"
cd "$repo" || exit 2

mapfile -t files < <(project_files | grep -E '^(lib|boot|include|tools|tests)/.*\.[ch]$' | grep -v '^tests/unit/')

# too_long FILE...: prints what is too long without a reason. A function begins with the line after
# a blank line or a comment, and ends with a brace in the first column (.clang-format).
too_long() {
	awk '
	function file_end() {
		if (lines > 400 && !file_reason)
			print file ": " lines " lines"
	}
	FNR == 1 { file_end(); file = FILENAME; file_reason = comments = reason = start = 0 }
	{ lines = FNR }
	/^\/\*/ { comments++; in_comment = 1; reason = 0 }
	in_comment && /Long: [^ ]/ { reason = 1; if (comments == 1) file_reason = 1 }
	in_comment { start = FNR + 1; if (/\*\//) in_comment = 0; next }
	/^$/ && !in_body { start = FNR + 1; reason = 0; next }
	/^\{/ { in_body = 1 }
	/^\}/ {
		if (in_body && FNR - start + 1 > 60 && !reason)
			print FILENAME ":" start ": a function of " FNR - start + 1 " lines"
		in_body = 0
	}
	END { file_end() }' "$@"
}

too_long "${files[@]}" >"$work/out"
holds [ ! -s "$work/out" ] && holds [ "${#files[@]}" -gt 100 ]
result $? "functions of more than 60 lines and files of more than 400 give a reason (${#files[@]} files)"

# function_of LINES [COMMENT]: prints a function of that many lines, below the comment.
function_of() {
	[ $# -lt 2 ] || printf '/*\n * %s\n */\n' "$2"
	printf 'static int f(void)\n{\n'
	seq $(($1 - 4)) | sed 's/.*/\tg(&);/'
	printf '\treturn 0;\n}\n'
}

# seeded BLANKS [REASON]: how much is too long in a file with standard input and BLANKS empty lines.
seeded() {
	{
		printf '/*\n * seeded.c - %s\n */\n#include "seeded.h"\n\n' "${2:-seeded}"
		cat
		yes '' | head -n "$1"
	} >"$work/seeded.c"
	too_long "$work/seeded.c" | wc -l
}

: >"$work/out"
holds [ "$(function_of 60 | seeded 0)" -eq 0 ] && holds [ "$(function_of 61 | seeded 0)" -eq 1 ]
result $? "a function of 61 lines is too long"
holds [ "$(function_of 61 'Long: one table' | seeded 0)" -eq 0 ] && holds [ "$(function_of 61 'Not so long' | seeded 0)" -eq 1 ]
result $? "a function of 61 lines with a reason is not"
holds [ "$(function_of 10 | seeded 385)" -eq 0 ] && holds [ "$(function_of 10 | seeded 386)" -eq 1 ]
result $? "a file of 401 lines is too long"
holds [ "$(function_of 10 | seeded 386 'Long: one table')" -eq 0 ] && holds [ "$(function_of 61 | seeded 0 'Long: one table')" -eq 1 ]
result $? "a file of 401 lines with a reason is not, and the reason is not one for its functions"
finish
