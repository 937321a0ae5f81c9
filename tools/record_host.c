// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * record_host.c - reads the running host for a recording.
 */
#define _GNU_SOURCE /* asprintf() */

#include "record.h"

#include "cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/utsname.h>

/* Linux assigns domain numbers from here on (VMD). The firmware and the stage do not know them. */
#define SEGMENTS 0x10000u

static int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int fail(const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return complain("this host: %s", text);
}

static int out_of_memory(void)
{
	return fail("out of memory");
}

/* Root buses of domains that Linux numbers itself are not recorded. */
static void drop_domains(struct machine *machine)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < machine->nr_roots; i++) {
		const struct pg_record_root root = machine->roots[i];

		if (root.segment >= SEGMENTS) {
			machine_note(machine,
				     "domain %x is left out: Linux assigned this number, "
				     "firmware does not know it",
				     root.segment);
			continue;
		}
		machine->end_assumed[nr] = machine->end_assumed[i];
		machine->roots[nr++] = root;
	}
	machine->nr_roots = nr;
}

static void note_ends(struct machine *machine)
{
	for (uint32_t i = 0; i < machine->nr_roots; i++) {
		const struct pg_record_root *root = &machine->roots[i];

		if (machine->end_assumed[i])
			machine_note(machine,
				     "the kernel log does not say any more where root bus "
				     "%04x:%02x ends: at %02x or before",
				     root->segment, root->first, root->last);
	}
}

/* Functions that Linux has and to which no bridge leads, by the bridges' registers. */
static void note_unreached(struct host_record *record)
{
	struct machine *machine = &record->machine;
	char text[BDF_TEXT];

	for (uint32_t i = 0; i < machine->nr; i++) {
		const struct pg_bdf at = machine->functions[i].at;

		if (at.segment < SEGMENTS && functions_at(&record->functions, at) == PG_NONE)
			machine_note(machine, "%s is left out: no bridge leads there",
				     bdf_text(at, text));
	}
}

static int read_machine(struct host_record *record)
{
	struct machine *machine = &record->machine;
	struct capture_error error = { "" };
	const char *problem;

	if (!machine_of_host(machine, &error))
		return fail("%s", error.text);
	if (machine->nr_roots > PG_MAX_ROOTS)
		return fail("more than %u root buses", PG_MAX_ROOTS);
	drop_domains(machine);
	if (!machine_find_windows(machine, &error))
		return fail("%s", error.text);
	note_ends(machine);
	record->functions.list = calloc(FUNCTIONS_MAX, sizeof(*record->functions.list));
	if (!record->functions.list)
		return out_of_memory();
	problem = functions_find(&machine->config, machine->roots, machine->nr_roots,
				 &record->functions);
	if (problem)
		return fail("%s", problem);
	for (uint32_t i = 0; i < record->functions.nr; i++)
		record->functions.list[i].translated =
			sysfs_translated(record->functions.list[i].at);
	note_unreached(record);
	return 0;
}

/* Virtual functions answer with all ones, so they are among the silent ones. */
static void take_bound(struct host_record *record)
{
	struct machine *machine = &record->machine;
	struct recording *recording = &record->recording;
	char text[BDF_TEXT];

	for (uint32_t i = 0; i < machine->nr_silent; i++) {
		const struct pg_bdf at = machine->silent[i].at;

		if (sysfs_is_virtual(at) && sysfs_bound_to_vfio(at))
			machine_note(machine,
				     "%s is bound to vfio-pci and not recorded: virtual functions "
				     "cannot be preserved",
				     bdf_text(at, text));
	}
	for (uint32_t i = 0; i < record->functions.nr; i++) {
		const struct found *found = &record->functions.list[i];

		if (!found_is_bridge(found) && sysfs_bound_to_vfio(found->at))
			record->addresses[recording->nr_addresses++] = found->at;
	}
}

static int choose(struct host_record *record, struct host_request *request)
{
	struct recording *recording = &record->recording;
	struct capture_error error = { "" };
	char text[BDF_TEXT];
	uint32_t room;

	if (!selection_resolve(&request->named, &record->machine, &error))
		return fail("%s", error.text);
	room = request->named.nr_chosen > record->functions.nr ? request->named.nr_chosen
							       : record->functions.nr;
	record->addresses = calloc(room + 1, sizeof(*record->addresses));
	if (!record->addresses)
		return out_of_memory();
	recording->addresses = record->addresses;
	for (uint32_t i = 0; i < request->named.nr_chosen; i++) {
		const struct pg_bdf at = request->named.chosen[i];

		if (sysfs_is_virtual(at))
			return fail("%s is a virtual function, which cannot be preserved",
				    bdf_text(at, text));
		record->addresses[recording->nr_addresses++] = at;
	}
	if (request->all || request->named.nr)
		return 0;
	take_bound(record);
	if (recording->nr_addresses)
		return 0;
	return fail("no device to record: none is bound to vfio-pci; name devices, or use --all");
}

/*
 * The running command line, after the words without which Linux would ignore a record: behind "--"
 * they would be for init.
 */
static char *make_cmdline(const char *running)
{
	struct pg_policy policy;
	char *line = NULL;

	if (!running)
		running = "";
	pg_policy_parse(running, strlen(running), &policy);
	if (asprintf(&line, "%s%s%s", policy.kho_off ? "kho=on " : "",
		     policy.liveupdate_off ? "liveupdate=on " : "", running) < 0)
		return NULL;
	return line;
}

static char *make_description(void)
{
	struct utsname host;
	char *text = NULL;

	if (uname(&host) ||
	    asprintf(&text, "recorded by pcigate record " PCIGATE_VERSION " on %s, Linux %s",
		     host.nodename, host.release) < 0)
		return NULL;
	return text;
}

/* With pci=noari Linux has not looked for all functions. */
static bool is_complete(const char *cmdline)
{
	struct pg_policy policy;

	pg_policy_parse(cmdline, strlen(cmdline), &policy);
	return !policy.no_ari;
}

int host_record_open(struct host_record *record, struct host_request *request)
{
	int status;

	*record = (struct host_record){ 0 };
	status = read_machine(record);
	if (!status)
		status = choose(record, request);
	if (status)
		return status;
	record->description = make_description();
	record->cmdline = make_cmdline(record->machine.cmdline);
	if (!record->description || !record->cmdline)
		return out_of_memory();
	record->recording.config = &record->machine.config;
	record->recording.functions = &record->functions;
	record->recording.nr_roots = record->machine.nr_roots;
	record->recording.roots = record->machine.roots;
	record->recording.complete = is_complete(record->cmdline);
	record->recording.description = record->description;
	record->recording.cmdline = record->cmdline;
	return 0;
}

void host_record_close(struct host_record *record)
{
	machine_close(&record->machine);
	free(record->functions.list);
	free(record->addresses);
	free(record->description);
	free(record->cmdline);
}

/* Some of the writer's messages are about an address. */
static void *explain(struct host_record *record, void *fdt, const char *error)
{
	const bool about = record->recording.nr_addresses;
	char text[BDF_TEXT];

	if (!fdt)
		fail("%s%s%s", error, about ? " " : "",
		     about ? bdf_text(record->recording.at_fault, text) : "");
	return fdt;
}

void *host_record_capture(struct host_record *record, size_t *size)
{
	const char *error = NULL;
	void *fdt = recording_make(&record->recording, size, &error);

	return explain(record, fdt, error);
}

void *host_record_own(struct host_record *record, size_t *size)
{
	const char *error = NULL;
	void *fdt = recording_make_own(&record->recording, size, &error);

	return explain(record, fdt, error);
}
