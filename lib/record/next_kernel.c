// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * next_kernel.c - reads what is known about the next kernel, and compares it with the record.
 */
#include <pcigate/fdt.h>
#include <pcigate/next_kernel.h>
#include <pcigate/text.h>

/**
 * struct reader - the node that is being read
 * @fdt:     the tree
 * @node:    the offset of the node
 * @pa:      the address of the tree
 * @finding: the first error
 */
struct reader {
	const void *fdt;
	int node;
	uint64_t pa;
	struct pg_finding *finding;
};

static void wrong(struct reader *reader, const char *name)
{
	if (!reader->finding->reason)
		pg_note_text(reader->finding, PG_RECORD_MALFORMED, "next-kernel: value of", name,
			     strlen(name), reader->pa);
}

/* One string; NULL if it is missing or wrong. */
static const char *read_text(struct reader *reader, const char *name)
{
	const char *text;
	uint32_t len;

	text = pg_fdt_get(reader->fdt, reader->node, name, &len);
	if (text && (!len || memchr(text, 0, len) != text + len - 1)) {
		wrong(reader, name);
		return NULL;
	}
	return text;
}

static enum pg_fact read_fact(struct reader *reader, const char *name)
{
	const char *text = read_text(reader, name);

	if (!text)
		return PG_FACT_UNKNOWN;
	if (!strncmp(text, "yes", 4))
		return PG_FACT_YES;
	if (strncmp(text, "no", 3))
		wrong(reader, name);
	return PG_FACT_NO;
}

enum pg_reason pg_next_kernel_read(const void *fdt, int node, uint64_t pa,
				   struct pg_next_kernel *next, struct pg_finding *finding)
{
	struct reader reader = { .fdt = fdt, .node = node, .pa = pa, .finding = finding };

	*finding = (struct pg_finding){ .reason = PG_OK };
	*next = (struct pg_next_kernel){
		.kho = read_fact(&reader, "kho"),
		.liveupdate = read_fact(&reader, "liveupdate"),
		.pci = read_fact(&reader, "pci-liveupdate"),
		.kho_default = read_fact(&reader, "kho-default"),
		.liveupdate_default = read_fact(&reader, "liveupdate-default"),
		.keeps_buses = read_fact(&reader, "keeps-bus-numbers"),
		.keeps_vfs = read_fact(&reader, "keeps-virtual-functions"),
		.version = read_text(&reader, "version"),
		.kho_version = read_text(&reader, "kho-version"),
		.luo_version = read_text(&reader, "luo-version"),
		.pci_version = read_text(&reader, "pci-version"),
		.cmdline = read_text(&reader, "cmdline"),
		.cmdline_overrides = read_fact(&reader, "cmdline-overrides") == PG_FACT_YES,
	};
	if (next->cmdline && strlen(next->cmdline) > PG_CMDLINE_MAX)
		wrong(&reader, "cmdline");
	return finding->reason;
}

enum pg_reason pg_next_kernel_find(const struct pg_gate_fdt *own, struct pg_next_kernel *next,
				   struct pg_finding *finding)
{
	const int node = pg_fdt_find_child(own->fdt, 0, "next-kernel");

	*next = (struct pg_next_kernel){ .kho = PG_FACT_UNKNOWN };
	*finding = (struct pg_finding){ .reason = PG_OK };
	return node < 0 ? PG_OK : pg_next_kernel_read(own->fdt, node, own->pa, next, finding);
}

/*
 * Whether the next kernel reads the version @recorded of @part, which is @name. Linux compares
 * whole versions. What is not known counts as fitting. The report has the recorded versions in the
 * line before the finding.
 */
static bool reads(enum pg_fact part, const char *name, const char *version, const char *recorded,
		  struct pg_finding *finding)
{
	char buf[PG_FINDING_TEXT];
	struct pg_text only;

	if (part == PG_FACT_NO) {
		pg_note_text(finding, PG_NEXT_CANNOT_READ, "the next kernel does not know", name,
			     strlen(name), 0);
		return false;
	}
	if (!version || !strncmp(version, recorded, PG_VERSION_TEXT))
		return true;
	pg_text_begin(&only, buf, sizeof(buf));
	pg_text_string(&only, name);
	pg_text_char(&only, ' ');
	pg_text_printable(&only, version, strlen(version));
	pg_note_text(finding, PG_NEXT_CANNOT_READ, "the next kernel reads only", buf, only.len, 0);
	return false;
}

enum pg_reason pg_next_kernel_check(const struct pg_next_kernel *next,
				    const struct pg_record *record, struct pg_finding *finding)
{
	char pci_version[PG_VERSION_TEXT];
	struct pg_text text;

	pg_text_begin(&text, pci_version, sizeof(pci_version));
	pg_text_decimal(&text, record->pci_version);
	*finding = (struct pg_finding){ .reason = PG_OK };
	if (reads(next->kho, "KHO", next->kho_version, record->kho_version, finding) &&
	    reads(next->liveupdate, "Live Update", next->luo_version, record->luo_version, finding))
		reads(next->pci, "PCI Live Update", next->pci_version, pci_version, finding);
	return finding->reason;
}
