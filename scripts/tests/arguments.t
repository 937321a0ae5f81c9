#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Every program of the project rejects a wrong argument with one line on stderr, and
# does nothing else.
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"
cd "$repo" || exit 2

# No program may fetch, build or start anything here: the cache is an empty directory.
export PCIGATE_CACHE=$work/cache

# The programs: executable files, and the tests in Perl, which prove starts.
mapfile -t programs < <(project_files | grep -E '^(\.ci|scripts|tests|kernel-patch)/' | sort |
	while IFS= read -r file; do
		if [ -x "$file" ] || [[ $file = *.t ]]; then
			echo "$file"
		fi
	done)

# refused NAME PATTERN PROGRAM ARGUMENT...: expects exit status 2 and one line on
# stderr that matches. argparse prints its usage before this line.
refused() {
	local name=$1 pattern=$2 status=0 lines
	shift 2
	case $1 in
	*.t) [ -x "$1" ] || set -- perl "$@" ;;
	esac
	timeout 30 "$@" >"$work/stdout" 2>"$work/out" </dev/null || status=$?
	lines=$(wc -l <"$work/out")
	{ [ "$status" -eq 2 ] && [ ! -s "$work/stdout" ] && tail -n 1 "$work/out" | grep -qE -- "$pattern" &&
		{ [ "$lines" -eq 1 ] || head -n 1 "$work/out" | grep -q '^usage: '; }; }
	set -- $?
	echo "status $status" >>"$work/out"
	result "$1" "$name"
}

for program in "${programs[@]}"; do
	refused "$program: an unknown option" "--no-such-option|is missing" "$program" --no-such-option
	case $program in
	# These expect a file or a directory as argument.
	kernel-patch/apply.sh | tests/oracle/check.py) pattern="/no/such/thing" ;;
	tests/fuzz/run.sh) pattern="is missing" ;;
	*) pattern="/no/such/thing" ;;
	esac
	refused "$program: an unexpected argument" "$pattern" "$program" /no/such/thing
done
[ "${#programs[@]}" -ge 40 ]
result $? "at least 40 programs were tested: ${#programs[@]}"

for program in kernel-patch/check-form.sh scripts/{build-kernel,check-release,fetch-debian-kernel,fetch-kernel,fetch-libfdt,install-deps}.sh kernel-patch/apply.sh \
	tests/qemu/{build-kexec,build-module,build-selftests,fetch-guest-tools}.sh tests/qemu/run.py tests/oracle/check.py tests/oracle/hardware/check.py; do
	timeout 30 "$program" --help >"$work/stdout" 2>"$work/out" </dev/null &&
		grep -qiE '^usage: ' "$work/stdout" && [ ! -s "$work/out" ]
	result $? "$program --help"
done

for option in --config-extra --out --version; do
	refused "build-kernel.sh $option without a value" "$option needs a value" scripts/build-kernel.sh "$option"
	refused "build-kernel.sh $option with an empty value" "$option needs a value" scripts/build-kernel.sh "$option" ''
done
refused "build-kernel.sh: --config-extra with a directory" "no such file" scripts/build-kernel.sh --config-extra "$work"
refused "build-kernel.sh: --out with a directory" "is a directory" scripts/build-kernel.sh --out "$work"
refused "build-kernel.sh: JOBS is not a number" "JOBS=many" env JOBS=many scripts/build-kernel.sh
refused "build-kernel.sh: an unknown version" "--version 9.9: known are" scripts/build-kernel.sh --own-purgatory --version 9.9
refused "fetch-kernel.sh: an unknown version" "--version 9.9: known are" scripts/fetch-kernel.sh --version 9.9
refused "fetch-debian-kernel.sh: no release" "RELEASE is missing" scripts/fetch-debian-kernel.sh
refused "fetch-debian-kernel.sh: two releases" "also sid" scripts/fetch-debian-kernel.sh bookworm sid
refused "fetch-debian-kernel.sh: an unknown release" "RELEASE potato: known are" scripts/fetch-debian-kernel.sh potato
refused "fetch-debian-kernel.sh: an unknown flavour" "--flavour rt: known are" scripts/fetch-debian-kernel.sh --flavour rt sid
refused "install-deps.sh: a wrong argument after a valid one" "--wrong" scripts/install-deps.sh --list --wrong
refused "apply.sh: no tree" "TREE is missing" kernel-patch/apply.sh
refused "apply.sh: two trees" "also b" kernel-patch/apply.sh a b
refused "apply.sh: an empty tree" "TREE is empty" kernel-patch/apply.sh ''
refused "install-deps.sh: a list that does not exist" "no such file" scripts/install-deps.sh --list "$work/none"
refused "check-form.sh: no version" "--version needs a value" kernel-patch/check-form.sh --version ''
refused "build-module.sh: no module" "NAME is missing" tests/qemu/build-module.sh
refused "build-module.sh: no kernel" "KERNEL is missing" tests/qemu/build-module.sh keeper
refused "build-selftests.sh: no kernel" "KERNEL is missing" tests/qemu/build-selftests.sh
refused "build-kexec.sh: no purgatory" "PURGATORY is missing" tests/qemu/build-kexec.sh
refused "run.sh: no number of seconds" "soon is not a number" tests/fuzz/run.sh "$work" soon gate
refused "run.sh: no such target" "no fuzz target none" tests/fuzz/run.sh "$work" 1 none
refused "check.py: an unknown policy" "no policy 'none'" tests/oracle/check.py --policies default,none
refused "check.py: a number below 0" "-1 is below 0" tests/oracle/check.py -n -1
refused "check.py: no job" "0 is below 1" tests/oracle/check.py --jobs 0
refused "check.py: not a number" "invalid .* value: 'x'" tests/oracle/check.py --seed x
finish
