#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Two checkouts share one cache. Switching between them builds no kernel twice. A
# script replaces make and counts the builds.
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"

export PCIGATE_CACHE=$work/cache
unset KERNEL_SRC JOBS
mkdir -p "$work/bin" "$work/linux-7.3.0"
printf 'VERSION = 7\nPATCHLEVEL = 3\n' >"$work/linux-7.3.0/Makefile"
printf 'config KEXEC_PURGATORY_IMAGE\n' >"$work/linux-7.3.0/Kconfig"

cat >"$work/bin/make" <<'MAKE'
#!/usr/bin/env bash
for argument; do
	case $argument in
	O=*) out=${argument#O=} ;;
	KCONFIG_ALLCONFIG=*) config=${argument#*=} ;;
	esac
done
mkdir -p "$out/arch/x86/boot" "$out/include/config"
if [ "${!#}" = allnoconfig ]; then
	cp "$config" "$out/.config"
else
	echo built >>"$PCIGATE_CACHE/../builds"
	cat "$out/.config" "$(sed -n 's/^CONFIG_KEXEC_PURGATORY_IMAGE="\(.*\)"/\1/p' "$out/.config")" \
		>"$out/arch/x86/boot/bzImage"
	echo 7.3.0-pcigate >"$out/include/config/kernel.release"
fi
MAKE
chmod +x "$work/bin/make"
export PATH=$work/bin:$PATH

# checkout NAME STAGE: makes a project of the files that the script needs.
checkout() {
	local at=$work/$1
	mkdir -p "$at/scripts" "$at/kernel-patch/base" "$at/build"
	cp "$repo"/scripts/{build-kernel,common,kernel-tree}.sh "$at/scripts/"
	printf '#!/bin/sh\necho %s\n' "$work/linux-7.3.0" >"$at/scripts/fetch-kernel.sh"
	printf '#!/bin/sh\n' >"$at/kernel-patch/apply.sh"
	printf '+config KEXEC_PURGATORY_IMAGE\n' >"$at/kernel-patch/base/0001.patch"
	chmod +x "$at/scripts/fetch-kernel.sh" "$at/kernel-patch/apply.sh"
	: >"$at/kernel-patch/series"
	: >"$at/kernel-patch/config"
	echo "$2" >"$at/build/purgatory.ro"
}

# gets NAME STAGE BUILDS TEST [OPTION...]: runs the script in checkout NAME. Its kernel
# must contain STAGE, and the number of builds so far must be BUILDS.
gets() {
	local name=$1 stage=$2 builds=$3 what=$4 got
	shift 4
	"$work/$name/scripts/build-kernel.sh" "$@" >"$work/out" 2>&1 &&
		[ "$(tail -n 1 "$work/$name/build/bzImage")" = "$stage" ]
	got=$?
	[ "$(wc -l <"$work/builds")" -eq "$builds" ] || { wc -l "$work/builds" >>"$work/out"; got=1; }
	result "$got" "$what"
}

checkout one "stage one"
checkout two "stage two"
gets one "stage one" 1 "the first checkout builds"
gets one "stage one" 1 "a second run of the first checkout does not build"
gets two "stage two" 2 "the second checkout builds its own kernel"
gets one "stage one" 2 "back in the first checkout, nothing is built"
gets two "stage two" 2 "back in the second checkout, nothing is built"
echo "CONFIG_MORE=y" >"$work/one/kernel-patch/config"
printf 'config MORE\n' >>"$work/linux-7.3.0/Kconfig"
gets one "stage one" 3 "a changed config is built"
: >"$work/one/kernel-patch/config"
gets one "stage one" 3 "with the old config again, nothing is built"
gets two "stage two" 4 "--tree builds, as the build directory has another kernel" --tree
gets one "stage one" 5 "--clean always builds" --clean
rm -rf "$work/cache/build"
gets two "stage two" 6 "without a build directory, which modules need, the kernel is built"

# Another process holds the lock, as if it were building.
exec 8>"$work/cache/lock/kernel-build"
flock 8
timeout 20 "$work/one/scripts/build-kernel.sh" >"$work/out" 2>&1 8>&-
result $? "a kernel of the cache is available while another checkout builds"
exec 8>&-

for stage in 3 4 5 6 7 8; do
	echo "stage $stage" >"$work/two/build/purgatory.ro"
	"$work/two/scripts/build-kernel.sh" >"$work/out" 2>&1
done
kept=("$work"/cache/images/*)
[ "${#kept[@]}" -eq 6 ]
result $? "the six kernels that were used last are kept"
gets one "stage one" 13 "an older kernel is built again"
finish
