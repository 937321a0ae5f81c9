#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Debian 12 has no CBMC. The CBMC of Debian 13 runs on Debian 12 with the C library of Debian 13; the
# cache holds both.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname -- "$0")/common.sh"
# shellcheck source=apt-root.sh
. "$(dirname -- "$0")/apt-root.sh"

usage() {
	cat <<-EOT
		Usage: scripts/fetch-cbmc.sh

		Prints the path of CBMC, the model checker of \`make prove\`. If
		CBMC is missing, and this machine's apt has the package cbmc,
		installs the package. Otherwise unpacks the package of trixie and
		the libraries that it needs into the cache, with a script that
		starts CBMC.

		  --help     print this text
	EOT
}

for argument; do
	case $argument in
	-h | --help) usage; exit 0 ;;
	*) die_usage "unknown argument: $argument" ;;
	esac
done

dest=$cache_dir/cbmc
packages=(cbmc minisat libc6 libgcc-s1 libstdc++6 zlib1g)

# Called by apt_each_suite for each suite that can be read.
fetch() {
	local work=$dest.new.$$ deb
	rm -rf "$dest".new.*
	mkdir -p "$work"
	(cd "$work" && apt_in_root apt-get -qq download "${packages[@]}" >&2) || return 1
	for deb in "$work"/*.deb; do
		dpkg-deb -x "$deb" "$work" || return 1
		rm "$deb"
	done
	cat >"$work/run" <<-'EOT'
		#!/bin/sh
		root=$(dirname -- "$(readlink -f -- "$0")")
		lib=$root/usr/lib/x86_64-linux-gnu
		exec "$lib/ld-linux-x86-64.so.2" --library-path "$lib:$root/usr/lib" "$root/usr/bin/cbmc" "$@"
	EOT
	chmod +x "$work/run"
	"$work/run" --version >/dev/null || return 1
	rm -rf "$dest"
	mv "$work" "$dest"
}

if command -v cbmc; then
	exit 0
fi
if [ -n "$(apt-cache madison cbmc 2>/dev/null)" ]; then
	"$repo_dir/scripts/install-deps.sh" "$repo_dir/tests/proofs/packages"
	command -v cbmc
	exit
fi
take_lock cbmc
if [ ! -x "$dest/run" ]; then
	need_command apt-get dpkg-deb
	say "fetching the package cbmc of trixie (26 MB)"
	apt_each_suite deb fetch trixie || die "no CBMC: neither this machine's apt nor trixie has the package cbmc"
fi
printf '%s\n' "$dest/run"
