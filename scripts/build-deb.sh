#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname -- "$0")/common.sh"

usage() {
	cat <<-EOT
		Usage: scripts/build-deb.sh [--out DIR] VERSION

		Builds the Debian packages pcigate and pcigate-boot of this checkout,
		with changes that are not committed, and runs lintian on them.
		CHANGELOG.md must have an entry of VERSION.

		  --out DIR  where the packages go (default: build/deb)
		  --help     print this text
	EOT
}

out=$repo_dir/build/deb
version=
while [ $# -gt 0 ]; do
	case $1 in
	--out)
		[ -n "${2:-}" ] || die_usage "--out needs a directory"
		out=$2
		shift
		;;
	-h | --help) usage; exit 0 ;;
	-*) die_usage "unknown argument: $1" ;;
	*) version=$1 ;;
	esac
	shift
done
[[ $version =~ ^[0-9][0-9.]*$ ]] || die_usage "'$version' is not a version such as 0.1.0"
changes=$repo_dir/CHANGELOG.md
grep -q "^## $version (....-..-..)\$" "$changes" ||
	die "CHANGELOG.md has no line '## $version (YYYY-MM-DD)'"

# changelog: prints CHANGELOG.md in the form of debian/changelog. Its lines have at most 76 characters,
# because Debian wants 80.
changelog() {
	local line entry=false
	while IFS= read -r line; do
		if [[ $line =~ ^'## '([0-9.]+)' ('(.*)')'$ ]]; then
			! $entry || printf '\n -- %s  %s\n\n' "$maintainer" "$date"
			entry=true
			date=$(LC_ALL=C date -u -d "${BASH_REMATCH[2]}" '+%a, %d %b %Y %T +0000')
			printf 'pcigate (%s) unstable; urgency=medium\n\n' "${BASH_REMATCH[1]}"
		elif $entry && [[ $line =~ ^'- '(.*) ]]; then
			printf '  * %s\n' "${BASH_REMATCH[1]}"
		elif $entry && [ -n "$line" ]; then
			printf '    %s\n' "${line#"${line%%[! ]*}"}"
		fi
	done <"$changes"
	! $entry || printf '\n -- %s  %s\n' "$maintainer" "$date"
}

"$repo_dir/scripts/install-deps.sh" "$repo_dir/scripts/deb-packages"
take_lock deb
work=$repo_dir/build/deb-source
tree=$work/pcigate-$version
rm -rf "$work"
mkdir -p "$tree" "$out"
tar -C "$repo_dir" --exclude=./build --exclude=./.git -cf - . | tar -C "$tree" -xf -
cp -r "$repo_dir/tools/debian" "$tree/debian"
maintainer=$(sed -n 's/^Maintainer: //p' "$tree/debian/control")
changelog >"$tree/debian/changelog"
sed 's/^$/./; s/^/ /; /SPDX/d' "$repo_dir/LICENSES/BSD-2-Clause.txt" >>"$tree/debian/copyright"

heartbeat_start "building the packages"
(cd "$tree" && DEB_BUILD_OPTIONS=nocheck dpkg-buildpackage -b -us -uc) >"$work/build.log" 2>&1 || {
	heartbeat_stop
	tail -n 20 "$work/build.log" >&2
	die "the packages cannot be built (log: $work/build.log)"
}
heartbeat_stop
lintian --fail-on error,warning --info "$work"/*.changes || die "lintian has complaints"
rm -f "$out"/pcigate*.deb
cp "$work"/pcigate_*.deb "$work"/pcigate-boot_*.deb "$out/"
printf '%s\n' "$out"/pcigate*.deb
