# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables that build-kernel.sh sets
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The steps of build-kernel.sh, which sets the variables that they use. To be
# sourced, after common.sh. Below $dir lie src (the patched copy of the source),
# out (the objects), touched (the files the series changed), copied and prepared
# (marks of steps that are done) and build.log.
# shellcheck source=common.sh
[ -n "${cache_dir:-}" ] || return 1

# The objects of a whole build, roughly, for the progress line.
about_objects=1750

# The series, and the core that goes into the tree with it.
cat_series() {
	cat "$apply" "$repo_dir"/kernel-patch/series "$repo_dir"/kernel-patch/*.patch \
		"$repo_dir"/{lib,lib/*,include/pcigate}/*.[ch] 2>/dev/null || true
}

series_has_purgatory_option() {
	cat_series | grep -q '^+config KEXEC_PURGATORY_IMAGE$'
}

# Brings $dir/src in line with the source and the series.
update_tree() {
	local new=$dir/new file touched=()

	mkdir -p "$dir/src"
	touch "$dir/touched"
	if ! $stock; then
		"$apply" --list-files >"$new.list"
	else
		: >"$new.list"
	fi
	mapfile -t touched < <(sort -u "$dir/touched" "$new.list")

	# The patched files are made aside first: a series that does not apply
	# leaves the tree as it was.
	rm -rf "$new"
	mkdir -p "$new"
	for file in "${touched[@]}"; do
		[ -f "$source_dir/$file" ] || continue
		mkdir -p "$new/$(dirname -- "$file")"
		cp -p -- "$source_dir/$file" "$new/$file"
	done
	$stock || "$apply" "$new"

	if [ -n "${KERNEL_SRC:-}" ] || [ ! -f "$dir/copied" ]; then
		copy_source
		touch "$dir/copied"
	fi
	sort -u "$dir/touched" "$new.list" -o "$dir/touched"
	for file in "${touched[@]}"; do
		if [ ! -f "$new/$file" ]; then
			rm -f -- "$dir/src/$file"
		elif ! cmp -s -- "$new/$file" "$dir/src/$file"; then
			mkdir -p "$dir/src/$(dirname -- "$file")"
			# A new time stamp, so that what depends on it is rebuilt;
			# by renaming, as the old file may be a hard link.
			cp --preserve=mode -- "$new/$file" "$dir/src/$file.new"
			mv -f -- "$dir/src/$file.new" "$dir/src/$file"
		fi
	done
	mv -f "$new.list" "$dir/touched"
	rm -rf "$new"
}

# Copies the source to $dir/src, but for the files that the series touches and
# what an in-tree build has left behind. A source of the cache is never written
# to, so hard links do.
copy_source() {
	local link=()
	[ -n "${KERNEL_SRC:-}" ] || link=(--link-dest="$source_dir/")
	rsync -a --delete "${link[@]}" --exclude-from=<(sed 's,^,/,' "$dir/touched") \
		--exclude=/.git --exclude=/.config --exclude=/include/config \
		--exclude=/include/generated --exclude=/arch/x86/include/generated \
		--exclude='*.o' --exclude='*.a' --exclude='*.cmd' --exclude='*.ko' \
		"$source_dir/" "$dir/src/"
}

kernel_make() {
	# The same inputs give the same image: no user, host, hour or count of builds in it.
	make -C "$dir/src" O="$dir/out" LOCALVERSION="-$label" \
		KBUILD_BUILD_USER=pcigate KBUILD_BUILD_HOST=pcigate KBUILD_BUILD_VERSION=1 \
		KBUILD_BUILD_TIMESTAMP="$(date -u -r "$source_dir/Makefile")" "$@"
}

# One path for all checkouts: a changed purgatory then costs a link, where a
# changed path would cost a new config as well.
place_purgatory() {
	cmp -s -- "$purgatory" "$dir/purgatory.ro" ||
		cp -f -- "$purgatory" "$dir/purgatory.ro"
}

# option_known NAME: does any Kconfig file of the tree define it?
option_known() {
	grep -rqsE --include='Kconfig*' "^[[:space:]]*(menu)?config $1\$" "$dir/src"
}

# Writes the config and stops if a line of it did not take effect.
configure() {
	local all=$dir/all.config failed=() line name got

	mkdir -p "$dir/out"
	cat "$fragment" ${extra:+"$extra"} | for_version "$(tree_version)" >"$all"
	if $embed_stage; then
		printf 'CONFIG_KEXEC_PURGATORY_IMAGE="%s"\n' "$dir/purgatory.ro" >>"$all"
	fi
	if ! kernel_make KCONFIG_ALLCONFIG="$all" allnoconfig >"$dir/build.log" 2>&1; then
		tail -n 20 "$dir/build.log" >&2
		die "the kernel cannot be configured (log: $dir/build.log)"
	fi

	while read -r name line; do
		got=$(grep -E "^(# )?${name}[= ]" "$dir/out/.config" || true)
		[ "$got" = "$line" ] && continue
		# Off is also what is not offered at all.
		[ -z "$got" ] && [ "$line" = "# $name is not set" ] && continue
		if ! option_known "${name#CONFIG_}"; then
			if $stock || [ ! -f "$repo_dir/kernel-patch/series" ]; then
				say "left out, as this tree does not know it: $line"
				continue
			fi
			failed+=("$line (no such option in this tree)")
		else
			failed+=("$line (is: ${got:-not offered, see its dependencies})")
		fi
	done < <(requested <"$all")
	for line in "${failed[@]}"; do
		say "config: $line"
	done
	[ ${#failed[@]} -eq 0 ] || die "${#failed[@]} config lines did not take effect"
}

# The first two numbers of the tree's version, such as 7.3.
tree_version() {
	awk '$1 == "VERSION" { v = $3 } $1 == "PATCHLEVEL" { print v "." $3; exit }' \
		"$dir/src/Makefile"
}

# for_version V: leaves out config lines that end in the name of another version,
# and takes that name off the rest.
for_version() {
	awk -v version="$1" '
		/^CONFIG_.* # [0-9.]+$/ {
			if ($NF != version)
				next
			sub(/ +# [0-9.]+$/, "")
		}
		{ print }'
}

# Prints "NAME LINE" for each option that a config asks for; the last line of
# an option counts.
requested() {
	awk '
		/^CONFIG_/ { name = $0; sub(/=.*/, "", name); line[name] = $0 }
		/^# CONFIG_[A-Z0-9_]+ is not set$/ { line[$2] = $0 }
		END { for (name in line) print name, line[name] }' | sort
}

# Reads what make prints and tells how far it is: one line that counts up on a
# terminal, else a line every 30 seconds, also while a long link says nothing.
show_progress() {
	local count=0 since=$SECONDS next=$((SECONDS + 30)) line status
	while :; do
		status=0
		IFS= read -r -t 5 line || status=$?
		if [ "$status" -eq 0 ]; then
			count=$((count + 1))
		elif [ "$status" -le 128 ]; then
			break
		fi
		if [ -t 2 ]; then
			printf '\r%s: %d steps of about %d, %d s ' "${0##*/}" \
				"$count" "$about_objects" $((SECONDS - since)) >&2
		elif [ "$SECONDS" -ge "$next" ]; then
			say "  $count steps of about $about_objects, $((SECONDS - since)) s"
			next=$((SECONDS + 30))
		fi
	done
	[ ! -t 2 ] || printf '\n' >&2
}

build() {
	local log=$dir/build.log
	say "building with ${JOBS:-$(nproc)} jobs (log: $log)"
	if ! kernel_make -j"${JOBS:-$(nproc)}" bzImage 2>&1 | tee "$log" | show_progress; then
		# Warnings fill the tail: errors first, wherever they are.
		grep -nE '(error:|Error [0-9]|undefined reference)' "$log" | head -n 10 >&2 || true
		tail -n 15 "$log" >&2
		die "the kernel build failed (log: $log)"
	fi
}

# hand_out IMAGE RELEASE WHY: a file that is right already keeps its time stamp.
hand_out() {
	cmp -s -- "$1" "$out" || cp -f -- "$1" "$out"
	say "Linux $2, $(stat -c %s -- "$1") bytes: $out ($3)"
}

# Whether there is a finished kernel of the wanted contents. The tree of some
# build of its kind must be there as well: modules are built against it.
find_image() {
	[ -f "$kept/bzImage" ] && [ -f "$kept/release" ] && [ -f "$dir/stamp" ] || return
	# Ages tell what is still in use.
	touch -c "$kept" "$dir" "$dir/stamp"
}

keep_image() {
	local new=$kept.new.$$
	if [ ! -f "$kept/bzImage" ]; then
		rm -rf "$new"
		mkdir -p "$new"
		cp -- "$image" "$new/bzImage"
		cp -- "$dir/out/include/config/kernel.release" "$new/release"
		printf '%s\n' "${how[@]}" >"$new/how"
		rm -rf "$kept"
		mv -- "$new" "$kept"
	fi
	touch "$kept"
	find "$cache_dir/images" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' |
		sort -rn | tail -n "+$((keep_images + 1))" | cut -d' ' -f2- |
		while IFS= read -r new; do
			rm -rf "$new"
		done
}

# Only the builds used last stay; each holds a tree of its own.
drop_old_builds() {
	local old
	find "$cache_dir/build" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' |
		sort -rn | tail -n "+$((keep + 1))" | cut -d' ' -f2- |
		while IFS= read -r old; do
			say "removing the old build $old"
			rm -rf "$old"
		done
}
