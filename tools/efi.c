// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * efi.c - pcigate show --efi: the verdict that pcigate.efi left in EFI variables (docs/uefi.md).
 */
#include "input.h"
#include "json.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "../boot/efi/leave.h"

/* Where Linux shows EFI variables (Documentation/filesystems/efivarfs.rst). */
#define EFIVARFS "/sys/firmware/efi/efivars/"
#define VERDICT_PATH EFIVARFS LEAVE_VERDICT "-" LEAVE_GUID_TEXT
#define LAST_STOP_PATH EFIVARFS LEAVE_LAST_STOP "-" LEAVE_GUID_TEXT

/* Returns 0, or an exit status after an error message. */
static int read_variable(const char *path, struct leave *leave)
{
	struct capture_error error = { "" };
	size_t size = 0;
	char *bytes = input_read(path, CAPTURE_MAX_FILE, &size, &error);
	bool ours;

	if (!bytes)
		return complain("%s: %s", path, error.text);
	ours = leave_read((const uint8_t *)bytes, size, leave);
	free(bytes);
	return ours ? 0 : complain("%s: is not a verdict of pcigate.efi in efivarfs format", path);
}

static enum colour colour_of(const struct leave *leave)
{
	if (!strcmp(leave->verdict, "open"))
		return COLOUR_GOOD;
	return strcmp(leave->verdict, "stop") ? COLOUR_DOUBT : COLOUR_BAD;
}

static void put_verdict(const struct options *options, const char *name, const struct leave *leave)
{
	printf("%-9s %s%s%s: %u of %u devices keep their address, %u moved, %u unverified (%llu "
	       "config reads",
	       name, colour(options, colour_of(leave)), leave->verdict,
	       colour(options, COLOUR_NONE), leave->keep, leave->devices, leave->move,
	       leave->unverified, (unsigned long long)leave->reads);
	if (leave->usec)
		printf(", %llu us", (unsigned long long)leave->usec);
	puts(")");
	if (strcmp(leave->reason, "none"))
		printf("reason    %s\n", leave->reason);
	if (leave->time[0])
		printf("time      %s\n", leave->time);
}

static json_t *as_json(const struct leave *leave)
{
	return json_pack(
		"{s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "verdict", leave->verdict,
		"reason", strcmp(leave->reason, "none") ? json_string(leave->reason) : json_null(),
		"devices", (json_int_t)leave->devices, "keep", (json_int_t)leave->keep, "move",
		(json_int_t)leave->move, "unverified", (json_int_t)leave->unverified,
		"config-reads", (json_int_t)leave->reads, "usec", (json_int_t)leave->usec, "time",
		leave->time[0] ? json_string(leave->time) : json_null());
}

static int status_of(const struct leave *leave)
{
	return strcmp(leave->verdict, "stop") ? STATUS_OPEN : STATUS_STOP;
}

/* A copy of one variable. */
static int show_file(const struct options *options)
{
	struct leave leave;
	int status = read_variable(options->path, &leave);

	if (status)
		return status;
	if (options->json)
		status = json_put(json_pack("{s:o, s:n}", "verdict", as_json(&leave), "last-stop"));
	else
		put_verdict(options, "verdict", &leave);
	return status ? status : status_of(&leave);
}

int command_show_efi(const struct options *options)
{
	struct leave verdict, last;
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
