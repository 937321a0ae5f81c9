// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * luo.c - reads the Live Update Orchestrator's record up to the FLB "pci"
 * (include/linux/kho/abi/luo.h).
 */
#include <pcigate/record.h>
#include <pcigate/text.h>

#include "name.h"

/*
 * struct luo_ser { char compatible[]; u64 liveupdate_num; u64 sessions_pa; u64 flbs_pa; }, packed.
 * `compatible` is as long as its string, rounded up to 8. The offsets are those behind it.
 */
#define SER_LIVEUPDATE_NUM 0
#define SER_SESSIONS 8
#define SER_FLBS 16
#define SER_FIELDS_SIZE 24u
#define SER_SIZE_MIN (8 + SER_FIELDS_SIZE)

_Static_assert(PG_VERSION_TEXT <= SER_SIZE_MIN, "one read covers every version");

/*
 * A draft of struct luo_ser begins with a header instead of the string:
 * struct { u64 supported, required, active, reserved[13]; }.
 */
#define FEATURES_SUPPORTED 0
#define FEATURES_REQUIRED 8
#define FEATURES_ACTIVE 16
#define FEATURES_RESERVED 24
#define FEATURES_SIZE 128u

/* struct luo_flb_header_ser */
#define FLB_HEADER_PGCNT 0
#define FLB_HEADER_COUNT 8
#define FLB_HEADER_SIZE 16u

/* struct luo_flb_ser */
#define FLB_NAME_SIZE 48u
#define FLB_DATA 48
#define FLB_COUNT 56
#define FLB_SIZE 64u

/*
 * The kernel writes one page (LUO_FLB_PGCNT in kernel/liveupdate/luo_flb.c). More pages are
 * accepted, up to this limit.
 */
#define FLB_PAGES_MAX 256u

/* kho_alloc_preserve() allocates these structures, in whole pages. */
#define LUO_ALIGNMENT PG_PAGE_SIZE

#define PCI_FLB_NAME "pci"

/* Any "pci-..." is taken for another version of it. */
#define PCI_FLB_OTHER_VERSION "pci-"

static bool name_is(const char *name, const char *wanted)
{
	const size_t len = strlen(wanted);

	return !memcmp(name, wanted, len + 1);
}

/* The kernel's names are printable ASCII without spaces. The name of an unused slot is empty. */
static bool is_a_name(const char *name)
{
	size_t i;

	for (i = 0; i < FLB_NAME_SIZE && name[i]; i++) {
		if (name[i] <= ' ' || name[i] > '~')
			return false;
	}
	return i < FLB_NAME_SIZE;
}

static bool name_begins(const char *name, const char *wanted)
{
	return !memcmp(name, wanted, strlen(wanted));
}

static enum pg_reason read_flb(const uint8_t *flb, uint64_t flb_pa, struct pg_record *record,
			       struct pg_blob *pci, struct pg_finding *finding)
{
	const struct pg_version *version = pg_version_find(PG_PART_FLB, flb, FLB_NAME_SIZE);
	const char *name = (const char *)flb;

	if (!is_a_name(name) || pg_name_is_damaged(name, PCI_FLB_NAME))
		return pg_note_text(finding, PG_RECORD_MALFORMED, "luo_flb_ser.name", name,
				    FLB_NAME_SIZE, flb_pa);
	if (name_begins(name, PCI_FLB_OTHER_VERSION) && !(version && version->layout))
		return pg_note_text(finding, PG_RECORD_VERSION, "luo_flb_ser.name", name,
				    FLB_NAME_SIZE, flb_pa);
	if (!version || version->layout != PG_LAYOUT_PCI_SER)
		return PG_OK;
	if (pci->present)
		return pg_note_text(finding, PG_RECORD_INCONSISTENT, "luo_flb_ser.name: second",
				    name, FLB_NAME_SIZE, flb_pa);

	pci->present = true;
	pci->pa = pg_load64(flb + FLB_DATA);
	record->files = pg_load64(flb + FLB_COUNT);
	if (!record->files)
		return pg_note_count(finding, PG_RECORD_MALFORMED, "luo_flb_ser.count",
				     record->files, flb_pa + FLB_COUNT);
	return PG_OK;
}

/*
 * The slots after the last entry, up to the end of the first page, are free. If one of them has the
 * name "pci", the count is too low, and Linux would find no preserved device.
 */
static enum pg_reason check_rest(const struct pg_memory *memory, uint64_t flbs_pa, uint64_t count,
				 struct pg_finding *finding)
{
	const char *page = pg_memory_map(memory, flbs_pa, PG_PAGE_SIZE);
	uint64_t i;

	for (i = count; page && i < (PG_PAGE_SIZE - FLB_HEADER_SIZE) / FLB_SIZE; i++) {
		if (name_is(page + FLB_HEADER_SIZE + i * FLB_SIZE, PCI_FLB_NAME))
			return pg_note_contradiction(finding, PG_RECORD_INCONSISTENT,
						     "luo_flb_header_ser.count", count, i + 1,
						     "are there", flbs_pa + FLB_HEADER_COUNT);
	}
	return PG_OK;
}

static enum pg_reason read_flbs(const struct pg_memory *memory, uint64_t flbs_pa,
				struct pg_record *record, struct pg_blob *pci,
				struct pg_finding *finding)
{
	const uint8_t *header, *flbs;
	uint64_t pages, count, i;
	enum pg_reason reason;

	if (!flbs_pa || flbs_pa % LUO_ALIGNMENT)
		return pg_note(finding, PG_RECORD_MALFORMED, "luo_ser.flbs_pa", flbs_pa, 0);
	header = pg_memory_map(memory, flbs_pa, FLB_HEADER_SIZE);
	if (!header)
		return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY, "luo_ser.flbs_pa", flbs_pa, 0);
	pages = pg_load64(header + FLB_HEADER_PGCNT);
	count = pg_load64(header + FLB_HEADER_COUNT);
	if (!pages || pages > FLB_PAGES_MAX)
		return pg_note_count(finding, PG_RECORD_MALFORMED, "luo_flb_header_ser.pgcnt",
				     pages, flbs_pa);
	if (count > (pages * PG_PAGE_SIZE - FLB_HEADER_SIZE) / FLB_SIZE)
		return pg_note_count(finding, PG_RECORD_MALFORMED, "luo_flb_header_ser.count",
				     count, flbs_pa + FLB_HEADER_COUNT);
	flbs = count ? pg_memory_map(memory, flbs_pa + FLB_HEADER_SIZE, count * FLB_SIZE) : NULL;
	if (count && !flbs)
		return pg_note_count(finding, PG_RECORD_OUTSIDE_MEMORY, "luo_flb_header_ser.count",
				     count, flbs_pa + FLB_HEADER_COUNT);

	reason = check_rest(memory, flbs_pa, count, finding);
	for (i = 0; i < count && !reason; i++) {
		const uint64_t at = flbs_pa + FLB_HEADER_SIZE + i * FLB_SIZE;

		reason = read_flb(flbs + i * FLB_SIZE, at, record, pci, finding);
	}
	return reason;
}

/* Names the version that pcigate does not know. @head has the smallest size of the structure. */
static enum pg_reason note_version(const struct pg_memory *memory, const struct pg_blob *luo,
				   const uint8_t *head, struct pg_finding *finding)
{
	const uint8_t *features =
		luo->size < FEATURES_SIZE ? NULL : pg_memory_map(memory, luo->pa, FEATURES_SIZE);
	uint64_t supported, required, others = 0;
	char buf[PG_FINDING_TEXT];
	struct pg_text text;
	uint32_t i;

	for (i = FEATURES_RESERVED; features && i < FEATURES_SIZE; i += 8)
		others |= pg_load64(features + i);
	supported = features ? pg_load64(features + FEATURES_SUPPORTED) : 0;
	required = features ? pg_load64(features + FEATURES_REQUIRED) : 0;
	if (features)
		others |= (required | pg_load64(features + FEATURES_ACTIVE)) & ~supported;
	if (!supported || others)
		return pg_note_text(finding, PG_RECORD_VERSION, "luo_ser.compatible",
				    (const char *)head, SER_SIZE_MIN, luo->pa);
	pg_text_begin(&text, buf, sizeof(buf));
	pg_text_string(&text, "0x");
	pg_text_hex(&text, supported, 1);
	pg_text_string(&text, ", required 0x");
	pg_text_hex(&text, required, 1);
	return pg_note_text(finding, PG_RECORD_VERSION, "luo_ser: binary feature header", buf,
			    sizeof(buf), luo->pa);
}

enum pg_reason pg_record_read_luo(const struct pg_memory *memory, const struct pg_blob *luo,
				  struct pg_record *record, struct pg_blob *pci,
				  struct pg_blob *sessions, struct pg_finding *finding)
{
	const struct pg_version *version;
	const uint8_t *ser, *fields;
	size_t padded;

	*pci = *sessions = (struct pg_blob){ 0 };
	if (!luo->pa || luo->pa % LUO_ALIGNMENT)
		return pg_note(finding, PG_RECORD_MALFORMED, "KHO FDT LUO/preserved-data", luo->pa,
			       0);
	if (luo->size < SER_SIZE_MIN)
		return pg_note(finding, PG_RECORD_MALFORMED, "KHO FDT LUO/blob-size", luo->size, 0);
	ser = pg_memory_map(memory, luo->pa, SER_SIZE_MIN);
	if (!ser)
		return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY, "KHO FDT LUO/preserved-data",
			       luo->pa, 0);
	/* The kernel compares up to the terminating zero, too. The rest of the field is padding. */
	version = pg_version_find(PG_PART_LUO, ser, SER_SIZE_MIN);
	if (!version || version->layout != PG_LAYOUT_LUO_ADDRESSES)
		return note_version(memory, luo, ser, finding);
	padded = (strlen(version->name) + 8) & ~(size_t)7;
	if (luo->size - padded < SER_FIELDS_SIZE)
		return pg_note(finding, PG_RECORD_MALFORMED, "KHO FDT LUO/blob-size", luo->size, 0);
	fields = pg_memory_map(memory, luo->pa + padded, SER_FIELDS_SIZE);
	if (!fields)
		return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY, "KHO FDT LUO/preserved-data",
			       luo->pa, 0);
	pg_version_copy(version, record->luo_version);
	sessions->pa = pg_load64(fields + SER_SESSIONS);
	sessions->present = sessions->pa;
	record->liveupdate = pg_load64(fields + SER_LIVEUPDATE_NUM);

	return read_flbs(memory, pg_load64(fields + SER_FLBS), record, pci, finding);
}
