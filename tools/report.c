// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * report.c - reads the stage's report. Linux shows each struct setup_data that it received as a
 * directory with the files type and data (arch/x86/kernel/ksysfs.c).
 */
#include "report.h"

#include <pcigate/report_data.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "input.h"

#define DIRECTORY "/sys/kernel/boot_params/setup_data"
/* "0x", 8 digits, line feed */
#define TYPE_SIZE 16

/* Reads a file of the node @name. */
static char *read_file(const char *name, const char *file, size_t max)
{
	struct capture_error error = { "" };
	char path[sizeof(DIRECTORY) + 300], *text;
	size_t size;

	snprintf(path, sizeof(path), DIRECTORY "/%s/%s", name, file);
	text = input_read(path, max, &size, &error);
	if (!text)
		complain("%s: %s", path, error.text);
	return text;
}

static int try_node(const char *name, char **text)
{
	char *type = read_file(name, "type", TYPE_SIZE);
	int status = type ? 0 : STATUS_TROUBLE;

	if (type && strtoul(type, NULL, 16) == PG_REPORT_TYPE) {
		*text = read_file(name, "data", PG_REPORT_SIZE);
		status = *text ? 0 : STATUS_TROUBLE;
	}
	free(type);
	return status;
}

int report_fetch(char **text)
{
	DIR *directory = opendir(DIRECTORY);
	struct dirent *entry;
	int status = 0;

	*text = NULL;
	while (directory && !status && !*text && (entry = readdir(directory))) {
		if (entry->d_name[0] != '.')
			status = try_node(entry->d_name, text);
	}
	if (directory)
		closedir(directory);
	return status;
}

void report_print(const char *text)
{
	while (*text) {
		const size_t len = strcspn(text, "\n");
		char line[PG_LINE_SIZE];

		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		put_text(stdout, line);
		putchar('\n');
		text += len + (text[len] == '\n');
	}
}
