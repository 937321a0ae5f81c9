// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * fdt.c - checks the structure block of a flattened device tree, token by token, and walks over a
 * checked one (Devicetree Specification 0.4, 5.4).
 */
#include <pcigate/fdt.h>

/* The version with the size of the structure block in its header. */
#define VERSION_MIN 17u

/*
 * After the tag of a property: the length of the value, and the offset of the name in the strings
 * block.
 */
#define PROPERTY_HEADER 8u

#define TAG_SIZE ((uint32_t)FDT_TAGSIZE)

static uint32_t load(const uint8_t *bytes)
{
	return fdt32_ld((const fdt32_t *)(const void *)bytes);
}

static bool has_zero(uint32_t word)
{
	return (word - 0x01010101u) & ~word & 0x80808080u;
}

/* Checks the tokens in the @size bytes at @tokens. @names is the size of the strings block. */
static int check_tokens(const uint8_t *tokens, uint32_t size, uint32_t names)
{
	uint32_t at = 0, depth = 0;
	bool root = false, child = false, name = false;

	if (size % FDT_TAGSIZE)
		return -FDT_ERR_BADSTRUCTURE;
	while (at != size) {
		const uint32_t tag = load(tokens + at);
		uint32_t len = 0;

		at += FDT_TAGSIZE;
		/* A part of a node's name. The first one with a zero is the last one. */
		if (name) {
			name = !has_zero(tag);
			continue;
		}
		switch (tag) {
		case FDT_NOP:
			/* The root node is at offset 0. */
			if (!root)
				return -FDT_ERR_BADSTRUCTURE;
			break;
		case FDT_BEGIN_NODE:
			/* There is one root node, and its name is empty. */
			if (!depth && (root || at == size || tokens[at]))
				return -FDT_ERR_BADSTRUCTURE;
			root = true;
			name = true;
			child = false;
			depth++;
			break;
		case FDT_END_NODE:
			if (!depth--)
				return -FDT_ERR_BADSTRUCTURE;
			child = true;
			break;
		case FDT_PROP:
			/* Properties precede the nodes below. */
			if (!depth || child || size - at < PROPERTY_HEADER ||
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

static const uint8_t *token(const void *fdt, uint32_t at)
{
	return (const uint8_t *)fdt + fdt_off_dt_struct(fdt) + at;
}

static uint32_t offset_of(const void *fdt, const uint8_t *at)
{
	return (uint32_t)(at - token(fdt, 0));
}

const char *pg_fdt_name(const void *fdt, int node)
{
	return (const char *)token(fdt, (uint32_t)node) + TAG_SIZE;
}

/* The token after the name of the node at @at: the first four bytes with a zero end the name. */
static const uint8_t *skip_name(const uint8_t *at)
{
	for (at += TAG_SIZE; !has_zero(load(at)); at += TAG_SIZE)
		;
	return at + TAG_SIZE;
}

/* The token after the name of @node. */
static const uint8_t *after_name(const void *fdt, int node)
{
	return skip_name(token(fdt, (uint32_t)node));
}

/**
 * struct property - a property, in the tree
 * @value: its value
 * @len:   length of @value in bytes
 * @name:  offset of its name in the strings block
 * @next:  the next token
 */
struct property {
	const uint8_t *value;
	uint32_t len;
	uint32_t name;
	const uint8_t *next;
};

/* Reads the property at the token @property->next; false if there is none. */
static inline bool next_property(struct property *property)
{
	const uint8_t *at = property->next;
	uint32_t tag;

	while ((tag = load(at)) == FDT_NOP)
		at += TAG_SIZE;
	property->next = at;
	if (tag != FDT_PROP)
		return false;
	property->len = load(at + TAG_SIZE);
	property->name = load(at + 2 * TAG_SIZE);
	property->value = at + TAG_SIZE + PROPERTY_HEADER;
	property->next = property->value + ((property->len + 3u) & ~3u);
	return true;
}

static uint32_t find_name(const char *name, const char names[][PG_FDT_NAME], uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr; i++) {
		if (names[i][0] == name[0] && names[i][1] == name[1] &&
		    !strncmp(names[i], name, PG_FDT_NAME))
			break;
	}
	return i;
}

/* Nodes of one kind have their properties in the same order, so the search begins at the next. */
static inline uint32_t find_seen(struct pg_fdt_seen *seen, uint32_t name)
{
	uint32_t i = seen->last, left;

	for (left = seen->nr; left; left--) {
		i = i + 1 < seen->nr ? i + 1 : 0;
		if (seen->names[i] == name) {
			seen->last = (uint8_t)i;
			return seen->which[i];
		}
	}
	return UINT32_MAX;
}

static void add_seen(struct pg_fdt_seen *seen, uint32_t name, uint32_t which)
{
	if (seen->nr == PG_FDT_SEEN)
		return;
	seen->last = seen->nr++;
	seen->names[seen->last] = name;
	seen->which[seen->last] = (uint8_t)which;
}

void pg_fdt_read(const void *fdt, int node, const char names[][PG_FDT_NAME], uint32_t nr,
		 struct pg_fdt_seen *seen, struct pg_fdt_values *values)
{
	const char *strings = (const char *)fdt + fdt_off_dt_strings(fdt);
	struct property property = { .next = after_name(fdt, node) };

	values->has = 0;
	while (next_property(&property)) {
		uint32_t i = find_seen(seen, property.name);

		if (i > nr) {
			i = find_name(strings + property.name, names, nr);
			add_seen(seen, property.name, i);
		}
		if (i == nr || values->has >> i & 1)
			continue;
		values->has |= 1u << i;
		values->value[i] = (const fdt32_t *)(const void *)property.value;
		values->len[i] = property.len;
	}
	values->next = offset_of(fdt, property.next);
}

const void *pg_fdt_get(const void *fdt, int node, const char *name, uint32_t *len)
{
	const char *strings = (const char *)fdt + fdt_off_dt_strings(fdt);
	struct property property = { .next = after_name(fdt, node) };
	const size_t size = strlen(name) + 1;

	while (next_property(&property)) {
		const char *other = strings + property.name;

		if (*other != *name || strncmp(other, name, size))
			continue;
		if (len)
			*len = property.len;
		return property.value;
	}
	return NULL;
}

/* The first token after the properties of @node. */
static const uint8_t *skip_properties(const void *fdt, int node)
{
	struct property property = { .next = after_name(fdt, node) };

	while (next_property(&property))
		;
	return property.next;
}

/* The node that begins at @at, after NOPs; -1 if another token does. */
static int node_at(const void *fdt, const uint8_t *at)
{
	while (load(at) == FDT_NOP)
		at += TAG_SIZE;
	return load(at) == FDT_BEGIN_NODE ? (int)offset_of(fdt, at) : -1;
}

int pg_fdt_first_child(const void *fdt, int node)
{
	return node_at(fdt, skip_properties(fdt, node));
}

int pg_fdt_next_after(const void *fdt, uint32_t first)
{
	const uint8_t *at = token(fdt, first);
	uint32_t depth = 1;

	while (depth) {
		const uint32_t tag = load(at);

		if (tag == FDT_PROP) {
			at += TAG_SIZE + PROPERTY_HEADER + ((load(at + TAG_SIZE) + 3u) & ~3u);
		} else if (tag == FDT_BEGIN_NODE) {
			at = skip_name(at);
			depth++;
		} else {
			at += TAG_SIZE;
			depth -= tag == FDT_END_NODE;
		}
	}
	return node_at(fdt, at);
}

int pg_fdt_next_sibling(const void *fdt, int node)
{
	return pg_fdt_next_after(fdt, offset_of(fdt, after_name(fdt, node)));
}

int pg_fdt_find_child(const void *fdt, int node, const char *name)
{
	int child = pg_fdt_first_child(fdt, node);

	while (child >= 0 && strncmp(pg_fdt_name(fdt, child), name, strlen(name) + 1))
		child = pg_fdt_next_sibling(fdt, child);
	return child;
}
