// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * results.c - reads the results that Linux printed.
 */
#include "results.h"

#include <stdlib.h>
#include <string.h>

static void bad_line(const char *line)
{
	fprintf(stderr, "oracle: results: unknown line: %s", line);
	exit(2);
}

static enum linux_status status_of(const char *word, const char *line)
{
	static const char *const words[] = {
		[LINUX_OK] = "ok", [LINUX_ENDLESS] = "endless", [LINUX_CRASH] = "crash"
	};
	uint32_t i;

	for (i = 0; i < 3; i++) {
		if (!strcmp(word, words[i]))
			return (enum linux_status)i;
	}
	bad_line(line);
	return LINUX_CRASH;
}

static void read_begin(const char *line, struct linux_result *result)
{
	unsigned long long reads, writes, stack, us;
	char status[16];

	memset(result, 0, sizeof(*result));
	if (sscanf(line, "result %47s %15s reads=%llu writes=%llu stack=%llu us=%llu", result->name,
		   status, &reads, &writes, &stack, &us) != 6)
		bad_line(line);
	result->status = status_of(status, line);
	result->reads = reads;
	result->writes = writes;
	result->stack = stack;
	result->us = us;
}

static void read_find(const char *line, struct linux_result *result)
{
	unsigned int function, bus, device, fn, up;

	if (sscanf(line, "f %u %x %x.%x %u", &function, &bus, &device, &fn, &up) != 5 ||
	    function >= MACHINE_MAX_FUNCTIONS || bus > 255 || device > 31 || fn > 7 ||
	    up > result->nr_finds || result->nr_finds == RESULTS_MAX_FINDS)
		bad_line(line);
	result->finds[result->nr_finds++] = (struct linux_find){
		.function = (uint16_t)function,
		.up = (uint16_t)(up - 1),
		.bus = (uint8_t)bus,
		.devfn = (uint8_t)(device << 3 | fn),
	};
}

static void read_bridge(const char *line, struct linux_result *result)
{
	unsigned int function, primary, secondary, subordinate;

	if (sscanf(line, "b %u %x/%x-%x", &function, &primary, &secondary, &subordinate) != 4 ||
	    function >= MACHINE_MAX_FUNCTIONS || primary > 255 || secondary > 255 ||
	    subordinate > 255)
		bad_line(line);
	result->has_buses[function] = true;
	result->changed[function] = strstr(line, " changed\n");
	result->buses[function] = primary | secondary << 8 | subordinate << 16;
}

static void read_vf(const char *line, struct linux_result *result)
{
	unsigned int function, index, bus, device, fn;

	if (sscanf(line, "v %u %u %x %x.%x", &function, &index, &bus, &device, &fn) != 5 ||
	    function >= MACHINE_MAX_FUNCTIONS || index > 0xffff || bus > 255 || device > 31 ||
	    fn > 7 || result->nr_vfs == RESULTS_MAX_VFS)
		bad_line(line);
	result->vfs[result->nr_vfs++] = (struct linux_vf){
		.function = (uint16_t)function,
		.index = (uint16_t)index,
		.bus = (uint8_t)bus,
		.devfn = (uint8_t)(device << 3 | fn),
	};
}

bool results_read(FILE *in, struct linux_result *result)
{
	bool begun = false;
	unsigned int bus, function;
	char line[256];

	while (fgets(line, sizeof(line), in)) {
		if (!strncmp(line, "result ", 7)) {
			read_begin(line, result);
			begun = true;
		} else if (!begun) {
			bad_line(line);
		} else if (!strcmp(line, "end\n")) {
			return true;
		} else if (line[0] == 'f' && line[1] == ' ') {
			read_find(line, result);
		} else if (line[0] == 'b' && line[1] == ' ') {
			read_bridge(line, result);
		} else if (line[0] == 'v' && line[1] == ' ') {
			read_vf(line, result);
		} else if (sscanf(line, "p %u changed", &function) == 1 &&
			   function < MACHINE_MAX_FUNCTIONS) {
			result->changed[function] = true;
		} else if (sscanf(line, "root %x exists", &bus) == 1 && bus < 256) {
			result->missing[bus] = true;
		} else if (strncmp(line, "bus ", 4)) {
			bad_line(line);
		}
	}
	if (begun) {
		fprintf(stderr, "oracle: results: the last result is incomplete\n");
		exit(2);
	}
	return false;
}
