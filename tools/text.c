// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * text.c - words, colours and messages.
 */
#include "cli.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

int complain(const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	/* Print the earlier output before the message, even if both go to one file. */
	fflush(stdout);
	fputs("pcigate: ", stderr);
	put_text(stderr, message);
	fputc('\n', stderr);
	return STATUS_TROUBLE;
}

const char *colour(const struct options *options, enum colour wanted)
{
	static const char *const sequences[] = {
		[COLOUR_NONE] = "\033[0m",   [COLOUR_GOOD] = "\033[32m",
		[COLOUR_BAD] = "\033[1;31m", [COLOUR_DOUBT] = "\033[33m",
		[COLOUR_FAINT] = "\033[2m",
	};

	return options->colour ? sequences[wanted] : "";
}

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb");
}

bool colour_parse(const char *when, bool *colour)
{
	if (!when || !strcmp(when, "always"))
		*colour = true;
	else if (!strcmp(when, "never"))
		*colour = false;
	else if (!strcmp(when, "auto"))
		*colour = wants_colour();
	else
		return false;
	return true;
}

bool is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

void put_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		fputc(c < 0x20 || c == 0x7f ? '?' : c, out);
	}
}

const char *bdf_text(struct pg_bdf at, char text[BDF_TEXT])
{
	snprintf(text, BDF_TEXT, "%04x:%02x:%02x.%x", at.segment, at.bus, at.devfn >> 3,
		 at.devfn & 7);
	return text;
}

const char *path_text(const struct pg_topology *topology, uint32_t index, char text[PATH_TEXT])
{
	uint16_t path[256];
	uint32_t depth = 0;
	size_t len;

	for (; topology->functions[index].parent != PG_NONE && depth < PG_ARRAY_SIZE(path);
	     index = topology->functions[index].parent)
		path[depth++] = (uint16_t)index;
	len = strlen(bdf_text(topology->functions[index].at, text));
	while (depth--) {
		const uint8_t devfn = topology->functions[path[depth]].at.devfn;

		len += (size_t)snprintf(text + len, PATH_TEXT - len, "/%02x.%x", devfn >> 3,
					devfn & 7);
	}
	return text;
}

const char *presence_text(const struct pg_function *function)
{
	switch (function->hw.presence) {
	case PG_PRESENT:
		return "present";
	case PG_ABSENT:
		return "absent";
	case PG_NOT_READY:
		return "not ready";
	case PG_NO_WINDOW:
		return "no window leads there";
	case PG_UNREADABLE:
		return "cannot be read";
	case PG_UNREACHED:
		return "not reached";
	}
	return "unknown";
}

const char *judgement_text(const struct pg_judgement *judgement)
{
	if (judgement->reason == PG_OK)
		return "keeps";
	if (judgement->lost)
		return "lost";
	return pg_reason_is_move((enum pg_reason)judgement->reason) ? "moves" : "unverified";
}
