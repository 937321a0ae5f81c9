// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * record.c - first room: from boot_params to the sorted list of recorded functions.
 */
#include <pcigate/record.h>

enum pg_reason pg_record_read(const struct pg_memory *memory, uint64_t setup_data_pa, struct pg_record *record,
			      struct pg_record_entry *entries, uint32_t capacity, struct pg_finding *finding)
{
	struct pg_kho_location kho;
	struct pg_blob luo, own, pci;
	enum pg_reason reason;

	*record = (struct pg_record){ .state = PG_RECORD_NO_KHO, .entries = entries };
	*finding = (struct pg_finding){ .reason = PG_OK };

	reason = pg_record_find_kho(memory, setup_data_pa, &kho, finding);
	if (reason || !kho.present)
		return reason;

	record->state = PG_RECORD_NO_LUO;
	reason = pg_record_read_kho(memory, &kho, record, &luo, &own, finding);
	if (reason || !luo.present)
		return reason;

	record->state = PG_RECORD_NO_PCI;
	reason = pg_record_read_luo(memory, &luo, record, &pci, finding);
	if (reason || !pci.present)
		return reason;

	reason = pg_record_read_pci(memory, &pci, record, entries, capacity, finding);
	if (reason || !record->nr)
		return reason;

	record->state = PG_RECORD_DEVICES;
	if (own.present)
		reason = pg_record_read_gate_fdt(memory, &own, record, finding);
	if (!reason)
		reason = pg_record_compare(record, finding);
	return reason;
}
