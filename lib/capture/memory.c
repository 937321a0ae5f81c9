// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * memory.c - reads the nodes memory@ of a capture, and maps that memory.
 */
#include "node.h"

#include <stdlib.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define EXACT_COPIES 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define EXACT_COPIES 1
#endif

/* Limit of nodes memory@: each takes at least a page of memory. */
#define PARTS_MAX 16384u

/* A node memory@, before it is filled. */
struct part {
	uint64_t pa;
	uint64_t size;
	int offset;
};

static int by_address(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	return x->pa < y->pa ? -1 : x->pa > y->pa;
}

/* Allocates a block at the same offset in a page as @pa, so that its alignment is the same. */
static void *alloc_like(uint64_t pa, uint64_t size, void **block)
{
	uint64_t in_page = pa % PG_PAGE_SIZE;
	void *page;

	*block = NULL;
	if (posix_memalign(&page, PG_PAGE_SIZE, in_page + size))
		return NULL;
	memset(page, 0, in_page + size);
	*block = page;
	return (uint8_t *)page + in_page;
}

static int read_part(const struct node *node, struct part *part)
{
	static const char *const names[] = { "reg", "bytes" };
	uint32_t size;
	const uint8_t *reg = node_bytes(node, "reg", &size);
	uint64_t unit;

	if (node_known(node, names, PG_ARRAY_SIZE(names)) || node_unit(node, UINT64_MAX, &unit))
		return -1;
	if (!reg || size != 16)
		return node_fail(node, "reg", "must be two numbers of 64 bits, address and size");
	part->offset = node->offset;
	part->pa = fdt64_ld((const fdt64_t *)(const void *)reg);
	part->size = fdt64_ld((const fdt64_t *)(const void *)(reg + 8));
	if (part->pa != unit)
		return node_fail(node, "reg", "begins at 0x%llx, but the name says 0x%llx",
				 (unsigned long long)part->pa, (unsigned long long)unit);
	if (!part->size || part->pa + part->size < part->pa)
		return node_fail(node, "reg", "size 0x%llx is 0 or leads beyond the end of memory",
				 (unsigned long long)part->size);
	return 0;
}

static int fill_part(const struct node *node, uint8_t *to, uint64_t size)
{
	int child;

	if (node_fill_bytes(node, to, size))
		return -1;
	node_for_each(child, node)
	{
		struct node piece = node_at(node, child);

		if (node_fill(&piece, to, size, true))
			return -1;
	}
	return 0;
}

/* Merges adjacent nodes into one range, so that a read may cross from one node into the next. */
static int join(const struct node *root, struct part *parts, uint32_t nr, struct capture *capture)
{
	for (uint32_t i = 0; i < nr;) {
		struct capture_range *range = &capture->ranges[capture->nr_ranges];
		uint64_t end = parts[i].pa + parts[i].size;
		uint32_t next = i + 1;

		while (next < nr && parts[next].pa == end)
			end += parts[next++].size;
		range->pa = parts[i].pa;
		range->size = end - range->pa;
		range->bytes = alloc_like(range->pa, range->size, &range->block);
		if (!range->bytes)
			return node_fail(root, NULL, "out of memory");
		capture->nr_ranges++;
		for (; i < next; i++) {
			struct node node = node_at(root, parts[i].offset);

			if (fill_part(&node, range->bytes + (parts[i].pa - range->pa),
				      parts[i].size))
				return -1;
		}
	}
	return 0;
}

static int check_parts(const struct node *root, const struct part *parts, uint32_t nr)
{
	uint64_t total = 0;

	for (uint32_t i = 0; i < nr; i++) {
		struct node node = node_at(root, parts[i].offset);

		if (parts[i].size > CAPTURE_MAX_MEMORY - total)
			return node_fail(&node, "reg", "more than 0x%x bytes of memory in all",
					 CAPTURE_MAX_MEMORY);
		total += parts[i].size;
		if (i && parts[i].pa < parts[i - 1].pa + parts[i - 1].size)
			return node_fail(&node, "reg", "overlaps the memory at 0x%llx",
					 (unsigned long long)parts[i - 1].pa);
	}
	return 0;
}

int capture_read_memory(const struct node *root, struct capture *capture)
{
	uint32_t count = node_count(root);
	struct part *parts;
	uint32_t nr = 0;
	int error = 0;
	int child;

	if (!count)
		return 0;
	parts = calloc(count, sizeof(*parts));
	capture->ranges = calloc(count, sizeof(*capture->ranges));
	if (!parts || !capture->ranges)
		error = node_fail(root, NULL, "out of memory");
	if (!error) {
		node_for_each(child, root)
		{
			struct node node = node_at(root, child);

			if (node_is(&node, "memory") && nr == PARTS_MAX)
				error = node_fail(&node, NULL, "more than %u pieces of memory",
						  PARTS_MAX);
			else if (node_is(&node, "memory"))
				error = read_part(&node, &parts[nr++]);
			if (error)
				break;
		}
	}
	if (!error) {
		qsort(parts, nr, sizeof(*parts), by_address);
		error = check_parts(root, parts, nr);
	}
	if (!error)
		error = join(root, parts, nr, capture);
	free(parts);
	return error;
}

#ifdef EXACT_COPIES
/*
 * With AddressSanitizer, each mapping is a copy of exactly the requested length. A read beyond the
 * copy is detected then, even if the capture has more bytes there.
 */
struct capture_copy {
	struct capture_copy *next;
	void *block;
};

static const void *copy_of(struct capture *capture, uint64_t pa, const uint8_t *bytes, uint64_t len)
{
	struct capture_copy *copy = malloc(sizeof(*copy));
	void *to = copy ? alloc_like(pa, len, &copy->block) : NULL;

	if (!to) {
		free(copy);
		return NULL;
	}
	copy->next = capture->copies;
	capture->copies = copy;
	return memcpy(to, bytes, len);
}

static void free_copies(struct capture *capture)
{
	while (capture->copies) {
		struct capture_copy *copy = capture->copies;

		capture->copies = copy->next;
		free(copy->block);
		free(copy);
	}
}
#else
static const void *copy_of(struct capture *capture, uint64_t pa, const uint8_t *bytes, uint64_t len)
{
	(void)capture;
	(void)pa;
	(void)len;
	return bytes;
}

static void free_copies(struct capture *capture)
{
	(void)capture;
}
#endif

static const void *capture_map(void *ctx, uint64_t pa, uint64_t len)
{
	struct capture *capture = ctx;

	for (uint32_t i = 0; i < capture->nr_ranges; i++) {
		const struct capture_range *range = &capture->ranges[i];
		uint64_t offset = pa - range->pa;

		if (pa >= range->pa && offset < range->size && len <= range->size - offset)
			return copy_of(capture, pa, range->bytes + offset, len);
	}
	return NULL;
}

struct pg_memory capture_memory(struct capture *capture)
{
	return (struct pg_memory){ .map = capture_map, .ctx = capture };
}

void capture_free_memory(struct capture *capture)
{
	for (uint32_t i = 0; i < capture->nr_ranges; i++)
		free(capture->ranges[i].block);
	free(capture->ranges);
	free_copies(capture);
}
