# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A private apt root: a sources list, state and cache of its own under the
# cache directory. It fetches packages of another suite without root rights and
# without a change to the machine's apt configuration. It uses the machine's
# mirror, archive keyring and network settings (proxies, credentials).
# Signatures are always checked. To be sourced, after common.sh.
# shellcheck source=common.sh
[ -n "${cache_dir:-}" ] || return 1

# Prints the machine's network settings of apt and no other setting: its hooks
# and cleaning rules must not run for the private root.
apt_net_settings() {
	apt-config dump | grep -E '^Acquire::(https?|Retries|ForceIPv[46])(::|[ ])' || true
}

# Whether this machine's apt accepts release files that have expired, as machine
# images made from snapshots do.
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
		# The machine never ran "apt-get update": fetch the lists of its
		# sources into a directory of the cache.
		lists=$cache_dir/apt/machine
		mkdir -p "$lists/lists/partial" "$lists/cache/archives/partial"
		set -- -o "Dir::State::lists=$lists/lists" \
			-o "Dir::Cache=$lists/cache" \
			-o APT::Sandbox::User=root
		say "reading this machine's package sources, to find the Debian archive"
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
# private root of that suite and updates its lists. A failure is a return status,
# so that the caller can try the next suite. Sets apt_root_dir, the root that
# apt_in_root uses.
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
	# Several scripts use this root one after the other, and one update is enough.
	if [ -n "$(find "$root/updated" -mmin -10 2>/dev/null)" ]; then
		return 0
	fi
	rm -f "$root/updated"
	apt_in_root apt-get -qq "$@" update >"$root/update.log" 2>&1 &&
		touch "$root/updated"
}

# Prints in one line why the last apt_root_open failed.
apt_root_reason() {
	sed -n 's/^E: //p' "$apt_root_dir/update.log" | head -n 1
}

# Runs apt-get, apt-cache or the like in the root that was opened last.
apt_in_root() {
	APT_CONFIG=$apt_root_dir/etc/apt.conf "$@"
}

# apt_each_suite TYPE FUNCTION SUITE...: opens the suites one after the other
# until FUNCTION, called with the suite's name, succeeds for one. If none
# succeeds and this machine accepts expired release files, tries all suites
# again without the check of the dates.
apt_each_suite() {
	local type=$1 found=$2 suite check=true
	shift 2

	while :; do
		for suite; do
			if ! apt_root_open "$type" "$suite" \
				-o "Acquire::Check-Valid-Until=$check"; then
				say "suite $suite skipped: $(apt_root_reason)"
			elif "$found" "$suite"; then
				return 0
			fi
		done
		if [ "$check" = false ] || ! apt_machine_ignores_dates; then
			return 1
		fi
		say "trying again, with expired release files accepted, as in this machine's apt settings"
		check=false
	done
}
