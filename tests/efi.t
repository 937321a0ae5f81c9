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
echo "1..$count"
