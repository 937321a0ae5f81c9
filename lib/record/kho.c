// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * kho.c - reads the KHO root FDT (include/linux/kho/abi/kexec_handover.h).
 *
 * The u64 properties of this FDT are in the byte order of the CPU, not in big-endian cells.
 */
#include <pcigate/fdt.h>
#include <pcigate/record.h>

#include "name.h"

#define LUO_NODE "LUO"
#define OWN_NODE "pci-topology"
/* The name that older kernel patches gave to OWN_NODE. The tree had another version then. */
#define OLD_OWN_NODE "pcigate"
#define KHO_PROP_DATA "preserved-data"
#define KHO_PROP_SIZE "blob-size"

/* The kernel writes one page. More pages are accepted, up to this limit. */
#define KHO_FDT_SIZE_MIN ((uint64_t)sizeof(struct fdt_header))
#define KHO_FDT_SIZE_MAX (256u * PG_PAGE_SIZE)

static enum pg_reason check_version(const void *fdt, uint64_t fdt_pa, struct pg_record *record,
				    struct pg_finding *finding)
{
	const struct pg_version *version;
	const char *compatible;
	uint32_t len;

	compatible = pg_fdt_get(fdt, 0, "compatible", &len);
	if (!compatible)
		return pg_note_text(finding, PG_RECORD_MALFORMED, "KHO FDT compatible", "missing",
				    8, fdt_pa);
	version = pg_version_find(PG_PART_KHO, compatible, len);
	if (!version || version->layout != PG_LAYOUT_KHO_TREE || strlen(version->name) + 1 != len)
		return pg_note_text(finding, PG_RECORD_VERSION, "KHO FDT compatible", compatible,
				    len, fdt_pa);
	pg_version_copy(version, record->kho_version);
	return PG_OK;
}

static enum pg_reason read_u64(const void *fdt, int node, const char *name, const char *field,
			       uint64_t fdt_pa, uint64_t *value, struct pg_finding *finding)
{
	const void *prop;
	uint32_t len;

	prop = pg_fdt_get(fdt, node, name, &len);
	if (!prop)
		return pg_note_text(finding, PG_RECORD_MALFORMED, field, "missing", 8, fdt_pa);
	if (len != 8)
		return pg_note_text(finding, PG_RECORD_MALFORMED, field, "not 8 bytes long", 17,
				    fdt_pa);
	*value = pg_load64(prop);
	return PG_OK;
}

/* Linux finds a node with fdt_subnode_offset(), which ignores a unit address. */
static bool name_is(const char *name, const char *wanted)
{
	const size_t len = strlen(wanted);

	return !strncmp(name, wanted, len) && (!name[len] || name[len] == '@');
}

/*
 * Finds a node below the root. Two are an error: it is not known which one the next kernel reads.
 */
static enum pg_reason find_node(const void *fdt, uint64_t fdt_pa, const char *wanted, int *found,
				struct pg_finding *finding)
{
	int node;

	*found = -1;
	for (node = pg_fdt_first_child(fdt, 0); node >= 0; node = pg_fdt_next_sibling(fdt, node)) {
		if (!name_is(pg_fdt_name(fdt, node), wanted))
			continue;
		if (*found >= 0)
			return pg_note_text(finding, PG_RECORD_INCONSISTENT, "KHO FDT: second node",
					    wanted, strlen(wanted), fdt_pa);
		*found = node;
	}
	return PG_OK;
}

/*
 * kho_add_subtree() gives the same two properties to every node. If a node lacks them, the tree is
 * damaged: another node may be hidden in the node.
 */
static enum pg_reason check_nodes(const void *fdt, uint64_t fdt_pa, struct pg_finding *finding)
{
	enum pg_reason reason = PG_OK;
	uint64_t ignored;
	int node;

	for (node = pg_fdt_first_child(fdt, 0); node >= 0; node = pg_fdt_next_sibling(fdt, node)) {
		const char *name = pg_fdt_name(fdt, node);

		if ((!name_is(name, LUO_NODE) && pg_name_is_damaged(name, LUO_NODE)) ||
		    (!name_is(name, OWN_NODE) && pg_name_is_damaged(name, OWN_NODE)))
			return pg_note_text(finding, PG_RECORD_MALFORMED, "KHO FDT: name of a node",
					    name, PG_FINDING_TEXT, fdt_pa);
		if (name_is(name, OLD_OWN_NODE))
			return pg_note_text(finding, PG_RECORD_VERSION, "KHO FDT: name of a node",
					    name, strlen(name), fdt_pa);
		if (name_is(name, LUO_NODE) || name_is(name, OWN_NODE))
			continue;
		reason = read_u64(fdt, node, KHO_PROP_DATA, "KHO FDT: preserved-data of a node",
				  fdt_pa, &ignored, finding);
		if (!reason)
			reason = read_u64(fdt, node, KHO_PROP_SIZE, "KHO FDT: blob-size of a node",
					  fdt_pa, &ignored, finding);
		if (reason)
			return reason;
	}
	return PG_OK;
}

/*
 * The map of preserved memory. If the next kernel finds no map, or rejects it, it drops everything
 * that was handed over (kho_get_mem_map_phys(), kho_radix_init_tree() in
 * kernel/liveupdate/kexec_handover.c). pg_record_check_kept() walks the map.
 */
static enum pg_reason check_memory_map(const struct pg_memory *memory, const void *fdt,
				       uint64_t fdt_pa, struct pg_record *record,
				       struct pg_finding *finding)
{
	const char *field = "KHO FDT preserved-memory-map";
	enum pg_reason reason;
	uint64_t map;

	reason = read_u64(fdt, 0, "preserved-memory-map", field, fdt_pa, &map, finding);
	if (reason)
		return reason;
	if (!map || map % PG_PAGE_SIZE)
		return pg_note(finding, PG_RECORD_MALFORMED, field, map, fdt_pa);
	if (!pg_memory_map(memory, map, PG_PAGE_SIZE))
		return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY, field, map, fdt_pa);
	record->memory_map = map;
	return PG_OK;
}

/* struct entry - the name of a KHO entry, and how messages name its properties */
struct entry {
	const char *name;
	const char *data_field;
	const char *size_field;
};

static enum pg_reason read_entry(const void *fdt, uint64_t pa, const struct entry *entry,
				 struct pg_blob *blob, struct pg_finding *finding)
{
	enum pg_reason reason;
	int node;

	*blob = (struct pg_blob){ 0 };
	reason = find_node(fdt, pa, entry->name, &node, finding);
	if (reason || node < 0)
		return reason;
	reason = read_u64(fdt, node, KHO_PROP_DATA, entry->data_field, pa, &blob->pa, finding);
	if (reason)
		return reason;
	reason = read_u64(fdt, node, KHO_PROP_SIZE, entry->size_field, pa, &blob->size, finding);
	blob->present = !reason;
	return reason;
}

enum pg_reason pg_record_read_kho(const struct pg_memory *memory,
				  const struct pg_kho_location *location, struct pg_record *record,
				  struct pg_blob *luo, struct pg_blob *own,
				  struct pg_finding *finding)
{
	const struct entry luo_entry = { LUO_NODE, "KHO FDT LUO/preserved-data",
					 "KHO FDT LUO/blob-size" };
	const struct entry own_entry = { OWN_NODE, "KHO FDT pci-topology/preserved-data",
					 "KHO FDT pci-topology/blob-size" };
	const uint64_t pa = location->fdt_pa;
	enum pg_reason reason;
	const void *fdt;
	int err;

	*luo = *own = (struct pg_blob){ 0 };
	if (location->fdt_size < KHO_FDT_SIZE_MIN || location->fdt_size > KHO_FDT_SIZE_MAX)
		return pg_note(finding, PG_RECORD_MALFORMED, "kho_data.fdt_size",
			       location->fdt_size, 0);
	fdt = pg_memory_map(memory, pa, location->fdt_size);
	if (!fdt)
		return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY, "kho_data.fdt_addr", pa, 0);
	/* The walks below rely on this check. */
	err = pg_fdt_check(fdt, (size_t)location->fdt_size);
	if (err) {
		const char *text = fdt_strerror(err);

		return pg_note_text(finding, PG_RECORD_MALFORMED, "KHO FDT", text, strlen(text),
				    pa);
	}

	reason = check_version(fdt, pa, record, finding);
	if (!reason)
		reason = check_memory_map(memory, fdt, pa, record, finding);
	if (!reason)
		reason = check_nodes(fdt, pa, finding);
	if (!reason)
		reason = read_entry(fdt, pa, &luo_entry, luo, finding);
	if (!reason)
		reason = read_entry(fdt, pa, &own_entry, own, finding);
	return reason;
}
