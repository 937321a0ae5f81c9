// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * names.c - names of classes, vendors and devices, by libpci.
 */
#include "names.h"

#include <pci/pci.h>
#include <stdlib.h>

static void be_quiet(char *message, ...)
{
	(void)message;
}

static __attribute__((noreturn)) void fail(char *message, ...)
{
	exit(complain("libpci: %s", message));
}

/* What libpci has read, for all calls. It is not initialized, as that would look for devices. */
static struct pci_access *names(void)
{
	static struct pci_access *access;

	if (access)
		return access;
	access = pci_alloc();
	access->error = fail;
	access->warning = be_quiet;
	access->debug = be_quiet;
	return access;
}

const char *names_model(const struct pg_identity *identity, char text[NAMES_TEXT])
{
	char class[NAMES_TEXT / 2], model[NAMES_TEXT / 2];

	snprintf(text, NAMES_TEXT, "%s: %s",
		 pci_lookup_name(names(), class, sizeof(class),
				 PCI_LOOKUP_CLASS | PCI_LOOKUP_NO_HWDB,
				 (int)(identity->class_revision >> 16)),
		 pci_lookup_name(names(), model, sizeof(model),
				 PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_HWDB,
				 (int)(identity->vendor_device & 0xffff),
				 (int)(identity->vendor_device >> 16)));
	return text;
}

void names_put(const struct options *options, const struct pg_config *config,
	       const struct pg_topology *topology, uint32_t index, FILE *out)
{
	const struct pg_function *function = &topology->functions[index];
	struct pg_identity identity = { .vendor_device = function->hw.id };
	char path[PATH_TEXT], text[NAMES_TEXT];

	if (options->paths && function->parent != PG_NONE)
		fprintf(out, ", path %s", path_text(topology, index, path));
	if (!options->names || !identity.vendor_device ||
	    config->read(config->ctx, function->at, PG_REG_CLASS, &identity.class_revision))
		return;
	fputs(", ", out);
	put_text(out, names_model(&identity, text));
}
