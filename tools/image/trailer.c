// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * trailer.c - a record at the end of an initrd (docs/gated-image.md).
 *
 * The record is the last file of a cpio archive (Documentation/driver-api/early-userspace/
 * buffer-format.rst of Linux, "newc"), without an end of the archive, so that its last bytes are
 * those of the initrd. Linux unpacks such an archive without a complaint.
 */
#include "trailer.h"

#include "../../boot/image/head.h"
#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With its zero it fills the header of 110 bytes up to a multiple of 8. */
#define NAME "./pcigate-own.dtb"
#define HEADER_SIZE 110u
#define FILE_MODE 0100400u

_Static_assert((HEADER_SIZE + sizeof(NAME)) % 8 == 0, "libfdt takes trees at a multiple of 8");

uint8_t *trailer_make(uint64_t initrd_size, const void *tree, size_t tree_size, size_t *size)
{
	const size_t padding = (size_t)(-initrd_size & 7), content = (tree_size + 7) & ~(size_t)7;
	const size_t file = content + sizeof(struct image_trailer);
	struct image_trailer trailer = { .tree_size = (uint32_t)content };
	uint8_t *out, *at;

	*size = padding + HEADER_SIZE + sizeof(NAME) + file;
	out = calloc(1, *size + 1);
	if (!out)
		return NULL;
	at = out + padding;
	/* ino, mode, uid, gid, nlink, mtime, filesize, two device numbers, namesize, check */
	snprintf((char *)at, HEADER_SIZE + 1,
		 "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 1u, FILE_MODE, 0u,
		 0u, 1u, 0u, (unsigned int)file, 0u, 0u, 0u, 0u, (unsigned int)sizeof(NAME), 0u);
	at += HEADER_SIZE;
	memcpy(at, NAME, sizeof(NAME));
	at += sizeof(NAME);
	memcpy(at, tree, tree_size);
	memcpy(trailer.magic, IMAGE_TRAILER_MAGIC, sizeof(trailer.magic));
	memcpy(at + content, &trailer, sizeof(trailer));
	return out;
}
