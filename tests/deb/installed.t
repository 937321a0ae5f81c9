#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Installs the packages in the directory DEBS on a fresh system, uses them, and removes them. This
# changes the system: scripts/check-release.sh runs it in a chroot.
set -euo pipefail
# shellcheck source=../../scripts/tests/tap.sh
. "$(dirname -- "$0")/../../scripts/tests/tap.sh"
debs=${DEBS:?the directory of the packages}
export DEBIAN_FRONTEND=noninteractive

result "$(command -v pcigate | wc -l)" "the system has no pcigate"
{ apt-get -qq update && apt-get -qqy --no-install-recommends install "$debs"/pcigate*.deb; } >"$work/out" 2>&1
result $? "apt installs the packages and what they depend on"

version=$(dpkg-query -W -f '${Version}' pcigate)
pcigate --version | grep -qx "pcigate $version"
result $? "the command runs"
# A device 8086:10d3 without a bridge, as lspci -xxx prints it.
{
	echo '00:01.0 Ethernet controller: Example'
	echo '00: 86 80 d3 10 00 00 00 00 00 00 00 02 00 00 00 00'
	for row in 1 2 3 4 5 6 7 8 9 a b c d e f; do echo "${row}0: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"; done
} >"$work/host"
pcigate plan -F "$work/host" >"$work/out" 2>&1 && grep -q '0000:00:01.0 8086:10d3' "$work/out"
result $? "the command plans a dump"
[ "$(head -c 2 /usr/lib/pcigate/pcigate.efi)" = MZ ] && [ "$(head -c 4 /usr/lib/pcigate/purgatory.ro)" = $'\x7fELF' ]
result $? "the UEFI application and the purgatory are there"

find /etc/systemd /usr/lib/systemd/system/*.wants /usr/lib/systemd/system/kexec.target -name '*pcigate*' >"$work/out" 2>/dev/null || true
[ ! -s "$work/out" ]
result $? "no unit is enabled"
run-parts --arg=1.0 --arg=/nowhere /etc/kernel/postinst.d >"$work/out" 2>&1 && [ ! -s "$work/out" ] && [ ! -e /var/lib/pcigate ]
result $? "the hook of the kernel packages does nothing"

apt-get -qqy purge pcigate pcigate-boot >"$work/out" 2>&1
result $? "apt removes the packages"
find /etc /usr /var/lib -path "$repo" -prune -o -name '*pcigate*' -print >"$work/out"
[ ! -s "$work/out" ]
result $? "no file is left"
finish
