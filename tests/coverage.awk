#!/usr/bin/awk -f
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Sums the lines in the output of `llvm-cov report` by folder. Columns of this output: the file, then
# regions, functions and lines, each as count, missed, share.
NF >= 10 && $8 ~ /^[0-9]+$/ {
	folder = $1
	sub(/\/[^\/]*$/, "", folder)
	if ($1 == "TOTAL")
		folder = "all"
	lines[folder] += $8
	missed[folder] += $9
}
END {
	for (folder in lines)
		printf "%-16s %6d lines, %5.1f %% run\n", folder, lines[folder], 100 * (1 - missed[folder] / lines[folder]) | "sort"
}
