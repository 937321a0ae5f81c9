// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * entry.c - reads the text file in the program's directory. As in a Type #1 entry of the Boot
 * Loader Specification, each line has a key and a value.
 */
#include "request.h"

#include <stdio.h>
#include <string.h>

#include <pcigate/port.h>

struct line {
	uint32_t number;
	char *key;
	char *value;
};

static bool fail(struct request_error *error, const struct line *line, const char *what,
		 const char *word)
{
	snprintf(error->text, sizeof(error->text), "line %u: %s%s%.60s%s", line->number, what,
		 word ? " '" : "", word ? word : "", word ? "'" : "");
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *skip_blanks(char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

/*
 * The editor of the EFI shell writes UTF-16 after a byte order mark. Each unit becomes one
 * character; a unit that is not ASCII becomes a zero.
 */
static size_t from_utf16(char *file, size_t size)
{
	size_t len = 0;

	for (size_t i = 2; i + 1 < size; i += 2) {
		const uint8_t high = (uint8_t)file[i + 1];
		const char low = file[i];

		file[len++] = high ? 0 : low;
	}
	return len;
}

static size_t strip_mark(char **file, size_t size)
{
	if (size >= 2 && !memcmp(*file, "\xff\xfe", 2))
		return from_utf16(*file, size);
	if (size >= 3 && !memcmp(*file, "\xef\xbb\xbf", 3)) {
		*file += 3;
		return size - 3;
	}
	return size;
}

static bool check_value(const struct line *line, struct request_error *error)
{
	for (const char *c = line->value; *c; c++) {
		if (*c < ' ' || *c > '~') {
			snprintf(error->text, sizeof(error->text),
				 "line %u: %.40s: byte 0x%x is not printable ASCII", line->number,
				 line->key, (unsigned int)(uint8_t)*c);
			return false;
		}
	}
	return true;
}

/* Keys of the specification that have no meaning for pcigate. */
static bool is_ignored(const char *key)
{
	static const char *const keys[] = { "title", "version", "machine-id", "sort-key",
					    "architecture" };

	for (size_t i = 0; i < PG_ARRAY_SIZE(keys); i++) {
		if (!strcmp(keys[i], key))
			return true;
	}
	return false;
}

/* The values from the file. Values from the load options take precedence. */
struct found {
	const char *capture;
	const char *kernel;
	uint32_t nr_initrds;
	const char *initrds[REQUEST_INITRDS];
	char options[REQUEST_TEXT];
	size_t options_len;
};

static bool set_once(const char **to, const struct line *line, struct request_error *error)
{
	if (*to)
		return fail(error, line, "given twice:", line->key);
	*to = line->value;
	return true;
}

static bool add_initrd(struct found *found, const struct line *line, struct request_error *error)
{
	if (found->nr_initrds == REQUEST_INITRDS)
		return fail(error, line, "too many lines", line->key);
	found->initrds[found->nr_initrds++] = line->value;
	return true;
}

static bool add_options(struct found *found, const struct line *line, struct request_error *error)
{
	const size_t len = strlen(line->value);
	const size_t blank = found->options_len ? 1 : 0;

	if (len + blank >= REQUEST_TEXT - found->options_len)
		return fail(error, line, "too long", line->key);
	if (blank)
		found->options[found->options_len++] = ' ';
	memcpy(found->options + found->options_len, line->value, len + 1);
	found->options_len += len;
	return true;
}

static bool take_line(struct found *found, const struct line *line, struct request_error *error)
{
	if (is_ignored(line->key))
		return true;
	if (strcmp(line->key, "capture") && strcmp(line->key, "linux") &&
	    strcmp(line->key, "initrd") && strcmp(line->key, "options"))
		return fail(error, line, "unknown key", line->key);
	if (!check_value(line, error))
		return false;
	if (!strcmp(line->key, "options"))
		return add_options(found, line, error);
	if (!line->value[0])
		return fail(error, line, "no value after", line->key);
	if (!strcmp(line->key, "initrd"))
		return add_initrd(found, line, error);
	return set_once(line->key[0] == 'c' ? &found->capture : &found->kernel, line, error);
}

/* Splits the zero-terminated line at @text into key and value. False if the line is empty. */
static bool cut(char *text, struct line *line)
{
	size_t len = strlen(text);

	if (len && text[len - 1] == '\r')
		len--;
	while (len && is_blank(text[len - 1]))
		len--;
	text[len] = 0;
	line->key = skip_blanks(text);
	line->value = line->key;
	while (*line->value && !is_blank(*line->value))
		line->value++;
	if (*line->value) {
		*line->value = 0;
		line->value = skip_blanks(line->value + 1);
	}
	return *line->key && *line->key != '#';
}

static bool check_key(const struct line *line, struct request_error *error)
{
	for (const char *c = line->key; *c; c++) {
		if (*c < ' ' || *c > '~') {
			snprintf(error->text, sizeof(error->text), "line %u: byte 0x%x is not text",
				 line->number, (unsigned int)(uint8_t)*c);
			return false;
		}
	}
	return true;
}

static bool read_lines(struct found *found, char *file, size_t size, struct line *line,
		       struct request_error *error)
{
	char *const end = file + size;

	for (line->number = 1; file < end; line->number++) {
		char *stop = memchr(file, '\n', (size_t)(end - file));

		if (!stop)
			stop = end;
		if (memchr(file, 0, (size_t)(stop - file)))
			return fail(error, line, "has a character that is not ASCII, or a zero",
				    NULL);
		*stop = 0;
		if (cut(file, line) && (!check_key(line, error) || !take_line(found, line, error)))
			return false;
		file = stop + 1;
	}
	return true;
}

/* The message about a missing key has the number of the line after the last one. */
static bool check_missing(const struct request *request, const struct line *line,
			  struct request_error *error)
{
	const char *missing = !request->kernel ? "linux" : !request->capture ? "capture" : NULL;

	if (!missing)
		return true;
	snprintf(error->text, sizeof(error->text), "line %u, end of file: key '%s' is missing",
		 line->number, missing);
	return false;
}

/* The options of the file come first, because the kernel uses the last value of an option. */
static bool join_options(struct request *request, const struct found *found,
			 struct request_error *error)
{
	const size_t behind = request->options_len ? request->options_len + 1 : 0;

	if (found->options_len + behind >= REQUEST_TEXT) {
		snprintf(error->text, sizeof(error->text),
			 "options: more than %u characters in total", REQUEST_TEXT - 1);
		return false;
	}
	if (!found->options_len)
		return true;
	if (behind) {
		memmove(request->options + found->options_len + 1, request->options, behind);
		request->options[found->options_len] = ' ';
	}
	memcpy(request->options, found->options, found->options_len);
	request->options_len = found->options_len + behind;
	request->options[request->options_len] = 0;
	return true;
}

bool request_read_file(struct request *request, char *file, size_t size,
		       struct request_error *error)
{
	static struct found found;
	struct line line = { .number = 1 };

	memset(&found, 0, sizeof(found));
	size = strip_mark(&file, size);
	if (!read_lines(&found, file, size, &line, error))
		return false;
	if (!request->kernel)
		request->kernel = found.kernel;
	if (!request->capture)
		request->capture = found.capture;
	if (!request->nr_initrds) {
		request->nr_initrds = found.nr_initrds;
		memcpy(request->initrds, found.initrds, sizeof(found.initrds));
	}
	return join_options(request, &found, error) && check_missing(request, &line, error);
}

bool request_needs_file(const struct request *request)
{
	return request->config || !request->kernel || !request->capture;
}
