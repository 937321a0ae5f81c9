/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * initrd.h - finds the record at the end of an initrd (docs/gated-image.md).
 */
#ifndef PCIGATE_IMAGE_INITRD_H
#define PCIGATE_IMAGE_INITRD_H

#include <pcigate/gate.h>

/*
 * initrd_find_record() - if the @size bytes at @initrd end in a record, it becomes the tree of
 * @host. If the record is damaged, @host->damage says so. The address of @initrd is its physical
 * address.
 */
void initrd_find_record(const uint8_t *initrd, uint64_t size, struct pg_host_record *host);

#endif
