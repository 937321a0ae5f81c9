// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * cmdline.c - splits a kernel command line as Linux does (next_arg() in lib/cmdline.c, parse_args()
 * in kernel/params.c).
 */
#include <pcigate/plan.h>

/* isspace() of the kernel: the C locale's six and the no-break space of Latin-1 (lib/ctype.c). */
static bool is_space(char c)
{
	const uint8_t byte = (uint8_t)c;

	return byte > ' ' ? byte == 0xa0 : byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool at_end(const struct pg_cmdline *line)
{
	return !line->text || line->pos >= line->len || !line->text[line->pos];
}

bool pg_cmdline_next(struct pg_cmdline *line, struct pg_argument *argument)
{
	bool in_quote = false, quoted = false, value_quoted;
	const char *begin, *equals = NULL;
	size_t len;

	while (!at_end(line) && is_space(line->text[line->pos]))
		line->pos++;
	if (at_end(line))
		return false;
	if (line->text[line->pos] == '"') {
		in_quote = quoted = true;
		line->pos++;
	}
	begin = line->text + line->pos;
	for (; line->pos < line->len && line->text[line->pos]; line->pos++) {
		const char c = line->text[line->pos];

		if (is_space(c) && !in_quote)
			break;
		/*
		 * Linux looks for '=' after the first character only: an '=' there belongs to the
		 * name.
		 */
		if (c == '=' && !equals && line->text + line->pos != begin)
			equals = line->text + line->pos;
		if (c == '"')
			in_quote = !in_quote;
	}
	len = (size_t)(line->text + line->pos - begin);
	/*
	 * Linux removes one quote at the end if there is one before the argument, before its value,
	 * or both.
	 */
	value_quoted = equals && (size_t)(equals + 1 - begin) < len && equals[1] == '"';
	if ((quoted || value_quoted) && len && begin[len - 1] == '"')
		len--;

	*argument = (struct pg_argument){ .name = begin, .name_len = len };
	if (equals) {
		argument->name_len = (size_t)(equals - begin);
		argument->value = equals + 1;
		argument->value_len = len - argument->name_len - 1;
		if (value_quoted && argument->value_len) {
			argument->value++;
			argument->value_len--;
		}
	}
	return argument->value || argument->name_len != 2 || memcmp(begin, "--", 2);
}

static char dash_to_underscore(char c)
{
	return c == '-' ? '_' : c;
}

bool pg_argument_is(const struct pg_argument *argument, const char *name)
{
	size_t i;

	for (i = 0; i < argument->name_len; i++) {
		if (argument->name[i] != name[i] &&
		    dash_to_underscore(argument->name[i]) != dash_to_underscore(name[i]))
			return false;
	}
	return !name[i];
}

bool pg_argument_value_is(const struct pg_argument *argument, const char *value)
{
	const size_t len = strlen(value);

	return argument->value && argument->value_len == len &&
	       !memcmp(argument->value, value, len);
}
