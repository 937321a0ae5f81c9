# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions for all scripts: messages, the cache outside the checkout, locks, root
# rights. To be sourced.

# The checkout that the calling script belongs to.
# shellcheck disable=SC2034 # used by those that source this file
repo_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

# Kernel sources and builds outlive a checkout and are shared by all of them.
cache_dir=${PCIGATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pcigate}

# Messages go to stderr: stdout belongs to results, such as a path.
say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die() {
	say "$*"
	exit 1
}

# Wrong usage has exit status 2, any other failure 1.
die_usage() {
	say "$* (try --help)"
	exit 2
}

need_command() {
	local name
	for name; do
		command -v "$name" >/dev/null ||
			die "the command $name is missing: run 'make install' first"
	done
}

# Runs a command as root: directly, or by sudo, which may ask for a password.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo -- "$@"
	else
		die "needs root rights, and there is no sudo: run as root: $*"
	fi
}

# take_lock NAME: holds the lock until the script ends, so that no two runs unpack
# or build into one directory. A child that outlives the script must not inherit
# descriptor 9.
take_lock() {
	mkdir -p "$cache_dir/lock"
	exec 9>"$cache_dir/lock/$1"
	if ! flock -n 9; then
		say "waiting for another run that holds $cache_dir/lock/$1"
		flock 9
	fi
}

# The size of a file or tree, for people.
human_size() {
	du -sh --apparent-size -- "$1" | cut -f1
}

# heartbeat_start WHAT ... heartbeat_stop: shows that a silent command still runs,
# and for how long: on a terminal in one line that counts up, elsewhere in a line
# every 30 seconds.
heartbeat_start() {
	local what=$1
	heartbeat_loop "$what" 9>&- &
	heartbeat=$!
	trap heartbeat_stop EXIT
}

heartbeat_loop() {
	local since=$SECONDS every=30 never
	[ ! -t 2 ] || every=1
	# Waits with a read from an empty pipe. A sleep would outlive the loop and hold
	# the pipe from which the caller reads the messages.
	exec {never}<> <(:)
	while ! read -r -t "$every" -u "$never"; do
		if [ -t 2 ]; then
			printf '\r%s: %s, %d s ' "${0##*/}" "$1" $((SECONDS - since)) >&2
		else
			say "  $1, $((SECONDS - since)) s"
		fi
	done
}

heartbeat_stop() {
	[ -n "${heartbeat:-}" ] || return 0
	kill "$heartbeat" 2>/dev/null || true
	wait "$heartbeat" 2>/dev/null || true
	heartbeat=
	[ ! -t 2 ] || printf '\n' >&2
}
