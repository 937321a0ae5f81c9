/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * files.h - files on the volume that this program was started from.
 */
#ifndef PCIGATE_EFI_FILES_H
#define PCIGATE_EFI_FILES_H

#include "firmware.h"

/* A path on a volume, longest, with its zero. */
#define PATH_SIZE 512u

/**
 * struct file - a file that was read
 * @bytes: its content, in whole pages, with at least one byte behind it
 * @size:  of it
 * @pages: as they were allocated
 */
struct file {
	uint8_t *bytes;
	size_t size;
	size_t pages;
};

/*
 * files_path() - where @name is on the volume: from the root, if it begins so, else from beside the
 * program.
 */
bool files_path(const char *name, CHAR16 path[PATH_SIZE]);

/*
 * files_read() - reads the file @name of 1 to @max bytes. @error says in words what is wrong; the
 * status is an error then and nothing has to be freed.
 */
EFI_STATUS files_read(const char *name, uint64_t max, struct file *file, const char **error);

void files_free(struct file *file);

/*
 * files_write() - makes or replaces the file @name. What could not be written whole is taken away
 * again.
 */
EFI_STATUS files_write(const char *name, const void *bytes, size_t size, const char **error);

#endif
