#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The length of lines of the documentation, and metaphors in all files (CONTRIBUTING.md,
# "Language").
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"
cd "$repo" || exit 2
export LC_ALL=C.UTF-8

mapfile -t pages < <(project_files | grep '\.md$')
mapfile -t others < <(project_files | grep -vE '\.(md|svg|png)$|^scripts/tests/language\.t$')

# long_lines FILE...: prints lines of more than 100 columns. A row of a table cannot be broken.
long_lines() {
	grep -HnE '^[^|].{100,}' "$@" || true
}

# A pattern includes the words around a metaphor, because "headroom" and "room for 8 bytes" are none.
metaphors='\bhouses?\b
\brooms\b|\b(the|each|every|first|next|per|one|no|this) room\b(?! (for|to|left)\b)
\b(on|at) (a|any|the|your) desk\b
\btold story\b|\bas a story\b
\bin vain\b
\b(way|ways|goes|going|go|lead|leads) through the (house|room|gate)\b|\bway through\b'

# found_metaphors FILE...: searches each file as a whole, because a metaphor may span two lines.
found_metaphors() {
	METAPHORS=$metaphors perl -0777 -ne '
		my $pattern = join "|", map { s/ (?!\()/\\s+/gr } split /\n/, $ENV{METAPHORS};
		while (/($pattern)/gi) {
			my ($found, $line) = ($1, 1 + substr($_, 0, $-[0]) =~ tr/\n//);
			print "$ARGV:$line: ", $found =~ s/\s+/ /gr, "\n";
		}' "$@"
}

long_lines "${pages[@]}" >"$work/out"
holds [ ! -s "$work/out" ] && holds [ "${#pages[@]}" -gt 10 ]
result $? "lines of Markdown have at most 100 columns, rows of tables excepted (${#pages[@]} pages)"

found_metaphors "${pages[@]}" >"$work/out"
holds [ ! -s "$work/out" ]
result $? "the documentation has none of these metaphors"

found_metaphors "${others[@]}" >"$work/out"
holds [ ! -s "$work/out" ] && holds [ "${#others[@]}" -gt 100 ]
result $? "no other file has any of these metaphors: man page, code, tests, patches (${#others[@]} files)"

env -u MAKEFLAGS -u MAKELEVEL make -s help >"$work/help" 2>"$work/out" && long_lines "$work/help" >>"$work/out" &&
	found_metaphors "$work/help" >>"$work/out" && [ ! -s "$work/out" ]
result $? "make help has no metaphor, and no line of more than 100 columns"

terms=$(grep -cE '^\| [^-]' docs/glossary.md)
holds [ "$terms" -gt 1 ] && holds [ "$terms" -le 26 ]
result $? "the glossary has at most 25 terms ($((terms - 1)))"

# Tests of the searches.
{
	echo 'The first room of the house; each'
	echo 'room can be tried at any desk, in vain.'
	printf 'x%.0s' {1..101}
	echo
	printf '| x%.0s' {1..101}
	echo
	printf '├%.0s' {1..100}
	echo
} >"$work/seeded"
holds [ "$(found_metaphors "$work/seeded" | wc -l)" -eq 5 ] && holds [ "$(long_lines "$work/seeded" | wc -l)" -eq 1 ]
result $? "both searches find metaphors and long lines"
echo 'Warehouse, headroom, room for 8 bytes, no room left, the way, a path through a bridge.' >"$work/innocent"
holds [ -z "$(found_metaphors "$work/innocent")" ]
result $? "the search for metaphors finds no similar words"
finish
