#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# tools/debian/kernel-hook, called by run-parts(8) as Debian's kernel packages call it.
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"

env -u MAKEFLAGS -u MAKELEVEL make -s -C "$repo" build/pcigate >"$work/out" 2>&1
result $? "the command is built"
perl -I"$repo/tests/perl" -MImage -e 'print image(gzip(elf()))' >"$work/vmlinuz"
for event in postinst postrm; do
	install -D -m 755 "$repo/tools/debian/kernel-hook" "$work/$event.d/pcigate"
done
export PCIGATE_DEFAULTS=$work/default PCIGATE_COPIES=$work/copies PATH=$repo/build:$PATH
copy=$work/copies/vmlinuz-6.1.0-1-test

# kernel EVENT [IMAGE]: what the package of this kernel does after its installation or removal.
kernel() {
	run-parts --exit-on-error --arg=6.1.0-1-test --arg="${2:-$work/vmlinuz}" "$work/$1.d" >"$work/out" 2>&1
}

kernel postinst && [ ! -e "$work/copies" ]
result $? "without settings there is no copy"

echo 'GATED_COPIES=no' >"$work/default"
GATED_COPIES=yes kernel postinst && [ ! -e "$work/copies" ]
result $? "GATED_COPIES=no: there is no copy"

echo 'GATED_COPIES=yes' >"$work/default"
kernel postinst && pcigate unwrap -o "$work/back" "$copy" && cmp "$work/back" "$work/vmlinuz" >>"$work/out"
result $? "GATED_COPIES=yes: there is a gated copy of the kernel"

kernel postinst "$work/default" && [ ! -e "$copy" ] && grep -q "no gated copy of $work/default" "$work/out" &&
	[ -z "$(ls -A "$work/copies")" ]
result $? "a file that is not a kernel: the installation succeeds, the earlier copy is removed"

kernel postinst && [ -e "$copy" ] && kernel postrm && [ ! -e "$copy" ]
result $? "the copy is removed with the kernel"

# sbsign needs a complete PE image. A script replaces it: --key KEY --cert CERT --output NEW IMAGE.
mkdir "$work/bin"
cat >"$work/bin/sbsign" <<'SBSIGN'
#!/bin/sh
[ "$1 $3 $5" = "--key --cert --output" ] && cat "$7" "$2" "$4" >"$6.signed" && mv "$6.signed" "$6"
SBSIGN
chmod +x "$work/bin/sbsign"
PATH=$work/bin:$PATH
printf 'GATED_COPIES=yes\nSIGN_KEY=%s\nSIGN_CERT=%s\n' "$work/key" "$work/cert" >"$work/default"
kernel postinst && [ -z "$(find "$work/copies" -type f ! -name '*.signed')" ]
result $? "without the key there is no copy"

rm -f "$work"/copies/*
echo key >"$work/key"
echo certificate >"$work/cert"
kernel postinst && [ "$(tail -n 2 "$copy" | tr -d '\0' | tail -c 16)" = "key
certificate" ]
result $? "with the key the copy is signed"
finish
