// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * btf.c - what the types and functions in a kernel's BTF tell. A function is in the BTF if it was
 * compiled; the empty functions that stand in for it otherwise are inline, and are not.
 */
#include "image.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <string.h>

/* A function that every kernel with PCI has: without it the BTF has no functions. */
#define FUNCTION_OF_EVERY_KERNEL "pci_bus_add_device"

static int no_output(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

static bool has_function(const struct btf *btf, const char *name)
{
	return btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) > 0;
}

/* Whether the struct @name has @size bytes and exactly these members, separated by blanks. */
static bool has_layout(const struct btf *btf, const char *name, uint32_t size, const char *members)
{
	const int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, (uint32_t)id) : NULL;

	if (!type || type->size != size)
		return false;
	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		const char *member = btf__name_by_offset(btf, btf_members(type)[i].name_off);
		const size_t len = member ? strlen(member) : 0;

		if (!len || strncmp(members, member, len) || (members[len] && members[len] != ' '))
			return false;
		members += len + !!members[len];
	}
	return !*members;
}

/*
 * No type has the version number of the PCI record. Versions 1 and 2 have this layout, and only
 * drafts of Linux's PCI Live Update had version 1.
 */
static bool reads_pci_2(const struct btf *btf)
{
	return has_layout(btf, "pci_ser", 16, "version nr_devices devices") &&
	       has_layout(btf, "pci_dev_ser", 8, "domain bdf refcount");
}

static void look(struct kernel_facts *facts, const struct btf *btf)
{
	const bool pci = has_function(btf, "pci_liveupdate_setup_device");

	fact_answer(&facts->kho, FACT_BTF, has_function(btf, "kho_is_enabled"));
	fact_answer(&facts->liveupdate, FACT_BTF, has_function(btf, "liveupdate_enabled"));
	fact_answer(&facts->pci, FACT_BTF, pci);
	fact_answer(&facts->keeps_buses, FACT_BTF,
		    has_function(btf, "pci_liveupdate_preserve_bus_numbers") ||
			    has_function(btf, "pci_liveupdate_keeps_buses"));
	if (pci && reads_pci_2(btf))
		fact_version(&facts->pci_version, FACT_BTF, "2");
}

void facts_of_btf(struct kernel_facts *facts, const uint8_t *kernel, size_t size)
{
	size_t section_size = 0;
	const uint8_t *section = kernel_section(kernel, size, ".BTF", &section_size);
	struct btf *btf;

	if (!section || section_size > UINT32_MAX)
		return;
	libbpf_set_print(no_output);
	btf = btf__new(section, (uint32_t)section_size);
	if (!btf)
		return;
	if (has_function(btf, FUNCTION_OF_EVERY_KERNEL))
		look(facts, btf);
	btf__free(btf);
}
