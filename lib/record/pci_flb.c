// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pci_flb.c - reads the PCI core's record: struct pci_ser, and its chain of blocks.
 */
#include <pcigate/record.h>
#include <pcigate/text.h>

#include "blocks.h"

/* struct pci_ser { u32 version; u32 nr_devices; u64 devices; }, packed */
#define SER_VERSION 0
#define SER_NR_DEVICES 4
#define SER_DEVICES 8
#define SER_SIZE 16u
#define SER_ALIGNMENT 8u

/* struct pci_dev_ser { u32 domain; u16 bdf; u16 refcount; }, packed */
#define DEV_DOMAIN 0
#define DEV_BDF 4
#define DEV_REFCOUNT 6
#define DEV_SIZE 8u

struct collection {
	struct pg_record_entry *entries;
	uint32_t capacity;
	uint32_t nr;
};

static enum pg_reason read_entries(const uint8_t *entry, uint64_t entry_pa, uint64_t count,
				   struct collection *found, struct pg_finding *finding)
{
	for (; count; count--, entry += DEV_SIZE, entry_pa += DEV_SIZE) {
		const uint16_t refcount = pg_load16(entry + DEV_REFCOUNT);
		const uint16_t bdf = pg_load16(entry + DEV_BDF);

		if (!refcount)
			continue;
		if (found->nr == found->capacity)
			return pg_note_count(finding, PG_WORKSPACE_FULL,
					     "preserved functions: more than", found->capacity,
					     entry_pa);
		found->entries[found->nr++] = (struct pg_record_entry){
			.at = pg_bdf(pg_load32(entry + DEV_DOMAIN), (uint8_t)(bdf >> 8),
				     (uint8_t)bdf),
			.refcount = refcount,
		};
	}
	return PG_OK;
}

/* Collects the entries of the chain that begins at @first_pa. */
static enum pg_reason read_blocks(const struct pg_memory *memory, uint64_t first_pa,
				  uint64_t ser_pa, struct collection *found,
				  struct pg_finding *finding)
{
	struct pg_blocks blocks;
	enum pg_reason reason;
	bool more;

	pg_blocks_begin(&blocks, memory, first_pa, ser_pa + SER_DEVICES, "pci_ser.devices",
			DEV_SIZE);
	reason = pg_blocks_check(&blocks, finding);
	while (!reason && !(reason = pg_blocks_next(&blocks, &more, finding)) && more)
		reason = read_entries(blocks.entries, blocks.entries_pa, blocks.count, found,
				      finding);
	return reason;
}

/* Shell sort: in place, without recursion, and fast for lists that are nearly in order. */
static void sort_entries(struct pg_record_entry *entries, uint32_t nr)
{
	uint32_t gap, i, j;

	/* 3,280, 1,093, 364, 121, 40, 13, 4, 1 */
	for (gap = 3280; gap; gap /= 3) {
		for (i = gap; i < nr; i++) {
			const uint64_t key = pg_bdf_key(entries[i].at);
			struct pg_record_entry entry;

			if (pg_bdf_key(entries[i - gap].at) <= key)
				continue;
			entry = entries[i];
			for (j = i; j >= gap && pg_bdf_key(entries[j - gap].at) > key; j -= gap)
				entries[j] = entries[j - gap];
			entries[j] = entry;
		}
	}
}

static enum pg_reason check_doubles(const struct pg_record_entry *entries, uint32_t nr,
				    struct pg_finding *finding)
{
	uint32_t i;

	for (i = 1; i < nr; i++) {
		if (pg_bdf_equal(entries[i - 1].at, entries[i].at))
			return pg_note_bdf(finding, PG_RECORD_INCONSISTENT,
					   "pci_dev_ser.bdf: recorded twice", entries[i].at, 0);
	}
	return PG_OK;
}

/* A version that pcigate knows, but that has no layout, makes the next kernel panic. */
static enum pg_reason check_version(uint32_t number, uint64_t pa, struct pg_finding *finding)
{
	const struct pg_version *version;
	char buf[PG_FINDING_TEXT];
	struct pg_text text;

	pg_text_begin(&text, buf, sizeof(buf));
	pg_text_decimal(&text, number);
	version = pg_version_find(PG_PART_PCI, buf, sizeof(buf));
	if (version && version->layout == PG_LAYOUT_PCI_BLOCKS)
		return PG_OK;
	if (version)
		pg_text_string(&text, ", on which the next kernel panics");
	return pg_note_text(finding, PG_RECORD_VERSION, "pci_ser.version", buf, sizeof(buf), pa);
}

enum pg_reason pg_record_read_pci(const struct pg_memory *memory, const struct pg_blob *pci,
				  struct pg_record *record, struct pg_record_entry *entries,
				  uint32_t capacity, struct pg_finding *finding)
{
	struct collection found = { .entries = entries, .capacity = capacity };
	enum pg_reason reason;
	const uint8_t *ser;
	uint32_t version, recorded;
	uint64_t devices;

	if (!pci->pa || pci->pa % SER_ALIGNMENT)
		return pg_note(finding, PG_RECORD_MALFORMED, "luo_flb_ser.data", pci->pa, 0);
	ser = pg_memory_map(memory, pci->pa, SER_SIZE);
	if (!ser)
		return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY, "luo_flb_ser.data", pci->pa, 0);
	version = pg_load32(ser + SER_VERSION);
	reason = check_version(version, pci->pa + SER_VERSION, finding);
	if (reason)
		return reason;
	record->pci_version = version;
	recorded = pg_load32(ser + SER_NR_DEVICES);
	devices = pg_load64(ser + SER_DEVICES);

	reason = read_blocks(memory, devices, pci->pa, &found, finding);
	if (reason)
		return reason;
	if (found.nr != recorded)
		return pg_note_contradiction(finding, PG_RECORD_INCONSISTENT, "pci_ser.nr_devices",
					     recorded, found.nr, "are recorded",
					     pci->pa + SER_NR_DEVICES);
	sort_entries(entries, found.nr);
	reason = check_doubles(entries, found.nr, finding);
	if (reason)
		return reason;
	record->nr = found.nr;
	record->entries = entries;
	return PG_OK;
}

uint32_t pg_record_find(const struct pg_record *record, struct pg_bdf at)
{
	uint32_t low = 0, high = record->nr;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (pg_bdf_key(record->entries[middle].at) < pg_bdf_key(at))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct pg_record_entry *pg_record_entry(const struct pg_record *record, struct pg_bdf at)
{
	const uint32_t i = pg_record_find(record, at);

	if (i == record->nr || !pg_bdf_equal(record->entries[i].at, at))
		return NULL;
	return &record->entries[i];
}
