#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# "make install" with PREFIX and DESTDIR.
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"
# A user's make has none of these variables.
unset MAKEFLAGS MAKELEVEL MFLAGS PREFIX DESTDIR

installed="bin/pcigate lib/pcigate/pcigate.efi lib/systemd/system/kexec.target\
 lib/systemd/system/pcigate-check.service share/bash-completion/completions/pcigate share/man/man8/pcigate.8"

# there DIRECTORY: whether it has all of the installed files and no other.
there() {
	local found
	found=$(cd "$1" && find . -type f -printf '%P\n' | sort | tr '\n' ' ') || return
	[ "$found" = "$installed " ] || { echo "found: $found" >>"$work/out"; return 1; }
}

make -C "$repo" install DESTDIR="$work/a b" PREFIX="/it's" >"$work/out" 2>&1 && there "$work/a b/it's" &&
	[ "$(find "$work" -mindepth 1 -maxdepth 1 -name 'a*' | wc -l)" -eq 1 ]
result $? "DESTDIR and PREFIX may have blanks and quotes"

grep -qF "check' \"/it's/bin/pcigate\"" "$work/a b/it's/lib/systemd/system/pcigate-check.service"
result $? "the systemd unit names the command"

make -C "$repo" install DESTDIR="$work/dist" PREFIX=/usr >"$work/out" 2>&1 &&
	[ -f "$work/dist/etc/systemd/system/kexec.target" ] && [ ! -e "$work/dist/usr/lib/systemd" ]
result $? "with PREFIX=/usr, the unit of the distribution is not overwritten"

DESTDIR=$work/env PREFIX=/opt make -C "$repo" install >"$work/out" 2>&1 && there "$work/env/opt"
result $? "DESTDIR and PREFIX may come from the environment"

make -C "$repo" install >"$work/out" 2>&1 && grep -q 'say where: make install PREFIX=' "$work/out" &&
	! grep -q ' -D ' "$work/out"
result $? "without DESTDIR and PREFIX, the command is not installed"
"$work/env/opt/bin/pcigate" --version >"$work/out" 2>&1
result $? "the installed command runs"
finish
