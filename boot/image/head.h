/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * head.h - the first page of a gated image's protected-mode part. docs/gated-image.md describes the
 * whole file.
 */
#ifndef PCIGATE_IMAGE_HEAD_H
#define PCIGATE_IMAGE_HEAD_H

#include <stddef.h>
#include <stdint.h>

#define IMAGE_HEAD_SIZE 4096u
#define IMAGE_HEAD_FIELDS 0x300u /* offset of struct image_head */
#define IMAGE_ENTRY_64 0x200u	 /* offset of the 64-bit entry */
#define IMAGE_EFI_ENTRY 0x2c0u	 /* offset of the entry of the EFI application */
#define IMAGE_MAGIC "pcigate"	 /* eight bytes with the zero at the end */
#define IMAGE_VERSION 1u
#define IMAGE_ORIGINAL_HEADER 1024u /* the original's boot sector and setup header */

/* image_head.flags: a purgatory has already judged, so the stage enters the original at once. */
#define IMAGE_JUDGED 1u

/**
 * struct image_head - the fields that `pcigate wrap` writes into the first page
 * @magic:           IMAGE_MAGIC
 * @version:         IMAGE_VERSION
 * @flags:           IMAGE_JUDGED: the purgatory has judged the record of the outgoing kernel
 * @stage:           offset of the stage
 * @tree:            offset of the tree, a multiple of 8
 * @tree_size:       its size in bytes
 * @original_size:   bytes of the original from its protected-mode part to its end; they begin after
 * this page
 * @file_size:       bytes from the beginning of this page to the end of the stage
 * @syssize:         and the next members: values of the original's setup header that differ in the
 * gated image, to be restored before the original kernel runs
 *                   (Documentation/arch/x86/boot.rst)
 * @xloadflags:      16 bits of the header
 * @payload_offset:  from the beginning of the protected-mode part
 * @init_size:       bytes of memory that the kernel needs
 * @handover_offset: entry of the EFI handover protocol
 * @kernel_info_offset: from the beginning of the protected-mode part
 * @report:          offset of the page for the report. The kernel uses the memory before it
 * @original_header: first bytes of the original file
 *
 * Offsets are in bytes and count from the beginning of this page. Numbers are little-endian.
 */
struct image_head {
	char magic[8];
	uint32_t version;
	uint32_t flags;
	uint32_t stage;
	uint32_t tree;
	uint32_t tree_size;
	uint32_t original_size;
	uint32_t file_size;
	uint32_t syssize;
	uint32_t xloadflags;
	uint32_t payload_offset;
	uint32_t init_size;
	uint32_t handover_offset;
	uint32_t kernel_info_offset;
	uint32_t report;
	uint8_t original_header[IMAGE_ORIGINAL_HEADER];
};

_Static_assert(offsetof(struct image_head, stage) == 16, "boot/image/layout.inc");
_Static_assert(offsetof(struct image_head, syssize) == 36, "boot/image/layout.inc");
_Static_assert(offsetof(struct image_head, kernel_info_offset) == 56, "boot/image/layout.inc");
_Static_assert(IMAGE_HEAD_FIELDS + sizeof(struct image_head) <= IMAGE_HEAD_SIZE, "one page");

/*
 * The last bytes of an initrd with a record, whose tree is before them. Used for an image that is
 * signed ahead (docs/gated-image.md).
 */
#define IMAGE_TRAILER_MAGIC "#pcigate" /* without the zero at the end */

struct image_trailer {
	uint32_t tree_size; /* bytes, a multiple of 8 */
	uint32_t report;
	char magic[8];
};

/* The first bytes of the stage: a jump, and the size of memory for `pcigate wrap`. */
struct image_stage {
	uint8_t jump[8];
	uint64_t memory_size; /* bytes of memory from its beginning on, .bss included */
};

#endif
