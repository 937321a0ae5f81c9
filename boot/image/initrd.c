// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * initrd.c - finds the record at the end of an initrd (docs/gated-image.md).
 */
#include "initrd.h"

#include "head.h"

void initrd_find_record(const uint8_t *initrd, uint64_t size, struct pg_host_record *host)
{
	struct image_trailer trailer;

	if (size < sizeof(trailer))
		return;
	size -= sizeof(trailer);
	memcpy(&trailer, initrd + size, sizeof(trailer));
	if (memcmp(trailer.magic, IMAGE_TRAILER_MAGIC, sizeof(trailer.magic)))
		return;
	if (trailer.tree_size > size) {
		pg_note_contradiction(&host->damage, PG_RECORD_MALFORMED,
				      "record in the initrd: size", trailer.tree_size, size,
				      "are there", 0);
		return;
	}
	host->tree = (struct pg_blob){
		.present = true,
		.pa = (uintptr_t)initrd + size - trailer.tree_size,
		.size = trailer.tree_size,
	};
}
