// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * config.c - the config of a kernel: inside the kernel (CONFIG_IKCONFIG), or a file.
 */
#include "image.h"

#include "../input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Linux has the compressed config between these marks. */
#define IKCONFIG_START "IKCFG_ST"
#define IKCONFIG_END "IKCFG_ED"

/* The place behind @start at the beginning of a line of @text, or NULL. */
static const char *line_with(const char *text, const char *start)
{
	const char *at = text;

	while ((at = strstr(at, start)) && at != text && at[-1] != '\n')
		at++;
	return at ? at + strlen(start) : NULL;
}

static bool is_set(const char *text, const char *option)
{
	char start[64];
	const char *value;

	snprintf(start, sizeof(start), "CONFIG_%s=", option);
	value = line_with(text, start);
	return value && (*value == 'y' || *value == 'm');
}

static bool is_known(const char *text, const char *option)
{
	char start[64];

	snprintf(start, sizeof(start), "# CONFIG_%s is not set", option);
	return is_set(text, option) || line_with(text, start);
}

/* Linux writes a string in double quotes, with a backslash before '"' and '\'. */
static void take_cmdline(struct kernel_facts *facts, const char *text)
{
	const char *value =
		is_set(text, "CMDLINE_BOOL") ? line_with(text, "CONFIG_CMDLINE=\"") : "";
	size_t len = 0;

	for (; value && *value && *value != '"' && *value != '\n'; value++) {
		if (*value == '\\' && value[1])
			value++;
		if (len + 1 < sizeof(facts->cmdline))
			facts->cmdline[len++] = *value;
	}
	facts->cmdline[len] = 0;
	facts->cmdline_overrides = len && is_set(text, "CMDLINE_OVERRIDE");
}

void facts_of_config(struct kernel_facts *facts, enum fact_source source, const char *text)
{
	fact_answer(&facts->kho, source, is_set(text, "KEXEC_HANDOVER"));
	fact_answer(&facts->liveupdate, source, is_set(text, "LIVEUPDATE"));
	fact_answer(&facts->pci, source, is_set(text, "PCI_LIVEUPDATE"));
	/* Only kernel-patch/ has this option, not Linux's own PCI Live Update; its record is
	 * version 2. */
	if (is_known(text, "PCI_LIVEUPDATE_INHERIT")) {
		fact_answer(&facts->keeps_buses, source, is_set(text, "PCI_LIVEUPDATE_INHERIT"));
		fact_version(&facts->pci_version, source, "2");
	}
	fact_answer(&facts->kho_default, source, is_set(text, "KEXEC_HANDOVER_ENABLE_DEFAULT"));
	/* Linux has no option that switches Live Update on. */
	fact_answer(&facts->luo_default, source, false);
	if (facts->cmdline_source == FACT_UNKNOWN) {
		facts->cmdline_source = source;
		take_cmdline(facts, text);
	}
}

void facts_of_ikconfig(struct kernel_facts *facts, const uint8_t *kernel, size_t size)
{
	const uint8_t *start = image_find(kernel, size, IKCONFIG_START "\x1f\x8b");
	const uint8_t *end;
	struct capture_error error;
	size_t text_size;
	uint8_t *text;

	if (!start)
		return;
	start += strlen(IKCONFIG_START);
	end = image_find(start, size - (size_t)(start - kernel), IKCONFIG_END);
	if (!end || end - start < 4 || image_number(end - 4, 4) > IKCONFIG_MAX)
		return;
	text = payload_decompress(start, (size_t)(end - start), &text_size, &error);
	if (text)
		facts_of_config(facts, FACT_IKCONFIG, (const char *)text);
	free(text);
}

/*
 * Whether @text is the config of a kernel of this release, by the first two numbers of the version
 * in its head: distributions put their own number in the place of the third.
 */
static bool is_of_release(const char *text, const char *release, struct capture_error *error)
{
	const char *head = line_with(text, "# Linux/");
	unsigned int wanted[2], got[2];

	head = head ? strchr(head, ' ') : NULL;
	if (!head || sscanf(head, " %u.%u", &got[0], &got[1]) != 2)
		return image_fail(error,
				  "is not a kernel config: no line \"# Linux/x86 VERSION ...\"");
	if (sscanf(release, "%u.%u", &wanted[0], &wanted[1]) == 2 &&
	    (wanted[0] != got[0] || wanted[1] != got[1]))
		return image_fail(error, "is for Linux %u.%u, and the kernel is %s", got[0], got[1],
				  release);
	return true;
}

static bool take_file(struct kernel_facts *facts, const char *path, const char *release,
		      struct capture_error *error)
{
	struct capture_error why = { "" };
	size_t size;
	char *text = input_read(path, CAPTURE_MAX_FILE, &size, &why);

	if (!text || !is_of_release(text, release, &why)) {
		free(text);
		return image_fail(error, "config %.200s: %.150s", path, why.text);
	}
	facts_of_config(facts, FACT_CONFIG, text);
	snprintf(facts->config_path, sizeof(facts->config_path), "%s", path);
	free(text);
	return true;
}

/*
 * Where a config may be, in the order of search: the names that go with the image's own name, those
 * that go with the release. @number counts from 0. False behind the last one; "" if a place does
 * not apply.
 */
static bool place(char *at, size_t size, unsigned int number, const char *path, const char *release)
{
	const char *name = path && strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	const int dir = name ? (int)(name - path) : 0;

	at[0] = 0;
	switch (number) {
	case 0:
		if (name && !strncmp(name, "vmlinuz", 7))
			snprintf(at, size, "%.*sconfig%s", dir, path, name + 7);
		return true;
	case 1:
		if (name && *release)
			snprintf(at, size, "%.*sconfig-%s", dir, path, release);
		return true;
	case 2:
		if (*release)
			snprintf(at, size, "/boot/config-%s", release);
		return true;
	case 3:
		if (*release)
			snprintf(at, size, "/lib/modules/%s/config", release);
		return true;
	}
	return false;
}

bool facts_of_config_file(struct kernel_facts *facts, const char *config, const char *path,
			  const char *release, struct capture_error *error)
{
	char at[sizeof(facts->config_path)];
	struct capture_error why;

	if (config)
		return take_file(facts, config, release, error);
	if (path && !strcmp(path, "-"))
		path = NULL;
	/* The release comes from the image and must not lead to another directory. */
	if (strchr(release, '/'))
		release = "";
	for (unsigned int i = 0; place(at, sizeof(at), i, path, release); i++) {
		if (!at[0] || access(at, F_OK))
			continue;
		if (take_file(facts, at, release, &why))
			return true;
		snprintf(facts->note, sizeof(facts->note), "%s", why.text);
	}
	return true;
}
