#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Every file names its licence in one of its first lines, as COPYING says.
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"
cd "$repo" || exit 2

both='GPL-2.0-only OR BSD-2-Clause'

# expected FILE: what it has to say; nothing for those that are exempt.
expected() {
	case $1 in
	# The licences, and the file that explains them.
	COPYING | LICENSES/*) ;;
	# Mails that git makes; the files that they bring are looked at below.
	kernel-patch/*.patch) ;;
	# Code of the kernel, but not what builds it; and what tells of the kernel's own patches.
	tests/oracle/linux/build.sh | tests/oracle/linux/config) echo "$both" ;;
	tests/oracle/linux/* | tests/qemu/guest/keeper/* | kernel-patch/README.md) echo GPL-2.0-only ;;
	*) echo "$both" ;;
	esac
}

# What the first lines of each file say: one process for all of them.
declare -A licence=()
mapfile -t files < <(project_files | while IFS= read -r file; do [ ! -f "$file" ] || echo "$file"; done)
while IFS=$'\t' read -r file said; do
	licence[$file]=$said
done < <(awk 'FNR > 5 { nextfile }
	match($0, /SPDX-License-Identifier: [A-Za-z0-9. -]*[A-Za-z0-9]/) {
		print FILENAME "\t" substr($0, RSTART + 25, RLENGTH - 25)
		nextfile
	}' "${files[@]}")

wrong=0
for file in "${files[@]}"; do
	wanted=$(expected "$file")
	[ -n "$wanted" ] || continue
	[ "${licence[$file]:-}" = "$wanted" ] && continue
	wrong=$((wrong + 1))
	echo "$file: ${licence[$file]:-no SPDX line}, not $wanted" >>"$work/out"
done
[ "$wrong" -eq 0 ] && [ "${#files[@]}" -gt 400 ]
result $? "every file has its SPDX line (${#files[@]} files)"

: >"$work/out"
for patch in kernel-patch/*.patch; do
	# The first line of each new file; in the kernel tree that is where it belongs. Documentation/ABI is
	# read by a program that knows no such line.
	awk '/^--- \/dev\/null/ { new = 1 } new && /^\+\+\+ / { name = $2; getline; getline; new = 0
		if (name !~ /^b\/Documentation\/ABI\// && $0 !~ /^\+(\/\/|\/\*|#|\.\.) SPDX-License-Identifier: (\(?)GPL-2\.0/) print FILENAME ": " name ": " $0 }' \
		"$patch" >>"$work/out"
done
[ ! -s "$work/out" ]
result $? "so has every file that the patches bring"
for name in GPL-2.0-only BSD-2-Clause; do
	[ -s "LICENSES/$name.txt" ]
	result $? "the text of $name"
done
finish
