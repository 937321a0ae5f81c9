// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-tokens.c - a device tree of up to 88 bytes of any content.
 *
 * source: lib/fdt.c build/libfdt/src/fdt.c
 * flags: --unwind 18
 * limit: 120
 * break: lib/fdt.c s/size - at < PROPERTY_HEADER/size - at < 4/
 * break: lib/fdt.c s/if \(len > size - at\)/if (0)/
 * break: lib/fdt.c s/at == size \|\| //
 */
#include "proof.h"

#include <pcigate/fdt.h>

#define SIZE 88

PROOF_MEMCHR()

void harness(void)
{
	const size_t size = nondet_size();

	ASSUME(size <= SIZE);
	const int err = pg_fdt_check(any_bytes(size, SIZE), size);

	REACHED(!err);
	PROVE(err || size >= sizeof(struct fdt_header) + 16);
}
