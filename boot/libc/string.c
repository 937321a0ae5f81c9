// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * string.c - memory and string functions. Compilers themselves generate calls of the first four.
 *
 * memcpy(), memmove() and memset() use string instructions, because a compiler would replace a loop
 * by a call of the function itself. An emulator, and a processor without fast string operations,
 * takes a step for each element, so the elements are 8 bytes where possible.
 */
#include <string.h>

#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	void *d = to;
	size_t words = n / 8, rest = n % 8;

	asm volatile("rep movsq" : "+D"(d), "+S"(from), "+c"(words) : : "memory");
	asm volatile("rep movsb" : "+D"(d), "+S"(from), "+c"(rest) : : "memory");
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	uint8_t *d = to;
	const uint8_t *s = from;

	if ((uintptr_t)to - (uintptr_t)from >= n)
		return memcpy(to, from, n);

	/* The target overlaps the end of the source, so copy from the last byte to the first. */
	d += n - 1;
	s += n - 1;
	asm volatile("std; rep movsb; cld" : "+D"(d), "+S"(s), "+c"(n) : : "memory");
	return to;
}

void *memset(void *to, int byte, size_t n)
{
	const uint64_t word = (uint8_t)byte * 0x0101010101010101ull;
	void *d = to;
	size_t words = n / 8, rest = n % 8;

	asm volatile("rep stosq" : "+D"(d), "+c"(words) : "a"(word) : "memory");
	asm volatile("rep stosb" : "+D"(d), "+c"(rest) : "a"(word) : "memory");
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *p = a, *q = b;

	for (; n; n--, p++, q++) {
		if (*p != *q)
			return *p - *q;
	}
	return 0;
}

void *memchr(const void *s, int byte, size_t n)
{
	const uint8_t *p = s;

	for (; n; n--, p++) {
		if (*p == (uint8_t)byte)
			return (void *)(uintptr_t)p;
	}
	return NULL;
}

size_t strnlen(const char *s, size_t n)
{
	size_t len = 0;

	while (len < n && s[len])
		len++;
	return len;
}

/* Without the empty asm, a compiler would replace the loop by a call of strlen(). */
size_t strlen(const char *s)
{
	const char *end = s;

	while (*end) {
		end++;
		asm volatile("");
	}
	return (size_t)(end - s);
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b || !*a)
			return (uint8_t)*a - (uint8_t)*b;
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *s, int c)
{
	return memchr(s, c, strlen(s) + 1);
}

char *strrchr(const char *s, int c)
{
	for (size_t i = strlen(s) + 1; i; i--) {
		if (s[i - 1] == (char)c)
			return (char *)(uintptr_t)(s + i - 1);
	}
	return NULL;
}
