/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * carrier.h - the gated image: an ordinary kernel image that carries the stage
 * (docs/gated-image.md).
 */
#ifndef PCIGATE_CARRIER_H
#define PCIGATE_CARRIER_H

#include "kernel_image.h"

/**
 * struct carrier_parts - what boot/image/ is built to
 * @head:       the first page, IMAGE_HEAD_SIZE bytes
 * @stage:      the stage, which begins with a struct image_stage
 * @stage_size: its bytes
 */
struct carrier_parts {
	const uint8_t *head;
	const uint8_t *stage;
	size_t stage_size;
};

/* carrier_stage() - the parts that are embedded in the command (tools/stage.c). */
struct carrier_parts carrier_stage(void);

/**
 * struct carrier - a gated image, as it was found in a file
 * @tree:      its tree (docs/kho-fdt.md), inside the image
 * @tree_size: bytes
 */
struct carrier {
	const uint8_t *tree;
	size_t tree_size;
};

/*
 * carrier_find() - whether the @size bytes at @image are a gated image with the header @header.
 * False, with @error empty, if they are not; false with a message if one is damaged.
 */
bool carrier_find(struct carrier *carrier, const struct kernel_header *header, const uint8_t *image,
		  size_t size, struct capture_error *error);

/*
 * carrier_wrap() - makes a gated image of the kernel image of @size bytes at @image. @tree is the
 * tree that it is to carry. Returns *@out_size bytes for the caller to free; NULL with @error
 * filled if the image cannot be wrapped.
 */
uint8_t *carrier_wrap(const struct carrier_parts *parts, const uint8_t *image, size_t size,
		      const void *tree, size_t tree_size, size_t *out_size,
		      struct capture_error *error);

/* carrier_unwrap() - the original of a gated image, byte for byte. As carrier_wrap(). */
uint8_t *carrier_unwrap(const uint8_t *image, size_t size, size_t *out_size,
			struct capture_error *error);

#endif
