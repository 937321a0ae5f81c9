# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A private apt root: a sources list, state and cache of its own under the
# cache directory, so that packages of another suite can be fetched without
# touching the machine's apt configuration, and without root rights. Taken over
# from the machine are its mirror, its archive keyring and how it reaches the
# net (proxies, credentials). Signatures are always checked.
# To be sourced, after common.sh.
# shellcheck source=common.sh
[ -n "${cache_dir:-}" ] || return 1

# What apt-config says about reaching the net, and nothing else: hooks and
# cleaning rules of the machine must not run for a root that is not its own.
apt_net_settings() {
	apt-config dump | grep -E '^Acquire::(https?|Retries|ForceIPv[46])(::|[ ])' || true
}

# The release file of a suite has an end date. A machine whose owner switched
# that check off (as images made from snapshots do) gets a second chance there.
apt_machine_ignores_dates() {
	local value=true
	eval "$(apt-config shell value Acquire::Check-Valid-Until/b)"
	[ "$value" = false ]
}

# Prints the URI of the Debian archive that the machine itself uses.
apt_archive_uri() {
	# shellcheck disable=SC2016 # apt and awk expand these, not the shell
	local format='$(REPO_URI) $(ORIGIN) $(LABEL)' uri lists
	# shellcheck disable=SC2016
	local pick='$2 == "Debian" && $3 == "Debian" { print $1; exit }'

	uri=$(apt-get indextargets --format "$format" | awk "$pick")
	if [ -z "$uri" ]; then
		# The machine never ran "apt-get update": look at the same
		# sources with lists kept in our own directory.
		lists=$cache_dir/apt/machine
		mkdir -p "$lists/lists/partial" "$lists/cache/archives/partial"
		set -- -o "Dir::State::lists=$lists/lists" \
			-o "Dir::Cache=$lists/cache" \
			-o APT::Sandbox::User=root
		say "asking the machine's package sources where the Debian archive is"
		apt-get -qq "$@" update >&2 || true
		uri=$(apt-get "$@" indextargets --format "$format" | awk "$pick")
	fi
	[ -n "$uri" ] || die "the machine's apt sources name no Debian archive"
	printf '%s\n' "$uri"
}

# The name of the machine's own release, such as bookworm.
apt_machine_codename() {
	sed -n 's/^VERSION_CODENAME=//p' /etc/os-release
}

apt_keyring() {
	local file
	for file in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg}; do
		if [ -r "$file" ]; then
			printf '%s\n' "$file"
			return
		fi
	done
	die "no Debian archive keyring: install the package debian-archive-keyring"
}

# apt_root_open TYPE SUITE [APT-OPTION...]: TYPE is deb or deb-src. Makes the
# private root of that suite and brings its lists up to date; fails quietly
# enough for the caller to go on with the next suite. Sets apt_root_dir,
# where apt_in_root works from then on.
apt_root_open() {
	local type=$1 suite=$2 root uri keyring
	shift 2

	uri=$(apt_archive_uri)
	keyring=$(apt_keyring)
	root=$cache_dir/apt/$suite-$type
	mkdir -p "$root"/etc/none "$root"/state/lists/partial \
		"$root"/cache/archives/partial
	: >"$root/state/status"
	printf '%s [signed-by=%s] %s %s main\n' \
		"$type" "$keyring" "$uri" "$suite" >"$root/etc/sources.list"
	apt_root_dir=$root
	{
		cat <<-CONF
			Dir::State "$root/state";
			Dir::State::status "$root/state/status";
			Dir::Cache "$root/cache";
			Dir::Etc::main "/dev/null";
			Dir::Etc::parts "$root/etc/none";
			Dir::Etc::sourcelist "$root/etc/sources.list";
			Dir::Etc::sourceparts "$root/etc/none";
			Dir::Etc::preferences "/dev/null";
			Dir::Etc::preferencesparts "$root/etc/none";
			APT::Architecture "amd64";
			APT::Architectures { "amd64"; };
			APT::Sandbox::User "root";
			Acquire::Languages "none";
			Acquire::Retries "3";
		CONF
		apt_net_settings
	} >"$root/etc/apt.conf"
	apt_in_root apt-get -qq "$@" update >"$root/update.log" 2>&1
}

# Why the last apt_root_open failed, in one line.
apt_root_reason() {
	sed -n 's/^E: //p' "$apt_root_dir/update.log" | head -n 1
}

# Runs apt-get, apt-cache... inside the root opened last.
apt_in_root() {
	APT_CONFIG=$apt_root_dir/etc/apt.conf "$@"
}

# apt_each_suite TYPE FUNCTION SUITE...: opens the suites one after the other
# until FUNCTION, called with the suite's name, succeeds for one. First with
# every date checked, then, where the machine's owner does so himself, without.
apt_each_suite() {
	local type=$1 found=$2 suite check=true
	shift 2

	while :; do
		for suite; do
			if ! apt_root_open "$type" "$suite" \
				-o "Acquire::Check-Valid-Until=$check"; then
				say "suite $suite passed over: $(apt_root_reason)"
			elif "$found" "$suite"; then
				return 0
			fi
		done
		if [ "$check" = false ] || ! apt_machine_ignores_dates; then
			return 1
		fi
		say "trying once more without end dates, as this machine's apt does"
		check=false
	done
}
