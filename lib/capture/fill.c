// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * fill.c - fills memory and config space from the nodes of a capture: raw numbers, and the
 * structures of the record (docs/capture.md).
 */
#include "node.h"

enum kind {
	NUMBER,
	TEXT,
	ADDRESS, /* a PCI address in 16 bits: a number, or "BB:DD.F" */
};

struct field {
	const char *name;
	uint8_t offset;
	uint8_t size;
	uint8_t kind;
};

#define MAX_FIELDS 4

struct layout {
	const char *name;
	uint8_t size;
	struct field fields[MAX_FIELDS];
};

/*
 * The names are Linux's: arch/x86/include/uapi/asm/setup_data.h, include/linux/kho/abi/luo.h,
 * block.h, and for the last three PCI Live Update and vfio-pci. luo_flb_ser.name and
 * luo_session_ser.name are called flb_name and session_name, because dtc reserves the name "name".
 */
static const struct layout layouts[] = {
	{ "setup_data",
	  16,
	  { { "next", 0, 8, NUMBER }, { "type", 8, 4, NUMBER }, { "len", 12, 4, NUMBER } } },
	{ "kho_data",
	  32,
	  { { "fdt_addr", 0, 8, NUMBER },
	    { "fdt_size", 8, 8, NUMBER },
	    { "scratch_addr", 16, 8, NUMBER },
	    { "scratch_size", 24, 8, NUMBER } } },
	{ "luo_ser",
	  32,
	  { { "compatible", 0, 8, TEXT },
	    { "liveupdate_num", 8, 8, NUMBER },
	    { "sessions_pa", 16, 8, NUMBER },
	    { "flbs_pa", 24, 8, NUMBER } } },
	{ "luo_flb_header_ser", 16, { { "pgcnt", 0, 8, NUMBER }, { "count", 8, 8, NUMBER } } },
	{ "luo_flb_ser",
	  64,
	  { { "flb_name", 0, 48, TEXT }, { "data", 48, 8, NUMBER }, { "count", 56, 8, NUMBER } } },
	{ "luo_session_ser",
	  80,
	  { { "session_name", 0, 64, TEXT },
	    { "files", 64, 8, NUMBER },
	    { "count", 72, 8, NUMBER } } },
	{ "luo_file_ser",
	  64,
	  { { "compatible", 0, 48, TEXT },
	    { "data", 48, 8, NUMBER },
	    { "token", 56, 8, NUMBER } } },
	{ "kho_block_header_ser", 16, { { "next", 0, 8, NUMBER }, { "count", 8, 8, NUMBER } } },
	{ "pci_ser",
	  16,
	  { { "version", 0, 4, NUMBER },
	    { "nr_devices", 4, 4, NUMBER },
	    { "devices", 8, 8, NUMBER } } },
	{ "pci_dev_ser",
	  8,
	  { { "domain", 0, 4, NUMBER }, { "bdf", 4, 2, ADDRESS }, { "refcount", 6, 2, NUMBER } } },
	{ "vfio_pci_core_device_ser", 6, { { "domain", 0, 4, NUMBER }, { "bdf", 4, 2, ADDRESS } } },
};

static void store(uint8_t *to, uint64_t value, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++, value >>= 8)
		to[i] = (uint8_t)value;
}

static uint64_t max_of(uint32_t size)
{
	return UINT64_MAX >> (64 - 8 * size);
}

static int too_long(const struct node *node, uint64_t needed, uint64_t size)
{
	return node_fail(node, NULL, "takes %llu bytes, but only %llu are left",
			 (unsigned long long)needed, (unsigned long long)size);
}

/*
 * "05:00.0": an address that the record stores in 16 bits. The string has 8 bytes, the size of a
 * 64-bit number.
 */
static bool parse_address(const uint8_t *text, uint32_t size, uint64_t *value)
{
	static const char digits[] = "0123456789abcdef";
	static const uint8_t places[] = { 0, 1, 3, 4, 6 };
	unsigned int number[PG_ARRAY_SIZE(places)];

	if (size != 8 || text[2] != ':' || text[5] != '.' || text[7])
		return false;
	for (size_t i = 0; i < PG_ARRAY_SIZE(places); i++) {
		const char *digit = text[places[i]] ? strchr(digits, text[places[i]]) : NULL;

		if (!digit)
			return false;
		number[i] = (unsigned int)(digit - digits);
	}
	if (number[2] > 1 || number[4] > 7)
		return false;
	*value = (number[0] << 4 | number[1]) << 8 | (number[2] << 4 | number[3]) << 3 | number[4];
	return true;
}

static int fill_text(const struct node *node, const struct field *field, uint8_t *to)
{
	const char *text;
	size_t len;

	if (node_string(node, field->name, &text))
		return -1;
	if (!text)
		return 0;
	len = strlen(text);
	/*
	 * A text that fills the field has no terminating zero: a fault that captures must be able
	 * to contain.
	 */
	if (len > field->size)
		return node_fail(node, field->name, "%zu characters do not fit into %u bytes", len,
				 field->size);
	memcpy(to + field->offset, text, len);
	return 0;
}

static int fill_number(const struct node *node, const struct field *field, uint8_t *to)
{
	uint32_t size;
	const uint8_t *bytes = node_bytes(node, field->name, &size);
	uint64_t value = 0;
	bool present;

	if (!(field->kind == ADDRESS && bytes && parse_address(bytes, size, &value)) &&
	    node_number(node, field->name, max_of(field->size), &value, &present))
		return -1;
	store(to + field->offset, value, field->size);
	return 0;
}

static int fill_layout(const struct node *node, const struct layout *layout, uint8_t *to,
		       uint64_t size)
{
	const char *names[MAX_FIELDS];
	size_t nr = 0;

	while (nr < MAX_FIELDS && layout->fields[nr].name) {
		names[nr] = layout->fields[nr].name;
		nr++;
	}
	if (node_known(node, names, nr) || node_leaf(node))
		return -1;
	if (size < layout->size)
		return too_long(node, layout->size, size);
	memset(to, 0, layout->size);
	for (size_t i = 0; i < nr; i++) {
		const struct field *field = &layout->fields[i];

		if (field->kind == TEXT ? fill_text(node, field, to) : fill_number(node, field, to))
			return -1;
	}
	return 0;
}

/* Stores cells of @width bytes as numbers of @stored bytes. */
static int fill_cells(const struct node *node, const char *property, const uint8_t *cells,
		      uint32_t len, uint32_t width, uint32_t stored, uint8_t *to, uint64_t size)
{
	uint32_t nr = len / width;

	if (!len || len % width)
		return node_fail(node, property, "must be one or more numbers of %u bits",
				 8 * width);
	if ((uint64_t)nr * stored > size)
		return too_long(node, (uint64_t)nr * stored, size);
	for (uint32_t i = 0; i < nr; i++) {
		uint64_t value = 0;

		for (uint32_t b = 0; b < width; b++)
			value = value << 8 | cells[i * width + b];
		if (value > max_of(stored))
			return node_fail(node, property, "0x%llx does not fit into %u bits",
					 (unsigned long long)value, 8 * stored);
		store(to + (size_t)i * stored, value, stored);
	}
	return 0;
}

static int fill_string(const struct node *node, uint8_t *to, uint64_t size)
{
	uint64_t padded = 0;
	const char *text;
	bool has_size;

	if (node_string(node, "string", &text) ||
	    node_number(node, "size", CAPTURE_MAX_MEMORY, &padded, &has_size))
		return -1;
	if (!has_size)
		padded = strlen(text) + 1;
	if (padded < strlen(text))
		return node_fail(node, "size", "is smaller than the string");
	if (padded > size)
		return too_long(node, padded, size);
	memset(to, 0, padded);
	memcpy(to, text, strlen(text));
	return 0;
}

static int fill_raw(const struct node *node, uint8_t *to, uint64_t size)
{
	static const char *const names[] = { "bytes", "string", "size", "u8", "u16", "u32", "u64" };
	static const struct {
		const char *name;
		uint8_t width;
		uint8_t stored;
	} cells[] = { { "u8", 4, 1 }, { "u16", 4, 2 }, { "u32", 4, 4 }, { "u64", 8, 8 } };
	uint32_t len;
	int property;
	int nr = 0;

	if (node_known(node, names, PG_ARRAY_SIZE(names)) || node_leaf(node))
		return -1;
	fdt_for_each_property_offset (property, node->fdt, node->offset)
		nr++;
	if (nr - (node_bytes(node, "string", &len) && node_bytes(node, "size", &len)) != 1 ||
	    (nr == 1 && node_bytes(node, "size", &len)))
		return node_fail(
			node, NULL,
			"must have exactly one of bytes, string (with size), u8, u16, u32, u64");

	if (node_bytes(node, "bytes", &len))
		return node_fill_bytes(node, to, size);
	for (size_t i = 0; i < PG_ARRAY_SIZE(cells); i++) {
		const uint8_t *value = node_bytes(node, cells[i].name, &len);

		if (value)
			return fill_cells(node, cells[i].name, value, len, cells[i].width,
					  cells[i].stored, to, size);
	}
	return fill_string(node, to, size);
}

int node_fill_bytes(const struct node *node, uint8_t *to, uint64_t size)
{
	uint32_t len;
	const uint8_t *bytes = node_bytes(node, "bytes", &len);

	if (len > size)
		return node_fail(node, "bytes", "%u bytes, but only %llu are left", len,
				 (unsigned long long)size);
	if (len)
		memcpy(to, bytes, len);
	return 0;
}

int node_fill(const struct node *node, uint8_t *to, uint64_t size, bool wire)
{
	uint64_t offset;

	if (node_unit(node, UINT32_MAX, &offset))
		return -1;
	if (offset >= size)
		return node_fail(node, NULL, "begins beyond the end: there are only %llu bytes",
				 (unsigned long long)size);
	to += offset;
	size -= offset;
	if (node_is(node, "raw"))
		return fill_raw(node, to, size);
	if (wire) {
		if (node_is(node, "fdt"))
			return node_fill_fdt(node, to, size, true);
		if (node_is(node, "tree"))
			return node_fill_fdt(node, to, size, false);
		for (size_t i = 0; i < PG_ARRAY_SIZE(layouts); i++) {
			if (node_is(node, layouts[i].name))
				return fill_layout(node, &layouts[i], to, size);
		}
	}
	return node_fail(node, NULL,
			 wire ? "not raw@, fdt@, tree@ or the name of a structure of the record"
			      : "not raw@ and no function");
}
