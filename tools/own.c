// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * own.c - pcigate show for pcigate's own record alone (docs/kho-fdt.md): the result of the last
 * handoff, and what was handed over.
 */
#include "own.h"
#include "own_json.h"
#include "report.h"

#include <pcigate/fdt.h>
#include <stdlib.h>

#define COMPATIBLE "pci-topology-v"

/* A physical address for the tree, which was read from a file. Any aligned address is possible. */
#define PLACE 0x1000u

/* The memory that lib/ reads: only the tree. */
struct image {
	const uint8_t *bytes;
	size_t size;
};

static const void *map_image(void *ctx, uint64_t pa, uint64_t len)
{
	const struct image *image = ctx;

	if (pa < PLACE || pa - PLACE >= image->size || len > image->size - (pa - PLACE))
		return NULL;
	return image->bytes + (pa - PLACE);
}

bool own_is_record(const void *fdt, size_t size)
{
	const char *compatible;
	int len;

	if (pg_fdt_check(fdt, size))
		return false;
	compatible = fdt_getprop(fdt, 0, "compatible", &len);
	return compatible && len > 0 && !compatible[len - 1] &&
	       !strncmp(compatible, COMPATIBLE, strlen(COMPATIBLE));
}

/* Checks all nodes. A walk ends at the last node or at a malformed one. */
static enum pg_reason check_nodes(const struct pg_gate_fdt *own, struct pg_finding *finding)
{
	struct pg_gate_bridge bridge = { .node = -1 };
	struct pg_gate_device device = { .node = -1 };
	int bad;

	while (pg_gate_next_bridge(own, &bridge))
		;
	while (bridge.node < 0 && pg_gate_next_device(own, &device))
		;
	bad = bridge.node >= 0 ? bridge.node : device.node;
	if (bad < 0)
		return PG_OK;
	return pg_note_text(finding, PG_RECORD_MALFORMED,
			    bridge.node >= 0 ? "pcigate/bridges node" : "pcigate/devices node",
			    fdt_get_name(own->fdt, bad, NULL), PG_FINDING_TEXT, 0);
}

static enum pg_reason read_own(struct image *image, struct pg_record *record,
			       struct pg_finding *finding)
{
	const struct pg_memory memory = { .map = map_image, .ctx = image };
	const struct pg_blob blob = { .present = true, .pa = PLACE, .size = image->size };
	enum pg_reason reason = pg_record_read_gate_fdt(&memory, &blob, record, finding);

	/* The address is made up (PLACE), so do not print it. */
	finding->at = 0;
	return reason ? reason : check_nodes(&record->own, finding);
}

static enum pg_reason find_reason(const char *code)
{
	for (int i = PG_OK + 1; i < PG_REASON_COUNT; i++) {
		if (!strcmp(pg_reason_code((enum pg_reason)i), code))
			return (enum pg_reason)i;
	}
	return PG_OK;
}

static void show_answer(const struct options *options, const struct pg_gate_fdt *own)
{
	struct pg_answer answer;
	const char *sentence;

	if (!pg_gate_read_answer(own, &answer)) {
		puts("answer   none: /answer is absent or incomplete");
		return;
	}
	if (!answer.verdict) {
		puts("answer   none: no stage has run since this was recorded");
		return;
	}
	printf("answer   %s%s%s: ", colour(options, answer.verdict == 1 ? COLOUR_GOOD : COLOUR_BAD),
	       answer.verdict == 1   ? "opened"
	       : answer.verdict == 2 ? "opened because of pcigate=report"
				     : "unknown value",
	       colour(options, COLOUR_NONE));
	printf("%u of %u devices keep their address, %u would move, %u unverified (%u config "
	       "reads, %llu cycles)\n",
	       answer.keep, answer.devices, answer.move, answer.unverified, answer.reads,
	       (unsigned long long)answer.cycles);
	if (!answer.reason[0])
		return;
	sentence =
		find_reason(answer.reason) ? pg_reason_sentence(find_reason(answer.reason)) : "?";
	printf("reason   %s [", sentence);
	put_text(stdout, answer.reason);
	puts("]");
}

static void show_roots(const struct pg_record *record)
{
	int node = fdt_first_subnode(record->own.fdt,
				     fdt_subnode_offset(record->own.fdt, 0, "host-bridges"));

	for (uint32_t i = 0; i < record->nr_roots;
	     i++, node = fdt_next_subnode(record->own.fdt, node)) {
		const struct pg_record_root *root = &record->roots[i];
		uint64_t address, size;

		printf("host     %04x:%02x-%02x", root->segment, root->first, root->last);
		if (own_window(&record->own, node, &address, &size))
			printf(", ECAM at 0x%llx, 0x%llx bytes", (unsigned long long)address,
			       (unsigned long long)size);
		putchar('\n');
	}
}

static void show_bridges(const struct pg_gate_fdt *own)
{
	struct pg_gate_bridge bridge = { .node = -1 };
	char text[BDF_TEXT];

	while (pg_gate_next_bridge(own, &bridge)) {
		const fdt32_t *numbers = fdt_getprop(own->fdt, bridge.node, "bus-numbers", NULL);

		printf("bridge   %s, bus %02x, buses %02x-%02x%s, %u preserved\n",
		       bdf_text(bridge.at, text), fdt32_ld(numbers), fdt32_ld(numbers + 1),
		       fdt32_ld(numbers + 2), bridge.ari ? ", ARI forwarding" : "",
		       bridge.preserved);
	}
}

static void show_devices(const struct pg_gate_fdt *own)
{
	struct pg_gate_device device = { .node = -1 };
	char text[BDF_TEXT];

	while (pg_gate_next_device(own, &device)) {
		const struct pg_identity *identity = &device.identity;

		printf("device   %s %04x:%04x, class %06x, revision %02x",
		       bdf_text(device.at, text), identity->vendor_device & 0xffff,
		       identity->vendor_device >> 16, identity->class_revision >> 8,
		       identity->class_revision & 0xff);
		if (identity->subsystem)
			printf(", subsystem %04x:%04x", identity->subsystem & 0xffff,
			       identity->subsystem >> 16);
		if (identity->has_serial)
			printf(", serial %016llx", (unsigned long long)identity->serial);
		for (uint32_t i = 0; i < device.depth; i++)
			printf("%s %s", i ? "," : ", behind",
			       bdf_text(pg_gate_path(&device, i), text));
		putchar('\n');
	}
}

static void show_vfs(const struct pg_gate_fdt *own)
{
	struct pg_gate_pf pf = { .node = -1 };
	char text[BDF_TEXT];
	struct pg_bdf at;

	while (pg_gate_next_pf(own, &pf)) {
		printf("function %s, %u virtual functions, preserved", bdf_text(pf.at, text),
		       pf.number);
		for (uint32_t i = 0; i < pf.nr; i++) {
			if (pg_vf_address(&pf, pg_vf_index(&pf, i), &at))
				printf("%s %s", i ? "," : "", bdf_text(at, text));
		}
		putchar('\n');
	}
}

int show_own(const struct options *options, const void *fdt, size_t size, const char *report)
{
	struct image image = { .bytes = fdt, .size = size };
	struct pg_record record = { .state = PG_RECORD_NO_KHO };
	struct pg_finding finding = { .reason = PG_OK };
	const enum pg_reason reason = fdt ? read_own(&image, &record, &finding) : PG_OK;

	if (options->json)
		return own_json(&record, reason, &finding, report);
	if (report)
		report_print(report);
	if (report && fdt)
		putchar('\n');
	if (record.own.present) {
		printf("record   " COMPATIBLE "1, %u bytes%s\n", (unsigned int)size,
		       record.own.complete ? ", all bridges listed" : "");
		show_answer(options, &record.own);
		show_roots(&record);
		show_bridges(&record.own);
		show_devices(&record.own);
		show_vfs(&record.own);
	}
	if (!reason)
		return STATUS_OPEN;
	printf("%strouble%s  %s: %s ", colour(options, COLOUR_BAD), colour(options, COLOUR_NONE),
	       pg_reason_sentence(reason), finding.field ? finding.field : "?");
	put_text(stdout, finding.text);
	printf(" [%s]\n", pg_reason_code(reason));
	return STATUS_STOP;
}
