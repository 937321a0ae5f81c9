/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz.h - for all fuzz targets: a stream of bytes, and a model of a machine made from it.
 *
 * A model is a struct capture, so memory and config space behave as they do for the command:
 * bridges forward config reads, and every mapping is a copy of exactly the requested length.
 * Numbers in a stream are little-endian. After its end, a stream gives zeros. Its format:
 *
 *     memory:    nr8 of ranges    { pa64 size16 }         empty and overlapping ones are left out
 *                nr8 of patches   { pa64 len8 bytes }     written where there is memory
 *     config:    nr8 of segments  { number32 first8 last8 flags8 }
 *                nr8 of functions { parent8 segment8 bus8 devfn8 flags8 bad16 REGISTERS }
 *     REGISTERS: nr8 of           { reg16 value32 }
 *
 * parent is the number of an earlier function + 1, or 0 for a function on bus `bus` of segment
 * `segment`.
 */
#ifndef PCIGATE_FUZZ_H
#define PCIGATE_FUZZ_H

#include "../../lib/capture/capture.h"

#include <pcigate/gate.h>

struct stream {
	const uint8_t *bytes;
	size_t len;
};

uint8_t take8(struct stream *stream);
uint16_t take16(struct stream *stream);
uint32_t take32(struct stream *stream);
uint64_t take64(struct stream *stream);

/* Flags of a segment and of a function. */
#define MODEL_NO_EXTENDED 1u
#define MODEL_NOT_READY 1u
#define MODEL_UNREADABLE 2u
#define MODEL_EXTENDED 4u
#define MODEL_BAD 8u

#define MODEL_MAX_RANGE 0x10000u
#define MODEL_MAX_FUNCTIONS 64u

/* These make a model from a stream. Free the model with capture_free(). */
struct capture *model_new(void);
void model_take_memory(struct capture *model, struct stream *stream);
void model_take_config(struct capture *model, struct stream *stream);

/* Counts mappings and config reads, so that a target detects a walk without a bound. */
struct counter {
	struct pg_memory memory;
	struct pg_config config;
	uint64_t maps;
	uint64_t reads;
};
struct pg_memory counted_memory(struct counter *counter);
struct pg_config counted_config(struct counter *counter);

/*
 * The core's own limits allow a chain of 10,000 blocks, which is walked twice, and 128 setup_data
 * nodes. The rest is a margin.
 */
#define MAX_MAPS 21000u

/* Ends the run with a message if @holds is false. libFuzzer then reports a crash. */
#define REQUIRE(holds)                                                                             \
	do {                                                                                       \
		if (!(holds))                                                                      \
			failed(__FILE__, __LINE__, #holds);                                        \
	} while (0)
void failed(const char *file, int line, const char *condition) __attribute__((noreturn));

/* These check what must hold for any input. */
void check_finding(enum pg_reason reason, const struct pg_finding *finding);
void check_record(const struct pg_record *record);
/* @capture is the source of the config space, or NULL if there is no capture. */
void check_gate(const struct pg_gate *gate, const struct counter *counter,
		const struct capture *capture);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
