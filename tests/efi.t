#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# efi.t - the form of build/pcigate.efi: what firmware requires of a program. Both compilers must build one.
set -euo pipefail
# shellcheck source=../scripts/tests/tap.sh
. "$(dirname -- "$0")/../scripts/tests/tap.sh"
cd "$repo" || exit 2

efi=build/pcigate.efi

ok()
{
    "${@:2}" >"$work/out" 2>&1
    result $? "$1"
}

field()
{
    objdump -p "$1" | awk -v name="$2" '$1 == name { print $2 }'
}

section()
{
    objdump -h "$1" | grep -q " $2 "
}

# Firmware refuses a program without this section: it could not be relocated.
relocatable()
{
    section "$1" '\.reloc' && ! objdump -p "$1" | grep -q 'relocations stripped'
}

no_sse()
{
    ! objdump -d "$1" | grep -q '%[xyz]mm[0-9]'
}

no_undefined()
{
    [ -z "$(nm -D -u "$1")" ]
}

small()
{
    [ "$(stat -c %s "$1")" -lt 160000 ]
}

# The source calls no function of a protocol that writes to config space.
never_writes()
{
    ! grep -nE 'Pci\.Write|->Write *\(.*(Io|io),' boot/efi/*.c
}

ok 'pcigate.efi is an EFI application' test "$(field $efi Subsystem)" = 0000000a
ok 'pcigate.efi can be loaded at any address' relocatable $efi
ok 'pcigate.efi has no SSE instruction' no_sse $efi
ok 'pcigate.so has no undefined symbol' no_undefined build/efi/pcigate.so
ok "pcigate.efi is not too large ($(stat -c %s $efi) bytes)" small $efi
ok 'the source has no write to config space' never_writes

ok 'clang builds pcigate.so' make --no-print-directory EFI_CC=clang EFI_DIR=build/efi-clang build/efi-clang/pcigate.so
ok 'pcigate.so of clang has no undefined symbol' no_undefined build/efi-clang/pcigate.so

# Operators look for codes and names in logs, so the page must have them.
codes()
{
    sed -n 's/^#define [A-Z]*_\?CODE\(_[A-Z]*\)\? "\([a-z-]*\)"$/\2/p' boot/efi/app.h boot/efi/moved.h | sort
}

documented()
{
    # shellcheck disable=SC2016 # the quotes are those of the page
    sed -n '/^| code | what it means |$/,/^$/s/^| `\([a-z-]*\)` | .*/\1/p' docs/uefi.md | sort
}

same_codes()
{
    [ "$(codes | wc -l)" -ge 8 ] && diff <(codes) <(documented)
}

same_names()
{
    local name
    for name in VARIABLE_GUID_TEXT VARIABLE_VERDICT VARIABLE_LAST_STOP; do
        grep -qF "$(sed -n "s/^#define $name \"\(.*\)\"$/\1/p" boot/efi/boot_verdict.h)" docs/uefi.md || return 1
    done
}

ok 'docs/uefi.md has each code of pcigate.efi, and no other' same_codes
ok 'docs/uefi.md has the names of the EFI variables' same_names
finish
