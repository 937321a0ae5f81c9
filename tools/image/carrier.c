// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * carrier.c - wraps a kernel image in a gated image, and unwraps it (docs/gated-image.md).
 */
#include "carrier.h"

#include "../../boot/image/head.h"
#include "image.h"
#include "pe.h"

#include <stdlib.h>
#include <string.h>

/* Fields of the setup header that only a gated image changes. */
#define OFFSET_HANDOVER 0x264u
#define OFFSET_KERNEL_INFO 0x268u
#define PROTOCOL_KERNEL_INFO 0x020fu
#define XLF_EFI_HANDOVER (1u << 2 | 1u << 3)

#define PAGE 4096u

/**
 * struct layout - where the parts of a gated image are, from the start of the protected-mode part
 */
struct layout {
	size_t original_size;
	size_t tree;
	size_t stage;
	size_t size;
};

static size_t align_up(size_t value, size_t to)
{
	return (value + to - 1) / to * to;
}

static void put32(uint8_t *at, uint32_t value)
{
	for (unsigned int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

/* The original follows the first page, then the tree; the stage is last, as its .bss follows it. */
static void lay_out(struct layout *layout, const struct carrier_parts *parts, size_t original_size,
		    size_t tree_size)
{
	layout->original_size = original_size;
	layout->tree = align_up(IMAGE_HEAD_SIZE + original_size, 16);
	layout->stage = align_up(layout->tree + tree_size, PAGE);
	layout->size = align_up(layout->stage + parts->stage_size, PAGE);
}

/*
 * The kernel rounds its own address up to its alignment, and uses init_size bytes from there. The
 * stage uses memory behind the file, before the kernel runs. Only the page of the report, behind
 * both, must last until the kernel reads it.
 */
static uint64_t report_offset(const struct kernel_header *header, const struct carrier_parts *parts,
			      const struct layout *layout)
{
	const uint64_t kernel = (uint64_t)IMAGE_HEAD_SIZE + header->alignment + header->init_size;
	const uint64_t own =
		layout->stage +
		image_number(parts->stage + offsetof(struct image_stage, memory_size), 8);

	return align_up(kernel > own ? kernel : own, PAGE);
}

static void fill_head(uint8_t *page, const struct kernel_header *header,
		      const struct carrier_parts *parts, const uint8_t *image,
		      const struct layout *layout, size_t tree_size)
{
	struct image_head *head = (struct image_head *)(void *)(page + IMAGE_HEAD_FIELDS);

	memcpy(page, parts->head, IMAGE_HEAD_SIZE);
	memcpy(head->magic, IMAGE_MAGIC, sizeof(head->magic));
	head->version = IMAGE_VERSION;
	head->stage = (uint32_t)layout->stage;
	head->tree = (uint32_t)layout->tree;
	head->tree_size = (uint32_t)tree_size;
	head->original_size = (uint32_t)layout->original_size;
	head->file_size = (uint32_t)layout->size;
	head->syssize = (uint32_t)image_number(image + KERNEL_OFFSET_SYSSIZE, 4);
	head->xloadflags = (uint32_t)image_number(image + KERNEL_OFFSET_XLOADFLAGS, 2);
	head->payload_offset = (uint32_t)image_number(image + KERNEL_OFFSET_PAYLOAD_OFFSET, 4);
	head->init_size = (uint32_t)image_number(image + KERNEL_OFFSET_INIT_SIZE, 4);
	head->handover_offset = (uint32_t)image_number(image + OFFSET_HANDOVER, 4);
	head->kernel_info_offset = (uint32_t)image_number(image + OFFSET_KERNEL_INFO, 4);
	head->report = (uint32_t)report_offset(header, parts, layout);
	memcpy(head->original_header, image, IMAGE_ORIGINAL_HEADER);
}

static void fill_setup(uint8_t *out, const struct kernel_header *header,
		       const struct carrier_parts *parts, const struct layout *layout)
{
	const uint32_t kernel_info = (uint32_t)image_number(out + OFFSET_KERNEL_INFO, 4);
	const uint32_t payload = (uint32_t)image_number(out + KERNEL_OFFSET_PAYLOAD_OFFSET, 4);
	const uint16_t flags = header->xloadflags & (uint16_t)~XLF_EFI_HANDOVER;

	put32(out + KERNEL_OFFSET_SYSSIZE, (uint32_t)(layout->size / 16));
	put32(out + KERNEL_OFFSET_PAYLOAD_OFFSET, payload + IMAGE_HEAD_SIZE);
	put32(out + KERNEL_OFFSET_INIT_SIZE,
	      (uint32_t)(report_offset(header, parts, layout) + PAGE));
	put32(out + OFFSET_HANDOVER, 0);
	out[KERNEL_OFFSET_XLOADFLAGS] = (uint8_t)flags;
	out[KERNEL_OFFSET_XLOADFLAGS + 1] = (uint8_t)(flags >> 8);
	if (header->protocol >= PROTOCOL_KERNEL_INFO)
		put32(out + OFFSET_KERNEL_INFO, kernel_info + IMAGE_HEAD_SIZE);
}

static bool check(const struct kernel_header *header, const uint8_t *image, size_t size,
		  struct capture_error *error)
{
	struct carrier carrier;

	if (carrier_find(&carrier, header, image, size, error))
		return image_fail(error, "is a gated image already");
	if (error->text[0])
		return false;
	if (!header->relocatable)
		return image_fail(error, "relocatable_kernel is 0: the kernel runs at 0x%llx only",
				  (unsigned long long)header->pref_address);
	if (header->protected_offset < IMAGE_ORIGINAL_HEADER)
		return image_fail(error, "setup_sects is %u, too few for a setup header",
				  header->setup_sects);
	return true;
}

uint8_t *carrier_wrap(const struct carrier_parts *parts, const uint8_t *image, size_t size,
		      const void *tree, size_t tree_size, size_t *out_size,
		      struct capture_error *error)
{
	struct kernel_header header;
	struct layout layout;
	uint8_t *out, *part;

	error->text[0] = 0;
	if (!kernel_header_read(&header, image, size, error) || !check(&header, image, size, error))
		return NULL;
	lay_out(&layout, parts, size - header.protected_offset, tree_size);
	if (report_offset(&header, parts, &layout) + PAGE > UINT32_MAX) {
		image_fail(error,
			   "init_size is 0x%x: with the stage, the image needs more than 4 GiB",
			   header.init_size);
		return NULL;
	}
	*out_size = header.protected_offset + layout.size;
	out = calloc(1, *out_size);
	if (!out) {
		image_fail(error, "not enough memory");
		return NULL;
	}
	memcpy(out, image, header.protected_offset);
	part = out + header.protected_offset;
	fill_head(part, &header, parts, image, &layout, tree_size);
	memcpy(part + IMAGE_HEAD_SIZE, image + header.protected_offset, layout.original_size);
	memcpy(part + layout.tree, tree, tree_size);
	memcpy(part + layout.stage, parts->stage, parts->stage_size);
	fill_setup(out, &header, parts, &layout);
	if (!pe_adapt(out, *out_size, header.protected_offset + IMAGE_EFI_ENTRY, error)) {
		free(out);
		return NULL;
	}
	return out;
}

bool carrier_find(struct carrier *carrier, const struct kernel_header *header, const uint8_t *image,
		  size_t size, struct capture_error *error)
{
	const uint8_t *part = image + header->protected_offset;
	const size_t room = size - header->protected_offset;
	struct image_head head;

	error->text[0] = 0;
	if (room < IMAGE_HEAD_SIZE)
		return false;
	memcpy(&head, part + IMAGE_HEAD_FIELDS, sizeof(head));
	if (memcmp(head.magic, IMAGE_MAGIC, sizeof(head.magic)))
		return false;
	if (head.version != IMAGE_VERSION)
		return image_fail(error, "version of the gated image is %u, not %u", head.version,
				  IMAGE_VERSION);
	if (head.original_size > room - IMAGE_HEAD_SIZE || head.tree > room ||
	    head.tree_size > room - head.tree || head.stage > room || head.file_size > room)
		return image_fail(error,
				  "is truncated: original %u, tree 0x%x + %u, stage 0x%x, file %u "
				  "bytes, but there are %zu",
				  head.original_size, head.tree, head.tree_size, head.stage,
				  head.file_size, room);
	carrier->tree = part + head.tree;
	carrier->tree_size = head.tree_size;
	return true;
}

uint8_t *carrier_unwrap(const uint8_t *image, size_t size, size_t *out_size,
			struct capture_error *error)
{
	struct kernel_header header;
	struct carrier carrier;
	struct image_head head;
	const uint8_t *part;
	uint8_t *out;

	error->text[0] = 0;
	if (!kernel_header_read(&header, image, size, error))
		return NULL;
	if (!carrier_find(&carrier, &header, image, size, error)) {
		if (!error->text[0])
			image_fail(error, "is not a gated image");
		return NULL;
	}
	part = image + header.protected_offset;
	memcpy(&head, part + IMAGE_HEAD_FIELDS, sizeof(head));
	*out_size = header.protected_offset + head.original_size;
	out = malloc(*out_size);
	if (!out) {
		image_fail(error, "not enough memory");
		return NULL;
	}
	memcpy(out, image, header.protected_offset);
	memcpy(out, head.original_header, IMAGE_ORIGINAL_HEADER);
	memcpy(out + header.protected_offset, part + IMAGE_HEAD_SIZE, head.original_size);
	return out;
}
