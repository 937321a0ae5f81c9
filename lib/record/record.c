// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * record.c - step record: from boot_params to the sorted list of recorded functions.
 */
#include <pcigate/record.h>

/*
 * Compares the PCI record with the two other lists of preserved devices: the files in the sessions,
 * and pcigate's own record. That is read first, as it has the virtual functions. A PCI record
 * without devices is compared as well, because it may be damaged.
 */
static enum pg_reason cross_check(const struct pg_memory *memory, const struct pg_blob *sessions,
				  const struct pg_blob *own, struct pg_record *record,
				  struct pg_finding *finding)
{
	enum pg_reason reason = PG_OK;

	if (own->present)
		reason = pg_record_read_gate_fdt(memory, own, record, finding);
	if (!reason && sessions->present)
		reason = pg_record_check_sessions(memory, sessions, record, &record->copies,
						  finding);
	if (reason)
		return reason;
	if (record->copies.compared > record->files)
		return pg_note_contradiction(finding, PG_RECORD_INCONSISTENT, "luo_flb_ser.count",
					     record->files, record->copies.compared,
					     "vfio-pci files", 0);
	return pg_record_compare(record, finding);
}

enum pg_reason pg_record_read(const struct pg_memory *memory, uint64_t setup_data_pa,
			      struct pg_record *record, struct pg_record_entry *entries,
			      uint32_t capacity, struct pg_finding *finding)
{
	struct pg_blob luo, own, pci = { 0 }, sessions = { 0 };
	enum pg_reason reason;

	pg_record_clear(record);
	record->entries = entries;
	*finding = (struct pg_finding){ .reason = PG_OK };

	reason = pg_record_find_kho(memory, setup_data_pa, &record->kho, finding);
	if (reason || !record->kho.present)
		return reason;

	record->state = PG_RECORD_NO_LUO;
	reason = pg_record_read_kho(memory, &record->kho, record, &luo, &own, finding);
	if (!reason && luo.present) {
		record->state = PG_RECORD_NO_PCI;
		reason = pg_record_read_luo(memory, &luo, record, &pci, &sessions, finding);
	}
	if (!reason && pci.present)
		reason = pg_record_read_pci(memory, &pci, record, entries, capacity, finding);
	if (reason)
		return reason;
	if (record->nr)
		record->state = PG_RECORD_DEVICES;
	return cross_check(memory, &sessions, &own, record, finding);
}
