/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * record-fixture.h - a record in memory, and values of its fields that the reader refuses.
 */
#ifndef RECORD_FIXTURE_H
#define RECORD_FIXTURE_H

#include "finding.h"
#include "mock-memory.h"
#include "unit.h"

#include <pcigate/record.h>

static struct mock_memory memory;
static struct pg_record record;
static struct pg_finding finding;

static inline void record_setup(void)
{
	mock_memory_begin(&memory);
	memset(&record, 0, sizeof(record));
	memset(&finding, 0, sizeof(finding));
}

static inline int teardown(void **state)
{
	mock_memory_end(&memory);
	return 0;
}

/*
 * A refused value: @size bytes at @offset of @block. @at is the address in the finding.
 */
struct bad_field {
	uint8_t **block;
	unsigned int offset;
	unsigned int size;
	uint64_t value;
	enum pg_reason reason;
	const char *field;
	const char *text;
	uint64_t at;
};

/* Tries each value alone. Without it, @read must succeed. */
static inline void refuse(const struct bad_field *rows, unsigned int nr,
			  enum pg_reason (*read)(void))
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		uint8_t *bytes = *rows[i].block + rows[i].offset, saved[8], value[8];

		put64(value, rows[i].value);
		memcpy(saved, bytes, rows[i].size);
		memcpy(bytes, value, rows[i].size);
		assert_finding(read(), &finding, rows[i].reason, rows[i].field, rows[i].text);
		assert_int_equal(finding.at, rows[i].at);
		memcpy(bytes, saved, rows[i].size);
		assert_int_equal(read(), PG_OK);
	}
}

#endif
