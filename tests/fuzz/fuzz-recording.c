// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pcigate.efi --record on any config space, with any bus numbers. The reader of captures and the
 * core must accept the capture, and the number of config reads has a limit.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "../../lib/capture/found.h"
#include "../../lib/capture/recording.h"

/* Per bus: the ID of 256 functions. Per found function: its registers and lists of capabilities. */
#define READS_OF_BUS 300u
#define READS_OF_FUNCTION 3000u

static struct found list[FUNCTIONS_MAX];
static struct pg_record_entry entries[PG_MAX_RECORDED];

static void judge(const void *fdt, size_t size, const struct recording *recording)
{
	struct capture_error error = { "" };
	struct capture *capture = capture_parse(fdt, size, &error);
	struct pg_record record;
	struct pg_finding finding;
	struct pg_memory memory;

	REQUIRE(capture);
	memory = capture_memory(capture);
	REQUIRE(!pg_record_read(&memory, capture->setup_data_pa, &record, entries, PG_MAX_RECORDED,
				&finding));
	REQUIRE(record.state == PG_RECORD_DEVICES && record.own.present);
	REQUIRE(record.nr == recording->devices + recording->bridges &&
		record.files == recording->devices);
	capture_free(capture);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream stream = { data, size };
	struct capture *model = model_new();
	struct counter counter = { 0 };
	struct functions functions = { .list = list };
	struct pg_record_root roots[8];
	struct pg_config config;
	struct recording recording;
	const char *error = NULL;
	uint32_t nr = 0;
	size_t fdt_size = 0;
	void *fdt;

	model_take_config(model, &stream);
	counter.config = capture_config(model);
	config = counted_config(&counter);
	for (uint32_t i = 0; i < model->nr_segments && nr < PG_ARRAY_SIZE(roots); i++) {
		/* Segment numbers of ACPI and of firmware have 16 bits. */
		if (model->segments[i].number <= 0xffff)
			roots[nr++] = (struct pg_record_root){ .segment = model->segments[i].number,
							       .first = model->segments[i].first,
							       .last = model->segments[i].last };
	}
	error = functions_find(&config, roots, nr, &functions);
	REQUIRE(functions.reads <=
		(uint64_t)nr * 256 * READS_OF_BUS + functions.nr * READS_OF_FUNCTION);
	if (error) {
		REQUIRE(*error);
		capture_free(model);
		return 0;
	}
	for (uint32_t i = 1; i < functions.nr; i++)
		REQUIRE(pg_bdf_key(list[i - 1].at) < pg_bdf_key(list[i].at));
	recording = (struct recording){ .config = &config,
					.functions = &functions,
					.nr_roots = nr,
					.roots = roots,
					.complete = true,
					.description = "fuzz",
					.cmdline = RECORDING_WORDS };
	fdt = recording_make(&recording, &fdt_size, &error);
	if (fdt)
		judge(fdt, fdt_size, &recording);
	else
		REQUIRE(error && *error);
	free(fdt);
	capture_free(model);
	return 0;
}
