#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# "make install" with PREFIX and DESTDIR.
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"
# A user's make has none of these variables.
unset MAKEFLAGS MAKELEVEL MFLAGS PREFIX DESTDIR

installed="bin/pcigate lib/pcigate/pcigate.efi share/bash-completion/completions/pcigate share/man/man8/pcigate-check.8\
 share/man/man8/pcigate-diff.8 share/man/man8/pcigate-inspect.8 share/man/man8/pcigate-load.8 share/man/man8/pcigate-plan.8\
 share/man/man8/pcigate-record.8 share/man/man8/pcigate-show.8 share/man/man8/pcigate-wrap.8 share/man/man8/pcigate.8"
for_systemd="etc/default/pcigate etc/kernel/postinst.d/pcigate etc/kernel/postrm.d/pcigate it's/lib/systemd/system/kexec.target\
 it's/lib/systemd/system/pcigate-baseline.service it's/lib/systemd/system/pcigate-check.service it's/lib/systemd/system/pcigate-load.service"

# has DIRECTORY FILES: whether it has all of these files and no other.
has() {
	local found
	found=$(cd "$1" && find . -type f -printf '%P\n' | sort | tr '\n' ' ') || return
	[ "$found" = "$2 " ] || { echo "found: $found" >>"$work/out"; return 1; }
}

make -C "$repo" install DESTDIR="$work/a b" PREFIX="/it's" >"$work/out" 2>&1 && has "$work/a b/it's" "$installed" &&
	[ "$(find "$work" -mindepth 1 -maxdepth 1 -name 'a*' | wc -l)" -eq 1 ]
result $? "DESTDIR and PREFIX may have blanks and quotes; nothing is installed for systemd"

make -C "$repo" install-systemd DESTDIR="$work/c d" PREFIX="/it's" >"$work/out" 2>&1 && has "$work/c d" "$for_systemd"
result $? "install-systemd installs the units, the hooks and their settings"

units="$work/c d/it's/lib/systemd/system"
grep -qF "check' \"/it's/bin/pcigate\"" "$units/pcigate-check.service" &&
	grep -qF "\"/it's/bin/pcigate\" \$OPTIONS" "$units/pcigate-load.service" &&
	grep -qF "\"/it's/bin/pcigate\" diff" "$units/pcigate-baseline.service"
result $? "the systemd units name the command"

echo 'OPTIONS=--all' >"$work/c d/etc/default/pcigate"
make -C "$repo" install-systemd DESTDIR="$work/c d" PREFIX="/it's" >"$work/out" 2>&1 &&
	[ "$(cat "$work/c d/etc/default/pcigate")" = OPTIONS=--all ]
result $? "install-systemd keeps the settings of the administrator"

make -C "$repo" install-systemd DESTDIR="$work/dist" PREFIX=/usr >"$work/out" 2>&1 &&
	[ -f "$work/dist/etc/systemd/system/kexec.target" ] && [ ! -e "$work/dist/usr/lib/systemd" ]
result $? "with PREFIX=/usr, the unit of the distribution is not overwritten"

DESTDIR=$work/env PREFIX=/opt make -C "$repo" install >"$work/out" 2>&1 && has "$work/env/opt" "$installed"
result $? "DESTDIR and PREFIX may come from the environment"

make -C "$repo" uninstall DESTDIR="$work/a b" PREFIX="/it's" >"$work/out" 2>&1 &&
	make -C "$repo" uninstall DESTDIR="$work/c d" PREFIX="/it's" >>"$work/out" 2>&1 &&
	[ -z "$(find "$work/a b" -type f)" ] && has "$work/c d" etc/default/pcigate
result $? "uninstall removes what install and install-systemd installed, but no settings"

echo '[Unit]' >"$work/dist/etc/systemd/system/kexec.target"
make -C "$repo" uninstall DESTDIR="$work/dist" PREFIX=/usr >"$work/out" 2>&1 &&
	[ "$(find "$work/dist" -type f -printf '%f\n' | sort | tr '\n' ' ')" = 'kexec.target pcigate ' ]
result $? "uninstall keeps a unit that somebody else wrote"

! make -C "$repo" uninstall >"$work/out" 2>&1 && grep -q 'say where the command is' "$work/out"
result $? "without DESTDIR and PREFIX, uninstall removes nothing"

holds [ -z "$(make -n -C "$repo" install PREFIX=/opt | grep install-deps)" ]
result $? "install with PREFIX installs no packages"

make -C "$repo" install >"$work/out" 2>&1 && grep -q 'say where: make install PREFIX=' "$work/out" &&
	! grep -q ' -D ' "$work/out"
result $? "without DESTDIR and PREFIX, the command is not installed"
"$work/env/opt/bin/pcigate" --version >"$work/out" 2>&1
result $? "the installed command runs"
finish
