#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Builds outside the checkout, in one directory of the cache per source version
# and kind. An update of patches, config and purgatory changes only the files
# that differ, so the kernel's build system rebuilds only what depends on them.
# Finished kernels are kept, with a hash of their inputs as key: to switch between
# two checkouts, or between two states of a checkout, takes a copy and no build.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname -- "$0")/common.sh"
# shellcheck source=kernel-tree.sh
. "$(dirname -- "$0")/kernel-tree.sh"

fragment=$repo_dir/kernel-patch/config
apply=$repo_dir/kernel-patch/apply.sh
purgatory=$repo_dir/build/purgatory.ro
# A build directory takes about 0.4 GB. There are five kinds: tests, stock, debug,
# systemd, another version.
keep=6
# A finished kernel takes 10 MB.
# shellcheck disable=SC2034 # used in kernel-tree.sh
keep_images=6

usage() {
	cat <<-EOT
		Usage: scripts/build-kernel.sh [OPTION...]

		Builds the kernel that the tests boot: fetched source, the series
		and the config of kernel-patch/, and build/purgatory.ro embedded.
		The result is build/bzImage. If no input has changed, no build runs.

		  --stock              without the series: build/bzImage-stock
		  --own-purgatory      embed the kernel's own purgatory, not the stage
		  --config-extra FILE  more config lines, in the format of
		                       kernel-patch/config; they override its lines
		  --out FILE           write the kernel to FILE
		  --version V          kernel version, see fetch-kernel.sh
		  --tree               update the build directory too, even if the cache
		                       has this kernel
		  --clean              delete the build directory first
		  --help               print this text

		KERNEL_SRC=DIR  build a copy of the source in DIR
		PCIGATE_CACHE   directory of the cache ($cache_dir)
		JOBS            number of parallel jobs ($(nproc))
	EOT
}

stock=false
own_purgatory=false
clean=false
tree=false
extra=
out=
fetch_args=()
while [ $# -gt 0 ]; do
	case $1 in
	--config-extra | --out | --version)
		[ -n "${2:-}" ] || die_usage "$1 needs a value"
		;;&
	--stock) stock=true ;;
	--own-purgatory) own_purgatory=true ;;
	--clean) clean=true ;;
	--tree) tree=true ;;
	--config-extra) extra=$2; shift ;;
	--out) out=$2; shift ;;
	--version) fetch_args+=(--version "$2"); shift ;;
	-h | --help) usage; exit 0 ;;
	*) die_usage "unknown argument: $1" ;;
	esac
	shift
done

if [ -n "$extra" ] && ! { [ -f "$extra" ] && [ -r "$extra" ]; }; then
	die_usage "--config-extra $extra: no such file"
fi
[ ! -d "$out" ] || die_usage "--out $out: is a directory, not a file"
[[ ${JOBS:-1} =~ ^[1-9][0-9]*$ ]] || die_usage "JOBS=$JOBS: not a number of jobs"
if $stock; then
	kind=stock
	# shellcheck disable=SC2034 # what "uname -r" ends in
	label=stock
	own_purgatory=true
	out=${out:-$repo_dir/build/bzImage-stock}
else
	kind=patched
	label=pcigate
	out=${out:-$repo_dir/build/bzImage}
fi
if ! $own_purgatory && [ ! -f "$purgatory" ] && series_has_purgatory_option; then
	die "build/purgatory.ro is missing: run 'make kernel', which builds it first"
fi

source_dir=$("$repo_dir/scripts/fetch-kernel.sh" "${fetch_args[@]}")
if [ -n "${KERNEL_SRC:-}" ]; then
	version=${source_dir##*/}-$(printf '%s' "$source_dir" | sha256sum | cut -c1-8)
else
	version=${source_dir##*/linux-}
fi
# The options with which a later run builds the same kernel.
how=("${fetch_args[@]}")
! $stock || how+=(--stock)
$stock || ! $own_purgatory || how+=(--own-purgatory)
[ -z "$extra" ] || how+=(--config-extra "$(realpath -- "$extra")")
key=$version-$kind
[ -z "$extra" ] || key=$key-$(sha256sum <"$extra" | cut -c1-8)
dir=$cache_dir/build/$key

mkdir -p "$(dirname -- "$out")"

embed_stage=false
if ! $own_purgatory && series_has_purgatory_option; then
	embed_stage=true
fi

# Prints the inputs of the tree and of its config. Two inputs are not among them:
# KERNEL_SRC, which is compared file by file each time, and the stage, which is a
# part of the stamp.
preparation() {
	printf '%s\n' "$source_dir" "$kind" "$embed_stage"
	gcc --version | head -n 1
	ld --version | head -n 1
	cat "$fragment" ${extra:+"$extra"}
	$stock || cat_series
	cat "${BASH_SOURCE[0]}" "$repo_dir/scripts/kernel-tree.sh"
}

need_command gcc ld make sha256sum
prepared=$(preparation | sha256sum | cut -d' ' -f1)
image=$dir/out/arch/x86/boot/bzImage

# with_stage FILE: sets stamp and kept, the key of the kernel with this stage.
with_stage() {
	stamp=$prepared
	! $embed_stage || stamp=$prepared-$(sha256sum <"$1" | cut -d' ' -f1)
	# shellcheck disable=SC2034 # used in kernel-tree.sh
	kept=$cache_dir/images/$(printf '%s\n' "$key" "$stamp" | sha256sum | cut -c1-32)
}
with_stage "$purgatory"

deliver() {
	printf '%s\n' "$stamp" >"$dir/stamp"
	# drop_old_builds() goes by the age of the directory.
	touch "$dir"
	[ -n "${KERNEL_SRC:-}" ] || keep_image
	hand_out "$image" "$(cat "$dir/out/include/config/kernel.release")" "$1"
}

# This needs no lock, so it works while another checkout builds. Not for KERNEL_SRC:
# that source may have changed under the same name.
if [ -z "${KERNEL_SRC:-}" ] && ! $clean && ! $tree && find_image; then
	hand_out "$kept/bzImage" "$(cat "$kept/release")" "up to date"
	exit 0
fi

take_lock kernel-build
$clean && rm -rf "$dir"
mkdir -p "$dir"
if $embed_stage; then
	place_purgatory
	# The build embeds the copy; the original may change during the build.
	with_stage "$dir/purgatory.ro"
fi

if [ -z "${KERNEL_SRC:-}" ] && [ -f "$image" ] &&
	[ "$(cat "$dir/stamp" 2>/dev/null)" = "$stamp" ]; then
	deliver "up to date"
	exit 0
fi

need_command flex bison bc rsync patch
rm -f "$dir/stamp"
say "source $source_dir, $kind, in $dir"
if [ -n "${KERNEL_SRC:-}" ] || [ "$(cat "$dir/prepared" 2>/dev/null)" != "$prepared" ]; then
	rm -f "$dir/prepared"
	update_tree
	configure
	printf '%s\n' "$prepared" >"$dir/prepared"
fi
started=$SECONDS
build
deliver "built in $((SECONDS - started)) s"
drop_old_builds
