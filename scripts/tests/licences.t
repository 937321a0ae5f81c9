#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Every file names its licence in one of its first lines, as COPYING says.
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"
cd "$repo" || exit 2

both='GPL-2.0-only OR BSD-2-Clause'

# expected FILE: prints the licence that the file must name; nothing for exempt files.
expected() {
	case $1 in
	# The licences, and the file that explains them.
	COPYING | LICENSES/*) ;;
	# The file copyright covers these, whose formats have no comments.
	tools/debian/control | tools/debian/copyright | tools/debian/pcigate*.*) ;;
	# Made by git; the files that they create are checked below.
	kernel-patch/*/*.patch | tests/kernel-patch/*.patch) ;;
	# Kernel code, without the files that build it; and the page about the patches.
	tests/oracle/linux/build.sh | tests/oracle/linux/config) echo "$both" ;;
	tests/oracle/linux/* | tests/qemu/guest/keeper/* | tests/qemu/guest/twobuses/* | kernel-patch/README.md) echo GPL-2.0-only ;;
	*) echo "$both" ;;
	esac
}

# The licences that the files name. One process reads all files.
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
for patch in kernel-patch/*/*.patch tests/kernel-patch/*.patch; do
	# The kernel tree has the SPDX line first. The program that reads Documentation/ABI does not
	# know such a line.
	awk '/^--- \/dev\/null/ { new = 1 } new && /^\+\+\+ / { name = $2; getline; getline; new = 0
		if (name !~ /^b\/Documentation\/ABI\// && $0 !~ /^\+(\/\/|\/\*|#|\.\.) SPDX-License-Identifier: (\(?)GPL-2\.0/) print FILENAME ": " name ": " $0 }' \
		"$patch" >>"$work/out"
done
[ ! -s "$work/out" ]
result $? "every file that the patches create has its SPDX line"
for name in GPL-2.0-only BSD-2-Clause; do
	[ -s "LICENSES/$name.txt" ]
	result $? "LICENSES has the text of $name"
done
finish
