#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Compares the warnings about the files that the series changes, without and with
# the series: gcc and clang with W=1, sparse, kernel-doc. Only a warning that the
# series adds is an error. Only these files are compiled, in a copy of the source
# with its build directories in the cache. gcc also compiles the layers of pcigate/ on
# the interface of upstream's PCI Live Update (tests/kernel-patch/stand-in.patch).
set -euo pipefail
# shellcheck source=../scripts/common.sh
. "$(dirname -- "$0")/../scripts/common.sh"

here=$repo_dir/kernel-patch
# The kernel needs clang 17 or later (scripts/min-tool-version.sh).
clang_version=${CLANG_VERSION:-19}

usage() {
	cat <<-EOT
		Usage: kernel-patch/check-form.sh [--version V]...

		Compiles the files that the series changes with gcc, clang, W=1 and
		sparse, and runs kernel-doc on them, without the series and with it.
		A warning that appears only with the series is an error. Prints
		TAP, for prove(1).

		  --version V    this line of kernel versions (default: 7.3 and 7.2)
		  --help         this text

		KERNEL_SRC=DIR   this kernel source instead
		CLANG_VERSION=N  the clang to use, as in clang-N ($clang_version)
		PCIGATE_CACHE    where the cache is ($cache_dir)
	EOT
}

versions=()
while [ $# -gt 0 ]; do
	case $1 in
	--version)
		[ -n "${2:-}" ] || die_usage "--version needs a value"
		versions+=("$2")
		shift
		;;
	-h | --help) usage; exit 0 ;;
	*) die_usage "unknown argument: $1" ;;
	esac
	shift
done
[ ${#versions[@]} -gt 0 ] || versions=(7.3 7.2)
[ -z "${KERNEL_SRC:-}" ] || versions=("")

need_command gcc "clang-$clang_version" sparse patch flex bison bc
take_lock kernel-form

count=0
failed=0
# result NAME LOG: passes if the log is empty, else prints it.
result() {
	count=$((count + 1))
	if [ ! -s "$2" ]; then
		echo "ok $count - $1"
		return
	fi
	failed=1
	echo "not ok $count - $1"
	head -n 60 "$2" | sed 's/^/# /'
}

# form_make COMPILER ARGUMENT...: runs make in the build directory of a compiler.
form_make() {
	local compiler=$1
	shift
	case $compiler in
	gcc) make -s -C "$dir/src" O="$dir/gcc" "$@" ;;
	clang) make -s -C "$dir/src" O="$dir/clang" LLVM="-$clang_version" "$@" ;;
	esac
}

# Removes the series by its list of files, and copies each file from the source:
# the series may have changed since it was applied.
series_out() {
	local file
	[ -f "$dir/applied" ] || return 0
	while IFS= read -r file; do
		rm -f -- "$dir/src/$file"
		if [ -f "$source_dir/$file" ]; then
			cp -- "$source_dir/$file" "$dir/src/$file"
		fi
	done <"$dir/applied"
	rm -f "$dir/applied"
}

series_in() {
	"$here/apply.sh" --list-files >"$dir/applied"
	"$here/apply.sh" "$dir/src"
}

configure() {
	local compiler=$1
	mkdir -p "$dir/$compiler"
	awk -v version="$line" '
		/^CONFIG_.* # [0-9.]+$/ { if ($NF != version) next; sub(/ +# [0-9.]+$/, "") }
		{ print }' "$here/config" >"$dir/all.config"
	form_make "$compiler" KCONFIG_ALLCONFIG="$dir/all.config" allnoconfig &&
		form_make "$compiler" prepare
}

# compile COMPILER LOG FILE...: compiles the files, and logs the messages without
# line numbers, which the series shifts.
compile() {
	local compiler=$1 log=$2 checks=(W=1)
	shift 2
	[ "$compiler" != gcc ] || checks+=(C=2 CHECK=sparse)
	(cd "$dir/$compiler" && rm -f -- "${@/%.c/.o}")
	if ! form_make "$compiler" "${checks[@]}" -k "${@/%.c/.o}" >"$log.raw" 2>&1; then
		echo "make failed" >>"$log.raw"
	fi
	normalise <"$log.raw" >"$log"
}

# Sorts the messages, without positions and without the quoted source lines.
normalise() {
	sed -nE -e "s,$dir/src/,,g" -e 's,^\.\./src/,,; s,^\./,,' \
		-e 's/:[0-9]+(:[0-9]+)?(:| )/: /g' -e 's/ at line [0-9]+//' \
		-e '/(warning|error|Error|failed|Warning)/p' | sort
}

document() {
	local log=$1
	shift
	(cd "$dir/src" && ./scripts/kernel-doc -none "$@") >"$log.raw" 2>&1 || true
	normalise <"$log.raw" >"$log"
}

# present FILE...: prints the files that exist in the source.
present() {
	local file
	for file; do
		[ ! -f "$dir/src/$file" ] || printf '%s\n' "$file"
	done
}

check_version() {
	local version compiler key
	source_dir=$("$repo_dir/scripts/fetch-kernel.sh" ${line:+--version "$line"})
	version=$(make -s -C "$source_dir" kernelversion)
	line=${version%.*}
	key=$(printf '%s' "$source_dir" | sha256sum | cut -c1-8)
	dir=$cache_dir/form/$version-$key
	mkdir -p "$dir"
	say "Linux $version, in $dir"

	if [ ! -f "$dir/copied" ]; then
		rm -rf "$dir/src" "$dir/applied"
		cp -al -- "$source_dir" "$dir/src" 2>/dev/null || cp -a -- "$source_dir" "$dir/src"
		touch "$dir/copied"
	fi
	series_out
	local touched code old_code old_touched
	mapfile -t touched < <("$here/apply.sh" --list-files | grep -E '\.[ch]$')
	mapfile -t old_touched < <(present "${touched[@]}")
	mapfile -t old_code < <(printf '%s\n' "${old_touched[@]}" | grep '\.c$' | grep -v '^tools/')

	# The warnings without the series depend only on these inputs.
	key=$(cat "$here/config" <(printf '%s\n' "${old_touched[@]}") \
		"${BASH_SOURCE[0]}" <(gcc --version) <("clang-$clang_version" --version) \
		<(sparse --version 2>&1) | sha256sum | cut -d' ' -f1)
	if [ "$(cat "$dir/before" 2>/dev/null)" != "$key" ]; then
		for compiler in gcc clang; do
			say "$compiler, without the series: ${#old_code[@]} files"
			configure "$compiler" >"$dir/$compiler.log" 2>&1 ||
				{ tail -n 20 "$dir/$compiler.log" >&2; die "cannot be configured"; }
			compile "$compiler" "$dir/$compiler.before" "${old_code[@]}"
		done
		document "$dir/doc.before" "${old_touched[@]}"
		printf '%s\n' "$key" >"$dir/before"
	fi

	series_in
	mapfile -t touched < <(present "${touched[@]}")
	mapfile -t code < <(printf '%s\n' "${touched[@]}" | grep '\.c$' | grep -v '^tools/')
	for compiler in gcc clang; do
		say "$compiler, with the series: ${#code[@]} files"
		configure "$compiler" >"$dir/$compiler.log" 2>&1 ||
			{ tail -n 20 "$dir/$compiler.log" >&2; die "cannot be configured"; }
		compile "$compiler" "$dir/$compiler.after" "${code[@]}"
		comm -13 "$dir/$compiler.before" "$dir/$compiler.after" >"$dir/$compiler.new"
		(cd "$dir/$compiler" && ls -d -- "${code[@]/%.c/.o}") 2>&1 >/dev/null |
			sed 's/^/not compiled: /' >"$dir/$compiler.missing"
		result "$version: $compiler compiles all ${#code[@]} files" "$dir/$compiler.missing"
		case $compiler in
		gcc) result "$version: no new warnings of gcc W=1 and sparse" "$dir/gcc.new" ;;
		clang) result "$version: no new warnings of clang-$clang_version W=1" "$dir/clang.new" ;;
		esac
	done
	# The comments of the core do not have the form of kernel-doc.
	mapfile -t touched < <(printf '%s\n' "${touched[@]}" |
		grep -vE '^drivers/pci/pcigate/(lib|include)/')
	document "$dir/doc.after" "${touched[@]}"
	comm -13 "$dir/doc.before" "$dir/doc.after" >"$dir/doc.new"
	result "$version: no new warnings of kernel-doc about ${#touched[@]} files" "$dir/doc.new"
}

# on_upstream VERSION: compiles the files in drivers/pci that the series changes, on a
# tree with upstream's base.
on_upstream() {
	local file code
	series_out
	{ "$here/apply.sh" --list-files; sed -n 's,^+++ b/,,p' "$stand_in"; } | sort -u >"$dir/applied"
	patch -d "$dir/src" -p1 --force --fuzz=0 --silent <"$stand_in"
	"$here/apply.sh" "$dir/src"
	mapfile -t code < <(grep -E '^(drivers/pci|kernel)/.*\.c$' "$dir/applied" |
		while IFS= read -r file; do [ ! -f "$dir/src/$file" ] || echo "$file"; done)
	say "gcc, on upstream's base: ${#code[@]} files"
	configure gcc >"$dir/gcc.log" 2>&1 ||
		{ tail -n 20 "$dir/gcc.log" >&2; die "cannot be configured"; }
	compile gcc "$dir/gcc.upstream" "${code[@]}"
	comm -13 "$dir/gcc.before" "$dir/gcc.upstream" >"$dir/gcc.new"
	(cd "$dir/gcc" && ls -d -- "${code[@]/%.c/.o}") 2>&1 >/dev/null |
		sed 's/^/not compiled: /' >>"$dir/gcc.new"
	result "$1: gcc compiles the layers of pcigate/ on upstream's base without new warnings" "$dir/gcc.new"
}

stand_in=$repo_dir/tests/kernel-patch/stand-in.patch
for line in "${versions[@]}"; do
	check_version
	on_upstream "${dir##*/}"
done
echo "1..$count"
exit "$failed"
