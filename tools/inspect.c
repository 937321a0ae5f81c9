// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * inspect.c - pcigate inspect: what a kernel image knows about Live Update, and where that was
 * found.
 */
#include "image/carrier.h"
#include "image/kernel_image.h"
#include "json.h"
#include "program.h"

#include <stdlib.h>

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
	"usage: pcigate inspect [--json] [--config FILE] KERNEL\n\n"
	"Prints what the kernel in KERNEL, a bzImage such as /boot/vmlinuz-VERSION, knows\n"
	"about Live Update, and where each fact was found. \"-\" is standard input.\n\n"
	"      --config FILE  the config of the kernel; else one beside KERNEL or in /boot\n"
	"      --json         print one JSON object\n"
	"      --help         print this\n\n"
	"Exit status: 0 done, 2 error.\n"
	"Manual: pcigate-inspect(8)\n";

static const struct program program = { "inspect", usage, ":h", long_options };

/**
 * struct inspect - the command line of inspect
 * @json:   --json
 * @config: --config, or NULL
 * @kernel: the image
 */
struct inspect {
	bool json;
	const char *config;
	const char *kernel;
};

/* Returns an exit status if the command ends here, or -1 to go on. */
static int parse(int argc, char **argv, struct inspect *inspect)
{
	int option, status = -1;

	while ((option = program_option(&program, argc, argv, &status)) != -1) {
		switch (option) {
		case 'c':
			inspect->config = optarg;
			break;
		case 'j':
			inspect->json = true;
			break;
		}
	}
	if (status >= 0)
		return status;
	if (optind == argc)
		return reject(&program, "a kernel image is missing", NULL);
	inspect->kernel = argv[optind++];
	if (optind < argc)
		return reject(&program, "one image at a time, but there is also", argv[optind]);
	return -1;
}

#define LABEL "%-26s"

static void put_fact(const char *label, enum fact_source source, const char *value)
{
	printf(LABEL, label);
	put_text(stdout, source == FACT_UNKNOWN ? "unknown" : value);
	if (source != FACT_UNKNOWN)
		printf(" (%s)", fact_source_text(source));
	putchar('\n');
}

/* A part of the kernel; if it is not missing, also its version, and whether it is on by default. */
static void put_part(const char *label, const struct kernel_answer *part, const char *version_label,
		     const struct kernel_version *version, const char *default_label,
		     const struct kernel_answer *by_default)
{
	put_fact(label, part->source, part->yes ? "yes" : "no");
	if (kernel_lacks(part))
		return;
	put_fact(version_label, version->source, version->text);
	put_fact(default_label, by_default->source, by_default->yes ? "yes" : "no");
}

static void put_header(const struct kernel_header *header, bool gated)
{
	printf(LABEL "%s\n", "kernel", header->banner[0] ? header->banner : "unknown");
	printf(LABEL "%u.%02u%s%s\n", "boot protocol", header->protocol >> 8,
	       header->protocol & 0xff,
	       header->xloadflags & KERNEL_XLF_CAN_BE_LOADED_ABOVE_4G ? ", above 4 GiB" : "",
	       header->xloadflags & KERNEL_XLF_5LEVEL ? ", 5-level paging" : "");
	printf(LABEL "%u setup sectors, %zu bytes, %u in memory\n", "sizes", header->setup_sects,
	       header->protected_size, header->init_size);
	printf(LABEL "%s, %zu bytes at 0x%zx\n", "payload",
	       header->compression ? header->compression : "unknown", header->payload_size,
	       header->payload_offset);
	if (header->signature_size)
		printf(LABEL "Authenticode, %zu bytes at 0x%zx\n", "signature",
		       header->signature_size, header->signature_offset);
	else
		printf(LABEL "none\n", "signature");
	printf(LABEL "%s\n", "gated image", gated ? "yes" : "no");
}

static void put_facts(const struct kernel_facts *facts)
{
	put_part("KHO", &facts->kho, "KHO version", &facts->kho_version, "on without kho=on",
		 &facts->kho_default);
	put_part("Live Update", &facts->liveupdate, "LUO version", &facts->luo_version,
		 "on without liveupdate=on", &facts->luo_default);
	put_part("PCI Live Update", &facts->pci, "PCI version", &facts->pci_version,
		 "keeps bus numbers", &facts->keeps_buses);
	if (!kernel_lacks(&facts->pci))
		put_fact("keeps virtual functions", facts->keeps_vfs.source,
			 facts->keeps_vfs.yes ? "yes" : "no");
	put_fact("built-in command line", facts->cmdline_source,
		 facts->cmdline[0] ? facts->cmdline : "none");
	if (facts->cmdline_overrides)
		printf(LABEL "the kernel ignores the words of the boot loader\n", "");
	if (facts->config_path[0]) {
		printf(LABEL, "config");
		put_text(stdout, facts->config_path);
		putchar('\n');
	}
	if (facts->note[0]) {
		printf(LABEL, "not used");
		put_text(stdout, facts->note);
		putchar('\n');
	}
}

/* { "value": ..., "source": ... }, both null if the fact is not known. Takes @value. */
static json_t *json_fact(enum fact_source source, json_t *value)
{
	if (source == FACT_UNKNOWN) {
		json_decref(value);
		value = json_null();
	}
	return json_pack("{s:o, s:s?}", "value", value, "source",
			 source == FACT_UNKNOWN ? NULL : fact_source_text(source));
}

static json_t *json_answer(const struct kernel_answer *answer)
{
	return json_fact(answer->source, json_boolean(answer->yes));
}

static json_t *json_version(const struct kernel_version *version)
{
	return json_fact(version->source, json_text(version->text));
}

static json_t *json_header(const struct kernel_header *header, bool gated)
{
	char protocol[8];
	json_t *signature =
		header->signature_size
			? json_pack("{s:I, s:I}", "offset", (json_int_t)header->signature_offset,
				    "size", (json_int_t)header->signature_size)
			: json_null();

	snprintf(protocol, sizeof(protocol), "%u.%02u", header->protocol >> 8,
		 header->protocol & 0xff);
	return json_pack("{s:o, s:o, s:s, s:I, s:I, s:I, s:I, s:I, s:{s:I, s:I}, "
			 "s:{s:s?, s:I, s:I}, s:o, s:b}",
			 "release", json_text(header->release), "banner", json_text(header->banner),
			 "boot-protocol", protocol, "setup-sectors",
			 (json_int_t)header->setup_sects, "xloadflags",
			 (json_int_t)header->xloadflags, "alignment", (json_int_t)header->alignment,
			 "init-size", (json_int_t)header->init_size, "cmdline-size",
			 (json_int_t)header->cmdline_size, "protected-mode", "offset",
			 (json_int_t)header->protected_offset, "size",
			 (json_int_t)header->protected_size, "payload", "compression",
			 header->compression, "offset", (json_int_t)header->payload_offset, "size",
			 (json_int_t)header->payload_size, "signature", signature, "gated", gated);
}

static json_t *json_facts(const struct kernel_facts *facts)
{
	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "kho",
		json_answer(&facts->kho), "kho-version", json_version(&facts->kho_version),
		"kho-default", json_answer(&facts->kho_default), "liveupdate",
		json_answer(&facts->liveupdate), "luo-version", json_version(&facts->luo_version),
		"liveupdate-default", json_answer(&facts->luo_default), "pci",
		json_answer(&facts->pci), "pci-version", json_version(&facts->pci_version),
		"keeps-bus-numbers", json_answer(&facts->keeps_buses), "keeps-virtual-functions",
		json_answer(&facts->keeps_vfs), "cmdline",
		json_fact(facts->cmdline_source, json_text(facts->cmdline)), "cmdline-overrides",
		json_fact(facts->cmdline_source, json_boolean(facts->cmdline_overrides)), "config",
		json_text(facts->config_path[0] ? facts->config_path : NULL), "note",
		json_text(facts->note[0] ? facts->note : NULL));
}

int command_inspect(int argc, char **argv)
{
	static struct kernel_header header;
	static struct kernel_facts facts;
	struct inspect inspect = { 0 };
	struct capture_error error = { "" };
	const int status = parse(argc, argv, &inspect);
	struct carrier carrier;
	size_t size = 0;
	uint8_t *image;
	bool good, gated;

	if (status >= 0)
		return status;
	image = kernel_image_load(inspect.kernel, &size, &error);
	good = image && kernel_header_read(&header, image, size, &error) &&
	       kernel_facts_read(&facts, &header, image, inspect.kernel, inspect.config, &error);
	gated = good && carrier_find(&carrier, &header, image, size, &error);
	free(image);
	if (!good || error.text[0])
		return complain("%s: %s",
				strcmp(inspect.kernel, "-") ? inspect.kernel : "standard input",
				error.text);
	if (inspect.json)
		return json_put(json_pack("{s:o, s:o}", "header", json_header(&header, gated),
					  "facts", json_facts(&facts)));
	put_header(&header, gated);
	put_facts(&facts);
	return STATUS_OPEN;
}
