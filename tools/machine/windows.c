// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * windows.c - the windows to config space (ECAM) that the running kernel uses.
 */
#include "machine.h"

#include <inttypes.h>

#define ECAM_BUS_SIZE (1ull << 20)

/* The window of a root bus is that of its first bus, as far as it covers the buses below. */
static void give(const struct host_window *window, struct pg_record_root *root)
{
	const uint8_t last = root->last < window->last ? root->last : window->last;

	if (root->segment != window->segment || root->first < window->first ||
	    root->first > window->last)
		return;
	root->ecam = window->address + (root->first - window->first) * ECAM_BUS_SIZE;
	root->ecam_buses = (uint16_t)(last - root->first + 1);
}

bool windows_parse(const char *line, struct host_window *window)
{
	uint64_t first, last;
	unsigned int segment, first_bus, last_bus;

	/* Linux 6.8 renamed "PCI MMCONFIG" to "PCI ECAM". */
	if (sscanf(line, " %" SCNx64 "-%" SCNx64 " : PCI %*[A-Z] %x [bus %x-%x]", &first, &last,
		   &segment, &first_bus, &last_bus) != 5 ||
	    first_bus > last_bus || last_bus > 0xff)
		return false;
	*window = (struct host_window){ .segment = segment,
					.first = (uint8_t)first_bus,
					.last = (uint8_t)last_bus,
					.address = first,
					.hidden = !last };
	return true;
}

bool windows_take(FILE *file, struct pg_record_root *roots, uint32_t nr)
{
	struct host_window window;
	char line[256];

	while (fgets(line, sizeof(line), file)) {
		if (!windows_parse(line, &window))
			continue;
		if (window.hidden)
			return false;
		for (uint32_t i = 0; i < nr; i++)
			give(&window, &roots[i]);
	}
	return true;
}
