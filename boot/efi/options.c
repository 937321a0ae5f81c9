// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * options.c - parses load options: the options of pcigate.efi, and words for the kernel.
 *
 * Load options come from the program that starts this one: the EFI shell (which puts the program's
 * name first), systemd-boot, GRUB, or an entry of the boot manager. They may be binary data.
 */
#include "request.h"

#include <stdio.h>
#include <string.h>

#include <pcigate/parse.h>
#include <pcigate/plan.h>

static bool fail(struct request_error *error, const char *what, const char *word)
{
	snprintf(error->text, sizeof(error->text), "load options: %s%s%.60s%s", what,
		 word ? " '" : "", word ? word : "", word ? "'" : "");
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Options from a file may end in CR LF. */
static bool is_white(uint16_t c)
{
	return c == '\t' || c == '\r' || c == '\n';
}

static bool is_text(uint16_t c)
{
	return is_white(c) || (c >= ' ' && c <= '~');
}

/*
 * Converts to zero-terminated ASCII. Names of files and kernel options need no other characters;
 * other data is not text.
 */
static bool narrow(char *to, const uint16_t *text, size_t units, struct request_error *error)
{
	size_t len = 0;

	for (; len < units && text[len]; len++) {
		if (len == REQUEST_TEXT - 1) {
			snprintf(error->text, sizeof(error->text),
				 "load options: more than %u characters", REQUEST_TEXT - 1);
			return false;
		}
		if (!is_text(text[len])) {
			snprintf(error->text, sizeof(error->text),
				 "load options: character %zu is 0x%x, not printable ASCII",
				 len + 1, text[len]);
			return false;
		}
		to[len] = is_white(text[len]) ? ' ' : (char)text[len];
	}
	to[len] = 0;
	return true;
}

/*
 * Splits @text in place into words, at blanks outside double quotes. The quotes remain, because the
 * kernel uses them for values with blanks.
 */
static bool split(char *text, char *words[REQUEST_WORDS], size_t *nr, struct request_error *error)
{
	*nr = 0;
	for (;;) {
		bool quoted = false;

		while (is_blank(*text))
			*text++ = 0;
		if (!*text)
			return true;
		if (*nr == REQUEST_WORDS) {
			snprintf(error->text, sizeof(error->text),
				 "load options: more than %u words", REQUEST_WORDS);
			return false;
		}
		words[(*nr)++] = text;
		for (; *text && (quoted || !is_blank(*text)); text++)
			quoted ^= *text == '"';
		if (quoted)
			return fail(error, "a quote is not closed in", words[*nr - 1]);
	}
}

/* Removes the quotes around the value of an option of pcigate.efi. */
static const char *unquote(char *word)
{
	const size_t len = strlen(word);

	if (len < 2 || word[0] != '"' || word[len - 1] != '"')
		return word;
	word[len - 1] = 0;
	return word + 1;
}

static bool ends_in_efi(const char *word)
{
	const size_t len = strlen(word);

	return len >= 4 && word[len - 4] == '.' && (word[len - 3] | 0x20) == 'e' &&
	       (word[len - 2] | 0x20) == 'f' && (word[len - 1] | 0x20) == 'i';
}

static bool add_option(struct request *request, const char *word)
{
	const size_t len = strlen(word);
	const size_t blank = request->options_len ? 1 : 0;

	if (len + blank >= REQUEST_TEXT - request->options_len)
		return false;
	if (blank)
		request->options[request->options_len++] = ' ';
	memcpy(request->options + request->options_len, word, len + 1);
	request->options_len += len;
	return true;
}

static bool add_words(struct request *request, char **words, size_t nr, struct request_error *error)
{
	for (size_t i = 0; i < nr; i++) {
		if (!add_option(request, words[i]))
			return fail(error, "too long with the kernel option", words[i]);
	}
	return true;
}

static bool read_addresses(struct request *request, char **words, size_t nr,
			   struct request_error *error)
{
	for (size_t i = 0; i < nr; i++) {
		if (!pg_parse_bdf(words[i], &request->addresses[request->nr_addresses++]))
			return fail(error,
				    "--record: no address SEGMENT:BUS:DEVICE.FUNCTION:", words[i]);
	}
	return true;
}

/* An option that takes a value. */
struct option {
	const char *name;
	const char **value;
};

static bool take_value(struct request *request, const char *name, char **words, size_t left,
		       struct request_error *error)
{
	const struct option options[] = {
		{ "--config", &request->config },
		{ "--capture", &request->capture },
		{ "--linux", &request->kernel },
		{ "--record", &request->record },
	};
	const char *value;

	if (left < 2)
		return fail(error, "a file is missing after", name);
	value = unquote(words[1]);
	if (!*value)
		return fail(error, "an empty name after", name);
	if (!strcmp(name, "--initrd")) {
		if (request->nr_initrds == REQUEST_INITRDS)
			return fail(error, "too many files", name);
		request->initrds[request->nr_initrds++] = value;
		return true;
	}
	for (size_t i = 0; i < PG_ARRAY_SIZE(options); i++) {
		if (strcmp(options[i].name, name))
			continue;
		if (*options[i].value)
			return fail(error, "given twice:", name);
		*options[i].value = value;
		return true;
	}
	return fail(error, "unknown option", name);
}

static bool read_words(struct request *request, char **words, size_t nr,
		       struct request_error *error)
{
	for (size_t i = 0; i < nr; i++) {
		char *word = words[i];

		if (!strcmp(word, "--"))
			return add_words(request, words + i + 1, nr - i - 1, error);
		if (strncmp(word, "--", 2)) {
			if (!add_words(request, words + i, 1, error))
				return false;
			continue;
		}
		if (!strcmp(word, "--help") || !strcmp(word, "--version")) {
			request->task = word[2] == 'h' ? TASK_HELP : TASK_VERSION;
			return true;
		}
		if (!take_value(request, word, words + i, nr - i, error))
			return false;
		i++;
		if (request->record) {
			request->task = TASK_RECORD;
			return read_addresses(request, words + i + 1, nr - i - 1, error);
		}
	}
	return true;
}

bool request_read_options(struct request *request, const uint16_t *text, size_t units,
			  bool skip_program, struct request_error *error)
{
	char *words[REQUEST_WORDS];
	size_t nr, first;

	memset(request, 0, sizeof(*request));
	request->garbage = units && text[0] && !is_text(text[0]);
	if (request->garbage)
		return true;
	if (!narrow(request->text, text, units, error) || !split(request->text, words, &nr, error))
		return false;
	first = nr && (skip_program || ends_in_efi(words[0])) ? 1 : 0;
	return read_words(request, words + first, nr - first, error);
}

bool request_last_value(const struct request *request, const char *name, char *value, size_t size)
{
	struct pg_cmdline line = { .text = request->options, .len = request->options_len };
	struct pg_argument argument;
	bool found = false;

	while (pg_cmdline_next(&line, &argument)) {
		if (!pg_argument_is(&argument, name))
			continue;
		found = true;
		value[0] = 0;
		if (argument.value && argument.value_len < size) {
			memcpy(value, argument.value, argument.value_len);
			value[argument.value_len] = 0;
		} else if (argument.value) {
			snprintf(value, size, "(too long)");
		}
	}
	return found;
}
