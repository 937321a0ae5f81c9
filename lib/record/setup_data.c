// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * setup_data.c - finds the KHO node in the boot protocol's list of struct setup_data.
 */
#include <pcigate/record.h>

/*
 * struct setup_data { u64 next; u32 type; u32 len; u8 data[]; },
 * arch/x86/include/uapi/asm/setup_data.h
 */
#define NODE_NEXT 0
#define NODE_TYPE 8
#define NODE_LEN 12
#define NODE_HEADER 16
#define NODE_ALIGNMENT 8u
#define SETUP_NONE 0u
#define SETUP_KEXEC_KHO 10u

/* struct kho_data { u64 fdt_addr, fdt_size, scratch_addr, scratch_size; }, packed, same file */
#define KHO_FDT_ADDR 0
#define KHO_FDT_SIZE 8
#define KHO_SCRATCH_ADDR 16
#define KHO_SCRATCH_SIZE 24
#define KHO_DATA_SIZE 32

/*
 * struct kho_scratch { phys_addr_t addr, size; }; one for low memory, one for all nodes, one for
 * each node.
 */
#define KHO_SCRATCH_AREA 16u
#define KHO_SCRATCH_SIZE_MAX (256u * PG_PAGE_SIZE)

/*
 * kexec writes three or four nodes, and firmware stubs a few more. A longer list is damaged. A loop
 * of up to half this length is reported as a loop.
 */
#define NODES_MAX 256u

/* libfdt reads the tree with aligned loads (Devicetree Specification 0.4, 5.6). */
#define FDT_ALIGNMENT 8u

static enum pg_reason read_kho_node(const struct pg_memory *memory, uint64_t node_pa, uint32_t len,
				    struct pg_kho_location *location, struct pg_finding *finding)
{
	uint64_t scratch_pa, scratch_size;
	const uint8_t *data;

	if (location->present)
		return pg_note(finding, PG_RECORD_INCONSISTENT, "setup_data: second KHO node",
			       node_pa, node_pa);
	/* Linux does not check the length, and maps this much memory, which may fail. */
	if (len != KHO_DATA_SIZE)
		return pg_note_count(finding, PG_RECORD_MALFORMED, "setup_data.len of the KHO node",
				     len, node_pa + NODE_LEN);
	data = pg_memory_map(memory, node_pa + NODE_HEADER, KHO_DATA_SIZE);
	if (!data)
		return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY, "setup_data: KHO node", node_pa,
			       node_pa);

	/*
	 * The array of scratch areas. At first, the next kernel allocates from these areas only.
	 * Without them the next kernel drops everything that was handed over.
	 */
	scratch_pa = pg_load64(data + KHO_SCRATCH_ADDR);
	scratch_size = pg_load64(data + KHO_SCRATCH_SIZE);
	if (!scratch_size || scratch_size % KHO_SCRATCH_AREA || scratch_size > KHO_SCRATCH_SIZE_MAX)
		return pg_note(finding, PG_RECORD_MALFORMED, "kho_data.scratch_size", scratch_size,
			       node_pa + NODE_HEADER + KHO_SCRATCH_SIZE);
	if (!pg_memory_map(memory, scratch_pa, scratch_size))
		return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY, "kho_data.scratch_addr",
			       scratch_pa, node_pa + NODE_HEADER + KHO_SCRATCH_ADDR);

	location->present = true;
	location->fdt_pa = pg_load64(data + KHO_FDT_ADDR);
	location->fdt_size = pg_load64(data + KHO_FDT_SIZE);
	location->scratch_pa = scratch_pa;
	location->scratch_size = scratch_size;
	if (!location->fdt_pa || location->fdt_pa % FDT_ALIGNMENT)
		return pg_note(finding, PG_RECORD_MALFORMED, "kho_data.fdt_addr", location->fdt_pa,
			       node_pa + NODE_HEADER + KHO_FDT_ADDR);
	return PG_OK;
}

/*
 * Checks a node of another type. No kernel writes SETUP_NONE, but cleared memory has this type. If
 * the contents are those of a KHO node, the type is damaged: Linux would ignore the node and
 * everything that is handed over.
 */
static enum pg_reason check_other_node(const struct pg_memory *memory, uint64_t node_pa,
				       uint32_t type, uint32_t len, struct pg_finding *finding)
{
	const uint8_t *data;
	uint64_t fdt_pa;

	if (!pg_memory_map(memory, node_pa, NODE_HEADER + (uint64_t)len))
		return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY, "setup_data.len", len,
			       node_pa + NODE_LEN);
	if (type == SETUP_NONE)
		return pg_note_count(finding, PG_RECORD_MALFORMED, "setup_data.type", type,
				     node_pa + NODE_TYPE);
	if (len != KHO_DATA_SIZE)
		return PG_OK;
	data = pg_memory_map(memory, node_pa + NODE_HEADER, KHO_DATA_SIZE);
	fdt_pa = data ? pg_load64(data + KHO_FDT_ADDR) : 0;
	data = fdt_pa % FDT_ALIGNMENT ? NULL
				      : pg_memory_map(memory, fdt_pa, sizeof(struct fdt_header));
	if (data && fdt_magic(data) == FDT_MAGIC)
		return pg_note(finding, PG_RECORD_MALFORMED, "setup_data.type of a KHO node", type,
			       node_pa + NODE_TYPE);
	return PG_OK;
}

enum pg_reason pg_record_find_kho(const struct pg_memory *memory, uint64_t setup_data_pa,
				  struct pg_kho_location *location, struct pg_finding *finding)
{
	uint64_t node_pa = setup_data_pa;
	uint64_t came_from = 0, kho_pa = 0, milestone = 0;
	uint32_t nodes;

	*location = (struct pg_kho_location){ 0 };
	for (nodes = 0; node_pa; nodes++) {
		const uint8_t *node = pg_memory_map(memory, node_pa, NODE_HEADER);
		enum pg_reason reason;
		uint32_t type, len;

		/* Brent's method, as in blocks.c. Reading the KHO node again is a loop as well. */
		if (node_pa == milestone || node_pa == kho_pa)
			return pg_note(finding, PG_RECORD_LOOP, "setup_data.next", node_pa,
				       came_from);
		if (nodes == NODES_MAX)
			return pg_note_count(finding, PG_WORKSPACE_FULL,
					     "setup_data nodes: more than", NODES_MAX, came_from);
		if (!(nodes & (nodes - 1)))
			milestone = node_pa;
		if (!node)
			return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY,
				       came_from ? "setup_data.next" : "boot_params.hdr.setup_data",
				       node_pa, came_from);
		/* kexec places the nodes in one buffer, aligned to 8 or 16 bytes. */
		if (node_pa % NODE_ALIGNMENT)
			return pg_note(finding, PG_RECORD_MALFORMED,
				       came_from ? "setup_data.next" : "boot_params.hdr.setup_data",
				       node_pa, came_from);
		/*
		 * A type with bit 31 (SETUP_INDIRECT) is another type: Linux looks for KHO in
		 * direct nodes only.
		 */
		type = pg_load32(node + NODE_TYPE);
		len = pg_load32(node + NODE_LEN);
		if (type == SETUP_KEXEC_KHO) {
			reason = read_kho_node(memory, node_pa, len, location, finding);
			kho_pa = node_pa;
		} else {
			reason = check_other_node(memory, node_pa, type, len, finding);
		}
		if (reason)
			return reason;
		came_from = node_pa;
		node_pa = pg_load64(node + NODE_NEXT);
	}
	return PG_OK;
}
