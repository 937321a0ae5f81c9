// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * sessions.c - reads Live Update's sessions and files (include/linux/kho/abi/luo.h, luo-v5). They
 * are a second list of the preserved devices, because the file handler of vfio-pci records the
 * address of each device.
 */
#include <pcigate/record.h>

#include "blocks.h"

/* struct luo_session_ser { char name[64]; u64 files; u64 count; }, packed */
#define SESSION_NAME_SIZE 64u
#define SESSION_FILES 64
#define SESSION_COUNT 72
#define SESSION_SIZE 80u

/* struct luo_file_ser { char compatible[48]; u64 data; u64 token; }, packed */
#define FILE_COMPATIBLE_SIZE 48u
#define FILE_DATA 48
#define FILE_SIZE 64u

/*
 * PG_LAYOUT_FILE_PAGE: luo_file_ser.data is the physical address of a page that begins with
 * struct { u32 domain; u16 bdf; }. Linux allocates no page below 64 KiB on x86.
 */
#define PAGE_DOMAIN 0
#define PAGE_BDF 4
#define PAGE_SIZE_READ 6u
#define PAGE_LOWEST 0x10000u

/*
 * Older kernel patches used the same name, with the domain in bits 63..32 of the data, zeros in
 * bits 31..16, and bus, device and function in bits 15..0.
 */
#define OLDER_RESERVED 0xffff0000u

static bool is_terminated(const uint8_t *name, uint32_t size)
{
	return memchr(name, 0, size);
}

static struct pg_bdf bdf_of(uint32_t domain, uint16_t bdf)
{
	return pg_bdf(domain, (uint8_t)(bdf >> 8), (uint8_t)bdf);
}

/*
 * Compares the data of a file with the record. A value that can be the address of a page is never
 * taken for the older layout. Data of neither layout are not compared.
 */
static enum pg_reason check_page(const struct pg_memory *memory, uint64_t data, uint64_t pa,
				 const struct pg_record *record, struct pg_copies *copies,
				 struct pg_finding *finding)
{
	const bool is_page = data % PG_PAGE_SIZE == 0 && data >= PAGE_LOWEST;
	const uint8_t *page = is_page ? pg_memory_map(memory, data, PAGE_SIZE_READ) : NULL;
	struct pg_bdf at;

	if (page)
		at = bdf_of(pg_load32(page + PAGE_DOMAIN), pg_load16(page + PAGE_BDF));
	else if (!(data & OLDER_RESERVED))
		at = bdf_of((uint32_t)(data >> 32), (uint16_t)data);
	else if (is_page)
		return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY, "luo_file_ser.data", data, pa);
	else
		return PG_OK;
	/* The PCI record has no entries for virtual functions. */
	if (!pg_record_entry(record, at) && !pg_record_has_vf(record, at))
		return pg_note_bdf(finding, PG_RECORD_INCONSISTENT,
				   "luo_file_ser: not in the PCI record", at, pa);
	copies->compared++;
	copies->older += !page;
	return PG_OK;
}

static enum pg_reason check_file(const struct pg_memory *memory, const uint8_t *file, uint64_t pa,
				 const struct pg_record *record, struct pg_copies *copies,
				 struct pg_finding *finding)
{
	const struct pg_version *handler;

	if (!is_terminated(file, FILE_COMPATIBLE_SIZE))
		return pg_note_text(finding, PG_RECORD_MALFORMED, "luo_file_ser.compatible",
				    (const char *)file, FILE_COMPATIBLE_SIZE, pa);
	handler = pg_version_find(PG_PART_FILE, file, FILE_COMPATIBLE_SIZE);
	if (!handler || handler->layout != PG_LAYOUT_FILE_PAGE)
		return PG_OK;
	return check_page(memory, pg_load64(file + FILE_DATA), pa + FILE_DATA, record, copies,
			  finding);
}

static enum pg_reason check_files(const struct pg_memory *memory, const uint8_t *session,
				  uint64_t pa, const struct pg_record *record,
				  struct pg_copies *copies, struct pg_finding *finding)
{
	const uint64_t recorded = pg_load64(session + SESSION_COUNT);
	struct pg_blocks blocks;
	enum pg_reason reason;
	uint64_t files = 0, i;
	bool more;

	if (!is_terminated(session, SESSION_NAME_SIZE))
		return pg_note_text(finding, PG_RECORD_MALFORMED, "luo_session_ser.name",
				    (const char *)session, SESSION_NAME_SIZE, pa);
	pg_blocks_begin(&blocks, memory, pg_load64(session + SESSION_FILES), pa + SESSION_FILES,
			"luo_session_ser.files", FILE_SIZE);
	reason = pg_blocks_check(&blocks, finding);
	while (!reason && !(reason = pg_blocks_next(&blocks, &more, finding)) && more) {
		for (i = 0; i < blocks.count && !reason; i++)
			reason = check_file(memory, blocks.entries + i * FILE_SIZE,
					    blocks.entries_pa + i * FILE_SIZE, record, copies,
					    finding);
		files += blocks.count;
	}
	if (!reason && files != recorded)
		return pg_note_contradiction(finding, PG_RECORD_INCONSISTENT,
					     "luo_session_ser.count", recorded, files, "are there",
					     pa + SESSION_COUNT);
	return reason;
}

enum pg_reason pg_record_check_sessions(const struct pg_memory *memory,
					const struct pg_blob *sessions,
					const struct pg_record *record, struct pg_copies *copies,
					struct pg_finding *finding)
{
	struct pg_blocks blocks;
	enum pg_reason reason;
	uint64_t i;
	bool more;

	*copies = (struct pg_copies){ .present = true };
	pg_blocks_begin(&blocks, memory, sessions->pa, 0, "luo_ser.sessions_pa", SESSION_SIZE);
	reason = pg_blocks_check(&blocks, finding);
	while (!reason && !(reason = pg_blocks_next(&blocks, &more, finding)) && more) {
		for (i = 0; i < blocks.count && !reason; i++)
			reason = check_files(memory, blocks.entries + i * SESSION_SIZE,
					     blocks.entries_pa + i * SESSION_SIZE, record, copies,
					     finding);
	}
	return reason;
}
