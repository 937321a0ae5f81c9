// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * fdt.c - checks the structure block of a flattened device tree, token by token (Devicetree
 * Specification 0.4, 5.4).
 */
#include <pcigate/fdt.h>

/* The version with the size of the structure block in its header. */
#define VERSION_MIN 17u

/*
 * After the tag of a property: the length of the value, and the offset of the name in the strings
 * block.
 */
#define PROPERTY_HEADER 8u

static uint32_t load(const uint8_t *bytes)
{
	return fdt32_ld((const fdt32_t *)(const void *)bytes);
}

/* Checks the tokens in the @size bytes at @tokens. @names is the size of the strings block. */
static int check_tokens(const uint8_t *tokens, uint32_t size, uint32_t names)
{
	uint32_t at = 0, depth = 0;
	bool root = false;

	while (at < size && size - at >= FDT_TAGSIZE) {
		const uint32_t tag = load(tokens + at);
		const uint8_t *end;
		uint32_t len = 0;

		at += FDT_TAGSIZE;
		switch (tag) {
		case FDT_NOP:
			break;
		case FDT_BEGIN_NODE:
			end = memchr(tokens + at, 0, size - at);
			/* There is one root node, and its name is empty. */
			if (!end || (!depth && (root || end != tokens + at)))
				return -FDT_ERR_BADSTRUCTURE;
			len = (uint32_t)(end - (tokens + at)) + 1;
			root = true;
			depth++;
			break;
		case FDT_END_NODE:
			if (!depth--)
				return -FDT_ERR_BADSTRUCTURE;
			break;
		case FDT_PROP:
			if (!depth || size - at < PROPERTY_HEADER ||
			    load(tokens + at + FDT_TAGSIZE) >= names)
				return -FDT_ERR_BADSTRUCTURE;
			len = load(tokens + at);
			at += PROPERTY_HEADER;
			break;
		case FDT_END:
			return root && !depth ? 0 : -FDT_ERR_BADSTRUCTURE;
		default:
			return -FDT_ERR_BADSTRUCTURE;
		}
		if (len > size - at)
			return -FDT_ERR_BADSTRUCTURE;
		at += (len + 3u) & ~3u;
	}
	return -FDT_ERR_TRUNCATED;
}

int pg_fdt_check(const void *fdt, size_t size)
{
	const uint8_t *bytes = fdt;
	uint32_t names;
	int err;

	if (size < sizeof(struct fdt_header))
		return -FDT_ERR_TRUNCATED;
	err = fdt_check_header(fdt);
	if (err)
		return err;
	if (fdt_version(fdt) < VERSION_MIN)
		return -FDT_ERR_BADVERSION;
	if (fdt_totalsize(fdt) > size)
		return -FDT_ERR_TRUNCATED;
	/* If the strings block ends with a zero, every name in it ends inside. */
	names = fdt_size_dt_strings(fdt);
	if (fdt_off_dt_struct(fdt) % FDT_TAGSIZE ||
	    (names && bytes[fdt_off_dt_strings(fdt) + names - 1]))
		return -FDT_ERR_BADSTRUCTURE;
	return check_tokens(bytes + fdt_off_dt_struct(fdt), fdt_size_dt_struct(fdt), names);
}
