#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The kernels of Debian's stable releases are too old for the project, so the source
# package comes from a later suite of the same archive.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname -- "$0")/common.sh"
# shellcheck source=apt-root.sh
. "$(dirname -- "$0")/apt-root.sh"

# Newest first; the patches of kernel-patch/ apply to each of them.
lines=(7.3 7.2)
# Backports first: the other suites change daily, or may be stale on a mirror.
suites=(trixie-backports forky sid experimental)

usage() {
	cat <<-EOT
		Usage: scripts/fetch-kernel.sh [--version ${lines[0]}|${lines[1]}] [--update]

		Fetches Debian's package linux-source-${lines[0]}, or
		linux-source-${lines[1]} if the archive does not have it, unpacks it
		into the cache and prints the directory. If the cache has a source,
		prints its directory and needs no network.

		  --version V  fetch a package of this version only
		  --update     look for a newer package, even if the cache has one
		  --help       print this text

		KERNEL_SRC=DIR  fetch nothing, print DIR, which holds a kernel source
		PCIGATE_CACHE   directory of the cache ($cache_dir)
	EOT
}

wanted=
update=false
while [ $# -gt 0 ]; do
	case $1 in
	--version)
		[ -n "${2:-}" ] || die_usage "--version needs a value"
		wanted=$2
		shift
		;;
	--update) update=true ;;
	-h | --help) usage; exit 0 ;;
	*) die_usage "unknown argument: $1" ;;
	esac
	shift
done

if [ -n "$wanted" ]; then
	case " ${lines[*]} " in
	*" $wanted "*) lines=("$wanted") ;;
	*) die_usage "--version $wanted: known are ${lines[*]}" ;;
	esac
fi

if [ -n "${KERNEL_SRC:-}" ]; then
	[ -f "$KERNEL_SRC/Kbuild" ] || die "KERNEL_SRC=$KERNEL_SRC holds no kernel source"
	cd -- "$KERNEL_SRC" && pwd -P
	exit 0
fi

src_dir=$cache_dir/src
# A link to the source that an earlier run chose: one link for any version, and one
# for each version that --version named.
choice=$src_dir/newest${wanted:+-$wanted}

# Prints the newest cached source of the wanted lines, if there is one.
cached_source() {
	local line found
	for line in "${lines[@]}"; do
		found=$(find "$src_dir" -maxdepth 1 -type d -name "linux-$line.*" \
			2>/dev/null | sort -V | tail -n 1)
		if [ -n "$found" ]; then
			printf '%s\n' "$found"
			return
		fi
	done
	return 1
}

# apt shows its progress on a terminal only.
download() {
	if [ -t 2 ]; then
		apt_in_root apt-get -q=0 download "$1" >&2
	else
		heartbeat_start "fetching"
		apt_in_root apt-get -qq download "$1" >&2 || { heartbeat_stop; return 1; }
		heartbeat_stop
	fi
}

# No build of the project reads these files: the code of other architectures, and
# that of graphics and sound drivers. Their Kconfig files stay, as other Kconfig
# files refer to them.
left_out=()
for arch in alpha arc arm arm64 csky hexagon loongarch m68k microblaze mips \
	nios2 openrisc parisc powerpc riscv s390 sh sparc xtensa; do
	left_out+=(--exclude="*/arch/$arch/*."{c,h,S,dts,dtsi,dtso})
done
left_out+=(--exclude="*/drivers/gpu/*."{c,h} --exclude="*/sound/*."{c,h})

# unpack DEB DEST: the package holds one tar file. The caller disables the shell's -e,
# so each step is checked.
unpack() {
	local deb=$1 dest=$2 new=$2.new.$$ inner
	rm -rf "$src_dir"/*.new.*
	mkdir -p "$new" || die "cannot write to $src_dir"
	say "unpacking (about 1 GB) into $dest"
	heartbeat_start "unpacking"
	inner=$(dpkg-deb --fsys-tarfile "$deb" | tar -t | grep '/linux-source-[^/]*\.tar\.xz$')
	dpkg-deb --fsys-tarfile "$deb" | tar -xO "$inner" | xz -dc -T0 |
		tar -x -C "$new" --strip-components=1 "${left_out[@]}" ||
		die "$deb could not be unpacked"
	heartbeat_stop
	[ -f "$new/Kbuild" ] || die "$deb holds no kernel source"
	mv "$new" "$dest" || die "cannot write to $src_dir"
}

# Prints the newest version in the open suite, or nothing.
candidate() {
	apt_in_root apt-cache madison "linux-source-$1" 2>/dev/null |
		awk -F'|' 'NR == 1 { gsub(/ /, "", $2); print $2 }'
}

# Called by apt_each_suite for each suite that can be read.
fetch_line() {
	local suite=$1 package=linux-source-$line version size dest work
	version=$(candidate "$line")
	[ -n "$version" ] || return 1
	dest=$src_dir/linux-$version
	if [ ! -d "$dest" ]; then
		work=$cache_dir/apt/$package
		mkdir -p "$work"
		size=$(apt_in_root apt-cache show "$package=$version" |
			sed -n 's/^Size: //p' | head -n 1)
		say "fetching $package $version ($((size / 1000000)) MB) from $suite"
		(cd "$work" && download "$package=$version") || return 1
		unpack "$(ls "$work/$package"_*.deb)" "$dest"
		rm -rf "$work"
	fi
	fetched=$dest
}

fetch() {
	need_command apt-get dpkg-deb tar xz
	for line in "${lines[@]}"; do
		say "looking for linux-source-$line"
		if apt_each_suite deb fetch_line "${suites[@]}"; then
			return 0
		fi
	done
	return 1
}

# Removes each source that no link of a choice points to; a source takes a gigabyte.
drop_old_sources() {
	local dir
	for dir in "$src_dir"/linux-*; do
		if ! find "$src_dir" -maxdepth 1 -lname "${dir##*/}" | grep -q .; then
			say "removing the old source $dir"
			rm -rf "$dir"
		fi
	done
}

fetched=
if ! $update && [ -L "$choice" ] && [ -f "$choice/Kbuild" ]; then
	readlink -f "$choice"
	exit 0
fi
take_lock kernel-source
mkdir -p "$src_dir"
if fetch; then
	ln -sfn "${fetched##*/}" "$choice"
	drop_old_sources
else
	# Without a link: the next run tries the archive again.
	fetched=$(cached_source) ||
		die "no kernel source: neither the archive nor the cache has linux-source-{${lines[*]}} (KERNEL_SRC=DIR names a source of your own)"
	say "cannot fetch a kernel source: using the one in the cache"
fi
printf '%s\n' "$fetched"
