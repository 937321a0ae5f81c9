// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * main.c - the stage in a gated image, from its entry to the common flow.
 */
#include <string.h>

#include "../x86/flow.h"
#include "../x86/paging.h"
#include "head.h"

/* entry.asm */
extern const uint8_t stage_start[];
extern const uint8_t stage_stack_guard[];
_Noreturn void stage_main(const struct boot_params *params, const uint8_t *head_page);
_Noreturn void stage_leave(void);

/* Finds the record at the end of the initrd. */
static bool find_trailer(const struct boot_params *params, struct pg_blob *tree)
{
	const uint64_t pa = (uint64_t)params->ramdisk_high << 32 | params->ramdisk_low;
	const uint64_t size = (uint64_t)params->ramdisk_size_high << 32 | params->ramdisk_size_low;
	const struct image_trailer *trailer;

	if (size < sizeof(*trailer) || !paging_is_mapped(pa, size))
		return false;
	trailer = (const struct image_trailer *)(uintptr_t)(pa + size - sizeof(*trailer));
	if (memcmp(trailer->magic, IMAGE_TRAILER_MAGIC, sizeof(trailer->magic)))
		return false;
	*tree = (struct pg_blob){
		.present = true,
		.pa = (uintptr_t)trailer - trailer->tree_size,
		.size = trailer->tree_size,
	};
	return true;
}

_Noreturn void stage_main(const struct boot_params *params, const uint8_t *head_page)
{
	const struct image_head *head = (const struct image_head *)(head_page + IMAGE_HEAD_FIELDS);
	struct flow *stage = flow();
	struct pg_host_record host = {
		.handover = { .memory = &stage->memory },
		.tree = { .pa = (uintptr_t)head_page + head->tree, .size = head->tree_size },
	};
	const struct pg_source source = { .read = pg_read_host, .ctx = &host };

	if (head->flags & IMAGE_JUDGED)
		stage_leave();
	stage->leave = stage_leave;
	stage->base = stage_start;
	stage->base_name = "stage_start";
	flow_begin(stage_stack_guard);

	if (!paging_is_mapped((uintptr_t)params, sizeof(*params)))
		flow_damaged("the loader's zero page is not mapped");
	flow_trust(params);
	host.handover.setup_data_pa = params->setup_data;
	if (!find_trailer(params, &host.tree))
		host.tree.present = head->tree_size;
	flow_run(&source);
}
