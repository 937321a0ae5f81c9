/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz.h - what the fuzz targets share: a stream of bytes, and a world made of it.
 *
 * A world is a struct capture, so that memory and config space behave as they do for the command:
 * bridges forward or do not, and every mapping is a copy of its own, exactly as long as asked for.
 * In a stream, numbers are little-endian, and behind its end all is zero:
 *
 *     memory:    nr8 of ranges   { pa64 size16 }          empty and overlapping ones are left out
 *                nr8 of patches  { pa64 len8 bytes }      written where there is memory
 *     config:    nr8 of segments { number32 first8 last8 flags8 }
 *                nr8 of functions { parent8 segment8 bus8 devfn8 flags8 bad16 nr8 of registers {
 * reg16 value32 } }
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
#define WORLD_NO_EXTENDED 1u
#define WORLD_NOT_READY 1u
#define WORLD_UNREADABLE 2u
#define WORLD_EXTENDED 4u
#define WORLD_BAD 8u

#define WORLD_MAX_RANGE 0x10000u
#define WORLD_MAX_FUNCTIONS 64u

/* Make a world of the stream. capture_free() gives it back. */
struct capture *world_new(void);
void world_take_memory(struct capture *world, struct stream *stream);
void world_take_config(struct capture *world, struct stream *stream);

/* A seam with a counter before it, so that a target can tell work without end. */
struct counter {
	struct pg_memory memory;
	struct pg_config config;
	uint64_t maps;
	uint64_t reads;
};
struct pg_memory counted_memory(struct counter *counter);
struct pg_config counted_config(struct counter *counter);

/*
 * The core's own bounds: a chain of 10,000 blocks walked twice, 128 setup_data nodes and a few
 * more.
 */
#define MAX_MAPS 21000u

/* Ends the run with a message if @holds is false: a broken promise is a crash like any other. */
#define PROMISE(holds)                                                                             \
	do {                                                                                       \
		if (!(holds))                                                                      \
			broken(__FILE__, __LINE__, #holds);                                        \
	} while (0)
void broken(const char *file, int line, const char *promise) __attribute__((noreturn));

/*
 * What holds of every reason with its finding, of every record, and of a gate that was gone
 * through.
 */
void check_finding(enum pg_reason reason, const struct pg_finding *finding);
void check_record(const struct pg_record *record);
/* @capture is what the config space is, or NULL if it is nothing of that kind. */
void check_gate(const struct pg_gate *gate, const struct counter *counter,
		const struct capture *capture);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
