// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * world.c - makes memory and config space of a stream of bytes.
 */
#include "fuzz.h"

#include <stdlib.h>

static uint64_t take(struct stream *stream, unsigned int size)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < size && stream->len; i++, stream->len--)
		value |= (uint64_t)*stream->bytes++ << 8 * i;
	return value;
}

uint8_t take8(struct stream *stream)
{
	return (uint8_t)take(stream, 1);
}

uint16_t take16(struct stream *stream)
{
	return (uint16_t)take(stream, 2);
}

uint32_t take32(struct stream *stream)
{
	return (uint32_t)take(stream, 4);
}

uint64_t take64(struct stream *stream)
{
	return take(stream, 8);
}

static void *zeroed(size_t nr, size_t size)
{
	void *block = calloc(nr ? nr : 1, size);

	PROMISE(block);
	return block;
}

struct capture *world_new(void)
{
	return zeroed(1, sizeof(struct capture));
}

static bool is_free(const struct capture *world, uint64_t pa, uint64_t size)
{
	for (uint32_t i = 0; i < world->nr_ranges; i++) {
		const struct capture_range *range = &world->ranges[i];

		if (pa < range->pa + range->size && range->pa < pa + size)
			return false;
	}
	return true;
}

static void take_patch(struct capture *world, struct stream *stream)
{
	uint64_t pa = take64(stream);
	uint8_t len = take8(stream);

	for (; len; len--, pa++) {
		uint8_t byte = take8(stream);

		for (uint32_t i = 0; i < world->nr_ranges; i++) {
			struct capture_range *range = &world->ranges[i];

			if (pa - range->pa < range->size)
				range->bytes[pa - range->pa] = byte;
		}
	}
}

void world_take_memory(struct capture *world, struct stream *stream)
{
	uint8_t nr = take8(stream);

	world->ranges = zeroed(nr, sizeof(*world->ranges));
	for (; nr; nr--) {
		struct capture_range *range = &world->ranges[world->nr_ranges];
		uint64_t pa = take64(stream);
		uint64_t size = take16(stream);

		if (!size || pa + size < pa || !is_free(world, pa, size))
			continue;
		*range = (struct capture_range){ .pa = pa, .size = size, .block = zeroed(1, size) };
		range->bytes = range->block;
		world->nr_ranges++;
	}
	for (nr = take8(stream); nr; nr--)
		take_patch(world, stream);
}

struct seedling {
	uint8_t parent;
	uint8_t segment;
	uint8_t bus;
	struct capture_function function;
};

static void take_function(struct seedling *seedling, struct stream *stream)
{
	struct capture_function *function = &seedling->function;
	uint8_t flags, nr;
	uint16_t bad;

	seedling->parent = take8(stream);
	seedling->segment = take8(stream);
	seedling->bus = take8(stream);
	function->devfn = take8(stream);
	flags = take8(stream);
	bad = take16(stream);
	function->not_ready = flags & WORLD_NOT_READY;
	function->unreadable = flags & WORLD_UNREADABLE;
	function->size = flags & WORLD_EXTENDED ? 4096 : 256;
	function->space = zeroed(1, function->size);
	if (flags & WORLD_BAD) {
		function->bad = zeroed(1, sizeof(bad));
		function->bad[function->nr_bad++] = bad & 0xffc;
	}
	for (nr = take8(stream); nr; nr--) {
		uint16_t reg = take16(stream) & 0xffc;
		uint32_t value = take32(stream);

		if (reg < function->size)
			memcpy(function->space + reg, &value, sizeof(value));
	}
}

static int by_devfn(const void *a, const void *b)
{
	const struct capture_function *x = a, *y = b;

	return x->devfn - y->devfn;
}

struct forest {
	uint32_t nr;
	struct seedling seedlings[WORLD_MAX_FUNCTIONS];
};

/* Where a function stands: below @parent - 1, or, if that is 0, on a bus that answers by itself. */
struct place {
	uint8_t parent;
	uint8_t segment;
	uint8_t bus;
};

/* Moves the functions of one place into an array of their own, and what is below them with them. */
static uint32_t gather(struct forest *forest, struct place place,
		       struct capture_function **functions)
{
	uint32_t found = 0;

	*functions = zeroed(forest->nr, sizeof(**functions));
	for (uint32_t i = place.parent; i < forest->nr; i++) {
		struct seedling *seedling = &forest->seedlings[i];
		struct capture_function *to = &(*functions)[found];

		if (!seedling->function.space || seedling->parent != place.parent ||
		    (!place.parent &&
		     (seedling->segment != place.segment || seedling->bus != place.bus)))
			continue;
		*to = seedling->function;
		seedling->function.space = NULL;
		found++;
		/* What is below stands behind its parent, so this cannot go round. */
		to->nr_below =
			gather(forest, (struct place){ .parent = (uint8_t)(i + 1) }, &to->below);
	}
	qsort(*functions, found, sizeof(**functions), by_devfn);
	return found;
}

static void take_forest(struct forest *forest, uint32_t nr_segments, struct stream *stream)
{
	forest->nr = take8(stream) % (WORLD_MAX_FUNCTIONS + 1);
	for (uint32_t i = 0; i < forest->nr; i++) {
		struct seedling *seedling = &forest->seedlings[i];

		take_function(seedling, stream);
		if (seedling->parent > i)
			seedling->parent = 0;
		seedling->segment = (uint8_t)(nr_segments ? seedling->segment % nr_segments : 0);
	}
}

static void plant(struct capture_segment *segment, uint8_t index, struct forest *forest)
{
	segment->buses = zeroed(256, sizeof(*segment->buses));
	for (unsigned int bus = 0; bus < 256; bus++) {
		const struct place place = { .segment = index, .bus = (uint8_t)bus };
		struct capture_bus *to = &segment->buses[segment->nr_buses];
		bool used = false;

		for (uint32_t i = 0; i < forest->nr && !used; i++)
			used = !forest->seedlings[i].parent &&
			       forest->seedlings[i].segment == index &&
			       forest->seedlings[i].bus == bus;
		if (!used)
			continue;
		to->number = (uint8_t)bus;
		to->nr_functions = gather(forest, place, &to->functions);
		segment->nr_buses++;
	}
}

void world_take_config(struct capture *world, struct stream *stream)
{
	uint32_t nr = take8(stream) % 4;
	struct forest *forest = zeroed(1, sizeof(*forest));

	world->segments = zeroed(nr, sizeof(*world->segments));
	for (uint32_t i = 0; i < nr; i++) {
		struct capture_segment *segment = &world->segments[i];

		segment->number = take32(stream);
		segment->first = take8(stream);
		segment->last = take8(stream);
		if (segment->last < segment->first)
			segment->last = segment->first;
		segment->no_extended = take8(stream) & WORLD_NO_EXTENDED;
	}
	world->nr_segments = nr;
	take_forest(forest, nr, stream);
	for (uint32_t i = 0; i < nr; i++)
		plant(&world->segments[i], (uint8_t)i, forest);
	/* Without a segment nothing could be planted. */
	for (uint32_t i = 0; i < forest->nr; i++) {
		if (!forest->seedlings[i].function.space)
			continue;
		free(forest->seedlings[i].function.space);
		free(forest->seedlings[i].function.bad);
	}
	free(forest);
}
