// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * format.c - snprintf() and vsnprintf().
 */
#include <stdio.h>

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Digits of a 64-bit number in decimal. */
#define DIGITS 20

/*
 * The buffer for the text. @len also counts characters that do not fit, because snprintf() returns
 * the length of the whole text.
 */
struct out {
	char *to;
	size_t size;
	size_t len;
};

/* One conversion, with the supported parts: flag 0, width, precision, length. */
struct conversion {
	bool zero;
	size_t width;
	size_t precision;
	unsigned int longs;
	bool size;
};

static void put(struct out *out, char c)
{
	if (out->len + 1 < out->size)
		out->to[out->len] = c;
	out->len++;
}

static void pad(struct out *out, const struct conversion *conversion, size_t len)
{
	for (; len < conversion->width; len++)
		put(out, conversion->zero ? '0' : ' ');
}

static void put_string(struct out *out, const struct conversion *conversion, const char *text)
{
	const size_t len = strnlen(text ? text : "(null)", conversion->precision);
	const char *from = text ? text : "(null)";

	pad(out, conversion, len);
	for (size_t i = 0; i < len; i++)
		put(out, from[i]);
}

static void put_number(struct out *out, const struct conversion *conversion, uint64_t value,
		       unsigned int base, bool negative)
{
	char digits[DIGITS];
	size_t nr = 0;

	do {
		digits[nr++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	if (negative)
		put(out, '-');
	pad(out, conversion, nr + negative);
	while (nr)
		put(out, digits[--nr]);
}

static size_t take_number(const char **format)
{
	size_t value = 0;

	for (; **format >= '0' && **format <= '9'; (*format)++)
		value = value * 10 + (size_t)(**format - '0');
	return value;
}

static struct conversion take_conversion(const char **format)
{
	struct conversion conversion = { .precision = SIZE_MAX };

	if (**format == '0') {
		conversion.zero = true;
		(*format)++;
	}
	conversion.width = take_number(format);
	if (**format == '.') {
		(*format)++;
		conversion.precision = take_number(format);
	}
	for (; **format == 'l'; (*format)++)
		conversion.longs++;
	if (**format == 'z') {
		conversion.size = true;
		(*format)++;
	}
	return conversion;
}

int vsnprintf(char *to, size_t size, const char *format, va_list arguments)
{
	struct out out = { .to = to, .size = size };

	for (; *format; format++) {
		struct conversion conversion;
		bool wide;

		if (*format != '%') {
			put(&out, *format);
			continue;
		}
		format++;
		conversion = take_conversion(&format);
		wide = conversion.longs || conversion.size;
		if (*format == 's') {
			put_string(&out, &conversion, va_arg(arguments, const char *));
		} else if (*format == 'u' || *format == 'x') {
			put_number(&out, &conversion,
				   wide ? va_arg(arguments, uint64_t)
					: va_arg(arguments, unsigned int),
				   *format == 'u' ? 10 : 16, false);
		} else if (*format == 'd') {
			const int64_t value =
				wide ? va_arg(arguments, int64_t) : va_arg(arguments, int);

			put_number(&out, &conversion,
				   value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10,
				   value < 0);
		} else if (*format == 'c') {
			put(&out, (char)va_arg(arguments, int));
		} else if (*format == '%') {
			put(&out, '%');
		} else {
			break;
		}
	}
	if (size)
		to[out.len < size ? out.len : size - 1] = 0;
	return (int)out.len;
}

int snprintf(char *to, size_t size, const char *format, ...)
{
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = vsnprintf(to, size, format, arguments);
	va_end(arguments);
	return len;
}
