// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * parse.c - reads a capture from a flattened device tree.
 */
#include "node.h"

#include <pcigate/fdt.h>
#include <stdio.h>
#include <stdlib.h>

#define COMPATIBLE "pcigate-capture-v1"

static int read_cells(const struct node *root, const char *name)
{
	uint64_t cells = 2;
	bool present;

	if (node_number(root, name, UINT32_MAX, &cells, &present))
		return -1;
	return cells == 2 ? 0
			  : node_fail(root, name, "must be 2: addresses and sizes have 64 bits");
}

static int read_root(const struct node *root, struct capture *capture)
{
	static const char *const names[] = { "compatible", "description",    "cmdline",
					     "setup-data", "#address-cells", "#size-cells" };
	const char *compatible;
	bool present;

	if (node_string(root, "compatible", &compatible))
		return -1;
	if (!compatible || strcmp(compatible, COMPATIBLE))
		return node_fail(root, "compatible", "must be \"%s\"; is this a capture?",
				 COMPATIBLE);
	if (node_known(root, names, PG_ARRAY_SIZE(names)) || read_cells(root, "#address-cells") ||
	    read_cells(root, "#size-cells") ||
	    node_string(root, "description", &capture->description) ||
	    node_string(root, "cmdline", &capture->cmdline) ||
	    node_number(root, "setup-data", UINT64_MAX, &capture->setup_data_pa, &present))
		return -1;
	return 0;
}

static int read_expect(const struct node *node, struct capture_expect *expect)
{
	static const char *const names[] = { "verdict", "reasons", "lines", "without", "plan" };
	const char *verdict;

	if (node_known(node, names, PG_ARRAY_SIZE(names)) || node_no_unit(node) ||
	    node_leaf(node) || node_string(node, "verdict", &verdict) ||
	    node_strings(node, "reasons", &expect->reasons) ||
	    node_strings(node, "lines", &expect->lines) ||
	    node_strings(node, "without", &expect->without) ||
	    node_strings(node, "plan", &expect->plan))
		return -1;
	if (!verdict || (strcmp(verdict, "open") && strcmp(verdict, "stop")))
		return node_fail(node, "verdict", "must be \"open\" or \"stop\"");
	expect->present = true;
	expect->open = !strcmp(verdict, "open");
	return 0;
}

static int read_next(const struct node *node, struct capture *capture)
{
	static const char *const names[] = { "kho",
					     "liveupdate",
					     "pci-liveupdate",
					     "kho-default",
					     "liveupdate-default",
					     "keeps-bus-numbers",
					     "keeps-virtual-functions",
					     "version",
					     "kho-version",
					     "luo-version",
					     "pci-version",
					     "cmdline",
					     "cmdline-overrides" };
	struct pg_finding finding;

	if (capture->knows_next)
		return node_fail(node, NULL, "is the second such node");
	if (node_known(node, names, PG_ARRAY_SIZE(names)) || node_no_unit(node) || node_leaf(node))
		return -1;
	if (pg_next_kernel_read(node->fdt, node->offset, 0, &capture->next, &finding))
		return node_fail(node, finding.text, "wrong value");
	capture->knows_next = true;
	return 0;
}

static int read_nodes(const struct node *root, struct capture *capture)
{
	int child;

	node_for_each(child, root)
	{
		struct node node = node_at(root, child);
		int error = 0;

		/* A blob that is not from dtc may have two nodes of one name. */
		if (node_is(&node, "config"))
			error = capture->segments
					? node_fail(&node, NULL, "is the second such node")
					: capture_read_config(&node, capture);
		else if (node_is(&node, "expect"))
			error = capture->expect.present
					? node_fail(&node, NULL, "is the second such node")
					: read_expect(&node, &capture->expect);
		else if (node_is(&node, "next-kernel"))
			error = read_next(&node, capture);
		else if (!node_is(&node, "memory"))
			error = node_fail(
				&node, NULL,
				"only memory@, config, next-kernel and expect are allowed here");
		if (error)
			return -1;
	}
	return capture_read_memory(root, capture);
}

struct capture *capture_parse(const void *fdt, size_t size, struct capture_error *error)
{
	struct capture *capture = calloc(1, sizeof(*capture));
	struct node root = { .error = error };
	int status;

	snprintf(error->text, sizeof(error->text), "out of memory");
	if (!capture)
		return NULL;
	/* libfdt needs a buffer aligned to 8 bytes, which malloc() returns. */
	capture->fdt = malloc(size ? size : 1);
	if (!capture->fdt)
		goto fail;
	memcpy(capture->fdt, fdt, size);
	status = size > CAPTURE_MAX_FILE ? -FDT_ERR_BADSTRUCTURE : pg_fdt_check(capture->fdt, size);
	if (status) {
		snprintf(error->text, sizeof(error->text), "damaged device tree: %s",
			 fdt_strerror(status));
		goto fail;
	}
	root.fdt = capture->fdt;
	if (read_root(&root, capture) || read_nodes(&root, capture))
		goto fail;
	return capture;
fail:
	capture_free(capture);
	return NULL;
}

void capture_free(struct capture *capture)
{
	if (!capture)
		return;
	capture_free_memory(capture);
	capture_free_config(capture);
	free(capture->expect.reasons.text);
	free(capture->expect.lines.text);
	free(capture->expect.without.text);
	free(capture->expect.plan.text);
	free(capture->fdt);
	free(capture);
}
