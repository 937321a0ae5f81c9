// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * stage.c - the stage of the gated image, embedded in the command. tools/module.mk has the paths.
 */
#include "image/carrier.h"

asm(".pushsection .rodata\n"
    "image_head: .incbin \"" PCIGATE_IMAGE_HEAD "\"\n"
    "image_stage: .incbin \"" PCIGATE_IMAGE_STAGE "\"\n"
    "image_stage_end:\n"
    ".popsection\n");
extern const uint8_t image_head[], image_stage[], image_stage_end[];

struct carrier_parts carrier_stage(void)
{
	return (struct carrier_parts){
		.head = image_head,
		.stage = image_stage,
		.stage_size = (size_t)(image_stage_end - image_stage),
	};
}
