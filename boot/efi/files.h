/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * files.h - files on the volume of this program.
 */
#ifndef PCIGATE_EFI_FILES_H
#define PCIGATE_EFI_FILES_H

#include "firmware.h"

/* Size of a path on a volume, with its terminating zero. */
#define PATH_SIZE 512u

/**
 * struct file - a file that was read
 * @bytes: its contents, in whole pages, with at least one free byte after them
 * @size:  size of the file in bytes
 * @pages: number of allocated pages
 */
struct file {
	uint8_t *bytes;
	size_t size;
	size_t pages;
};

/*
 * files_path() - the path of the file @name. A name without a leading slash is relative to the
 * directory of the program. False if the path is too long.
 */
bool files_path(const char *name, CHAR16 path[PATH_SIZE]);

/*
 * files_read() - reads the file @name, which has 1 to @max bytes. On error, @error has the message,
 * and nothing must be freed.
 */
EFI_STATUS files_read(const char *name, uint64_t max, struct file *file, const char **error);

void files_free(struct file *file);

/*
 * files_write() - creates or replaces the file @name. If it cannot be written completely, it is
 * deleted.
 */
EFI_STATUS files_write(const char *name, const void *bytes, size_t size, const char **error);

#endif
