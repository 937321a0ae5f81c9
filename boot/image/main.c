// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * main.c - the stage in a gated image, from its entry to the common flow.
 */
#include <pcigate/report_data.h>

#include "../x86/acpi.h"
#include "../x86/flow.h"
#include "../x86/paging.h"
#include "head.h"
#include "initrd.h"

/* entry.asm */
extern const uint8_t stage_start[];
extern const uint8_t stage_stack_guard[];
_Noreturn void stage_main(const struct boot_params *params, const uint8_t *head_page);
_Noreturn void stage_leave(void);

/* Finds the record at the end of the initrd. */
static void find_trailer(const struct boot_params *params, struct pg_host_record *host)
{
	const uint64_t pa = (uint64_t)params->ramdisk_high << 32 | params->ramdisk_low;
	const uint64_t size = (uint64_t)params->ramdisk_size_high << 32 | params->ramdisk_size_low;

	if (size && paging_is_mapped(pa, size))
		initrd_find_record((const uint8_t *)(uintptr_t)pa, size, host);
}

/*
 * Reads what is known about the next kernel from the image's own tree, also if the record is
 * elsewhere. The pipeline begins after that, so its record is free.
 */
static void find_next_kernel(struct flow *stage, struct pg_host_record *host,
			     struct pg_next_kernel *next)
{
	struct pg_record *record = &stage->gate.record;

	if (!host->tree.present || host->damage.reason)
		return;
	host->tree.checked =
		!pg_record_read_gate_fdt(&stage->memory, &host->tree, record, &host->damage);
	if (host->tree.checked)
		pg_next_kernel_find(&record->own, next, &host->damage);
}

/*
 * True if the purgatory has judged what this stage would judge. The purgatory does not know the
 * next kernel's built-in command line, nor which versions of the record that kernel reads.
 */
static bool is_judged(const struct image_head *head, const struct pg_next_kernel *next,
		      struct pg_record *record)
{
	struct pg_finding finding;

	if (!(head->flags & IMAGE_JUDGED) || (next->cmdline && next->cmdline[0]))
		return false;
	pg_version_copy(pg_version_usual(PG_PART_KHO), record->kho_version);
	pg_version_copy(pg_version_usual(PG_PART_LUO), record->luo_version);
	record->pci_version = PG_PCI_VERSION;
	return pg_next_kernel_check(next, record, &finding) == PG_OK;
}

static uint64_t find_window(uint32_t segment, uint8_t bus)
{
	uint8_t first = 0, last = 255;

	/* Mapping the tables needs free page tables. */
	paging_flush();
	return acpi_window(flow()->params, segment, bus, &first, &last);
}

_Noreturn void stage_main(const struct boot_params *params, const uint8_t *head_page)
{
	static struct pg_next_kernel next;
	const struct image_head *head = (const struct image_head *)(head_page + IMAGE_HEAD_FIELDS);
	struct flow *stage = flow();
	struct pg_host_record host = {
		.handover = { .memory = &stage->memory },
		.tree = { .present = head->tree_size,
			  .pa = (uintptr_t)head_page + head->tree,
			  .size = head->tree_size },
		.window = find_window,
	};
	const struct pg_source source = { .read = pg_read_host, .ctx = &host };

	stage->leave = stage_leave;
	stage->base = stage_start;
	stage->base_name = "stage_start";
	flow_begin(stage_stack_guard);

	if (!paging_is_mapped((uintptr_t)params, sizeof(*params)))
		flow_damaged("the loader's zero page is not mapped");
	stage->report = (void *)((uintptr_t)head_page + head->report);
	if (!paging_is_mapped((uintptr_t)stage->report,
			      sizeof(struct pg_report_data) + PG_REPORT_SIZE))
		flow_damaged("the memory of the report is not mapped");
	flow_trust(params);
	host.handover.setup_data_pa = params->setup_data;
	find_next_kernel(stage, &host, &next);
	if (!host.damage.reason && is_judged(head, &next, &stage->gate.record))
		flow_open();
	find_trailer(params, &host);
	flow_run(&source, &next);
}
