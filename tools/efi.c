// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * efi.c - pcigate show --efi: the verdict that pcigate.efi left in EFI variables (docs/uefi.md).
 */
#include "input.h"
#include "json.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "../boot/efi/boot_verdict.h"

/* Where Linux shows EFI variables (Documentation/filesystems/efivarfs.rst). */
#define EFIVARFS "/sys/firmware/efi/efivars/"
#define VERDICT_PATH EFIVARFS VARIABLE_VERDICT "-" VARIABLE_GUID_TEXT
#define LAST_STOP_PATH EFIVARFS VARIABLE_LAST_STOP "-" VARIABLE_GUID_TEXT

/* Returns 0, or an exit status after an error message. */
static int read_variable(const char *path, struct boot_verdict *verdict)
{
	struct capture_error error = { "" };
	size_t size = 0;
	char *bytes = input_read(path, CAPTURE_MAX_FILE, &size, &error);
	bool ours;

	if (!bytes)
		return complain("%s: %s", path, error.text);
	ours = boot_verdict_read((const uint8_t *)bytes, size, verdict);
	free(bytes);
	return ours ? 0 : complain("%s: is not a verdict of pcigate.efi in efivarfs format", path);
}

static enum colour colour_of(const struct boot_verdict *verdict)
{
	if (!strcmp(verdict->verdict, "open"))
		return COLOUR_GOOD;
	return strcmp(verdict->verdict, "stop") ? COLOUR_DOUBT : COLOUR_BAD;
}

static void put_verdict(const struct options *options, const char *name,
			const struct boot_verdict *verdict)
{
	printf("%-9s %s%s%s: %u of %u devices keep their address, %u moved, %u unverified (%llu "
	       "config reads",
	       name, colour(options, colour_of(verdict)), verdict->verdict,
	       colour(options, COLOUR_NONE), verdict->keep, verdict->devices, verdict->move,
	       verdict->unverified, (unsigned long long)verdict->reads);
	if (verdict->usec)
		printf(", %llu us", (unsigned long long)verdict->usec);
	puts(")");
	if (strcmp(verdict->reason, "none"))
		printf("reason    %s\n", verdict->reason);
	if (verdict->time[0])
		printf("time      %s\n", verdict->time);
}

static json_t *as_json(const struct boot_verdict *verdict)
{
	return json_pack(
		"{s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "verdict", verdict->verdict,
		"reason",
		strcmp(verdict->reason, "none") ? json_string(verdict->reason) : json_null(),
		"devices", (json_int_t)verdict->devices, "keep", (json_int_t)verdict->keep, "move",
		(json_int_t)verdict->move, "unverified", (json_int_t)verdict->unverified,
		"config-reads", (json_int_t)verdict->reads, "usec", (json_int_t)verdict->usec,
		"time", verdict->time[0] ? json_string(verdict->time) : json_null());
}

static int status_of(const struct boot_verdict *verdict)
{
	return strcmp(verdict->verdict, "stop") ? STATUS_OPEN : STATUS_STOP;
}

/* A copy of one variable. */
static int show_file(const struct options *options)
{
	struct boot_verdict verdict;
	int status = read_variable(options->path, &verdict);

	if (status)
		return status;
	if (options->json)
		status = json_put(
			json_pack("{s:o, s:n}", "verdict", as_json(&verdict), "last-stop"));
	else
		put_verdict(options, "verdict", &verdict);
	return status ? status : status_of(&verdict);
}

int command_show_efi(const struct options *options)
{
	struct boot_verdict verdict, last;
	bool has_verdict, has_last;
	int status = 0;

	if (options->path)
		return show_file(options);
	if (access(EFIVARFS, F_OK))
		return complain(EFIVARFS ": %s (booted by UEFI, and efivarfs mounted?)",
				strerror(errno));
	has_verdict = !access(VERDICT_PATH, F_OK);
	has_last = !access(LAST_STOP_PATH, F_OK);
	if (!has_verdict && !has_last)
		return complain(
			"no variable of pcigate.efi: this machine was not booted through it");
	if ((has_verdict && read_variable(VERDICT_PATH, &verdict)) ||
	    (has_last && read_variable(LAST_STOP_PATH, &last)))
		return STATUS_TROUBLE;
	if (options->json) {
		status = json_put(json_pack("{s:o, s:o}", "verdict",
					    has_verdict ? as_json(&verdict) : json_null(),
					    "last-stop", has_last ? as_json(&last) : json_null()));
	} else {
		if (has_verdict)
			put_verdict(options, "verdict", &verdict);
		else
			puts("verdict   none: this boot did not go through pcigate.efi");
		if (has_last)
			put_verdict(options, "last stop", &last);
	}
	return status ? status : has_verdict ? status_of(&verdict) : STATUS_OPEN;
}
