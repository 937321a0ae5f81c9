#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The form of build/pcigate.efi: what firmware wants of a program, and that both compilers make one.
set -euo pipefail
if [ $# -gt 0 ]; then
    echo "efi.t: unknown argument: $1 (it takes none)" >&2
    exit 2
fi
cd "$(dirname "$0")/.."

efi=build/pcigate.efi
count=0

ok()
{
    count=$((count + 1))
    if "${@:2}"; then
        echo "ok $count - $1"
    else
        echo "not ok $count - $1"
    fi
}

field()
{
    objdump -p "$1" | awk -v name="$2" '$1 == name { print $2 }'
}

section()
{
    objdump -h "$1" | grep -q " $2 "
}

# Without this section firmware takes the program for one that cannot be moved, and refuses it.
relocatable()
{
    section "$1" '\.reloc' && ! objdump -p "$1" | grep -q 'relocations stripped'
}

# Each register of the SSE unit would need the firmware's consent.
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

# Writes to config space: the protocol has a function for it, at 0x48 behind its start, and the root bridge's reader is the only
# one that has the protocol at all.
never_writes()
{
    ! grep -nE 'Pci\.Write|->Write *\(.*(Io|io),' boot/efi/*.c
}

ok 'it is an EFI application' test "$(field $efi Subsystem)" = 0000000a
ok 'it can be loaded anywhere' relocatable $efi
ok 'it uses no SSE' no_sse $efi
ok 'nothing is left undefined' no_undefined build/efi/pcigate.so
ok "it is small: $(stat -c %s $efi) bytes" small $efi
ok 'its source has no write to config space' never_writes

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if make --no-print-directory EFI_CC=clang EFI_DIR=build/efi-clang build/efi-clang/pcigate.so >"$log" 2>&1; then
    ok 'clang compiles it' true
else
    sed 's/^/# /' "$log"
    ok 'clang compiles it' false
fi
ok 'and leaves nothing undefined' no_undefined build/efi-clang/pcigate.so
# Codes and names that logs and scripts are searched for.
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
    [ "$(codes | wc -l)" -ge 8 ] && diff <(codes) <(documented) | sed 's/^/# /' && [ "$(codes)" = "$(documented)" ]
}

same_names()
{
    local name
    for name in LEAVE_GUID_TEXT LEAVE_VERDICT LEAVE_LAST_STOP; do
        grep -qF "$(sed -n "s/^#define $name \"\(.*\)\"$/\1/p" boot/efi/leave.h)" docs/uefi.md || return 1
    done
}

ok 'docs/uefi.md has each of its codes, and no other' same_codes
ok 'docs/uefi.md has the names of its variables' same_names
echo "1..$count"
