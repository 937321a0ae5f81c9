// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tree.c - the tree that a gated image carries: pcigate's own record, or an empty one, and what is
 * known about the kernel in the image.
 */
#include "tree.h"

#include "image.h"

#include <pcigate/gate_fdt.h>
#include <pcigate/record.h>

#include <ctype.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

/* More than the changes to a record take. */
#define GROWTH 4096

static const char *const nodes[] = { "host-bridges", "bridges", "devices" };

static int make_empty(void *fdt)
{
	int err = fdt_create_empty_tree(fdt, GROWTH);

	for (size_t i = 0; i < PG_ARRAY_SIZE(nodes) && !err; i++) {
		const int node = fdt_add_subnode(fdt, 0, nodes[i]);

		err = node < 0 ? node : 0;
	}
	return err ? err : fdt_setprop_string(fdt, 0, "compatible", "pci-topology-v1");
}

static void put(void *fdt, int node, const char *name, const char *text, int *err)
{
	if (!*err)
		*err = fdt_setprop(fdt, node, name, text, (int)strlen(text) + 1);
}

static void put_answer(void *fdt, int node, const char *name, const struct kernel_answer *answer,
		       int *err)
{
	if (answer->source != FACT_UNKNOWN)
		put(fdt, node, name, answer->yes ? "yes" : "no", err);
}

/* Only a text that begins with @prefix can be compared with the version in a record. */
static void put_version(void *fdt, int node, const char *name, const struct kernel_version *version,
			const char *prefix, int *err)
{
	if (version->source != FACT_UNKNOWN && !strncmp(version->text, prefix, strlen(prefix)) &&
	    isdigit((unsigned char)version->text[strlen(prefix)]))
		put(fdt, node, name, version->text, err);
}

static int put_facts(void *fdt, const char *release, const struct kernel_facts *facts)
{
	const int node = fdt_add_subnode(fdt, 0, "next-kernel");
	int err = node < 0 ? node : 0;

	if (*release)
		put(fdt, node, "version", release, &err);
	put_answer(fdt, node, "kho", &facts->kho, &err);
	put_answer(fdt, node, "liveupdate", &facts->liveupdate, &err);
	put_answer(fdt, node, "pci-liveupdate", &facts->pci, &err);
	put_answer(fdt, node, "kho-default", &facts->kho_default, &err);
	put_answer(fdt, node, "liveupdate-default", &facts->luo_default, &err);
	put_answer(fdt, node, "keeps-bus-numbers", &facts->keeps_buses, &err);
	put_answer(fdt, node, "keeps-virtual-functions", &facts->keeps_vfs, &err);
	put_version(fdt, node, "kho-version", &facts->kho_version, PG_KHO_PREFIX, &err);
	put_version(fdt, node, "luo-version", &facts->luo_version, PG_LUO_PREFIX, &err);
	put_version(fdt, node, "pci-version", &facts->pci_version, "", &err);
	if (facts->cmdline_source != FACT_UNKNOWN) {
		put(fdt, node, "cmdline", facts->cmdline, &err);
		put(fdt, node, "cmdline-overrides", facts->cmdline_overrides ? "yes" : "no", &err);
	}
	return err;
}

/* The stage demands a checksum, and nothing is to be written into an answer. */
static int seal(void *fdt)
{
	const int answer = fdt_subnode_offset(fdt, 0, "answer");
	int err = answer < 0 ? 0 : fdt_del_node(fdt, answer);
	fdt32_t *cell;
	uint32_t hole, size;

	if (!err)
		err = fdt_setprop_u32(fdt, 0, "crc32c", 0);
	if (!err)
		err = fdt_pack(fdt);
	if (err)
		return err;
	/* A trailer needs a size that is a multiple of 8. */
	size = fdt_totalsize(fdt);
	memset((char *)fdt + size, 0, 7);
	fdt_set_totalsize(fdt, (size + 7) & ~7u);
	cell = fdt_getprop_w(fdt, 0, "crc32c", NULL);
	hole = (uint32_t)((const char *)cell - (const char *)fdt);
	*cell = cpu_to_fdt32(pg_gate_crc(fdt, fdt_totalsize(fdt), hole));
	return 0;
}

void *image_tree_make(const void *record, size_t record_size, const char *release,
		      const struct kernel_facts *facts, size_t *size, struct capture_error *error)
{
	void *fdt = malloc(record_size + GROWTH);
	int err;

	if (!fdt) {
		image_fail(error, "not enough memory");
		return NULL;
	}
	if (record)
		err = fdt_open_into(record, fdt, (int)(record_size + GROWTH));
	else
		err = make_empty(fdt);
	if (!err && facts)
		err = put_facts(fdt, release, facts);
	if (!err)
		err = seal(fdt);
	if (err) {
		image_fail(error, "cannot make the image's tree: %s", fdt_strerror(err));
		free(fdt);
		return NULL;
	}
	*size = fdt_totalsize(fdt);
	return fdt;
}

static const void *map_tree(void *ctx, uint64_t pa, uint64_t len)
{
	(void)len;
	return pa == (uintptr_t)ctx ? ctx : NULL;
}

bool image_tree_read(const void *tree, size_t size, struct pg_next_kernel *next,
		     struct capture_error *error)
{
	static struct pg_record record;
	const struct pg_memory memory = { .map = map_tree, .ctx = (void *)(uintptr_t)tree };
	const struct pg_blob blob = { .present = true, .pa = (uintptr_t)tree, .size = size };
	struct pg_finding finding = { .reason = PG_OK };

	record = (struct pg_record){ .state = PG_RECORD_NO_KHO };
	if (!pg_record_read_gate_fdt(&memory, &blob, &record, &finding) && !record.own.crc)
		pg_note_text(&finding, PG_RECORD_MALFORMED, "pcigate FDT crc32c", "missing", 8, 0);
	if (!finding.reason)
		pg_next_kernel_find(&record.own, next, &finding);
	return !finding.reason || image_fail(error, "the tree in the image: %s: %s %s",
					     pg_reason_sentence(finding.reason),
					     finding.field ? finding.field : "?", finding.text);
}
