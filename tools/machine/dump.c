// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * dump.c - the text of lspci -xxx or -xxxx as a machine. A line that lspci does not write is an
 * error, apart from what is pasted with it, and so is a function that lacks lines.
 */
#include "machine.h"

#include "../cli.h"

#include <pcigate/memory.h>
#include <pcigate/parse.h>

#include <stdlib.h>

#define LINE_BYTES 16u
#define SPACE_ORDINARY 256u
#define SPACE_EXTENDED 4096u

/* Linux keeps domains in an int. */
#define DOMAIN_MAX 0x7fffffffu

/**
 * struct dump_function - a function of a dump
 * @at:    its address
 * @line:  the line that has it
 * @size:  bytes of its config space
 * @space: these bytes
 */
struct dump_function {
	struct pg_bdf at;
	uint32_t line;
	uint32_t size;
	const uint8_t *space;
};

/**
 * struct dump - the functions of a dump
 * @nr:        number of functions
 * @functions: these functions, sorted by address
 * @bytes:     the config space of all of them
 * @extended:  some of them have 4096 bytes of config space
 */
struct dump {
	uint32_t nr;
	struct dump_function *functions;
	uint8_t *bytes;
	bool extended;
};

/**
 * struct reader - state while the text is read
 * @line:   number of the line
 * @at:     where it begins
 * @len:    its length
 * @dump:   what was read
 * @room:   capacity of @dump->functions
 * @used:   number of @dump->bytes
 * @inside: the lines of a function have begun
 * @indent: number of blanks in front of each line
 * @error:  where to report an error
 */
struct reader {
	uint32_t line;
	const char *at;
	size_t len;
	struct dump *dump;
	uint32_t room;
	size_t used;
	bool inside;
	size_t indent;
	struct capture_error *error;
};

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
	const struct dump_function *function;
	char name[BDF_TEXT];

	if (!reader->inside)
		return true;
	reader->inside = false;
	function = &reader->dump->functions[reader->dump->nr - 1];
	if (function->size == SPACE_ORDINARY || function->size == SPACE_EXTENDED) {
		reader->dump->extended |= function->size == SPACE_EXTENDED;
		return true;
	}
	bdf_text(function->at, name);
	if (!function->size)
		return machine_fail(
			reader->error,
			"line %u: %s has no config space: lspci writes it with -xxx or -xxxx",
			function->line, name);
	if (function->size == 0x40 || function->size == 0x80)
		return machine_fail(reader->error,
				    "line %u: %s has only the first %u bytes of its config space: "
				    "lspci writes more with -xxx"
				    " or -xxxx, as root",
				    function->line, name, function->size);
	return machine_fail(reader->error,
			    "line %u: %s is cut short: its config space ends at 0x%x, neither at "
			    "0x100 nor at 0x1000",
			    reader->line, name, function->size);
}

static bool begin_function(struct reader *reader, struct pg_bdf at)
{
	struct dump *dump = reader->dump;

	if (!end_function(reader))
		return false;
	if (dump->nr == MACHINE_MAX_LISTED)
		return machine_fail(reader->error, "line %u: more than %u functions", reader->line,
				    MACHINE_MAX_LISTED);
	if (dump->nr == reader->room) {
		uint32_t room = reader->room ? 2 * reader->room : 64;
		struct dump_function *more = realloc(dump->functions, room * sizeof(*more));

		if (!more)
			return machine_fail(reader->error, "out of memory");
		dump->functions = more;
		reader->room = room;
	}
	dump->functions[dump->nr++] = (struct dump_function){ .at = at,
							      .line = reader->line,
							      .space = dump->bytes + reader->used };
	reader->inside = true;
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
	struct dump_function *function;
	char name[BDF_TEXT];

	if (!reader->inside)
		return machine_fail(reader->error,
				    "line %u: config data before the first device line",
				    reader->line);
	function = &reader->dump->functions[reader->dump->nr - 1];
	bdf_text(function->at, name);
	if (offset != function->size)
		return machine_fail(reader->error,
				    "line %u: config space of %s continues at 0x%x, expected 0x%x",
				    reader->line, name, offset, function->size);
	for (uint32_t i = 0; i < LINE_BYTES; i++, pos += 3) {
		uint32_t byte;

		if (!is_char(reader, pos, ' ') || take_hex(reader, pos + 1, 2, 2, &byte) != 2)
			return machine_fail(reader->error,
					    "line %u: expected 16 bytes, but found %u of %s",
					    reader->line, i, name);
		reader->dump->bytes[reader->used++] = (uint8_t)byte;
	}
	if (pos != reader->len)
		return machine_fail(reader->error, "line %u: extra text after the 16 bytes of %s",
				    reader->line, name);
	function->size += LINE_BYTES;
	return true;
}

/* If the first function is indented, all lines are. */
static void take_indent(struct reader *reader)
{
	size_t blanks = pasted_blanks(reader->at, reader->len);
	struct pg_bdf at;

	if (reader->dump->nr && blanks < reader->indent)
		return;
	if (reader->dump->nr)
		blanks = reader->indent;
	reader->at += blanks;
	reader->len -= blanks;
	if (reader->dump->nr)
		return;
	if (is_function(reader, &at)) {
		reader->indent = blanks;
		return;
	}
	reader->at -= blanks;
	reader->len += blanks;
}

static bool take_line(struct reader *reader)
{
	struct pg_bdf at;
	uint32_t offset;
	size_t pos;

	if (pasted_blanks(reader->at, reader->len) == reader->len)
		return end_function(reader);
	/* A prompt may end with '>'. */
	while (strchr(" \t\r", reader->at[reader->len - 1]))
		reader->len--;
	take_indent(reader);
	/* An indented line: lspci -v prints them below a function. */
	if (reader->at[0] == '\t' || reader->at[0] == ' ')
		return true;
	if (is_bytes(reader, &offset, &pos))
		return take_bytes(reader, offset, pos);
	if (is_function(reader, &at))
		return begin_function(reader, at);
	if (pasted_is_noise(reader->at, reader->len))
		return true;
	return machine_fail(reader->error,
			    "line %u: neither a function nor its config space: '%.*s'%s",
			    reader->line, reader->len > 40 ? 40 : (int)reader->len, reader->at,
			    reader->len > 40 ? "..." : "");
}

static int by_address(const void *a, const void *b)
{
	const struct dump_function *x = a, *y = b;
	const uint64_t p = pg_bdf_key(x->at), q = pg_bdf_key(y->at);

	/* A search has no line. */
	if (p != q || !x->line)
		return p < q ? -1 : p > q;
	return x->line < y->line ? -1 : x->line > y->line;
}

static bool check_doubles(struct dump *dump, struct capture_error *error)
{
	char name[BDF_TEXT];

	if (!dump->nr)
		return machine_fail(error,
				    "has no function: is it the output of lspci -xxx or -xxxx?");
	qsort(dump->functions, dump->nr, sizeof(*dump->functions), by_address);
	for (uint32_t i = 1; i < dump->nr; i++) {
		if (pg_bdf_equal(dump->functions[i].at, dump->functions[i - 1].at))
			return machine_fail(
				error, "line %u: %s is also in line %u", dump->functions[i].line,
				bdf_text(dump->functions[i].at, name), dump->functions[i - 1].line);
	}
	return true;
}

static bool read_text(struct dump *dump, const char *text, size_t size, struct capture_error *error)
{
	struct reader reader = { .dump = dump, .error = error };
	const char *end = text + size;

	if (!size)
		return machine_fail(error, "is empty");
	if (memchr(text, 0, size))
		return machine_fail(error, "is not text");
	if (size >= 8 && !memcmp(text, "/dts-v1/", 8))
		return machine_fail(error, "is the text of a device tree: compile it with dtc -q "
					   "-O dtb");
	text += pasted_mark(text, size);
	while (text < end) {
		const char *feed = memchr(text, '\n', (size_t)(end - text));

		reader.line++;
		reader.at = text;
		reader.len = (size_t)((feed ? feed : end) - text);
		if (!take_line(&reader))
			return false;
		text = feed ? feed + 1 : end;
	}
	return end_function(&reader) && check_doubles(dump, error);
}

static enum pg_access dump_read(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	const struct machine *machine = ctx;
	const struct dump *dump = machine->source;
	const struct dump_function wanted = { .at = at };
	const struct dump_function *function =
		bsearch(&wanted, dump->functions, dump->nr, sizeof(wanted), by_address);

	*value = UINT32_MAX;
	if (reg % 4 || reg >= SPACE_EXTENDED)
		return PG_ACCESS_NO_WINDOW;
	if (!function)
		return PG_ACCESS_ABSENT;
	/*
	 * If other functions of the dump have more than 256 bytes, Linux sees no more of this one
	 * either. If none has, lspci may have been told to write no more.
	 */
	if (reg >= function->size)
		return dump->extended ? PG_ACCESS_NO_WINDOW : PG_ACCESS_UNREADABLE;
	*value = pg_load32(function->space + reg);
	return *value == UINT32_MAX ? PG_ACCESS_ABSENT : PG_ACCESS_OK;
}

static void dump_close(void *source)
{
	struct dump *dump = source;

	free(dump->functions);
	free(dump->bytes);
	free(dump);
}

bool machine_of_text(struct machine *machine, const char *text, size_t size,
		     struct capture_error *error)
{
	struct dump *dump = calloc(1, sizeof(*dump));
	struct machine_function *listed;

	*machine = (struct machine){
		.config = { .read = dump_read, .window = machine_window, .ctx = machine },
	};
	if (!dump)
		return machine_fail(error, "out of memory");
	machine->source = dump;
	machine->close = dump_close;
	/* A byte of config space takes three characters. */
	dump->bytes = malloc(size / 3 + 1);
	if (!dump->bytes)
		return machine_fail(error, "out of memory");
	if (!read_text(dump, text, size, error))
		return false;
	if (!dump->extended)
		machine_note(machine, "no function has more than 256 bytes (lspci -xxxx shows "
				      "them): serial numbers, and "
				      "buses that SR-IOV reserves, are not seen");
	listed = calloc(dump->nr, sizeof(*listed));
	if (!listed)
		return machine_fail(error, "out of memory");
	for (uint32_t i = 0; i < dump->nr; i++) {
		listed[i].at = dump->functions[i].at;
		listed[i].line = dump->functions[i].line;
	}
	if (!machine_take(machine, listed, dump->nr, error))
		return false;
	machine_find_roots(machine, NULL, 0);
	return true;
}
