#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname -- "$0")/common.sh"

list=$repo_dir/scripts/packages

usage() {
	cat <<-EOT
		Usage: scripts/install-deps.sh [--list] [FILE]

		Lists the Debian packages that scripts/packages (or FILE) names and
		this machine lacks, and installs them without a question. Without
		root rights, sudo may ask for a password.

		  --list   print the packages, each with its reason
		  --help   print this text
	EOT
}

# Prints "NAME REASON" for each package.
packages() {
	sed 's/^#.*//; /^[[:space:]]*$/d; s/[[:space:]]\+/ /' "$list"
}

list_only=false
for argument; do
	case $argument in
	--list) list_only=true ;;
	-h | --help) usage; exit 0 ;;
	-*) die_usage "unknown argument: $argument" ;;
	*)
		if [ ! -f "$argument" ] || [ ! -r "$argument" ]; then
			die_usage "$argument: no such file"
		fi
		list=$argument
		;;
	esac
done
if $list_only; then
	packages
	exit 0
fi

[ "$(uname -m)" = x86_64 ] || die "this is $(uname -m): the project needs an x86-64 machine"
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
	say "not a Debian system: install the programs and libraries of these Debian packages:"
	packages | sed 's/^/  /' >&2
	exit 1
fi

# Asks dpkg in every run, which takes a few milliseconds: a package may have been
# removed since the last run.
missing=()
find_missing() {
	local installed name reason
	# dpkg-query fails for a name that it does not know: the package is missing.
	# shellcheck disable=SC2016,SC2046 # dpkg-query expands these; names hold no blanks
	installed=" $({ dpkg-query -W -f '${db:Status-Status} ${Package}\n' \
		$(packages | cut -d' ' -f1) 2>/dev/null || true; } |
		sed -n 's/^installed //p' | tr '\n' ' ')"
	missing=()
	while read -r name reason; do
		case $installed in
		*" $name "*) ;;
		*) missing+=("$name") reasons[$name]=$reason ;;
		esac
	done < <(packages)
}

declare -A reasons=()
find_missing
[ ${#missing[@]} -gt 0 ] || exit 0

log=$cache_dir/install-deps.log
mkdir -p "$cache_dir"

# Without recommended packages, which would add hundreds.
apt_install() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q \
		-o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
		--no-install-recommends install "${missing[@]}" >>"$log" 2>&1
}

say "installing these Debian packages, and what they depend on (log: $log):"
for name in "${missing[@]}"; do
	printf '  %-22s %s\n' "$name" "${reasons[$name]}" >&2
done
# If sudo asks for a password, it does so here and not during the installation.
as_root true || die "no root rights: nothing was installed"

: >"$log"
heartbeat_start "installing"
if ! apt_install; then
	say "updating the package lists"
	# A failure of a third-party source may not concern these packages.
	as_root apt-get -q update >>"$log" 2>&1 || say "apt-get update failed, see the log"
	apt_install || {
		heartbeat_stop
		die "apt-get install failed: $(sed -n 's/^E: //p' "$log" | tail -n 1) (log: $log)"
	}
fi
heartbeat_stop
find_missing
[ ${#missing[@]} -eq 0 ] || die "apt-get succeeded, but these packages are missing: ${missing[*]}"
say "all packages are installed"
