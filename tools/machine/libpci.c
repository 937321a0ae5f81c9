// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * libpci.c - reads config space with libpci, from a dump or from the host.
 */
#include "machine.h"

#include <pci/pci.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

/* Linux itself assigns segment numbers from here on. ACPI, and so pcigate, does not know them. */
#define SEGMENT_OF_LINUX 0x10000u

/**
 * struct libpci - the source of config reads
 * @access:     libpci's own handle
 * @nr:         number of functions
 * @devices:    the functions, sorted by address
 * @short_dump: no function of the dump has more than 256 bytes: lspci may have been told to write
 * no more
 */
struct libpci {
	struct pci_access *access;
	uint32_t nr;
	struct pci_dev **devices;
	bool short_dump;
};

/*
 * libpci's error callback must not return and takes no context, so only one instance can be in use.
 */
static jmp_buf gave_up;
static char last_words[200];

static void note_words(const char *format, va_list arguments)
{
	vsnprintf(last_words, sizeof(last_words), format, arguments);
}

static void __attribute__((noreturn, format(printf, 1, 2))) libpci_error(char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note_words(format, arguments);
	va_end(arguments);
	longjmp(gave_up, 1);
}

/*
 * Warnings are ignored: they are about functions that cannot be read, which is reported elsewhere.
 */
static void __attribute__((format(printf, 1, 2))) libpci_warning(char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note_words(format, arguments);
	va_end(arguments);
}

static struct pg_bdf address_of(const struct pci_dev *device)
{
	return pg_bdf((uint32_t)device->domain, device->bus, pg_devfn(device->dev, device->func));
}

static int by_address(const void *a, const void *b)
{
	const uint64_t x = pg_bdf_key(address_of(*(struct pci_dev *const *)a));
	const uint64_t y = pg_bdf_key(address_of(*(struct pci_dev *const *)b));

	return x < y ? -1 : x > y;
}

static struct pci_dev *find(const struct libpci *libpci, struct pg_bdf at)
{
	uint32_t low = 0, high = libpci->nr;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (pg_bdf_key(address_of(libpci->devices[middle])) < pg_bdf_key(at))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == libpci->nr || !pg_bdf_equal(address_of(libpci->devices[low]), at))
		return NULL;
	return libpci->devices[low];
}

static enum pg_access libpci_read(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	const struct libpci *libpci = ctx;
	struct pci_dev *device = find(libpci, at);
	uint8_t bytes[4];

	*value = UINT32_MAX;
	if (reg % 4 || reg >= 4096)
		return PG_ACCESS_NO_WINDOW;
	if (!device)
		return PG_ACCESS_ABSENT;
	/*
	 * If other functions of the dump have more than 256 bytes, Linux sees no more of this one
	 * either.
	 */
	if (!pci_read_block(device, reg, bytes, sizeof(bytes)))
		return reg < 256 || libpci->short_dump ? PG_ACCESS_UNREADABLE : PG_ACCESS_NO_WINDOW;
	*value = pg_load32(bytes);
	return *value == UINT32_MAX ? PG_ACCESS_ABSENT : PG_ACCESS_OK;
}

static bool libpci_window(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last)
{
	const struct libpci *libpci = ctx;

	for (uint32_t i = 0; i < libpci->nr && segment < SEGMENT_OF_LINUX; i++) {
		const struct pg_bdf at = address_of(libpci->devices[i]);

		if (at.segment != segment)
			continue;
		*first = at.bus;
		*last = 0xff;
		return true;
	}
	return false;
}

static void libpci_close(void *source)
{
	struct libpci *libpci = source;

	if (libpci->access)
		pci_cleanup(libpci->access);
	free(libpci->devices);
	free(libpci);
}

static bool list_devices(struct libpci *libpci)
{
	for (struct pci_dev *device = libpci->access->devices; device; device = device->next)
		libpci->nr++;
	libpci->devices = calloc(libpci->nr ? libpci->nr : 1, sizeof(struct pci_dev *));
	if (!libpci->devices)
		return false;
	libpci->nr = 0;
	for (struct pci_dev *device = libpci->access->devices; device; device = device->next)
		libpci->devices[libpci->nr++] = device;
	if (libpci->nr)
		qsort(libpci->devices, libpci->nr, sizeof(struct pci_dev *), by_address);
	return true;
}

/*
 * libpci_error() may leave any call in here with longjmp(). What libpci has open then is leaked;
 * the command ends soon after.
 */
static bool start(struct libpci *libpci, unsigned int method, const char *path)
{
	struct pci_access *access = libpci->access;

	access->method = method;
	access->error = libpci_error;
	access->warning = libpci_warning;
	if (path && pci_set_param(access, (char *)"dump.name", (char *)path))
		return false;
	if (setjmp(gave_up))
		return false;
	pci_init(access);
	pci_scan_bus(access);
	return true;
}

static struct libpci *open_with(struct machine *machine, unsigned int method, const char *path,
				struct capture_error *error)
{
	struct libpci *libpci = calloc(1, sizeof(*libpci));

	if (libpci)
		libpci->access = pci_alloc();
	if (!libpci || !libpci->access) {
		free(libpci);
		machine_fail(error, "out of memory");
		return NULL;
	}
	machine->source = libpci;
	machine->close = libpci_close;
	machine->config =
		(struct pg_config){ .read = libpci_read, .window = libpci_window, .ctx = libpci };
	snprintf(last_words, sizeof(last_words), "it does not know the access method");
	if (!start(libpci, method, path)) {
		machine_fail(error, "libpci cannot read it: %s", last_words);
		return NULL;
	}
	if (!list_devices(libpci)) {
		machine_fail(error, "out of memory");
		return NULL;
	}
	return libpci;
}

bool libpci_open_dump(struct machine *machine, const char *path, const struct dump_list *list,
		      struct capture_error *error)
{
	struct libpci *libpci = open_with(machine, PCI_ACCESS_DUMP, path, error);

	if (libpci && libpci->nr != list->nr)
		return machine_fail(error,
				    "libpci finds %u functions in it, but there are %u: a domain "
				    "beyond its range?",
				    libpci->nr, list->nr);
	if (libpci)
		libpci->short_dump = !list->extended;
	return libpci;
}

bool libpci_open_host(struct machine *machine, struct machine_function **listed, uint32_t *nr,
		      struct capture_error *error)
{
	const struct libpci *libpci = open_with(machine, PCI_ACCESS_SYS_BUS_PCI, NULL, error);

	if (!libpci)
		return false;
	*listed = calloc(libpci->nr ? libpci->nr : 1, sizeof(**listed));
	if (!*listed)
		return machine_fail(error, "out of memory");
	*nr = libpci->nr;
	for (uint32_t i = 0; i < libpci->nr; i++)
		(*listed)[i].at = address_of(libpci->devices[i]);
	return true;
}
