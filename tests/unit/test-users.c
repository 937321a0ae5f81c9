// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-users.c - tools/users: what depends on the address of a device. What udev knows is tested in
 * a guest (tests/qemu/systemd/02-gated.t).
 */
#include "unit.h"

#include <users/users.h>

#include <stdlib.h>
#include <unistd.h>

#include "../../tools/cli.h"
#include "../../tools/json.h"

static unsigned int complaints;

/* From tools/text.c, tools/output.c and tools/json.c, which need the whole command. */
int complain(const char *format, ...)
{
	complaints += format[0] != 0;
	return STATUS_TROUBLE;
}

void put_text(FILE *out, const char *text)
{
	fputs(text, out);
}

json_t *json_text(const char *text)
{
	return json_string(text);
}

bool json_append_or_fail(json_t *array, json_t *value)
{
	return !json_array_append_new(array, value);
}

const char *bdf_text(struct pg_bdf at, char text[BDF_TEXT])
{
	snprintf(text, BDF_TEXT, "%04x:%02x:%02x.%x", at.segment, at.bus, at.devfn >> 3,
		 at.devfn & 7);
	return text;
}

/* The users of @at as users_put() prints them. */
static const char *text_of(const struct users *users, struct pg_bdf at, struct pg_bdf next,
			   bool named)
{
	static char text[1024];
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_non_null(out);
	users_put(users, at, next, named, "", out);
	fputc(0, out);
	fclose(out);
	return text;
}

/* The same as users_put_lines() prints them. */
static const char *lines_of(const struct users *users, struct pg_bdf at, struct pg_bdf next)
{
	static char text[1024];
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_non_null(out);
	users_put_lines(users, at, next, out);
	fputc(0, out);
	fclose(out);
	return text;
}

UNIT_TEST(addresses_in_text)
{
	static const struct {
		const char *text;
		const char *users;
	} cases[] = {
		{ "pci=resource_alignment=20@01:02.3 quiet",
		  "kernel parameter pci=resource_alignment=20@01:02.3" },
		{ "xen-pciback.hide=(0000:01:02.3)(02:00.0)",
		  "kernel parameter xen-pciback.hide=(0000:01:02.3)(02:00.0)" },
		{ "a 0001:01:02.3 b", "" },
		{ "101:02.3 1:02.34 01:02.8 01:20.0 00:01:02:03.1", "" },
		{ "hostpci0: 0000:01:02.3;01:03,pcie=1",
		  "kernel parameter 0000:01:02.3;01:03,pcie=1" },
		{ "hostpci0: 01:02", "" },
		{ "01:02.3 x=01:02.3", "kernel parameter 01:02.3, kernel parameter x=01:02.3" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct pg_bdf at = pg_bdf(0, 1, 2 << 3 | 3);
		struct users users = { 0 };

		assert_true(users_of_text(&users, USER_CMDLINE, "", cases[i].text));
		assert_string_equal(text_of(&users, at, at, true), cases[i].users);
		users_free(&users);
	}
}

/* udev makes a name from segment and bus, or the firmware's table or the slot has one. */
UNIT_TEST(names_of_interfaces)
{
	static const struct {
		const char *name;
		const char *later;
		struct pg_bdf at;
		struct pg_bdf next;
		bool by_table;
		const char *text;
	} cases[] = {
		{ "enp3s0", "enp3s0", { 0, 3, 0 }, { 0, 5, 0 }, false, ", which would be enp5s0" },
		{ "enp3s0f1np1",
		  "enp3s0f1np1",
		  { 0, 3, 1 },
		  { 0, 16, 1 },
		  false,
		  ", which would be enp16s0f1np1" },
		{ "enP1p3s0",
		  "enP1p3s0",
		  { 1, 3, 0 },
		  { 1, 4, 0 },
		  false,
		  ", which would be enP1p4s0" },
		/* Alternative routing IDs: the function number is above 7. */
		{ "enp3s0f9",
		  "enp3s0f9",
		  { 0, 3, 9 },
		  { 0, 5, 9 },
		  false,
		  ", which would be enp5s0f9" },
		{ "enp3s0", "enp3s0", { 0, 3, 0 }, { 0, 3, 0 }, false, "" },
		/* Another function is another device. */
		{ "enp3s0", "enp3s0", { 0, 3, 0 }, { 0, 5, 1 }, false, "" },
		/* Too long for an interface. */
		{ "enp3s0f0npport1", "enp3s0f0npport1", { 0, 3, 0 }, { 0, 10, 0 }, false, "" },
		{ "ens1", "ens1", { 0, 3, 0 }, { 0, 5, 0 }, false, "" },
		{ "lan", NULL, { 0, 3, 0 }, { 0, 5, 0 }, false, "" },
		{ "eno1", "enp3s0", { 0, 3, 0 }, { 0, 5, 0 }, true, ", which would be enp5s0" },
		{ "eno1", "ens4", { 0, 3, 0 }, { 0, 5, 0 }, true, ", which would be ens4" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct users users = { 0 };
		char wanted[128];
		json_t *array;

		snprintf(wanted, sizeof(wanted), "interface %s%s", cases[i].name, cases[i].text);
		assert_true(users_add_interface(&users, cases[i].at, cases[i].name, cases[i].later,
						cases[i].by_table));
		assert_string_equal(text_of(&users, cases[i].at, cases[i].next, false), wanted);
		/* An interface comes with its device, and does not name the address. */
		assert_string_equal(text_of(&users, cases[i].at, cases[i].next, true), "");
		array = users_json(&users, cases[i].at, cases[i].next, false);
		assert_string_equal(json_string_value(json_array_get(array, 0)), wanted);
		json_decref(array);
		users_free(&users);
	}
}

/* The firmware's table names what is at the address, whatever it is. */
UNIT_TEST(address_in_the_table)
{
	const struct pg_bdf onboard = pg_bdf(0, 5, 0), path = pg_bdf(0, 6, 0),
			    slot = pg_bdf(0, 7, 0);
	struct users users = { 0 };

	assert_true(users_add_interface(&users, onboard, "eno1", "enp5s0", true));
	assert_true(users_add_interface(&users, path, "enp6s0", "enp6s0", false));
	assert_true(users_add_interface(&users, slot, "ens17", "ens17", false));
	assert_string_equal(text_of(&users, onboard, path, false),
			    "interface eno1, which would be enp6s0");
	assert_string_equal(text_of(&users, path, onboard, false),
			    "interface enp6s0, which would be eno1");
	assert_string_equal(text_of(&users, slot, onboard, false),
			    "interface ens17, which would be eno1");
	users_free(&users);
}

UNIT_TEST(virtual_functions_of_an_address_in_the_table)
{
	const struct pg_bdf onboard = pg_bdf(0, 5, 0), path = pg_bdf(0, 6, 0);
	const struct pg_bdf vf = pg_bdf(0, 5, 0x10 << 3), other = pg_bdf(0, 6, 0x10 << 3);
	struct users users = { 0 };

	assert_true(users_add_interface(&users, vf, "eno1v0", "enp5s0v0", true));
	users.users[0].physical = onboard;
	assert_true(users_add_interface(&users, onboard, "eno1", "enp5s0", true));
	assert_true(users_add_interface(&users, other, "enp6s0v0", "enp6s0v0", false));
	users.users[2].physical = path;
	assert_string_equal(text_of(&users, vf, other, false),
			    "interface eno1v0, which would be enp6s0v0");
	assert_string_equal(text_of(&users, other, vf, false),
			    "interface enp6s0v0, which would be eno1v0");
	users_free(&users);
}

UNIT_TEST(virtual_functions)
{
	const struct pg_bdf physical = pg_bdf(0, 5, 0), vf = pg_bdf(0, 5, 0x10 << 3);
	const struct pg_bdf next = pg_bdf(0, 6, 0), vf_next = pg_bdf(0, 6, 0x10 << 3);
	struct users users = { 0 };

	assert_true(users_add_interface(&users, vf, "enp5s0v0", "enp5s0v0", false));
	users.users[0].physical = physical;
	assert_string_equal(text_of(&users, physical, next, false),
			    "interface enp5s0v0 (VF 0000:05:10.0), which would be enp6s0v0");
	assert_string_equal(text_of(&users, vf, vf_next, false),
			    "interface enp5s0v0, which would be enp6s0v0");
	assert_string_equal(lines_of(&users, physical, next),
			    "  interface enp5s0v0 (VF 0000:05:10.0)\n   would be enp6s0v0\n");
	assert_string_equal(lines_of(&users, physical, physical),
			    "  interface enp5s0v0 (VF 0000:05:10.0)\n");
	assert_string_equal(lines_of(&users, next, physical), "");
	users_free(&users);

	assert_true(users_add(&users, vf, USER_DOMAIN, "web"));
	assert_string_equal(text_of(&users, physical, next, true), "");
	assert_true(users_add_vf(&users, vf, physical));
	assert_string_equal(text_of(&users, physical, next, true), "domain web (VF 0000:05:10.0)");
	/* In an earlier state, it was the virtual function of another one. */
	assert_true(users_add_vf(&users, vf, next));
	assert_string_equal(text_of(&users, physical, next, true), "domain web (VF 0000:05:10.0)");
	assert_string_equal(text_of(&users, next, next, true), "domain web (VF 0000:05:10.0)");
	users_free(&users);
}

/* Virtual functions on the bus behind that of the physical one: the name has the latter. */
UNIT_TEST(virtual_functions_on_the_next_bus)
{
	const struct pg_bdf physical = pg_bdf(0, 5, 0), vf = pg_bdf(0, 6, 0),
			    next = pg_bdf(0, 9, 0);
	struct users users = { 0 };

	assert_true(users_add_interface(&users, vf, "enp5s0v0", "enp5s0v0", false));
	users.users[0].physical = physical;
	assert_string_equal(text_of(&users, vf, next, false),
			    "interface enp5s0v0, which would be enp8s0v0");
	users_free(&users);
}

static void write_file(const char *directory, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

UNIT_TEST(domains_of_libvirt)
{
	char directory[] = "/tmp/pcigate-users-XXXXXX", command[64];
	const struct pg_bdf at = pg_bdf(0, 3, 1 << 3 | 2), guest = pg_bdf(0, 7, 0);
	struct users users = { 0 };

	assert_non_null(mkdtemp(directory));
	write_file(directory, "web.xml",
		   "<!-- by hand -->\n<domain type='kvm'><name>web</name><devices>"
		   "<disk><name>no</name></disk>"
		   "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
		   "<address domain='0x0000' bus='0x03' slot='0x01' function='0x2'/></source>"
		   "<address type='pci' domain='0x0000' bus='0x07' slot='0x00' function='0x0'/>"
		   "</hostdev><hostdev mode='subsystem' type='usb'><source>"
		   "<address bus='3' device='10'/></source></hostdev></devices></domain>");
	write_file(directory, "broken.xml",
		   "<domain><name>broken</name><devices><hostdev type='pci'><source>"
		   "<address bus='0x03' slot='0x01' function='0x2'/></source></devices></domain>");
	complaints = 0;
	assert_true(users_of_libvirt(&users, directory));
	assert_string_equal(text_of(&users, at, at, true), "domain web");
	assert_string_equal(text_of(&users, guest, guest, true), "");
	assert_int_equal(users.nr, 1);
	assert_int_equal(complaints, 1);
	users_free(&users);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	assert_int_equal(system(command), 0);
}
