// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * main.c - the stage as a kexec purgatory: reads the loader's data, and checks the digest.
 */
#include <string.h>

#include "../image/head.h"
#include "../x86/flow.h"
#include "../x86/paging.h"
#include "loader.h"

/* entry.asm */
extern const uint8_t purgatory_start[];
extern const uint8_t stage_stack_guard[];
_Noreturn void stage_main(uint64_t return_address);
_Noreturn void stage_leave(const struct stage_registers *registers);

static struct loader_image image;

/*
 * If the next kernel is a gated image, sets IMAGE_JUDGED, so that its stage does not judge the same
 * devices again. The stage would read another record if the outgoing kernel has not written
 * pcigate's own record. It relies on the usual versions of the record (is_judged() in
 * boot/image/main.c).
 */
static void mark_gated_image(void)
{
	const uint64_t page = image.registers.rip - IMAGE_ENTRY_64;
	struct image_head *head = (struct image_head *)(uintptr_t)(page + IMAGE_HEAD_FIELDS);
	const struct pg_record *record = &flow()->gate.record;

	if (record->state == PG_RECORD_DEVICES && record->own.present &&
	    !strcmp(record->kho_version, pg_version_usual(PG_PART_KHO)->name) &&
	    !strcmp(record->luo_version, pg_version_usual(PG_PART_LUO)->name) &&
	    record->pci_version == PG_PCI_VERSION && paging_is_mapped(page, IMAGE_HEAD_SIZE) &&
	    !memcmp(head->magic, IMAGE_MAGIC, sizeof(head->magic)))
		head->flags |= IMAGE_JUDGED;
}

static _Noreturn void leave(void)
{
	mark_gated_image();
	stage_leave(&image.registers);
}

_Noreturn void stage_main(uint64_t return_address)
{
	struct flow *stage = flow();
	struct pg_handover handover = { .memory = &stage->memory };
	const struct pg_source source = { .read = pg_read_handover, .ctx = &handover };

	/* After a kexec jump back, the purgatory may be entered a second time. */
	memset(stage, 0, offsetof(struct flow, gate));
	stage->leave = leave;
	stage->base = purgatory_start;
	stage->base_name = "purgatory_start";
	flow_begin(stage_stack_guard);

	if (!loader_read(&image))
		flow_damaged("no loader filled in entry64_regs");
	if (!loader_digest_matches())
		flow_damaged("the image has a wrong SHA-256 digest");
	flow_trust(image.params);
	loader_finish(return_address);

	stage->crash = image.crash;
	stage->reset_vga = image.reset_vga;
	stage->serial_port = image.serial_port;
	stage->serial_baud = image.serial_baud;
	handover.setup_data_pa = image.params->setup_data;
	flow_run(&source, NULL);
}
