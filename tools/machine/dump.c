// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * dump.c - the text of lspci -xxx or -xxxx as a machine.
 */
#define _GNU_SOURCE /* memfd_create() */

#include "machine.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Checks @text, writes the checked lines to @file and has libpci read them. */
static bool read_checked(struct machine *machine, const char *text, size_t size, FILE *file,
			 struct capture_error *error)
{
	struct dump_list list;
	char path[32];
	bool good = dump_check(text, size, file, &list, error);

	if (good && (fflush(file) || ferror(file)))
		good = machine_fail(error, "cannot pass it to libpci: %s", strerror(errno));
	/* libpci takes a name, and reads the file from its beginning. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(file));
	if (!good || !libpci_open_dump(machine, path, &list, error)) {
		free(list.functions);
		return false;
	}
	if (!list.extended)
		machine_note(machine, "no function has more than 256 bytes (lspci -xxxx shows "
				      "them): buses that SR-IOV"
				      " reserves are not seen");
	return machine_take(machine, list.functions, list.nr, error);
}

bool machine_of_text(struct machine *machine, const char *text, size_t size,
		     struct capture_error *error)
{
	int fd = memfd_create("dump", MFD_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	bool good;

	*machine = (struct machine){ 0 };
	if (!file) {
		if (fd >= 0)
			close(fd);
		return machine_fail(error, "cannot pass it to libpci: %s", strerror(errno));
	}
	good = read_checked(machine, text, size, file, error);
	fclose(file);
	if (good)
		machine_find_roots(machine, NULL, 0);
	return good;
}

bool machine_of_dump(struct machine *machine, const char *path, struct capture_error *error)
{
	size_t size;
	char *text = capture_fetch(path, &size, error);
	bool good;

	*machine = (struct machine){ 0 };
	if (!text)
		return false;
	good = machine_of_text(machine, text, size, error);
	free(text);
	return good;
}
