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
 * There are two layouts of luo_file_ser.data under this name. In the kernel patch
 * (include/linux/kho/abi/vfio_pci.h) the field has the domain in bits 63..32, zeros in bits 31..16,
 * and bus, device and function in bits 15..0. Upstream, the field is the physical address of a page
 * that begins with struct { u32 domain; u16 bdf; }. Other layouts and handlers are not compared.
 */
#define VFIO_PCI_HANDLER "vfio-pci-v1"
#define VFIO_PCI_RESERVED 0xffff0000u
#define VFIO_PCI_DOMAIN 0
#define VFIO_PCI_BDF 4
#define VFIO_PCI_SIZE 6u

static bool is_terminated(const uint8_t *name, uint32_t size)
{
	return memchr(name, 0, size);
}

static enum pg_reason check_file(const struct pg_memory *memory, const uint8_t *file, uint64_t pa,
				 const struct pg_record *record, uint32_t *devices,
				 struct pg_finding *finding)
{
	const uint8_t *page;
	uint64_t data;
	struct pg_bdf at;
	bool known;

	if (!is_terminated(file, FILE_COMPATIBLE_SIZE))
		return pg_note_text(finding, PG_RECORD_MALFORMED, "luo_file_ser.compatible",
				    (const char *)file, FILE_COMPATIBLE_SIZE, pa);
	if (memcmp(file, VFIO_PCI_HANDLER, sizeof(VFIO_PCI_HANDLER)))
		return PG_OK;
	data = pg_load64(file + FILE_DATA);
	at = pg_bdf((uint32_t)(data >> 32), (uint8_t)(data >> 8), (uint8_t)data);
	known = !(data & VFIO_PCI_RESERVED);
	page = data && data % PG_PAGE_SIZE == 0 ? pg_memory_map(memory, data, VFIO_PCI_SIZE) : NULL;
	if (page && !(known && pg_record_entry(record, at))) {
		const uint16_t bdf = pg_load16(page + VFIO_PCI_BDF);

		at = pg_bdf(pg_load32(page + VFIO_PCI_DOMAIN), (uint8_t)(bdf >> 8), (uint8_t)bdf);
		known = true;
	}
	if (known && !pg_record_entry(record, at))
		return pg_note_bdf(finding, PG_RECORD_INCONSISTENT,
				   "luo_file_ser: not in the PCI record", at, pa + FILE_DATA);
	*devices += known;
	return PG_OK;
}

static enum pg_reason check_files(const struct pg_memory *memory, const uint8_t *session,
				  uint64_t pa, const struct pg_record *record, uint32_t *devices,
				  struct pg_finding *finding)
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
					    blocks.entries_pa + i * FILE_SIZE, record, devices,
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
					const struct pg_record *record, uint32_t *devices,
					struct pg_finding *finding)
{
	struct pg_blocks blocks;
	enum pg_reason reason;
	uint64_t i;
	bool more;

	*devices = 0;
	pg_blocks_begin(&blocks, memory, sessions->pa, 0, "luo_ser.sessions_pa", SESSION_SIZE);
	reason = pg_blocks_check(&blocks, finding);
	while (!reason && !(reason = pg_blocks_next(&blocks, &more, finding)) && more) {
		for (i = 0; i < blocks.count && !reason; i++)
			reason = check_files(memory, blocks.entries + i * SESSION_SIZE,
					     blocks.entries_pa + i * SESSION_SIZE, record, devices,
					     finding);
	}
	return reason;
}
