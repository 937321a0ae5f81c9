# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables that build-kernel.sh sets
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The steps of build-kernel.sh, which sets the variables that they use. To be
# sourced, after common.sh. $dir holds src (the patched copy of the source), out
# (the objects), touched (the list of files that the series changed), copied and
# prepared (marks of finished steps) and build.log.
# shellcheck source=common.sh
[ -n "${cache_dir:-}" ] || return 1

# The approximate number of objects of a full build, for the progress line.
about_objects=1750

# Prints the series and the core, which apply.sh copies into the tree.
cat_series() {
	cat "$apply" "$repo_dir"/kernel-patch/series "$repo_dir"/kernel-patch/*/*.patch \
		"$repo_dir"/{lib,lib/*,include/pcigate}/*.[ch] 2>/dev/null || true
}

series_has_purgatory_option() {
	cat_series | grep -q '^+config KEXEC_PURGATORY_IMAGE$'
}

# Updates $dir/src from the source and the series.
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

	# The patched files are made in a directory of their own first: a series that
	# does not apply leaves the tree unchanged.
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
			# A new time stamp, for make. Renamed, as the old file may be a
			# hard link to the source in the cache.
			cp --preserve=mode -- "$new/$file" "$dir/src/$file.new"
			mv -f -- "$dir/src/$file.new" "$dir/src/$file"
		fi
	done
	mv -f "$new.list" "$dir/touched"
	rm -rf "$new"
}

# Copies the source to $dir/src, without the files that the series changes and
# without the objects of an in-tree build. No script writes to a source of the
# cache, so hard links are enough.
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
	# Reproducible: the image holds no user, host, time or count of builds.
	make -C "$dir/src" O="$dir/out" LOCALVERSION="-$label" \
		KBUILD_BUILD_USER=pcigate KBUILD_BUILD_HOST=pcigate KBUILD_BUILD_VERSION=1 \
		KBUILD_BUILD_TIMESTAMP="$(date -u -r "$source_dir/Makefile")" "$@"
}

# The path of the purgatory is a part of the config. With one path for all checkouts,
# a changed purgatory needs a new link only.
place_purgatory() {
	cmp -s -- "$purgatory" "$dir/purgatory.ro" ||
		cp -f -- "$purgatory" "$dir/purgatory.ro"
}

# option_known NAME: whether a Kconfig file of the tree defines the option.
option_known() {
	grep -rqsE --include='Kconfig*' "^[[:space:]]*(menu)?config $1\$" "$dir/src"
}

# Writes the config. Fails if a line of it has no effect.
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
		# An option that is not offered is off.
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

# Reads the lines of make and shows the progress: on a terminal in one line that
# counts up, elsewhere in a line every 30 seconds, also during a silent link.
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
		# The tail may hold only warnings, so errors are printed first.
		grep -nE '(error:|Error [0-9]|undefined reference)' "$log" | head -n 10 >&2 || true
		tail -n 15 "$log" >&2
		die "the kernel build failed (log: $log)"
	fi
}

# hand_out IMAGE RELEASE WHY: copies IMAGE to $out. An equal file keeps its time stamp.
hand_out() {
	cmp -s -- "$1" "$out" || cp -f -- "$1" "$out"
	say "Linux $2, $(stat -c %s -- "$1") bytes: $out ($3)"
}

# Whether the cache has the finished kernel. A build directory of its kind must exist
# as well, as modules are built against it.
find_image() {
	[ -f "$kept/bzImage" ] && [ -f "$kept/release" ] && [ -f "$dir/stamp" ] || return
	# keep_image() and drop_old_builds() go by these ages.
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

# Keeps the builds that were used last; each holds a tree of its own.
drop_old_builds() {
	local old
	find "$cache_dir/build" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' |
		sort -rn | tail -n "+$((keep + 1))" | cut -d' ' -f2- |
		while IFS= read -r old; do
			say "removing the old build $old"
			rm -rf "$old"
		done
}
