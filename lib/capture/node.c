// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * node.c - reads names and properties of nodes.
 */
#include "node.h"

#include <pcigate/parse.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int node_fail(const struct node *node, const char *property, const char *format, ...)
{
	char path[160];
	char message[200];
	va_list arguments;

	/* If the path is too long for the line, print the name of the node only. */
	if (fdt_get_path(node->fdt, node->offset, path, sizeof(path))) {
		const char *name = fdt_get_name(node->fdt, node->offset, NULL);

		snprintf(path, sizeof(path), ".../%.140s", name ? name : "?");
	}
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	snprintf(node->error->text, sizeof(node->error->text), "%s: %.31s%s%s", path,
		 property ? property : "", property ? ": " : "", message);
	return -1;
}

/*
 * Returns the name, with its length up to the '@'. Sets @unit to the text after the '@', or NULL.
 */
static const char *name_of(const struct node *node, size_t *len, const char **unit)
{
	const char *name = fdt_get_name(node->fdt, node->offset, NULL);
	const char *at;

	if (!name)
		name = "";
	at = strchr(name, '@');
	*len = at ? (size_t)(at - name) : strlen(name);
	*unit = at ? at + 1 : NULL;
	return name;
}

bool node_is(const struct node *node, const char *name)
{
	const char *unit;
	size_t len;
	const char *own = name_of(node, &len, &unit);

	return len == strlen(name) && !memcmp(own, name, len);
}

int node_no_unit(const struct node *node)
{
	const char *unit;
	size_t len;

	name_of(node, &len, &unit);
	return unit ? node_fail(node, NULL, "there is only one such node, so its name has no '@'")
		    : 0;
}

/*
 * Reads the hexadecimal number at @text, with any number of digits. Returns a pointer to the text
 * after it, or NULL if there is no number or it exceeds @max.
 */
static const char *parse_hex(const char *text, uint64_t max, uint64_t *value)
{
	return pg_parse_hex(text, text + strlen(text), UINT32_MAX, max, value);
}

int node_unit(const struct node *node, uint64_t max, uint64_t *value)
{
	const char *unit;
	const char *end;
	size_t len;

	name_of(node, &len, &unit);
	end = unit ? parse_hex(unit, max, value) : NULL;
	if (!end || *end)
		return node_fail(node, NULL,
				 "the name must end with '@' and a hexadecimal number up to %llx",
				 (unsigned long long)max);
	return 0;
}

int node_unit_devfn(const struct node *node, uint8_t *devfn)
{
	uint64_t device = 0, function = 0;
	const char *unit;
	const char *end;
	size_t len;

	name_of(node, &len, &unit);
	end = unit ? parse_hex(unit, 31, &device) : NULL;
	end = end && *end == '.' ? parse_hex(end + 1, 7, &function) : NULL;
	if (!end || *end)
		return node_fail(node, NULL,
				 "the name must end with '@', device (0 to 1f), '.' and "
				 "function (0 to 7)");
	*devfn = pg_devfn((uint8_t)device, (uint8_t)function);
	return 0;
}

int node_known(const struct node *node, const char *const *names, size_t nr)
{
	int property;

	fdt_for_each_property_offset (property, node->fdt, node->offset) {
		const char *name = NULL;
		size_t i;

		if (!fdt_getprop_by_offset(node->fdt, property, &name, NULL) || !name)
			return node_fail(node, NULL, "has a property that cannot be read");
		for (i = 0; i < nr && strcmp(names[i], name); i++)
			;
		if (i == nr)
			return node_fail(node, name, "unknown property");
	}
	return 0;
}

int node_leaf(const struct node *node)
{
	int child = fdt_first_subnode(node->fdt, node->offset);

	if (child >= 0) {
		struct node below = node_at(node, child);

		return node_fail(&below, NULL, "no node is allowed here");
	}
	return 0;
}

const uint8_t *node_bytes(const struct node *node, const char *property, uint32_t *size)
{
	int len = 0;
	const void *value = fdt_getprop(node->fdt, node->offset, property, &len);

	*size = value && len > 0 ? (uint32_t)len : 0;
	return value;
}

int node_flag(const struct node *node, const char *property, bool *value)
{
	uint32_t size;

	*value = node_bytes(node, property, &size);
	return size ? node_fail(node, property, "takes no value") : 0;
}

int node_number(const struct node *node, const char *property, uint64_t max, uint64_t *value,
		bool *present)
{
	uint32_t size;
	const uint8_t *bytes = node_bytes(node, property, &size);
	uint64_t number = 0;

	*present = bytes;
	if (!bytes)
		return 0;
	if (size != 4 && size != 8)
		return node_fail(node, property,
				 "must be one number of 32 or 64 bits, but has %u bytes", size);
	for (uint32_t i = 0; i < size; i++)
		number = number << 8 | bytes[i];
	if (number > max)
		return node_fail(node, property, "0x%llx is above 0x%llx",
				 (unsigned long long)number, (unsigned long long)max);
	*value = number;
	return 0;
}

int node_string(const struct node *node, const char *property, const char **value)
{
	uint32_t size;
	const uint8_t *bytes = node_bytes(node, property, &size);

	*value = NULL;
	if (!bytes)
		return 0;
	if (!size || memchr(bytes, 0, size) != bytes + size - 1)
		return node_fail(node, property, "must be one string");
	*value = (const char *)bytes;
	return 0;
}

int node_strings(const struct node *node, const char *property, struct capture_strings *strings)
{
	uint32_t size;
	const uint8_t *bytes = node_bytes(node, property, &size);
	uint32_t nr = 0;

	if (!bytes)
		return 0;
	if (!size || bytes[size - 1])
		return node_fail(node, property, "must be a list of strings");
	for (uint32_t i = 0; i < size; i++)
		nr += !bytes[i];
	strings->text = calloc(nr, sizeof(*strings->text));
	if (!strings->text)
		return node_fail(node, property, "out of memory");
	for (uint32_t i = 0; i < size; i += (uint32_t)strlen((const char *)bytes + i) + 1)
		strings->text[strings->nr++] = (const char *)bytes + i;
	return 0;
}

uint32_t node_count(const struct node *node)
{
	uint32_t nr = 0;
	int child;

	node_for_each(child, node) nr++;
	return nr;
}
