// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * own_text.c - what text and JSON of pcigate's own record share.
 */
#include "own.h"

const char *own_verdict_text(uint32_t verdict)
{
	switch (verdict) {
	case 0:
		return "none";
	case 1:
		return "opened";
	case 2:
		return "opened-by-policy";
	}
	return "unknown";
}

/* The pipeline does not use this window, as ACPI lists the windows. */
bool own_window(const struct pg_gate_fdt *own, int node, uint64_t *address, uint64_t *size)
{
	int len;
	const fdt64_t *cells = fdt_getprop(own->fdt, node, "ecam", &len);

	if (!cells || len != 16)
		return false;
	*address = fdt64_ld(cells);
	*size = fdt64_ld(cells + 1);
	return true;
}
