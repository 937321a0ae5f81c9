// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * lines.c - checks a dump line by line, as lspci -xxx writes it. libpci's own reader ignores a line
 * that it does not know, and a function that lacks lines.
 */
#include "machine.h"

#include <pcigate/parse.h>

#include <ctype.h>
#include <stdlib.h>

#define LINE_BYTES 16u
#define SPACE_ORDINARY 256u
#define SPACE_EXTENDED 4096u

/* libpci keeps domains in an int. */
#define DOMAIN_MAX 0x7fffffffu

/* The size of a name in a message: an address, or the beginning of a line. */
#define NAME_SIZE 48

/**
 * struct reader - state of the check
 * @line:   number of the line
 * @at:     where it begins
 * @len:    its length
 * @list:   the functions found
 * @room:   capacity of @list->functions
 * @inside: the lines of a function have begun
 * @size:   bytes of its config space so far
 * @out:    the checked lines, for libpci
 * @error:  where to report an error
 */
struct reader {
	uint32_t line;
	const char *at;
	size_t len;
	struct dump_list *list;
	uint32_t room;
	bool inside;
	uint32_t size;
	FILE *out;
	struct capture_error *error;
};

static const char *name_of(struct pg_bdf at, char name[NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "%04x:%02x:%02x.%x", at.segment, at.bus, at.devfn >> 3,
		 at.devfn & 7);
	return name;
}

/*
 * Reads at least @least and at most @most hexadecimal digits from @pos on. Returns their number, or
 * 0 if there are too few or too many.
 */
static size_t take_hex(const struct reader *reader, size_t pos, size_t least, uint32_t most,
		       uint32_t *value)
{
	const char *begin = pos < reader->len ? reader->at + pos : reader->at + reader->len;
	uint64_t number = 0;
	const char *behind =
		pg_parse_hex(begin, reader->at + reader->len, most, UINT32_MAX, &number);
	const size_t nr = behind ? (size_t)(behind - begin) : 0;

	*value = (uint32_t)number;
	return nr < least ? 0 : nr;
}

static bool is_char(const struct reader *reader, size_t pos, char c)
{
	return pos < reader->len && reader->at[pos] == c;
}

/* "00:1c.0 PCI bridge: ..." or "0000:00:1c.0 ..." */
static bool is_function(const struct reader *reader, struct pg_bdf *at)
{
	uint32_t number[4] = { 0 };
	size_t pos = take_hex(reader, 0, 4, 8, &number[0]);

	/* Two digits are a bus number; the domain is 0. */
	if (!pos)
		number[0] = 0;
	else if (!is_char(reader, pos++, ':'))
		return false;
	if (take_hex(reader, pos, 2, 2, &number[1]) != 2 || !is_char(reader, pos + 2, ':') ||
	    take_hex(reader, pos + 3, 2, 2, &number[2]) != 2 || !is_char(reader, pos + 5, '.') ||
	    take_hex(reader, pos + 6, 1, 1, &number[3]) != 1)
		return false;
	pos += 7;
	if (pos < reader->len && reader->at[pos] != ' ')
		return false;
	if (number[0] > DOMAIN_MAX || number[2] > 0x1f || number[3] > 7)
		return false;
	*at = pg_bdf(number[0], (uint8_t)number[1],
		     pg_devfn((uint8_t)number[2], (uint8_t)number[3]));
	return true;
}

/* Checks that the config space of the last function is complete. */
static bool end_function(struct reader *reader)
{
	const struct machine_function *function;
	char name[NAME_SIZE];

	if (!reader->inside)
		return true;
	reader->inside = false;
	if (reader->size == SPACE_ORDINARY || reader->size == SPACE_EXTENDED) {
		reader->list->extended |= reader->size == SPACE_EXTENDED;
		return true;
	}
	function = &reader->list->functions[reader->list->nr - 1];
	name_of(function->at, name);
	if (!reader->size)
		return machine_fail(
			reader->error,
			"line %u: %s has no config space: lspci writes it with -xxx or -xxxx",
			function->line, name);
	if (reader->size == 0x40 || reader->size == 0x80)
		return machine_fail(reader->error,
				    "line %u: %s has only the first %u bytes of its config space: "
				    "lspci writes more with -xxx"
				    " or -xxxx, as root",
				    function->line, name, reader->size);
	return machine_fail(reader->error,
			    "line %u: %s is cut short: its config space ends at 0x%x, neither at "
			    "0x100 nor at 0x1000",
			    reader->line, name, reader->size);
}

static bool begin_function(struct reader *reader, struct pg_bdf at)
{
	if (!end_function(reader))
		return false;
	if (reader->list->nr == MACHINE_MAX_LISTED)
		return machine_fail(reader->error, "line %u: more than %u functions", reader->line,
				    MACHINE_MAX_LISTED);
	if (reader->list->nr == reader->room) {
		uint32_t room = reader->room ? 2 * reader->room : 64;
		struct machine_function *more =
			realloc(reader->list->functions, room * sizeof(*more));

		if (!more)
			return machine_fail(reader->error, "out of memory");
		reader->list->functions = more;
		reader->room = room;
	}
	reader->list->functions[reader->list->nr++] =
		(struct machine_function){ .at = at, .line = reader->line };
	reader->inside = true;
	reader->size = 0;
	fprintf(reader->out, "%04x:%02x:%02x.%x dump\n", at.segment, at.bus, at.devfn >> 3,
		at.devfn & 7);
	return true;
}

/* "40: 10 00 42 01 ..." */
static bool is_bytes(const struct reader *reader, uint32_t *offset, size_t *pos)
{
	const size_t digits = take_hex(reader, 0, 2, 3, offset);

	*pos = digits + 1;
	return digits && is_char(reader, digits, ':') &&
	       (digits + 1 == reader->len || reader->at[digits + 1] == ' ');
}

static bool take_bytes(struct reader *reader, uint32_t offset, size_t pos)
{
	char name[NAME_SIZE];

	if (!reader->inside)
		return machine_fail(reader->error,
				    "line %u: config data before the first device line",
				    reader->line);
	name_of(reader->list->functions[reader->list->nr - 1].at, name);
	if (offset != reader->size)
		return machine_fail(reader->error,
				    "line %u: config space of %s continues at 0x%x, expected 0x%x",
				    reader->line, name, offset, reader->size);
	fprintf(reader->out, "%02x:", offset);
	for (uint32_t i = 0; i < LINE_BYTES; i++, pos += 3) {
		uint32_t byte;

		if (!is_char(reader, pos, ' ') || take_hex(reader, pos + 1, 2, 2, &byte) != 2)
			return machine_fail(reader->error,
					    "line %u: expected 16 bytes, but found %u of %s",
					    reader->line, i, name);
		fprintf(reader->out, " %02x", byte);
	}
	fputc('\n', reader->out);
	if (pos != reader->len)
		return machine_fail(reader->error, "line %u: extra text after the 16 bytes of %s",
				    reader->line, name);
	reader->size += LINE_BYTES;
	return true;
}

static bool take_line(struct reader *reader)
{
	struct pg_bdf at;
	uint32_t offset;
	size_t pos;

	while (reader->len &&
	       (reader->at[reader->len - 1] == '\r' || reader->at[reader->len - 1] == ' '))
		reader->len--;
	if (!reader->len)
		return end_function(reader);
	/* An indented line: lspci -v prints them below a function. */
	if (reader->at[0] == '\t' || reader->at[0] == ' ')
		return true;
	if (is_bytes(reader, &offset, &pos))
		return take_bytes(reader, offset, pos);
	if (is_function(reader, &at))
		return begin_function(reader, at);
	return machine_fail(reader->error,
			    "line %u: neither a function nor its config space: '%.*s'%s",
			    reader->line, reader->len > 40 ? 40 : (int)reader->len, reader->at,
			    reader->len > 40 ? "..." : "");
}

static int by_address(const void *a, const void *b)
{
	const struct machine_function *x = a, *y = b;
	const uint64_t p = pg_bdf_key(x->at), q = pg_bdf_key(y->at);

	if (p != q)
		return p < q ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static bool check_doubles(struct dump_list *list, struct capture_error *error)
{
	char name[NAME_SIZE];

	if (!list->nr)
		return machine_fail(error,
				    "has no function: is it the output of lspci -xxx or -xxxx?");
	qsort(list->functions, list->nr, sizeof(*list->functions), by_address);
	for (uint32_t i = 1; i < list->nr; i++) {
		if (pg_bdf_equal(list->functions[i].at, list->functions[i - 1].at))
			return machine_fail(
				error, "line %u: %s is also in line %u", list->functions[i].line,
				name_of(list->functions[i].at, name), list->functions[i - 1].line);
	}
	return true;
}

bool dump_check(const char *text, size_t size, FILE *out, struct dump_list *list,
		struct capture_error *error)
{
	struct reader reader = { .list = list, .out = out, .error = error };
	const char *end = text + size;

	*list = (struct dump_list){ 0 };
	if (!size)
		return machine_fail(error, "is empty");
	if (memchr(text, 0, size))
		return machine_fail(error, "is not text");
	while (text < end) {
		const char *feed = memchr(text, '\n', (size_t)(end - text));

		reader.line++;
		reader.at = text;
		reader.len = (size_t)((feed ? feed : end) - text);
		if (!take_line(&reader))
			return false;
		text = feed ? feed + 1 : end;
	}
	return end_function(&reader) && check_doubles(list, error);
}
