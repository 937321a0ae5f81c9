// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * model.c - makes memory and config space from a stream of bytes.
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

	REQUIRE(block);
	return block;
}

struct capture *model_new(void)
{
	return zeroed(1, sizeof(struct capture));
}

static bool is_free(const struct capture *model, uint64_t pa, uint64_t size)
{
	for (uint32_t i = 0; i < model->nr_ranges; i++) {
		const struct capture_range *range = &model->ranges[i];

		if (pa < range->pa + range->size && range->pa < pa + size)
			return false;
	}
	return true;
}

static void take_patch(struct capture *model, struct stream *stream)
{
	uint64_t pa = take64(stream);
	uint8_t len = take8(stream);

	for (; len; len--, pa++) {
		uint8_t byte = take8(stream);

		for (uint32_t i = 0; i < model->nr_ranges; i++) {
			struct capture_range *range = &model->ranges[i];

			if (pa - range->pa < range->size)
				range->bytes[pa - range->pa] = byte;
		}
	}
}

void model_take_memory(struct capture *model, struct stream *stream)
{
	uint8_t nr = take8(stream);

	model->ranges = zeroed(nr, sizeof(*model->ranges));
	for (; nr; nr--) {
		struct capture_range *range = &model->ranges[model->nr_ranges];
		uint64_t pa = take64(stream);
		uint64_t size = take16(stream);

		if (!size || pa + size < pa || !is_free(model, pa, size))
			continue;
		*range = (struct capture_range){ .pa = pa, .size = size, .block = zeroed(1, size) };
		range->bytes = range->block;
		model->nr_ranges++;
	}
	for (nr = take8(stream); nr; nr--)
		take_patch(model, stream);
}

struct placed {
	uint8_t parent;
	uint8_t segment;
	uint8_t bus;
	struct capture_function function;
};

static void take_function(struct placed *placed, struct stream *stream)
{
	struct capture_function *function = &placed->function;
	uint8_t flags, nr;
	uint16_t bad;

	placed->parent = take8(stream);
	placed->segment = take8(stream);
	placed->bus = take8(stream);
	function->devfn = take8(stream);
	flags = take8(stream);
	bad = take16(stream);
	function->not_ready = flags & MODEL_NOT_READY;
	function->unreadable = flags & MODEL_UNREADABLE;
	function->size = flags & MODEL_EXTENDED ? 4096 : 256;
	function->space = zeroed(1, function->size);
	if (flags & MODEL_BAD) {
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

struct pool {
	uint32_t nr;
	struct placed items[MODEL_MAX_FUNCTIONS];
};

/* The place of a function: below function @parent - 1, or on bus @bus if @parent is 0. */
struct place {
	uint8_t parent;
	uint8_t segment;
	uint8_t bus;
};

/* Moves the functions of one place, and those below them, into an array of their own. */
static uint32_t gather(struct pool *pool, struct place place, struct capture_function **functions)
{
	uint32_t found = 0;

	*functions = zeroed(pool->nr, sizeof(**functions));
	for (uint32_t i = place.parent; i < pool->nr; i++) {
		struct placed *placed = &pool->items[i];
		struct capture_function *to = &(*functions)[found];

		if (!placed->function.space || placed->parent != place.parent ||
		    (!place.parent &&
		     (placed->segment != place.segment || placed->bus != place.bus)))
			continue;
		*to = placed->function;
		placed->function.space = NULL;
		found++;
		/* A function has a higher number than its parent, so the recursion ends. */
		to->nr_below =
			gather(pool, (struct place){ .parent = (uint8_t)(i + 1) }, &to->below);
	}
	qsort(*functions, found, sizeof(**functions), by_devfn);
	return found;
}

static void take_pool(struct pool *pool, uint32_t nr_segments, struct stream *stream)
{
	pool->nr = take8(stream) % (MODEL_MAX_FUNCTIONS + 1);
	for (uint32_t i = 0; i < pool->nr; i++) {
		struct placed *placed = &pool->items[i];

		take_function(placed, stream);
		if (placed->parent > i)
			placed->parent = 0;
		placed->segment = (uint8_t)(nr_segments ? placed->segment % nr_segments : 0);
	}
}

static void fill_segment(struct capture_segment *segment, uint8_t index, struct pool *pool)
{
	segment->buses = zeroed(256, sizeof(*segment->buses));
	for (unsigned int bus = 0; bus < 256; bus++) {
		const struct place place = { .segment = index, .bus = (uint8_t)bus };
		struct capture_bus *to = &segment->buses[segment->nr_buses];
		bool used = false;

		for (uint32_t i = 0; i < pool->nr && !used; i++)
			used = !pool->items[i].parent && pool->items[i].segment == index &&
			       pool->items[i].bus == bus;
		if (!used)
			continue;
		to->number = (uint8_t)bus;
		to->nr_functions = gather(pool, place, &to->functions);
		segment->nr_buses++;
	}
}

void model_take_config(struct capture *model, struct stream *stream)
{
	uint32_t nr = take8(stream) % 4;
	struct pool *pool = zeroed(1, sizeof(*pool));

	model->segments = zeroed(nr, sizeof(*model->segments));
	for (uint32_t i = 0; i < nr; i++) {
		struct capture_segment *segment = &model->segments[i];

		segment->number = take32(stream);
		segment->first = take8(stream);
		segment->last = take8(stream);
		if (segment->last < segment->first)
			segment->last = segment->first;
		segment->no_extended = take8(stream) & MODEL_NO_EXTENDED;
	}
	model->nr_segments = nr;
	take_pool(pool, nr, stream);
	for (uint32_t i = 0; i < nr; i++)
		fill_segment(&model->segments[i], (uint8_t)i, pool);
	/* If there is no segment, the functions are still in the pool. */
	for (uint32_t i = 0; i < pool->nr; i++) {
		if (!pool->items[i].function.space)
			continue;
		free(pool->items[i].function.space);
		free(pool->items[i].function.bad);
	}
	free(pool);
}
