#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# How scripts/build-kernel.sh reads kernel-patch/config.
set -euo pipefail
# shellcheck source=tap.sh
. "$(dirname -- "$0")/tap.sh"
# shellcheck source=../common.sh
. "$repo/scripts/common.sh"
# shellcheck source=../kernel-tree.sh
. "$repo/scripts/kernel-tree.sh"

# is GOT WANTED NAME: the two texts must be equal.
is() {
	printf 'got:    %s\nwanted: %s\n' "$1" "$2" >"$work/out"
	[ "$1" = "$2" ]
	result $? "$3"
}

lines='CONFIG_A=y
CONFIG_B=y # 7.2
CONFIG_C="x # y" # 7.3
# CONFIG_D is not set'
is "$(for_version 7.3 <<<"$lines" | tr '\n' '|')" \
	'CONFIG_A=y|CONFIG_C="x # y"|# CONFIG_D is not set|' \
	"lines of another version are left out"
is "$(for_version 7.2 <<<"$lines" | tr '\n' '|')" \
	'CONFIG_A=y|CONFIG_B=y|# CONFIG_D is not set|' \
	"the comment with the version is removed from the lines of this version"

is "$(requested <<<$'# a comment\nCONFIG_A=y\nCONFIG_B=8\n# CONFIG_A is not set' | tr '\n' '|')" \
	'CONFIG_A # CONFIG_A is not set|CONFIG_B CONFIG_B=8|' \
	"the last line of an option is used"

# A tree whose "allnoconfig" writes $answer as .config, for configure.
# shellcheck disable=SC2034 # read by configure
{
	dir=$work/build fragment=$work/fragment extra='' embed_stage=false stock=false
}
mkdir -p "$dir/src" "$dir/out"
printf 'VERSION = 7\nPATCHLEVEL = 3\n' >"$dir/src/Makefile"
printf 'config A\n\tbool "a"\nconfig B\n\tbool "b"\n' >"$dir/src/Kconfig"
kernel_make() {
	printf '%s\n' "$answer" >"$dir/out/.config"
}

# tries NAME STATUS MESSAGE: configure must return STATUS and print MESSAGE.
tries() {
	local status=0
	(configure) >"$work/out" 2>&1 || status=$?
	[ "$status" -eq "$2" ] && { [ -z "$3" ] || grep -qF "$3" "$work/out"; }
	result $? "$1"
}

printf 'CONFIG_A=y\n# CONFIG_B is not set\n' >"$fragment"
answer=$'CONFIG_A=y\n# CONFIG_B is not set'
tries "every line of the config has an effect" 0 ''
answer=$'CONFIG_A=y'
tries "an option without a line in .config counts as off" 0 ''
answer=$'CONFIG_A=y\nCONFIG_B=y'
tries "an option that stays on is an error" 1 'config: # CONFIG_B is not set (is: CONFIG_B=y)'
answer=$'# CONFIG_A is not set'
tries "an option that stays off is an error" 1 'config: CONFIG_A=y (is: # CONFIG_A is not set)'
echo 'CONFIG_AA=y' >>"$fragment"
answer=$'CONFIG_A=y'
tries "an option that the tree does not know is an error" 1 'config: CONFIG_AA=y (no such option in this tree)'
stock=true
tries "in a stock tree, an unknown option is only a message" 0 'left out, as this tree does not know it: CONFIG_AA=y'
finish
