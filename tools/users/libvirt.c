// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * libvirt.c - PCI devices that the domains of libvirt name. The files are read, because libvirt may
 * not run: at boot, the check comes before it.
 */
#include "../cli.h"
#include "users.h"

#include <errno.h>
#include <expat.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct domain - a file while it is read
 * @depth:   number of open elements
 * @pci:     the depth of an open <hostdev type='pci'>, or 0
 * @name:    the text of <name>, cut at its size
 * @in_name: the text belongs to <name>
 * @nr, @addresses: devices that were found
 */
struct domain {
	int depth;
	int pci;
	char name[128];
	bool in_name;
	uint32_t nr;
	struct pg_bdf addresses[64];
};

static const char *attribute(const XML_Char **attributes, const char *name)
{
	for (; *attributes; attributes += 2) {
		if (!strcmp(attributes[0], name))
			return attributes[1];
	}
	return "";
}

static uint32_t number(const XML_Char **attributes, const char *name)
{
	return (uint32_t)strtoul(attribute(attributes, name), NULL, 0);
}

/* <hostdev> has two addresses: in <source> that of the host, beside it that of the guest. */
static void XMLCALL open_element(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct domain *domain = ctx;

	domain->depth++;
	domain->in_name = domain->depth == 2 && !strcmp(name, "name");
	if (!strcmp(name, "hostdev") && !strcmp(attribute(attributes, "type"), "pci"))
		domain->pci = domain->depth;
	if (!domain->pci || domain->depth != domain->pci + 2 || strcmp(name, "address") ||
	    domain->nr == sizeof(domain->addresses) / sizeof(domain->addresses[0]))
		return;
	domain->addresses[domain->nr++] =
		pg_bdf(number(attributes, "domain"), (uint8_t)number(attributes, "bus"),
		       (uint8_t)(number(attributes, "slot") << 3 | number(attributes, "function")));
}

static void XMLCALL close_element(void *ctx, const XML_Char *name)
{
	struct domain *domain = ctx;

	(void)name;
	domain->in_name = false;
	if (domain->depth-- == domain->pci)
		domain->pci = 0;
}

static void XMLCALL take_text(void *ctx, const XML_Char *text, int len)
{
	struct domain *domain = ctx;
	const size_t used = strlen(domain->name);

	if (domain->in_name)
		snprintf(domain->name + used, sizeof(domain->name) - used, "%.*s", len, text);
}

static bool parse(struct domain *domain, FILE *file, const char *path)
{
	XML_Parser parser = XML_ParserCreate(NULL);
	char buffer[4096];
	bool good = parser;
	size_t len;

	if (!good)
		return false;
	XML_SetUserData(parser, domain);
	XML_SetElementHandler(parser, open_element, close_element);
	XML_SetCharacterDataHandler(parser, take_text);
	do {
		len = fread(buffer, 1, sizeof(buffer), file);
		good = XML_Parse(parser, buffer, (int)len, !len) == XML_STATUS_OK;
	} while (good && len);
	if (!good) {
		(void)complain("%s: %s", path, XML_ErrorString(XML_GetErrorCode(parser)));
		domain->nr = 0;
	}
	XML_ParserFree(parser);
	return true;
}

static bool read_domain(struct users *users, const char *path)
{
	struct domain domain = { 0 };
	FILE *file = fopen(path, "re");
	bool good;

	if (!file) {
		(void)complain("%s: %s", path, strerror(errno));
		return true;
	}
	good = parse(&domain, file, path);
	fclose(file);
	for (uint32_t i = 0; good && i < domain.nr; i++)
		good = users_add(users, domain.addresses[i], USER_DOMAIN, domain.name);
	return good;
}

bool users_of_libvirt(struct users *users, const char *directory)
{
	char pattern[256];
	glob_t files;
	bool good = true;

	snprintf(pattern, sizeof(pattern), "%.200s/*.xml", directory);
	if (glob(pattern, 0, NULL, &files) == 0) {
		for (size_t i = 0; good && i < files.gl_pathc; i++)
			good = read_domain(users, files.gl_pathv[i]);
	}
	globfree(&files);
	return good;
}
