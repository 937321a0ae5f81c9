// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * host.c - a command that runs parts of boot/ on the host, for tests/stage-host.t. Accesses
 * to I/O ports are printed, not done.
 *
 *     host sha256 STEP
 *         The hash of standard input, read in pieces of STEP bytes.
 *
 *     host consoles CMDLINE
 *         The serial ports that a command line names.
 *
 *     host memory PA LEN TYPES
 *         Whether memory is of these types (a set of bits).
 *         Standard input is the memory map, in lines "ADDRESS SIZE TYPE".
 *
 *     host report LAST
 *         The report in memory after the lines of standard input, the LAST ones of which are the
 * last lines: the head in decimal, then the text.
 *
 *     host serial FIFO TEXT
 *         What is written to a port that has a FIFO ("on", "off", which can be switched on, or
 * "none"):
 *         "." for each wait for an empty buffer, and the bytes of TEXT.
 *
 * For the other commands, standard input is memory from 0x100000 on, which begins with the RSDP:
 *
 *     host find TABLE
 *         The address of a table.
 *
 *     host windows
 *         The windows of MCFG for the segments below 1024.
 *
 *     host read SEGMENT BUS DEVFN REG [ROOT..]
 *         A config read. Config space is at 0x200000, and the I/O ports show it as well.
 *         A ROOT is a root bus of pcigate's own record: SEGMENT:FIRST-LAST,ECAM,BUSES.
 *
 *     host buses SEGMENT [ROOT..]
 *         The buses of a segment that can be read.
 *
 *     host poweroff
 *         The values that are written to I/O ports to power off.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcigate/report_data.h>

#include "../../boot/purgatory/sha256.h"
#include "../../boot/x86/acpi.h"
#include "../../boot/x86/config.h"
#include "../../boot/x86/console.h"
#include "../../boot/x86/memory.h"
#include "../../boot/x86/paging.h"
#include "../../boot/x86/report.h"
#include "../../boot/x86/time.h"

#include "ports.h"

#define BASE 0x100000ul
#define TABLES_SIZE 0x100000ul
#define CONFIG (BASE + TABLES_SIZE)
#define MEMORY_SIZE (TABLES_SIZE + 0x200000ul)

static struct boot_params params;

bool paging_is_mapped(uint64_t pa, uint64_t len)
{
	(void)len;
	return pa >= BASE;
}

bool paging_map(uint64_t pa, uint64_t len, enum paging_cache cache)
{
	(void)cache;
	return pa >= BASE && pa + len <= BASE + MEMORY_SIZE;
}

void paging_flush(void)
{
}

void time_wait_ms(uint32_t ms)
{
	printf("wait %u ms\n", ms);
}

unsigned int console_nr_serial(void)
{
	return 0;
}

struct serial_line console_com(unsigned int number)
{
	static const uint16_t ports[] = { 0x3f8, 0x2f8, 0x3e8, 0x2e8 };

	return (struct serial_line){ .access = SERIAL_IO, .address = ports[number] };
}

void console_open_serial(const struct serial_line *line)
{
	static const char *const access[] = { "io", "mmio", "mmio16", "mmio32" };

	printf("%s 0x%lx %u\n", access[line->access], (unsigned long)line->address, line->baud);
}

uint16_t inw(uint16_t port)
{
	printf("inw 0x%x\n", port);
	return 0x0001;
}

void outw(uint16_t port, uint16_t value)
{
	printf("outw 0x%x 0x%x\n", port, value);
}

/* Configuration mechanism 1 (the I/O ports) shows the same functions as the window at CONFIG. */
static uint32_t config_address;

uint32_t inl(uint16_t port)
{
	return port == 0xcfc ? mmio_read32(CONFIG + (config_address >> 8 & 0xffff) * 4096 +
					   (config_address & 0xfc))
			     : config_address;
}

void outl(uint16_t port, uint32_t value)
{
	if (port == 0xcf8)
		config_address = value;
}

static void hash(size_t step)
{
	static uint8_t piece[1 << 20];
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256 state;
	size_t n;

	sha256_begin(&state);
	while ((n = fread(piece, 1, step, stdin)))
		sha256_add(&state, piece, n);
	sha256_end(&state, digest);
	for (unsigned int i = 0; i < sizeof(digest); i++)
		printf("%02x", digest[i]);
	printf("\n");
}

static void read_map(void)
{
	unsigned long address, size;
	unsigned int type;

	while (scanf("%lx %lx %u", &address, &size, &type) == 3)
		params.e820[params.nr_e820++] = (struct e820_entry){ address, size, type };
}

/* Reads memory to its address, because the stage uses the physical addresses in tables as pointers.
 */
static void read_tables(void)
{
	void *volatile memory = (void *)BASE;

	if (!fread(memory, 1, MEMORY_SIZE, stdin))
		exit(2);
	params.nr_e820 = 2;
	params.e820[1] = (struct e820_entry){ 0x100000000, 0x100000000, E820_RAM };
	params.e820[0] = (struct e820_entry){ BASE, TABLES_SIZE, E820_ACPI };
	params.acpi_rsdp = BASE;
}

static void print_windows(void)
{
	for (uint32_t segment = 0; segment < 1024; segment++) {
		for (unsigned int bus = 0; bus < 256;) {
			uint8_t first = 0, last = 255;
			const uint64_t base =
				acpi_window(&params, segment, (uint8_t)bus, &first, &last);

			if (first != bus)
				printf("bus %02x is in the range before it\n", bus);
			if (base)
				printf("%04x:%02x-%02x 0x%lx\n", segment, first, last,
				       (unsigned long)base);
			bus = last + 1u;
		}
	}
}

static struct pg_config read_roots(char **roots, int nr)
{
	static struct pg_record record;
	struct pg_config config;

	for (; nr--; roots++) {
		unsigned int segment, first, last, buses;
		unsigned long ecam;

		if (sscanf(*roots, "%x:%x-%x,%lx,%u", &segment, &first, &last, &ecam, &buses) != 5)
			exit(2);
		record.roots[record.nr_roots++] = (struct pg_record_root){
			.segment = segment,
			.first = (uint8_t)first,
			.last = (uint8_t)last,
			.ecam_buses = (uint16_t)buses,
			.ecam = ecam,
		};
	}
	config_init(&config, &params, &record);
	return config;
}

static const char *fifo = "none";

/* A 16550: its transmit buffer is always empty. */
uint8_t inb(uint16_t port)
{
	if (port == 0x3f8 + 2)
		return strcmp(fifo, "on") ? 0 : 0xc1;
	if (port == 0x3f8 + 5)
		putchar('.');
	return 0x60;
}

void outb(uint16_t port, uint8_t value)
{
	if (port == 0x3f8)
		putchar(value);
	else if (port < 0x3f8 || port > 0x3ff)
		printf("outb 0x%x 0x%x\n", port, value);
	else if (port == 0x3f8 + 2 && value == 1 && !strcmp(fifo, "off"))
		fifo = "on";
}

static void print_serial(const char *text)
{
	struct serial_line line = console_com(0);

	serial_start(&line);
	putchar('\n');
	serial_write(&line, text);
	putchar('\n');
}

static void print_report(unsigned long last)
{
	static char lines[256][80];
	const struct pg_report_data *data;
	unsigned long nr = 0, i;

	while (nr < PG_ARRAY_SIZE(lines) && fgets(lines[nr], sizeof(lines[0]), stdin)) {
		lines[nr][strcspn(lines[nr], "\n")] = 0;
		nr++;
	}
	report_begin();
	for (i = 0; i < nr; i++) {
		if (i + last == nr)
			report_last_lines();
		report_line(lines[i]);
	}
	params.setup_data = 4711;
	report_hand_over(&params, NULL);
	data = (const void *)(uintptr_t)params.setup_data;
	printf("%lu %x %u\n%.*s", (unsigned long)data->next, data->type, data->len, (int)data->len,
	       (const char *)(data + 1));
}

static void print_read(const struct pg_config *config, char **arguments)
{
	static const char *const words[] = { "ok", "absent", "no window", "unreadable" };
	const struct pg_bdf at = pg_bdf((uint32_t)strtoul(arguments[0], NULL, 16),
					(uint8_t)strtoul(arguments[1], NULL, 16),
					(uint8_t)strtoul(arguments[2], NULL, 16));
	enum pg_access access;
	uint32_t value;

	access = config->read(config->ctx, at, (uint16_t)strtoul(arguments[3], NULL, 16), &value);
	printf("%s 0x%x\n", words[access], value);
}

/* The commands that read no firmware tables. Returns false if it is another one. */
static bool run_simple(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "sha256")) {
		hash(strtoul(argv[2], NULL, 0));
		return true;
	}
	if (argc == 3 && !strcmp(argv[1], "consoles")) {
		console_open_named(argv[2], strlen(argv[2]));
		return true;
	}
	if (argc == 3 && !strcmp(argv[1], "report")) {
		print_report(strtoul(argv[2], NULL, 0));
		return true;
	}
	if (argc == 4 && !strcmp(argv[1], "serial")) {
		fifo = argv[2];
		print_serial(argv[3]);
		return true;
	}
	if (argc == 5 && !strcmp(argv[1], "memory")) {
		read_map();
		printf("%s\n",
		       memory_is(&params, strtoul(argv[2], NULL, 0), strtoul(argv[3], NULL, 0),
				 (uint32_t)strtoul(argv[4], NULL, 0))
			       ? "yes"
			       : "no");
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	const struct acpi_header *table;
	struct pg_config config;
	uint8_t first, last;

	if (run_simple(argc, argv))
		return 0;
	if (!host_map(BASE, MEMORY_SIZE))
		return 2;
	read_tables();
	if (argc == 3 && !strcmp(argv[1], "find")) {
		table = acpi_find(&params, argv[2]);
		printf(table ? "0x%lx\n" : "none\n", (unsigned long)(uintptr_t)table);
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "windows")) {
		print_windows();
		return 0;
	}
	if (argc >= 6 && !strcmp(argv[1], "read")) {
		config = read_roots(argv + 6, argc - 6);
		print_read(&config, argv + 2);
		return 0;
	}
	if (argc >= 3 && !strcmp(argv[1], "buses")) {
		config = read_roots(argv + 3, argc - 3);
		if (config.window(config.ctx, (uint32_t)strtoul(argv[2], NULL, 16), &first, &last))
			printf("%02x-%02x\n", first, last);
		else
			printf("none\n");
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "poweroff")) {
		acpi_power_off(&params);
		return 0;
	}
	return 2;
}
