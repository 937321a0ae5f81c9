// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * facts.c - what the kernel in an image knows about Live Update, from all sources.
 */
#define _GNU_SOURCE /* memmem() */
#include "image.h"

#include "../input.h"

#include <pcigate/versions.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *fact_source_text(enum fact_source source)
{
	static const char *const texts[] = {
		[FACT_UNKNOWN] = "unknown", [FACT_SECTION] = "section",
		[FACT_BTF] = "btf",	    [FACT_IKCONFIG] = "ikconfig",
		[FACT_CONFIG] = "config",   [FACT_STRINGS] = "strings",
	};

	return texts[source];
}

void fact_answer(struct kernel_answer *fact, enum fact_source source, bool yes)
{
	if (fact->source == FACT_UNKNOWN)
		*fact = (struct kernel_answer){ source, yes };
}

void fact_version(struct kernel_version *fact, enum fact_source source, const char *text)
{
	if (fact->source != FACT_UNKNOWN)
		return;
	fact->source = source;
	snprintf(fact->text, sizeof(fact->text), "%s", text);
	for (char *c = fact->text; *c; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
}

const uint8_t *image_find(const uint8_t *from, size_t size, const char *text)
{
	return memmem(from, size, text, strlen(text));
}

/* The characters of a version, such as "kho-v4;radix-v1;vmalloc-v1". */
#define VERSION_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-;"

/*
 * The version that begins with @prefix, such as "kho-v4": a string of its own, so with a zero
 * before and behind it. False if there is none, or if there are two that differ.
 */
static bool find_version(const uint8_t *kernel, size_t size, const char *prefix,
			 char version[KERNEL_VERSION_SIZE])
{
	const size_t skip = strlen(prefix);
	const uint8_t *end = kernel + size;
	const uint8_t *at = kernel;

	version[0] = 0;
	for (; (at = image_find(at, (size_t)(end - at), prefix)); at += skip) {
		const size_t room = (size_t)(end - at) < KERNEL_VERSION_SIZE ? (size_t)(end - at)
									     : KERNEL_VERSION_SIZE;

		if (at == kernel || at[-1] || !memchr(at, 0, room) || at[skip] < '0' ||
		    at[skip] > '9' ||
		    ((const char *)at)[strspn((const char *)at, VERSION_CHARACTERS)])
			continue;
		if (version[0] && strcmp(version, (const char *)at))
			return false;
		strcpy(version, (const char *)at);
	}
	return version[0];
}

/* Messages of Linux, and of the patches in kernel-patch/. */
#define STRING_NO_KHO "Passed KHO data, but CONFIG_KEXEC_HANDOVER not set"
#define STRING_PCI "PCI: liveupdate: "
#define STRING_KEEPS "bus numbers are not reassigned where devices are preserved"

void facts_of_strings(struct kernel_facts *facts, const uint8_t *kernel, size_t size)
{
	char version[KERNEL_VERSION_SIZE];

	if (image_find(kernel, size, STRING_NO_KHO)) {
		fact_answer(&facts->kho, FACT_STRINGS, false);
		return;
	}
	if (find_version(kernel, size, PG_KHO_PREFIX, version)) {
		fact_answer(&facts->kho, FACT_STRINGS, true);
		fact_version(&facts->kho_version, FACT_STRINGS, version);
	}
	if (find_version(kernel, size, PG_LUO_PREFIX, version)) {
		fact_answer(&facts->liveupdate, FACT_STRINGS, true);
		fact_version(&facts->luo_version, FACT_STRINGS, version);
	}
	if (image_find(kernel, size, STRING_PCI))
		fact_answer(&facts->pci, FACT_STRINGS, true);
	if (image_find(kernel, size, STRING_KEEPS))
		fact_answer(&facts->keeps_buses, FACT_STRINGS, true);
	if (find_version(kernel, size, PG_SRIOV_PREFIX, version))
		fact_answer(&facts->keeps_vfs, FACT_STRINGS,
			    pg_version_find(PG_PART_SRIOV, version, sizeof(version)));
}

bool kernel_lacks(const struct kernel_answer *part)
{
	return part->source != FACT_UNKNOWN && !part->yes;
}

/* What depends on a part of the kernel that is missing, is missing, too. */
static void conclude(struct kernel_facts *facts)
{
	const struct kernel_version none = { 0 };

	if (kernel_lacks(&facts->kho)) {
		fact_answer(&facts->liveupdate, facts->kho.source, false);
		fact_answer(&facts->kho_default, facts->kho.source, false);
		facts->kho_version = none;
	}
	if (kernel_lacks(&facts->liveupdate)) {
		fact_answer(&facts->pci, facts->liveupdate.source, false);
		fact_answer(&facts->luo_default, facts->liveupdate.source, false);
		facts->luo_version = none;
	}
	if (kernel_lacks(&facts->pci)) {
		fact_answer(&facts->keeps_buses, facts->pci.source, false);
		fact_answer(&facts->keeps_vfs, facts->pci.source, false);
		facts->pci_version = none;
	}
}

bool kernel_facts_read(struct kernel_facts *facts, const struct kernel_header *header,
		       const uint8_t *image, const char *path, const char *config,
		       struct capture_error *error)
{
	size_t size = 0;
	uint8_t *kernel;
	bool good;

	memset(facts, 0, sizeof(*facts));
	kernel = payload_decompress(image + header->payload_offset, header->payload_size, &size,
				    error);
	good = kernel && kernel_is_elf(kernel, size, error);
	if (good) {
		facts_of_sections(facts, kernel, size);
		facts_of_btf(facts, kernel, size);
		conclude(facts);
		facts_of_ikconfig(facts, kernel, size);
		good = facts_of_config_file(facts, config, path, header->release, error);
	}
	if (good) {
		conclude(facts);
		facts_of_strings(facts, kernel, size);
		conclude(facts);
	}
	free(kernel);
	return good;
}

uint8_t *kernel_image_load(const char *path, size_t *size, struct capture_error *error)
{
	return input_read(path, KERNEL_IMAGE_MAX, size, error);
}
