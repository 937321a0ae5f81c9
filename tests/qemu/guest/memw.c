// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * memw - reads and overwrites physical memory, to simulate a kernel that writes a wrong record.
 * Numbers are as in C, BYTES are hex digits.
 *
 *   memw read ADDRESS LENGTH          print the bytes
 *   memw write ADDRESS BYTES          overwrite memory
 *   memw find BYTES [START END]       print the address of each match in System RAM, or in a range
 *                                     of it
 *   memw kho NAME                     print the address of an entry of the KHO tree that this
 *                                     kernel hands over
 *
 * The program uses mmap(), because write() uses the kernel's own mapping, in which the memory of a
 * loaded crash kernel is read-only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define KHO_BLOBS "/sys/kernel/debug/kho/out/sub_fdts/"
#define PAGE ((uint64_t)4096)
#define WINDOW ((uint64_t)1 << 20)

static int mem = -1;

static void die(const char *what, const char *which)
{
	fprintf(stderr, "memw: %s %s: %s\n", what, which, strerror(errno));
	exit(1);
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t value = strtoull(text, &end, 0);

	if (end == text || *end) {
		errno = EINVAL;
		die("number", text);
	}
	return value;
}

static size_t bytes(const char *hex, uint8_t *out, size_t max)
{
	size_t n = strlen(hex) / 2;

	errno = EINVAL;
	if (!n || strlen(hex) % 2 || n > max)
		die("bytes", hex);
	for (size_t i = 0; i < n; i++)
		if (sscanf(hex + 2 * i, "%2hhx", &out[i]) != 1)
			die("bytes", hex);
	return n;
}

/* Maps the pages of [address, address + length). The caller unmaps *base. */
static uint8_t *map(uint64_t address, uint64_t length, int prot, void **base, size_t *size)
{
	uint64_t first = address & ~(PAGE - 1);

	*size = (address + length + PAGE - 1 - first) & ~(PAGE - 1);
	*base = mmap(NULL, *size, prot, MAP_SHARED, mem, (off_t)first);
	if (*base == MAP_FAILED)
		return NULL;
	return (uint8_t *)*base + (address - first);
}

static void do_read(uint64_t address, uint64_t length)
{
	void *base;
	size_t size;
	const uint8_t *p = map(address, length, PROT_READ, &base, &size);

	if (!p)
		die("map", "for reading");
	while (length--)
		printf("%02x", *p++);
	printf("\n");
}

static void do_write(uint64_t address, const char *hex)
{
	uint8_t data[4096];
	size_t n = bytes(hex, data, sizeof(data)), size;
	void *base;
	uint8_t *p = map(address, n, PROT_READ | PROT_WRITE, &base, &size);

	if (!p)
		die("map", "for writing");
	memcpy(p, data, n);
	printf("wrote %zu bytes at 0x%llx\n", n, (unsigned long long)address);
}

/* Windows overlap, so a match that crosses the end of one is found. */
static void find_in(uint64_t start, uint64_t end, const uint8_t *data, size_t n)
{
	for (uint64_t at = start; at < end; at += WINDOW) {
		uint64_t len = end - at < WINDOW + n ? end - at : WINDOW + n;
		void *base;
		size_t size;
		uint8_t *p = map(at, len, PROT_READ, &base, &size), *hit = p;

		if (!p)
			continue;
		while ((hit = memmem(hit, (size_t)(p + len - hit), data, n))) {
			if ((uint64_t)(hit - p) < WINDOW)
				printf("0x%llx\n", (unsigned long long)(at + (uint64_t)(hit - p)));
			hit++;
		}
		munmap(base, size);
	}
}

/* Prints the first page that begins with the data. */
static void find_page(uint64_t start, uint64_t end, const uint8_t *data, size_t n)
{
	for (uint64_t at = start; at + n <= end; at += PAGE) {
		void *base;
		size_t size;
		uint8_t *p = map(at, n, PROT_READ, &base, &size);
		int same = p && !memcmp(p, data, n);

		if (p)
			munmap(base, size);
		if (same) {
			printf("0x%llx\n", (unsigned long long)at);
			exit(0);
		}
	}
}

static void in_system_ram(void (*search)(uint64_t, uint64_t, const uint8_t *, size_t),
			  uint64_t from, uint64_t to, const uint8_t *data, size_t n)
{
	FILE *iomem = fopen("/proc/iomem", "r");
	char line[256];

	if (!iomem)
		die("open", "/proc/iomem");
	while (fgets(line, sizeof(line), iomem)) {
		unsigned long long start, end;

		if (!strstr(line, ": System RAM") || sscanf(line, "%llx-%llx", &start, &end) != 2)
			continue;
		start = start < from ? from : start;
		end = end + 1 > to ? to : end + 1;
		if (start < end)
			search(start, end, data, n);
	}
	fclose(iomem);
}

static void do_find(const char *hex, uint64_t from, uint64_t to)
{
	uint8_t data[256];

	in_system_ram(find_in, from, to, data, bytes(hex, data, sizeof(data)));
}

/*
 * The KHO tree in debugfs has the addresses, but it is truncated: its size is from before its first
 * entry. So this searches for a page that begins like the entry's blob.
 */
static void do_kho(const char *name)
{
	/* Not at the start of a page, or the search would find this buffer as well. */
	static _Alignas(4096) uint8_t space[8 + 4096];
	uint8_t *blob = space + 8;
	char path[256];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), KHO_BLOBS "%s", name);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, blob, PAGE);
	if (n <= 0)
		die("read", path);
	in_system_ram(find_page, PAGE, UINT64_MAX, blob, (size_t)n);
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	mem = open("/dev/mem", O_RDWR);
	if (mem < 0)
		die("open", "/dev/mem");
	if (argc == 4 && !strcmp(verb, "read"))
		do_read(number(argv[2]), number(argv[3]));
	else if (argc == 4 && !strcmp(verb, "write"))
		do_write(number(argv[2]), argv[3]);
	else if (argc == 3 && !strcmp(verb, "find"))
		do_find(argv[2], 0, UINT64_MAX);
	else if (argc == 5 && !strcmp(verb, "find"))
		do_find(argv[2], number(argv[3]), number(argv[4]));
	else if (argc == 3 && !strcmp(verb, "kho"))
		do_kho(argv[2]);
	else
		return 2;
	return 0;
}
