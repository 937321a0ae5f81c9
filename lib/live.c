// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * live.c - reads the record of a running kernel, before the handoff.
 *
 * Only the PCI core's record and pcigate's own are read: they are always up to date. LUO writes the
 * FLB array and the sessions later; the stage checks them. A separate file, because the stage does
 * not need it.
 */
#include <pcigate/gate.h>

static enum pg_reason check_version(const char *field, const char *version, enum pg_part part,
				    char *copy, struct pg_finding *finding)
{
	const size_t size = strlen(version) + 1;
	const struct pg_version *known = pg_version_find(part, version, size);

	if (!known)
		return pg_note_text(finding, PG_RECORD_VERSION, field, version, size, 0);
	pg_version_copy(known, copy);
	return PG_OK;
}

enum pg_reason pg_record_read_live(const struct pg_live *live, struct pg_record *record,
				   struct pg_record_entry *entries, uint32_t capacity,
				   struct pg_finding *finding)
{
	enum pg_reason reason;

	pg_record_clear(record);
	record->state = PG_RECORD_NO_PCI;
	record->entries = entries;
	*finding = (struct pg_finding){ .reason = PG_OK };

	reason = check_version("KHO FDT compatible", live->kho_version, PG_PART_KHO,
			       record->kho_version, finding);
	if (!reason)
		reason = check_version("luo_ser.compatible", live->luo_version, PG_PART_LUO,
				       record->luo_version, finding);
	if (!reason && live->pci.present)
		reason = pg_record_read_pci(live->memory, &live->pci, record, entries, capacity,
					    finding);
	if (reason)
		return reason;
	if (record->nr)
		record->state = PG_RECORD_DEVICES;
	if (live->own.present)
		reason = pg_record_read_gate_fdt(live->memory, &live->own, record, finding);
	return reason ? reason : pg_record_compare(record, finding);
}
