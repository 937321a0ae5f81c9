// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * seeds.c - makes seeds for the fuzz targets: seeds DIRECTORY CAPTURE.dtb...
 *
 * Each capture becomes a seed of every target that reads a part of it. The other seeds are in
 * seeds_fixed.c.
 */
#include "seeds.h"

#include "input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

void failed(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, condition);
	exit(1);
}

void put(struct output *output, uint64_t value, unsigned int size)
{
	output->bytes = realloc(output->bytes, output->len + size);
	REQUIRE(output->bytes);
	for (; size; size--, value >>= 8)
		output->bytes[output->len++] = (uint8_t)value;
}

void put_string(struct output *output, const char *text)
{
	for (; *text; text++)
		put(output, (uint8_t)*text, 1);
}

static void put_ranges(struct output *output, const struct capture *capture)
{
	size_t nr_at = output->len;

	put(output, 0, 1);
	for (uint32_t i = 0; i < capture->nr_ranges; i++) {
		const struct capture_range *range = &capture->ranges[i];
		uint64_t size = range->size < MODEL_MAX_RANGE ? range->size : MODEL_MAX_RANGE - 1;

		put(output, range->pa, 8);
		put(output, size, 2);
		output->bytes[nr_at]++;
	}
}

/* A patch is a run of bytes that are not zero, with gaps of less than eight zeros. */
static void put_patches(struct output *output, const struct capture *capture)
{
	size_t nr_at = output->len;

	put(output, 0, 1);
	for (uint32_t i = 0; i < capture->nr_ranges; i++) {
		const struct capture_range *range = &capture->ranges[i];

		for (uint64_t begin = 0; begin < range->size && output->bytes[nr_at] < 255;
		     begin++) {
			uint64_t end = begin, last = begin;

			if (!range->bytes[begin])
				continue;
			for (; end < range->size && end - last < 8 && end - begin < 255; end++) {
				if (range->bytes[end])
					last = end;
			}
			put(output, range->pa + begin, 8);
			put(output, last - begin + 1, 1);
			for (uint64_t at = begin; at <= last; at++)
				put(output, range->bytes[at], 1);
			output->bytes[nr_at]++;
			begin = last;
		}
	}
}

static void put_memory(struct output *output, const struct capture *capture)
{
	put_ranges(output, capture);
	put_patches(output, capture);
}

static void put_function(struct output *output, const struct capture_function *function,
			 uint8_t parent, uint8_t segment, uint8_t bus, uint8_t *nr)
{
	uint8_t own = ++*nr;
	uint8_t flags = (uint8_t)((function->not_ready ? MODEL_NOT_READY : 0) |
				  (function->unreadable ? MODEL_UNREADABLE : 0) |
				  (function->size > 256 ? MODEL_EXTENDED : 0) |
				  (function->nr_bad ? MODEL_BAD : 0));
	size_t nr_at;

	put(output, parent, 1);
	put(output, segment, 1);
	put(output, bus, 1);
	put(output, function->devfn, 1);
	put(output, flags, 1);
	put(output, function->nr_bad ? function->bad[0] : 0, 2);
	nr_at = output->len;
	put(output, 0, 1);
	for (uint16_t reg = 0; reg < function->size; reg = (uint16_t)(reg + 4)) {
		uint32_t value = pg_load32(function->space + reg);

		if (!value || output->bytes[nr_at] == 255)
			continue;
		put(output, reg, 2);
		put(output, value, 4);
		output->bytes[nr_at]++;
	}
	for (uint32_t i = 0; i < function->nr_below && *nr < MODEL_MAX_FUNCTIONS; i++)
		put_function(output, &function->below[i], own, segment, bus, nr);
}

static void put_config(struct output *output, const struct capture *capture)
{
	uint8_t nr = 0;
	size_t nr_at;

	put(output, capture->nr_segments, 1);
	for (uint32_t i = 0; i < capture->nr_segments; i++) {
		const struct capture_segment *segment = &capture->segments[i];

		put(output, segment->number, 4);
		put(output, segment->first, 1);
		put(output, segment->last, 1);
		put(output, segment->no_extended ? MODEL_NO_EXTENDED : 0, 1);
	}
	nr_at = output->len;
	put(output, 0, 1);
	for (uint32_t i = 0; i < capture->nr_segments; i++) {
		for (uint32_t b = 0; b < capture->segments[i].nr_buses; b++) {
			const struct capture_bus *bus = &capture->segments[i].buses[b];

			for (uint32_t f = 0; f < bus->nr_functions && nr < MODEL_MAX_FUNCTIONS; f++)
				put_function(output, &bus->functions[f], 0, (uint8_t)i, bus->number,
					     &nr);
		}
	}
	output->bytes[nr_at] = nr;
}

void save(const char *directory, const char *target, const char *name, struct output *output)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, target);
	if (mkdir(path, 0777) && errno != EEXIST)
		failed(path, errno, "cannot make the directory");
	snprintf(path, sizeof(path), "%s/%s/%s", directory, target, name);
	file = fopen(path, "wb");
	if (!file || fwrite(output->bytes, 1, output->len, file) != output->len || fclose(file))
		failed(path, errno, "cannot write the seed");
	free(output->bytes);
	*output = (struct output){ 0 };
}

static void save_reader(const char *directory, const char *target, const char *name,
			const struct capture *capture, uint64_t pa, uint64_t size)
{
	struct output output = { 0 };

	put(&output, pa, 8);
	put(&output, size, 8);
	put_memory(&output, capture);
	save(directory, target, name, &output);
}

static void save_scan(const char *directory, const char *name, const struct capture *capture,
		      const struct pg_record *record)
{
	struct output output = { 0 };

	put(&output, 0, 1); /* config space as it is */
	put(&output, 0, 1); /* no command line */
	put(&output, record->files, 1);
	put(&output, record->nr, 1);
	for (uint32_t i = 0; i < record->nr && i < 255; i++) {
		put(&output, record->entries[i].at.segment, 1);
		put(&output, record->entries[i].at.bus, 1);
		put(&output, record->entries[i].at.devfn, 1);
		put(&output, record->entries[i].refcount, 1);
	}
	put_config(&output, capture);
	put(&output, 255, 1); /* space for that many bridges */
	save(directory, "scan", name, &output);
}

/*
 * Writes a function and those below it like lspci -xxx, at most @left functions in all. Those below
 * a bridge are on its secondary bus.
 */
static void put_dump(struct output *output, uint32_t segment, uint8_t bus,
		     const struct capture_function *function, uint32_t *left)
{
	char line[80];

	if (!*left)
		return;
	--*left;
	snprintf(line, sizeof(line), "%04x:%02x:%02x.%x Some device\n", segment, bus,
		 function->devfn >> 3, function->devfn & 7);
	put_string(output, line);
	for (uint32_t at = 0; at < 256; at += 16) {
		snprintf(line, sizeof(line), "%02x:", at);
		put_string(output, line);
		for (uint32_t i = at; i < at + 16; i++) {
			snprintf(line, sizeof(line), " %02x", function->space[i]);
			put_string(output, line);
		}
		put_string(output, "\n");
	}
	put_string(output, "\n");
	for (uint32_t i = 0; i < function->nr_below; i++)
		put_dump(output, segment, function->space[PG_REG_BUSES + 1], &function->below[i],
			 left);
}

static void put_dumps(struct output *output, const struct capture *capture, uint32_t left)
{
	for (uint32_t i = 0; i < capture->nr_segments; i++) {
		const struct capture_segment *segment = &capture->segments[i];

		for (uint32_t b = 0; b < segment->nr_buses; b++) {
			for (uint32_t f = 0; f < segment->buses[b].nr_functions; f++)
				put_dump(output, segment->number, segment->buses[b].number,
					 &segment->buses[b].functions[f], &left);
		}
	}
}

static void save_dump(const char *directory, const char *name, const struct capture *capture)
{
	struct output output = { 0 };

	put_dumps(&output, capture, 16);
	if (!output.len)
		return;
	save(directory, "dump", name, &output);
	put_dumps(&output, capture, 8);
	put_string(&output, "\nNEW\n");
	put_dumps(&output, capture, 7);
	save(directory, "diff", name, &output);
}

static void save_plan(const char *directory, const char *name, const struct capture *capture)
{
	struct output output = { 0 };

	put_config(&output, capture);
	save(directory, "plan", name, &output);
	put_config(&output, capture);
	save(directory, "recording", name, &output);
}

static void save_gate(const char *directory, const char *name, const struct capture *capture)
{
	const char *cmdline = capture->cmdline ? capture->cmdline : "";
	size_t len = strlen(cmdline);
	struct output output = { 0 };

	len = len > 255 ? 255 : len;
	put(&output, capture->setup_data_pa, 8);
	put(&output, len, 1);
	for (size_t i = 0; i < len; i++)
		put(&output, (uint8_t)cmdline[i], 1);
	put_memory(&output, capture);
	put_config(&output, capture);
	save(directory, "gate", name, &output);
	for (size_t i = 0; i < len; i++)
		put(&output, (uint8_t)cmdline[i], 1);
	if (len)
		save(directory, "cmdline", name, &output);
}

static void save_own(const char *directory, const char *name, const struct pg_memory *memory,
		     const struct pg_blob *own)
{
	const uint8_t *bytes = pg_memory_map(memory, own->pa, own->size);
	struct output output = { 0 };

	for (uint64_t i = 0; bytes && i < own->size; i++)
		put(&output, bytes[i], 1);
	if (bytes)
		save(directory, "own", name, &output);
}

/* Reads the record step by step, and makes a seed of the input of each step. */
static void save_record(const char *directory, const char *name, struct capture *capture)
{
	static struct pg_record_entry entries[PG_MAX_RECORDED];
	const struct pg_memory memory = capture_memory(capture);
	struct pg_record record = { 0 };
	struct pg_kho_location kho;
	struct pg_finding finding;
	struct pg_blob luo, own, pci, sessions;
	struct output output = { 0 };

	put(&output, capture->setup_data_pa, 8);
	put_memory(&output, capture);
	save(directory, "setup-data", name, &output);
	if (pg_record_find_kho(&memory, capture->setup_data_pa, &kho, &finding) || !kho.present)
		return;
	save_reader(directory, "kho", name, capture, kho.fdt_pa, kho.fdt_size);
	if (pg_record_read_kho(&memory, &kho, &record, &luo, &own, &finding) || !luo.present)
		return;
	save_reader(directory, "luo", name, capture, luo.pa, luo.size);
	if (own.present)
		save_own(directory, name, &memory, &own);
	if (pg_record_read_luo(&memory, &luo, &record, &pci, &sessions, &finding) || !pci.present)
		return;
	save_reader(directory, "pci", name, capture, pci.pa, PG_MAX_RECORDED);
	if (!pg_record_read_pci(&memory, &pci, &record, entries, PG_MAX_RECORDED, &finding) &&
	    record.nr && record.nr < 256)
		save_scan(directory, name, capture, &record);
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("usage: seeds DIRECTORY CAPTURE.dtb...\n", stderr);
		return 2;
	}
	save_fixed(argv[1]);
	for (int i = 2; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');
		const char *name = slash ? slash + 1 : argv[i];
		struct capture_error error;
		struct output copy = { 0 };
		struct capture *capture;

		copy.bytes = input_read(argv[i], CAPTURE_MAX_FILE, &copy.len, &error);
		if (!copy.bytes) {
			fprintf(stderr, "%s: %s\n", argv[i], error.text);
			return 1;
		}
		capture = capture_parse(copy.bytes, copy.len, &error);
		/* A capture that the reader rejects is a seed of the reader only. */
		save(argv[1], "capture", name, &copy);
		if (!capture)
			continue;
		save_record(argv[1], name, capture);
		save_gate(argv[1], name, capture);
		save_dump(argv[1], name, capture);
		save_plan(argv[1], name, capture);
		capture_free(capture);
	}
	return 0;
}
