#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A fresh system of a Debian release is a directory made by debootstrap. The script
# enters it with chroot(8), in a mount and a PID namespace of its own, so that no
# mount and no process is left when the script ends or is killed.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname -- "$0")/common.sh"
# shellcheck source=apt-root.sh
. "$(dirname -- "$0")/apt-root.sh"

usage() {
	cat <<-EOT
		Usage: scripts/check-release.sh [--new] [RELEASE [COMMAND...]]

		Runs \`make run\` and \`make check\` on a fresh system of the Debian
		release RELEASE (trixie by default, or bookworm), from a clean clone
		of this checkout at HEAD, and prints one line per command. With
		COMMAND, a shell command, runs COMMAND instead. chroot needs root
		rights; sudo may ask for a password.

		The cache keeps the base system, the packages that apt fetched and
		the project's cache of that release. It also keeps the tested system
		with the clone, until the next run. Logs are in build/release/RELEASE.

		  --new    make the base system again
		  --help   print this text

		PCIGATE_CACHE   directory of the cache ($cache_dir)
	EOT
}

new=false
while [[ ${1:-} = -* ]]; do
	case $1 in
	--new) new=true ;;
	-h | --help) usage; exit 0 ;;
	*) die_usage "unknown argument: $1" ;;
	esac
	shift
done
release=${1:-trixie}
[ $# -eq 0 ] || shift
[[ $release =~ ^[a-z]+$ ]] || die_usage "$release: not the name of a Debian release"
commands=("make run" "make check")
[ $# -eq 0 ] || commands=("$*")

dir=$cache_dir/release/$release
base=$dir/base
root=$dir/root
logs=$repo_dir/build/release/$release

# Prints this machine's settings for the new system: proxies, and whether expired
# release files are accepted.
apt_settings() {
	apt_net_settings
	! apt_machine_ignores_dates || echo 'Acquire::Check-Valid-Until "false";'
}

# make_base: installs a minimal Debian, make and ca-certificates.
make_base() {
	local uri keyring proxy=
	uri=$(apt_archive_uri)
	keyring=$(apt_keyring)
	eval "$(apt-config shell proxy Acquire::http::Proxy)"
	apt_settings >"$dir/apt.conf"
	as_root rm -rf "$base.new" "$base"
	heartbeat_start "making the base system of $release"
	# debootstrap mounts proc and sys in the new system.
	as_root unshare --mount --pid --fork --kill-child \
		env ${proxy:+http_proxy="$proxy"} debootstrap --variant=minbase \
		--include=ca-certificates,make --keyring="$keyring" \
		"$release" "$base.new" "$uri" >"$logs/base.log" 2>&1 || {
		heartbeat_stop
		die "debootstrap failed: $(grep '^E: ' "$logs/base.log" | tail -n 1) (log: $logs/base.log)"
	}
	heartbeat_stop
	# The system can be made again, so dpkg need not protect it against a loss of power.
	echo force-unsafe-io | as_root tee "$base.new/etc/dpkg/dpkg.cfg.d/unsafe-io" >/dev/null
	as_root cp -- "$dir/apt.conf" "$base.new/etc/apt/apt.conf.d/90machine"
	as_root mv -- "$base.new" "$base"
}

# Runs as root in the namespaces. Enters the system and runs one command.
# shellcheck disable=SC2016 # the inner shell expands the variables
enter='set -eu
root=$1 dir=$2
mount --bind "$dir/cache" "$root/root/.cache/pcigate"
mount --bind "$dir/archives" "$root/var/cache/apt/archives"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
exec chroot "$root" env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin ${TERM:+TERM="$TERM"} \
	sh -c "cd /root/pcigate && $3"'

# fresh_system: a copy of the base system with a clone in it.
fresh_system() {
	rm -rf "$logs/clone"
	git clone --quiet --depth 1 "file://$repo_dir" "$logs/clone"
	as_root rm -rf "$root"
	as_root mkdir -p "$dir/cache" "$dir/archives/partial"
	as_root cp -a --reflink=auto -- "$base" "$root"
	as_root cp -L -- /etc/resolv.conf /etc/hosts "$root/etc/"
	as_root mkdir -p "$root/root/.cache/pcigate"
	as_root cp -r --preserve=mode,timestamps -- "$logs/clone" "$root/root/pcigate"
	rm -rf "$logs/clone"
}

# run_one COMMAND: runs it in the system and adds a line to results.
run_one() {
	local log=$logs/${1//[^a-z0-9]/-}.log since=$SECONDS status=0 result=passed
	say "$release: $1 (log: $log)"
	as_root unshare --mount --pid --fork --kill-child sh -c "$enter" sh "$root" "$dir" "$1" \
		</dev/null 2>&1 | tee "$log" || status=$?
	[ "$status" -eq 0 ] || result="failed with status $status"
	results+=("$release: $1: $result, $(((SECONDS - since) / 60)) min $(((SECONDS - since) % 60)) s")
	return "$status"
}

"$repo_dir/scripts/install-deps.sh" "$repo_dir/scripts/release-packages"
mkdir -p "$dir" "$logs"
take_lock "release-$release"
! $new || as_root rm -rf "$base"
[ -d "$base" ] || make_base
[ -z "$(git -C "$repo_dir" status --porcelain)" ] ||
	say "changes of this checkout that are not committed are not tested"
say "$release: a fresh system, and a clone at $(git -C "$repo_dir" rev-parse --short HEAD), in $root"
fresh_system

results=()
failed=0
for command in "${commands[@]}"; do
	run_one "$command" || failed=1
done
printf '%s\n' "${results[@]}"
exit "$failed"
