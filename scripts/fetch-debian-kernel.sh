#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Debian's own kernels are inputs of the tests, and they boot in QEMU. Installing them
# would change what this machine boots, so the packages are only unpacked.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname -- "$0")/common.sh"
# shellcheck source=apt-root.sh
. "$(dirname -- "$0")/apt-root.sh"

releases=(bookworm trixie trixie-backports forky sid)
flavours=(cloud-amd64 amd64)

usage() {
	cat <<-EOT
		Usage: scripts/fetch-debian-kernel.sh [--flavour ${flavours[0]}|${flavours[1]}] [--update] RELEASE

		Fetches the kernel that Debian's package linux-image-${flavours[0]} of
		RELEASE depends on, unpacks it into the cache and prints the path of
		its vmlinuz. Nothing is installed. If the cache has a kernel of that
		release and flavour, prints its path and needs no network.

		RELEASE is one of: ${releases[*]}

		vmlinuz-VERSION and config-VERSION are in one directory, boot. The
		modules are beside it, in lib/modules/VERSION or
		usr/lib/modules/VERSION, without the lists that depmod makes.

		  --flavour F  ${flavours[0]} (the default, 100 MB unpacked) or ${flavours[1]}
		               (400 MB)
		  --update     fetch again, even if the cache has one
		  --help       print this text

		PCIGATE_CACHE  directory of the cache ($cache_dir)
	EOT
}

# check_word WHAT VALUE KNOWN...: VALUE must be one of KNOWN.
check_word() {
	local what=$1 value=$2
	shift 2
	case " $* " in
	*" $value "*) ;;
	*) die_usage "$what $value: known are $*" ;;
	esac
}

release=
flavour=${flavours[0]}
update=false
while [ $# -gt 0 ]; do
	case $1 in
	--flavour)
		[ -n "${2:-}" ] || die_usage "--flavour needs a value"
		check_word "$1" "$2" "${flavours[@]}"
		flavour=$2
		shift
		;;
	--update) update=true ;;
	-h | --help) usage; exit 0 ;;
	-*) die_usage "unknown argument: $1" ;;
	*)
		[ -z "$release" ] || die_usage "one release at a time, but there is also $1"
		check_word RELEASE "$1" "${releases[@]}"
		release=$1
		;;
	esac
	shift
done
[ -n "$release" ] || die_usage "RELEASE is missing"

dest=$cache_dir/debian-kernels/$release-$flavour

# Prints the path of the kernel in DIRECTORY. Fails if there is none.
kernel_in() {
	local file
	for file in "$1"/boot/vmlinuz-*; do
		[ -f "$file" ] || return 1
		printf '%s\n' "$file"
		return
	done
}

# Newer packages have the image and its config beside the modules; their scripts copy
# both to /boot during the installation. Makes links in place of these copies.
link_into_boot() {
	local file version
	for file in "$1"/usr/lib/modules/*/{vmlinuz,config}; do
		[ -f "$file" ] || continue
		version=$(basename "${file%/*}")
		mkdir -p "$1/boot"
		ln -sf "../usr/lib/modules/$version/${file##*/}" "$1/boot/${file##*/}-$version" || return 1
	done
}

# Prints the packages that PACKAGE depends on and that hold a part of the kernel: newer
# kernels come as linux-binary-VERSION, linux-modules-VERSION and so on.
parts() {
	apt_in_root apt-cache depends --no-recommends --no-suggests "$1" |
		sed -n 's/^ *|\{0,1\}Depends: \(linux-\(image\|binary\|base\|modules\)-[0-9].*\)/\1/p'
}

# Called by apt_each_suite for each suite that can be read.
fetch() {
	local suite=$1 image packages deb work=$dest.new
	image=$(parts "linux-image-$flavour" | grep '^linux-image-' | head -n 1)
	if [ -z "$image" ]; then
		say "$suite: no package linux-image-$flavour"
		return 1
	fi
	mapfile -t packages < <(echo "$image"; parts "$image")
	say "fetching ${packages[*]} from $suite"
	rm -rf "$work"
	mkdir -p "$work/debs"
	(cd "$work/debs" && apt_in_root apt-get -qq download "${packages[@]}" >&2) || return 1
	for deb in "$work/debs"/*.deb; do
		dpkg-deb -x "$deb" "$work" || return 1
	done
	rm -rf "$work/debs"
	link_into_boot "$work" || return 1
	if ! kernel_in "$work" >/dev/null; then
		say "$suite: ${packages[*]}: no kernel image in these packages"
		return 1
	fi
	rm -rf "$dest"
	mv "$work" "$dest"
}

if ! $update && kernel_in "$dest"; then
	exit 0
fi
take_lock debian-kernels
if $update || ! kernel_in "$dest" >/dev/null; then
	need_command apt-get dpkg-deb
	mkdir -p "${dest%/*}"
	if ! apt_each_suite deb fetch "$release"; then
		kernel_in "$dest" >/dev/null ||
			die "no kernel of $release: neither the archive nor the cache has one"
		say "cannot fetch the kernel of $release: using the one in the cache"
	fi
fi
kernel_in "$dest"
