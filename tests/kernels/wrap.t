#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Gated images of real kernels: what file(1), sbsign and sbverify say, and what unwrap writes.
# shellcheck source=../../scripts/tests/tap.sh
. "$(dirname -- "$0")/../../scripts/tests/tap.sh"

pcigate=$repo/build/pcigate
max_added=$((96 * 1024))

quiet() {
	"$@" >"$work/out" 2>&1
}

# gates KERNEL NAME
gates() {
	local kernel=$1 name=$2 added
	quiet "$pcigate" wrap -o "$work/gated" "$kernel"
	result $? "$name is wrapped"
	added=$(($(stat -c %s "$work/gated") - $(stat -c %s "$kernel")))
	holds [ $added -gt 0 ] && [ $added -le $max_added ]
	result $? "$name: $added bytes are added, at most $max_added"
	quiet file "$work/gated"
	grep -qE 'Linux kernel x86 boot executable,? bzImage' "$work/out"
	result $? "$name: file(1) knows it"

	quiet sbverify --cert "$work/cert" "$work/gated"
	holds [ $? -eq 1 ]
	result $? "$name: the gated image has no signature"
	quiet sbsign --key "$work/key" --cert "$work/cert" --output "$work/signed" "$work/gated"
	result $? "$name: sbsign signs it"
	quiet sbverify --cert "$work/cert" "$work/signed"
	result $? "$name: sbverify accepts it"
	printf '\377' | dd of="$work/signed" bs=1 seek=1000000 conv=notrunc status=none
	quiet sbverify --cert "$work/cert" "$work/signed"
	holds [ $? -eq 1 ]
	result $? "$name: sbverify refuses it with a byte changed"

	sbsign --key "$work/key" --cert "$work/cert" --output "$work/signed" "$work/gated" 2>"$work/out"
	for image in gated signed; do
		quiet "$pcigate" unwrap -o "$work/original" "$work/$image"
		cmp "$kernel" "$work/original" >>"$work/out" 2>&1
		result $? "$name: unwrap writes the original from the $image image"
		quiet "$pcigate" wrap -o "$work/twice" "$work/$image"
		holds [ $? -eq 2 ] && grep -q 'is a gated image already' "$work/out" && [ ! -e "$work/twice" ]
		result $? "$name: the $image image is not wrapped again"
	done
}

openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=pcigate -keyout "$work/key" -out "$work/cert" 2>"$work/out"
result $? "a key"
debian=$("$repo/scripts/fetch-debian-kernel.sh" bookworm 2>"$work/out")
result $? "Debian's kernel"
gates "$debian" "Debian's kernel"
"$pcigate" wrap -o "$work/gated" "$debian" 2>"$work/out"
grep -q 'is signed, and the gated image is not. To sign it: sbsign --key KEY --cert CERT' "$work/out"
result $? "Debian's kernel: wrap says that its signature is gone"
gates "$repo/build/bzImage" "the project's kernel"
finish
