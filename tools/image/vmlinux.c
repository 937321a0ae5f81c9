// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * vmlinux.c - the ELF file in an image, and the sections in it that are made to tell what the
 * kernel knows about Live Update.
 *
 * The sections are those of two proposals for Linux. Both begin with a magic number and a version.
 * .liveupdate_versions then has names of 48 bytes, such as "luo-v5"; .liveupdate_features has
 * entries with a name and bit masks.
 */
#include "image.h"

#include <pcigate/versions.h>

#include <gelf.h>
#include <stdio.h>
#include <string.h>

#define SECTION_HEADER 8u
#define SECTION_MAGIC 0x4c565550u
#define SECTION_VERSION 1u
#define NAME_SIZE KERNEL_VERSION_SIZE
#define FEATURE_SIZE (NAME_SIZE + 32u)
#define FEATURE_SUPPORTED (NAME_SIZE + 8u)
#define FEATURE_REQUIRED (NAME_SIZE + 16u)

static Elf *open_elf(const uint8_t *kernel, size_t size)
{
	/* elf_memory() takes a char pointer, and does not write to the block. */
	union {
		const uint8_t *from;
		char *to;
	} image = { kernel };

	if (elf_version(EV_CURRENT) == EV_NONE)
		return NULL;
	return elf_memory(image.to, size);
}

bool kernel_is_elf(const uint8_t *kernel, size_t size, struct capture_error *error)
{
	Elf *elf = open_elf(kernel, size);
	GElf_Ehdr header;
	size_t sections = 0;
	bool good = elf && gelf_getehdr(elf, &header) && gelf_getclass(elf) == ELFCLASS64;

	if (!good)
		image_fail(
			error,
			"payload: does not decompress to a 64-bit ELF file, but begins with 0x%x",
			(uint32_t)image_number(kernel, size < 4 ? 0 : 4));
	else if (header.e_machine != EM_X86_64)
		good = image_fail(error, "payload: e_machine is %u, not x86-64 (%u)",
				  header.e_machine, EM_X86_64);
	else if (elf_getshdrnum(elf, &sections))
		good = image_fail(error, "payload: e_shoff is 0x%jx: %s", (uintmax_t)header.e_shoff,
				  elf_errmsg(-1));
	elf_end(elf);
	return good;
}

const uint8_t *kernel_section(const uint8_t *kernel, size_t size, const char *name,
			      size_t *section_size)
{
	Elf *elf = open_elf(kernel, size);
	Elf_Scn *section = NULL;
	const uint8_t *found = NULL;
	GElf_Shdr header;
	size_t names;

	if (!elf || elf_getshdrstrndx(elf, &names)) {
		elf_end(elf);
		return NULL;
	}
	while (!found && (section = elf_nextscn(elf, section))) {
		const char *text = gelf_getshdr(section, &header)
					   ? elf_strptr(elf, names, header.sh_name)
					   : NULL;

		if (!text || strcmp(text, name) || header.sh_type == SHT_NOBITS ||
		    header.sh_offset > size || header.sh_size > size - header.sh_offset)
			continue;
		found = kernel + header.sh_offset;
		*section_size = header.sh_size;
	}
	elf_end(elf);
	return found;
}

/* The entries of such a section; NULL if there is none of the known version. */
static const uint8_t *entries(const uint8_t *kernel, size_t size, const char *name, size_t entry,
			      size_t *nr)
{
	const uint8_t *section = kernel_section(kernel, size, name, nr);

	if (!section || *nr < SECTION_HEADER || image_number(section, 4) != SECTION_MAGIC ||
	    image_number(section + 4, 4) != SECTION_VERSION)
		return NULL;
	*nr = (*nr - SECTION_HEADER) / entry;
	return section + SECTION_HEADER;
}

/* Whether the name of 48 bytes at @at begins with @prefix; copies it to @name. */
static bool has_prefix(const uint8_t *at, const char *prefix, char name[NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "%.*s", (int)NAME_SIZE - 1, (const char *)at);
	return !strncmp(name, prefix, strlen(prefix));
}

static void facts_of_versions(struct kernel_facts *facts, const uint8_t *at, size_t nr)
{
	char name[NAME_SIZE];

	for (size_t i = 0; i < nr; i++, at += NAME_SIZE) {
		if (has_prefix(at, PG_KHO_PREFIX, name))
			fact_version(&facts->kho_version, FACT_SECTION, name);
		else if (has_prefix(at, PG_LUO_PREFIX, name))
			fact_version(&facts->luo_version, FACT_SECTION, name);
		else if (has_prefix(at, "pci-v", name))
			fact_version(&facts->pci_version, FACT_SECTION, name + strlen("pci-v"));
		else if (has_prefix(at, PG_SRIOV_PREFIX, name))
			fact_answer(&facts->keeps_vfs, FACT_SECTION,
				    pg_version_find(PG_PART_SRIOV, name, sizeof(name)));
	}
}

static void facts_of_features(struct kernel_facts *facts, const uint8_t *at, size_t nr)
{
	char name[NAME_SIZE];
	char text[64];

	for (size_t i = 0; i < nr; i++, at += FEATURE_SIZE) {
		snprintf(text, sizeof(text), "features 0x%jx, required 0x%jx",
			 (uintmax_t)image_number(at + FEATURE_SUPPORTED, 8),
			 (uintmax_t)image_number(at + FEATURE_REQUIRED, 8));
		if (has_prefix(at, "luo", name) && !strcmp(name, "luo"))
			fact_version(&facts->luo_version, FACT_SECTION, text);
		else if (has_prefix(at, "kho", name) && !strcmp(name, "kho"))
			fact_version(&facts->kho_version, FACT_SECTION, text);
		else if (has_prefix(at, "pci", name) && !strcmp(name, "pci"))
			fact_version(&facts->pci_version, FACT_SECTION, text);
	}
}

void facts_of_sections(struct kernel_facts *facts, const uint8_t *kernel, size_t size)
{
	size_t nr_versions = 0, nr_features = 0;
	const uint8_t *versions =
		entries(kernel, size, ".liveupdate_versions", NAME_SIZE, &nr_versions);
	const uint8_t *features =
		entries(kernel, size, ".liveupdate_features", FEATURE_SIZE, &nr_features);

	if (!versions && !features)
		return;
	/* Linux has the sections with CONFIG_LIVEUPDATE only, which needs KHO. */
	fact_answer(&facts->kho, FACT_SECTION, true);
	fact_answer(&facts->liveupdate, FACT_SECTION, true);
	if (versions)
		facts_of_versions(facts, versions, nr_versions);
	if (features)
		facts_of_features(facts, features, nr_features);
}
