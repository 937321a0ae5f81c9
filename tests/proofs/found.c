// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * found.c - a model of acpi_find() and acpi_table_at() with the properties that prove-acpi.c
 * proves: they return no table, or a whole one. The table has one of a few lengths, because CBMC is
 * slow with objects of unknown size.
 */
#include "proof.h"

#include "../../boot/x86/acpi.h"

static struct acpi_header *any_table(const char *signature)
{
	const int choice = nondet_int();

	if (!memcmp(signature, "MCFG", 4))
		return choice == 0   ? malloc(43)
		       : choice == 1 ? malloc(44)
		       : choice == 2 ? malloc(75)
				     : malloc(76);
	if (!memcmp(signature, "DSDT", 4))
		return choice == 0 ? malloc(36) : malloc(48);
	return choice == 0   ? malloc(36)
	       : choice == 1 ? malloc(128)
	       : choice == 2 ? malloc(129)
			     : malloc(256);
}

static const struct acpi_header *any_or_none(const char *signature)
{
	struct acpi_header *table = any_table(signature);

	if (!table || nondet_bool())
		return NULL;
	table->length = (uint32_t)__CPROVER_OBJECT_SIZE(table);
	return table;
}

const struct acpi_header *acpi_find(const struct boot_params *params, const char *signature)
{
	(void)params;
	return any_or_none(signature);
}

const struct acpi_header *acpi_table_at(const struct boot_params *params, uint64_t pa,
					const char *signature)
{
	(void)params;
	(void)pa;
	return any_or_none(signature);
}
