// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * gate_fdt.c - reads pcigate's own KHO entry (docs/kho-fdt.md), checks all of it, and compares it
 * with Linux's record.
 */
#include <pcigate/fdt.h>
#include <pcigate/gate_fdt.h>
#include <pcigate/record.h>

#define GATE_COMPATIBLE "pcigate-v1"

/* 4,096 devices, 2,048 bridges and as many physical functions take about 2 MiB. */
#define GATE_SIZE_MAX (16u * 1024 * 1024)

/* Bytes of a configuration window for each bus (PCI Express Base 7.2.2). */
#define ECAM_BUS_SIZE (1u << 20)

/* Reads the cells of a property; false if it is absent or not exactly @nr cells long. */
static bool read_cells(const void *fdt, int node, const char *name, uint32_t *cells, int nr)
{
	const fdt32_t *prop;
	int len, i;

	prop = fdt_getprop(fdt, node, name, &len);
	if (!prop || len != nr * 4)
		return false;
	for (i = 0; i < nr; i++)
		cells[i] = fdt32_ld(prop + i);
	return true;
}

/* The same for an optional property: if it is absent, @cells is unchanged. */
static bool read_optional(const void *fdt, int node, const char *name, uint32_t *cells, int nr)
{
	return !fdt_getprop(fdt, node, name, NULL) || read_cells(fdt, node, name, cells, nr);
}

/* `reg`: segment and BDF. */
static bool read_reg(const void *fdt, int node, struct pg_bdf *at)
{
	uint32_t cells[2];

	if (!read_cells(fdt, node, "reg", cells, 2) || cells[1] > 0xffff)
		return false;
	*at = pg_bdf(cells[0], (uint8_t)(cells[1] >> 8), (uint8_t)cells[1]);
	return true;
}

static int next_node(const struct pg_gate_fdt *own, int parent, int node)
{
	pg_may_resched();
	return node < 0 ? fdt_first_subnode(own->fdt, parent) : fdt_next_subnode(own->fdt, node);
}

static bool read_device(const void *fdt, struct pg_gate_device *device)
{
	uint32_t id[2], subsystem[2] = { 0, 0 }, class, revision, serial[2] = { 0, 0 },
			translated = 1, i;
	int len;

	if (!read_reg(fdt, device->node, &device->at) ||
	    !read_cells(fdt, device->node, "id", id, 2) ||
	    !read_cells(fdt, device->node, "class", &class, 1) ||
	    !read_cells(fdt, device->node, "revision", &revision, 1) ||
	    !read_optional(fdt, device->node, "subsystem", subsystem, 2) ||
	    !read_optional(fdt, device->node, "serial", serial, 2) ||
	    !read_optional(fdt, device->node, "dma-translated", &translated, 1))
		return false;
	/* Reject out-of-range cells: truncated, they could match another value. */
	if ((id[0] | id[1] | subsystem[0] | subsystem[1]) > 0xffff || class > 0xffffff ||
	    revision > 0xff || translated > 1)
		return false;
	device->untranslated = !translated;
	device->identity = (struct pg_identity){
		.vendor_device = id[0] | id[1] << 16,
		.class_revision = class << 8 | revision,
		.subsystem = subsystem[0] | subsystem[1] << 16,
		.serial = (uint64_t)serial[0] << 32 | serial[1],
		.has_serial = fdt_getprop(fdt, device->node, "serial", NULL),
	};
	device->path = fdt_getprop(fdt, device->node, "path", &len);
	if (!device->path || len % 4 || (uint32_t)len / 4 > PG_PATH_MAX)
		return false;
	device->depth = (uint32_t)len / 4;
	for (i = 0; i < device->depth; i++) {
		if (fdt32_ld(device->path + i) > 0xffff)
			return false;
	}
	return true;
}

/* Vendor and device ID; 0 if they were not recorded. */
static bool read_id(const void *fdt, int node, uint32_t *id)
{
	uint32_t cells[2] = { 0, 0 };

	if (!read_optional(fdt, node, "id", cells, 2) || (cells[0] | cells[1]) > 0xffff)
		return false;
	*id = cells[0] | cells[1] << 16;
	return true;
}

static bool read_bridge(const void *fdt, struct pg_gate_bridge *bridge)
{
	uint32_t numbers[3];

	bridge->preserved = 0;
	if (!read_reg(fdt, bridge->node, &bridge->at) ||
	    !read_cells(fdt, bridge->node, "bus-numbers", numbers, 3) ||
	    !read_optional(fdt, bridge->node, "preserved", &bridge->preserved, 1) ||
	    !read_id(fdt, bridge->node, &bridge->id) ||
	    (numbers[0] | numbers[1] | numbers[2]) > 0xff)
		return false;
	bridge->primary = (uint8_t)numbers[0];
	bridge->secondary = (uint8_t)numbers[1];
	bridge->subordinate = (uint8_t)numbers[2];
	bridge->ari = fdt_getprop(fdt, bridge->node, "ari", NULL);
	bridge->link = fdt_getprop(fdt, bridge->node, "link", NULL);
	bridge->no_slots = fdt_getprop(fdt, bridge->node, "no-slots", NULL);
	bridge->cardbus = fdt_getprop(fdt, bridge->node, "cardbus", NULL);
	return true;
}

bool pg_gate_next_device(const struct pg_gate_fdt *own, struct pg_gate_device *device)
{
	device->node = next_node(own, own->devices, device->node);
	return device->node >= 0 && read_device(own->fdt, device);
}

bool pg_gate_next_bridge(const struct pg_gate_fdt *own, struct pg_gate_bridge *bridge)
{
	bridge->node = next_node(own, own->bridges, bridge->node);
	return bridge->node >= 0 && read_bridge(own->fdt, bridge);
}

bool pg_gate_find_bridge(const struct pg_gate_fdt *own, struct pg_bdf at,
			 struct pg_gate_bridge *bridge)
{
	*bridge = (struct pg_gate_bridge){ .node = -1 };
	while (pg_gate_next_bridge(own, bridge)) {
		if (pg_bdf_equal(bridge->at, at))
			return true;
	}
	return false;
}

bool pg_gate_next_sriov(const struct pg_gate_fdt *own, struct pg_gate_sriov *sriov)
{
	uint32_t buses;

	sriov->node = own->sriov < 0 ? own->sriov : next_node(own, own->sriov, sriov->node);
	if (sriov->node < 0 || !read_reg(own->fdt, sriov->node, &sriov->at) ||
	    !read_id(own->fdt, sriov->node, &sriov->id) ||
	    !read_cells(own->fdt, sriov->node, "buses", &buses, 1) || buses > 0xff)
		return false;
	sriov->buses = (uint8_t)buses;
	return true;
}

/* True if @bus is in the range of the root bus that the function @at is below. */
static bool same_root(const struct pg_record *record, struct pg_bdf at, uint8_t bus)
{
	uint32_t i;

	for (i = 0; i < record->nr_roots; i++) {
		const struct pg_record_root *root = &record->roots[i];

		if (root->segment == at.segment && root->first <= at.bus && at.bus <= root->last)
			return bus <= root->last;
	}
	return false;
}

/*
 * For a CardBus bridge, Linux reserves this many bus numbers after the secondary one
 * (drivers/pci/setup-cardbus.c).
 */
#define CARDBUS_RESERVE 3u

static bool is_within(const struct pg_gate_bridge *bridge, uint8_t bus)
{
	return bridge->secondary <= bus && bus <= bridge->subordinate;
}

/*
 * If Linux keeps the numbers of a bridge, they belong to a bus. Other numbers may remain in the
 * registers although there is no such bus.
 */
static bool is_sound(const struct pg_gate_bridge *bridge, uint8_t last)
{
	return bridge->primary == bridge->at.bus && bridge->secondary > bridge->at.bus &&
	       bridge->secondary <= bridge->subordinate && bridge->subordinate <= last;
}

/*
 * True if @other forwards to some of the buses behind @bridge, but not to all of them and to the
 * bus of @bridge. Functions on these buses may then have been below @other.
 */
static bool shares_buses(const struct pg_gate_bridge *bridge, const struct pg_gate_bridge *other)
{
	const bool above = pg_numbers_claim(other->secondary, other->subordinate, bridge->at.bus);

	return above != pg_numbers_claim(other->secondary, other->subordinate, bridge->secondary) ||
	       above != pg_numbers_claim(other->secondary, other->subordinate,
					 bridge->subordinate) ||
	       (!above && is_within(bridge, other->secondary));
}

uint32_t pg_record_numbers_below(const struct pg_record *record, struct pg_bdf at)
{
	const struct pg_gate_fdt *own = &record->own;
	struct pg_gate_bridge bridge, other = { .node = -1 };
	struct pg_gate_sriov sriov = { .node = -1 };
	uint32_t numbers = 1, cardbus = 0, kept;

	if (!own->complete || own->sriov < 0 || !pg_gate_find_bridge(own, at, &bridge) ||
	    bridge.cardbus)
		return 0;
	if (!is_sound(&bridge, 0xff) || !same_root(record, at, bridge.secondary))
		return 0;
	while (pg_gate_next_bridge(own, &other)) {
		if (other.at.segment != at.segment || pg_bdf_equal(other.at, at))
			continue;
		if (is_within(&bridge, other.at.bus)) {
			if (!other.cardbus && !is_sound(&other, bridge.subordinate))
				return 0;
			numbers++;
			cardbus += other.cardbus;
		} else if ((other.secondary || other.subordinate) &&
			   shares_buses(&bridge, &other)) {
			/* A bridge without numbers forwarded nothing. */
			return 0;
		}
	}
	while (pg_gate_next_sriov(own, &sriov)) {
		if (sriov.at.segment == at.segment && is_within(&bridge, sriov.at.bus))
			numbers += 1u + sriov.buses;
	}
	if (sriov.node >= 0)
		return 0;
	numbers += cardbus * CARDBUS_RESERVE;
	/* CardBus bridges get new numbers, above those that the other bridges keep. */
	kept = 1u + bridge.subordinate - bridge.secondary + cardbus * (1 + CARDBUS_RESERVE);
	return cardbus && kept > numbers ? kept : numbers;
}

/* Notes a malformed node by its name. */
static enum pg_reason bad_node(const struct pg_gate_fdt *own, int node, const char *field,
			       struct pg_finding *finding)
{
	const char *name = fdt_get_name(own->fdt, node, NULL);

	return pg_note_text(finding, PG_RECORD_MALFORMED, field, name ? name : "", PG_FINDING_TEXT,
			    own->pa);
}

static enum pg_reason read_roots(const struct pg_gate_fdt *own, int roots_node,
				 struct pg_record *record, struct pg_finding *finding)
{
	int node;

	fdt_for_each_subnode (node, own->fdt, roots_node) {
		uint32_t segment, range[2], ecam[4] = { 0 }, buses;

		if (!read_cells(own->fdt, node, "segment", &segment, 1) ||
		    !read_cells(own->fdt, node, "bus-range", range, 2) || range[0] > range[1] ||
		    range[1] > 0xff || !read_optional(own->fdt, node, "ecam", ecam, 4) || ecam[2] ||
		    ecam[3] > 0x100 * ECAM_BUS_SIZE || ecam[3] % ECAM_BUS_SIZE ||
		    ((uint64_t)ecam[0] << 32 | ecam[1]) > ~(uint64_t)ecam[3])
			return bad_node(own, node, "pcigate/host-bridges node", finding);
		if (record->nr_roots == PG_MAX_ROOTS)
			return pg_note_count(finding, PG_WORKSPACE_FULL, "root buses: more than",
					     PG_MAX_ROOTS, own->pa);
		buses = range[1] - range[0] + 1;
		if (buses > ecam[3] / ECAM_BUS_SIZE)
			buses = ecam[3] / ECAM_BUS_SIZE;
		record->roots[record->nr_roots++] = (struct pg_record_root){
			.segment = segment,
			.first = (uint8_t)range[0],
			.last = (uint8_t)range[1],
			.ecam_buses = (uint16_t)buses,
			.ecam = (uint64_t)ecam[0] << 32 | ecam[1],
			.no_slots = fdt_getprop(own->fdt, node, "no-slots", NULL),
		};
	}
	return PG_OK;
}

/*
 * Without an unreadable node, the count of reserved buses and the predicted numbers would be wrong.
 */
static enum pg_reason check_sriov(const struct pg_gate_fdt *own, struct pg_finding *finding)
{
	struct pg_gate_sriov sriov = { .node = -1 };

	while (pg_gate_next_sriov(own, &sriov))
		;
	return sriov.node < 0 ? PG_OK : bad_node(own, sriov.node, "pcigate/sriov node", finding);
}

static const struct pg_record_entry *find_entry(const struct pg_record *record, struct pg_bdf at)
{
	const uint32_t i = pg_record_find(record, at);

	if (i == record->nr || !pg_bdf_equal(record->entries[i].at, at))
		return NULL;
	return &record->entries[i];
}

/*
 * Every bridge above preserved devices must be in Linux's record, with the same number of devices.
 */
static enum pg_reason compare_bridges(const struct pg_record *record, uint32_t *nr,
				      struct pg_finding *finding)
{
	const struct pg_gate_fdt *own = &record->own;
	struct pg_gate_bridge bridge = { .node = -1 };
	uint64_t before = 0;
	bool first = true;

	while (pg_gate_next_bridge(own, &bridge)) {
		const struct pg_record_entry *entry = find_entry(record, bridge.at);

		if (!first && pg_bdf_key(bridge.at) <= before)
			return pg_note_bdf(finding, PG_RECORD_MALFORMED,
					   "pcigate/bridges out of order at", bridge.at, own->pa);
		first = false;
		before = pg_bdf_key(bridge.at);
		if (!bridge.preserved)
			continue;
		if (!entry)
			return pg_note_bdf(finding, PG_RECORD_INCONSISTENT,
					   "pcigate/bridges not in the PCI record", bridge.at,
					   own->pa);
		if (entry->refcount != bridge.preserved)
			return pg_note_contradiction(finding, PG_RECORD_INCONSISTENT,
						     "pcigate/bridges preserved", bridge.preserved,
						     entry->refcount, "in the PCI record", own->pa);
		(*nr)++;
	}
	if (bridge.node >= 0)
		return bad_node(own, bridge.node, "pcigate/bridges node", finding);
	return PG_OK;
}

/* Every device and every bridge of its path must be in Linux's record. */
static enum pg_reason compare_devices(const struct pg_record *record, uint32_t *nr,
				      struct pg_finding *finding)
{
	const struct pg_gate_fdt *own = &record->own;
	struct pg_gate_device device = { .node = -1 };
	uint64_t before = 0;
	bool first = true;
	uint32_t i;

	while (pg_gate_next_device(own, &device)) {
		if (!first && pg_bdf_key(device.at) <= before)
			return pg_note_bdf(finding, PG_RECORD_MALFORMED,
					   "pcigate/devices out of order at", device.at, own->pa);
		first = false;
		before = pg_bdf_key(device.at);
		if (!find_entry(record, device.at))
			return pg_note_bdf(finding, PG_RECORD_INCONSISTENT,
					   "pcigate/devices not in the PCI record", device.at,
					   own->pa);
		for (i = 0; i < device.depth; i++) {
			if (!find_entry(record, pg_gate_path(&device, i)))
				return pg_note_bdf(finding, PG_RECORD_INCONSISTENT,
						   "pcigate path not in the PCI record",
						   pg_gate_path(&device, i), own->pa);
		}
		(*nr)++;
	}
	if (device.node >= 0)
		return bad_node(own, device.node, "pcigate/devices node", finding);
	return PG_OK;
}

/* The optional checksum covers the whole tree. */
static enum pg_reason check_crc(struct pg_gate_fdt *own, const struct pg_blob *blob,
				struct pg_finding *finding)
{
	const fdt32_t *cell;
	uint32_t crc;
	int len;

	cell = fdt_getprop(own->fdt, 0, "crc32", &len);
	if (!cell)
		return PG_OK;
	if (len != 4)
		return pg_note_text(finding, PG_RECORD_MALFORMED, "pcigate FDT crc32",
				    "not 4 bytes long", 17, blob->pa);
	own->crc = (uint32_t)((const uint8_t *)cell - (const uint8_t *)own->fdt);
	crc = pg_gate_crc(own->fdt, blob->size, own->crc);
	if (crc != fdt32_ld(cell))
		return pg_note(finding, PG_RECORD_MALFORMED, "pcigate FDT crc32", crc, blob->pa);
	return PG_OK;
}

enum pg_reason pg_record_read_gate_fdt(const struct pg_memory *memory, const struct pg_blob *blob,
				       struct pg_record *record, struct pg_finding *finding)
{
	struct pg_gate_fdt *own = &record->own;
	const char *compatible;
	enum pg_reason reason;
	int err, len, roots;

	if (blob->size < sizeof(struct fdt_header) || blob->size > GATE_SIZE_MAX)
		return pg_note(finding, PG_RECORD_MALFORMED, "KHO FDT pcigate/blob-size",
			       blob->size, 0);
	if (!blob->pa || blob->pa % 8)
		return pg_note(finding, PG_RECORD_MALFORMED, "KHO FDT pcigate/preserved-data",
			       blob->pa, 0);
	own->fdt = pg_memory_map(memory, blob->pa, blob->size);
	if (!own->fdt)
		return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY, "KHO FDT pcigate/preserved-data",
			       blob->pa, 0);
	err = pg_fdt_check(own->fdt, (size_t)blob->size);
	if (err) {
		const char *text = fdt_strerror(err);

		return pg_note_text(finding, PG_RECORD_MALFORMED, "pcigate FDT", text, strlen(text),
				    blob->pa);
	}
	compatible = fdt_getprop(own->fdt, 0, "compatible", &len);
	if (!compatible || len != (int)sizeof(GATE_COMPATIBLE) ||
	    memcmp(compatible, GATE_COMPATIBLE, (size_t)len))
		return pg_note_text(finding, PG_RECORD_VERSION, "pcigate FDT compatible",
				    compatible ? compatible : "missing",
				    compatible ? (size_t)len : 8, blob->pa);
	reason = check_crc(own, blob, finding);
	if (reason)
		return reason;

	own->pa = blob->pa;
	own->size = blob->size;
	own->complete = fdt_getprop(own->fdt, 0, "complete", NULL);
	own->bridges = fdt_subnode_offset(own->fdt, 0, "bridges");
	own->devices = fdt_subnode_offset(own->fdt, 0, "devices");
	own->sriov = fdt_subnode_offset(own->fdt, 0, "sriov");
	own->answer = fdt_subnode_offset(own->fdt, 0, "answer");
	roots = fdt_subnode_offset(own->fdt, 0, "host-bridges");
	if (own->bridges < 0 || own->devices < 0 || roots < 0)
		return pg_note_text(finding, PG_RECORD_MALFORMED, "pcigate FDT node missing",
				    roots < 0	       ? "host-bridges"
				    : own->bridges < 0 ? "bridges"
						       : "devices",
				    PG_FINDING_TEXT, blob->pa);
	own->present = true;
	reason = read_roots(own, roots, record, finding);
	return reason ? reason : check_sriov(own, finding);
}

enum pg_reason pg_record_compare(const struct pg_record *record, struct pg_finding *finding)
{
	uint32_t devices = 0, bridges = 0;
	enum pg_reason reason;

	if (!record->own.present)
		return PG_OK;
	reason = compare_bridges(record, &bridges, finding);
	if (!reason)
		reason = compare_devices(record, &devices, finding);
	if (reason)
		return reason;
	if (devices + bridges != record->nr)
		return pg_note_contradiction(finding, PG_RECORD_INCONSISTENT,
					     "pcigate: devices and bridges", devices + bridges,
					     record->nr, "in the PCI record", record->own.pa);
	return PG_OK;
}
