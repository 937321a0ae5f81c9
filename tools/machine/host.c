// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * host.c - this host as a machine.
 */
#include "machine.h"

#include "../cli.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../lib/topology/reader.h"

#define BUSES_DIRECTORY "/sys/class/pci_bus"
#define CMDLINE "/proc/cmdline"
#define MESSAGES "/dev/kmsg"
#define MEMORY "/proc/iomem"

static int by_number(const void *a, const void *b)
{
	const struct pg_record_root *x = a, *y = b;

	if (x->segment != y->segment)
		return x->segment < y->segment ? -1 : 1;
	return x->first - y->first;
}

/*
 * In sysfs a root bus is a child of its host bridge, .../pci0000:00/pci_bus/0000:00. Any other bus
 * is a child of the bridge to it.
 */
static bool is_root(const char *name, struct pg_record_root *root)
{
	char link[PATH_MAX], path[PATH_MAX], expected[64];
	unsigned int segment, bus;

	if (sscanf(name, "%x:%x", &segment, &bus) != 2 || bus > 0xff)
		return false;
	snprintf(link, sizeof(link), BUSES_DIRECTORY "/%.200s", name);
	snprintf(expected, sizeof(expected), "/pci%04x:%02x/pci_bus/%04x:%02x", segment, bus,
		 segment, bus);
	if (!realpath(link, path) || strlen(path) < strlen(expected) ||
	    strcmp(path + strlen(path) - strlen(expected), expected))
		return false;
	*root = (struct pg_record_root){ .segment = segment, .first = (uint8_t)bus, .last = 0xff };
	return true;
}

/* Returns the number of root buses (more than PG_MAX_ROOTS if there are more), or -1. */
static int find_roots(struct pg_record_root roots[PG_MAX_ROOTS])
{
	DIR *directory = opendir(BUSES_DIRECTORY);
	struct dirent *entry;
	int nr = 0;

	if (!directory)
		return -1;
	while (nr <= (int)PG_MAX_ROOTS && (entry = readdir(directory))) {
		struct pg_record_root root;

		if (!is_root(entry->d_name, &root))
			continue;
		if (nr < (int)PG_MAX_ROOTS)
			roots[nr] = root;
		nr++;
	}
	closedir(directory);
	if (nr <= (int)PG_MAX_ROOTS)
		qsort(roots, (size_t)nr, sizeof(*roots), by_number);
	return nr;
}

/*
 * Parses "pci_bus 0000:80: root bus resource [bus 80-8f]", or with one number if the root bus has
 * only one bus.
 */
static void take_message(struct machine *machine, const char *message)
{
	unsigned int segment, bus, first, last;
	int nr = sscanf(message, "pci_bus %x:%x: root bus resource [bus %x-%x]", &segment, &bus,
			&first, &last);

	if (nr < 3 || first != bus)
		return;
	if (nr == 3)
		last = first;
	for (uint32_t i = 0; i < machine->nr_roots; i++) {
		if (machine->roots[i].segment != segment || machine->roots[i].first != bus ||
		    last > 0xff || last < first)
			continue;
		machine->roots[i].last = (uint8_t)last;
		machine->end_assumed[i] = false;
	}
}

/*
 * Only the messages of the kernel tell where a root bus ends. They may have been overwritten: then
 * the root bus is assumed to end before the next one.
 */
static void find_ends(struct machine *machine)
{
	int fd = open(MESSAGES, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[8192];
	ssize_t len;

	for (uint32_t i = 0; i < machine->nr_roots; i++) {
		struct pg_record_root *root = &machine->roots[i];

		machine->end_assumed[i] = true;
		if (i + 1 < machine->nr_roots && root[1].segment == root->segment)
			root->last = (uint8_t)(root[1].first - 1);
	}
	if (fd < 0)
		return;
	/* Each read returns one message; EPIPE means that messages were overwritten. */
	while ((len = read(fd, record, sizeof(record) - 1)) > 0 || (len < 0 && errno == EPIPE)) {
		const char *text;

		if (len < 0)
			continue;
		record[len] = 0;
		text = strchr(record, ';');
		if (text)
			take_message(machine, text + 1);
	}
	close(fd);
}

static char *read_cmdline(void)
{
	FILE *file = fopen(CMDLINE, "re");
	char *line = NULL;
	size_t room = 0;

	if (file && getline(&line, &room, file) > 0)
		line[strcspn(line, "\n")] = 0;
	if (file)
		fclose(file);
	return line;
}

/*
 * Linux shows config space beyond 64 bytes to root only. Without it, slots, fixed bus numbers and
 * virtual functions are not known. Only lists of capabilities are read, as other registers might
 * have side effects.
 */
static bool may_read(const struct machine *machine, struct capture_error *error)
{
	struct pg_reader reader = { .config = &machine->config };
	char name[BDF_TEXT];
	uint32_t first;

	for (uint32_t i = 0; i < machine->nr && !reader.failed; i++)
		pg_find_capability(&reader, machine->functions[i].at, PG_CAPABILITY_EXPRESS,
				   &first);
	return !reader.failed ||
	       machine_fail(error,
			    "config space of %s cannot be read beyond its first 64 bytes: "
			    "run pcigate as root",
			    bdf_text(reader.failed_at, name));
}

bool machine_of_host(struct machine *machine, struct capture_error *error)
{
	struct machine_function *listed;
	struct pg_record_root roots[PG_MAX_ROOTS];
	uint32_t nr;
	int nr_roots;

	*machine = (struct machine){
		.config = { .read = sysfs_read, .window = machine_window, .ctx = machine },
		.is_host = true,
	};
	listed = sysfs_list(&nr, error);
	if (!listed || !machine_take(machine, listed, nr, error) || !may_read(machine, error))
		return false;
	nr_roots = find_roots(roots);
	if (nr_roots < 0)
		return machine_fail(error, BUSES_DIRECTORY ": %s", strerror(errno));
	if (nr_roots > (int)PG_MAX_ROOTS)
		machine->nr_roots = PG_MAX_ROOTS + 1;
	else
		machine_find_roots(machine, roots, (uint32_t)nr_roots);
	if (machine->nr_roots <= PG_MAX_ROOTS)
		find_ends(machine);
	machine->cmdline = read_cmdline();
	return true;
}

bool machine_find_windows(struct machine *machine, struct capture_error *error)
{
	FILE *file = fopen(MEMORY, "re");
	bool shown;

	if (!file)
		return machine_fail(error, MEMORY ": %s", strerror(errno));
	shown = windows_take(file, machine->roots, machine->nr_roots);
	fclose(file);
	return shown || machine_fail(error, MEMORY " does not show the windows to config space: "
						   "run pcigate as root");
}
