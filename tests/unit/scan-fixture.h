/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * scan-fixture.h - a machine, its record, and the scan.
 */
#ifndef SCAN_FIXTURE_H
#define SCAN_FIXTURE_H

#include "mock-config.h"
#include "unit.h"

#include <pcigate/topology.h>

#define FIXTURE_CAPACITY 1024u

/* Types of ports and devices in the PCI Express capability. */
#define PCIE_ENDPOINT 0u
#define NO_PCIE 16u

#define PCIE_AT 0x40
#define DEVICE_CAPABILITIES_2 (PCIE_AT + PG_EXPRESS_DEVICE_CAPABILITIES_2)
#define DEVICE_CONTROL_2 (PCIE_AT + PG_EXPRESS_DEVICE_CONTROL_2)
#define SRIOV_AT 0x100

struct fixture {
	struct mock_config config;
	struct pg_record_entry entries[FIXTURE_CAPACITY];
	struct pg_record record;
	struct pg_function functions[FIXTURE_CAPACITY];
	struct pg_topology topology;
	struct pg_finding finding;
};

static struct fixture f;

/* Segment 0 has a window for all buses, and bus 0 is wire 0. */
static inline int fixture_setup(void **state)
{
	memset(&f, 0, sizeof(f));
	memset(f.functions, 0x5a, sizeof(f.functions));
	mock_config_begin(&f.config);
	mock_segment(&f.config, 0, 0, 255);
	mock_root_bus(&f.config, 0, 0, 0);
	f.record = (struct pg_record){ .state = PG_RECORD_DEVICES,
				       .pci_version = 2,
				       .entries = f.entries };
	return 0;
}

static inline int fixture_teardown(void **state)
{
	mock_config_end(&f.config);
	return 0;
}

/* For the next row of a table. */
static inline void fixture_again(void)
{
	fixture_teardown(NULL);
	fixture_setup(NULL);
}

/* Limits the window of segment 0 to these buses. The root bus is @first. */
static inline void fixture_window(uint8_t first, uint8_t last)
{
	f.config.windows[0].first = first;
	f.config.windows[0].last = last;
	f.config.roots[0].bus = first;
}

/*
 * Adds functions to the machine. "1:00.0" is a device on wire 1. "0:01.0>1 00/01-04" is a bridge
 * from wire 0 to wire 1 with the primary number 00 and the range [01-04]. The words root, up and
 * down make the bridge a port of PCI Express.
 */
static inline void machine(const char *list)
{
	unsigned int device, function, primary, secondary, subordinate;
	struct mock_function *added;
	int wire, below, len;
	char type[5];

	for (; sscanf(list, " %d:%x.%x%n", &wire, &device, &function, &len) == 3; list += len) {
		list += len;
		len = 0;
		if (sscanf(list, ">%d %x/%x-%x%n", &below, &primary, &secondary, &subordinate,
			   &len) != 4) {
			mock_device(&f.config, wire, (uint8_t)device, (uint8_t)function);
			continue;
		}
		added = mock_bridge(&f.config, wire, (uint8_t)device, below, (uint8_t)primary,
				    (uint8_t)secondary, (uint8_t)subordinate);
		added->devfn = pg_devfn((uint8_t)device, (uint8_t)function);
		list += len;
		len = 0;
		if (sscanf(list, " %4[a-z]%n", type, &len) == 1)
			mock_pcie(added, *type == 'r'	? PG_EXPRESS_ROOT_PORT
					 : *type == 'u' ? PG_EXPRESS_UPSTREAM
							: PG_EXPRESS_DOWNSTREAM);
	}
	assert_int_equal(*list, 0);
}

static inline void fixture_record(struct pg_bdf at)
{
	assert_true(f.record.nr < FIXTURE_CAPACITY);
	f.entries[f.record.nr++] = (struct pg_record_entry){ .at = at, .refcount = 1 };
}

/* Takes the first address from a list: "03:00.0", or with a segment "1:03:00.0". */
static inline bool take_address(const char **list, struct pg_bdf *at)
{
	unsigned int segment = 0, bus, device, function;
	int len;

	if (sscanf(*list, " %x:%x:%x.%x%n", &segment, &bus, &device, &function, &len) != 4) {
		segment = 0;
		if (sscanf(*list, " %x:%x.%x%n", &bus, &device, &function, &len) != 3)
			return false;
	}
	*at = pg_bdf(segment, (uint8_t)bus, pg_devfn((uint8_t)device, (uint8_t)function));
	*list += len;
	return true;
}

/* Records the functions of a list in this order. */
static inline void record(const char *list)
{
	struct pg_bdf at;

	while (take_address(&list, &at))
		fixture_record(at);
	assert_int_equal(*list, 0);
}

/* Root port 00:03.0 [01-01] and device 01:00.0, both recorded. Returns the port. */
static inline struct mock_function *root_port_and_device(void)
{
	machine("0:03.0>1 00/01-01  1:00.0");
	record("00:03.0 01:00.0");
	return &f.config.functions[0];
}

/* A root bus that pcigate's own record lists. */
static inline struct pg_record_root *fixture_root(uint32_t segment, uint8_t first, uint8_t last)
{
	struct pg_record_root *root = &f.record.roots[f.record.nr_roots++];

	*root = (struct pg_record_root){ .segment = segment, .first = first, .last = last };
	return root;
}

static inline enum pg_reason fixture_scan_with(uint32_t capacity)
{
	enum pg_reason reason;

	f.config.reads = 0;
	reason = pg_scan(&f.config.interface, &f.record, false, f.functions, capacity, &f.topology,
			 &f.finding);

	if (!reason)
		assert_int_equal(f.topology.reads, f.config.reads);
	return reason;
}

static inline void fixture_scan(void)
{
	assert_int_equal(fixture_scan_with(FIXTURE_CAPACITY), PG_OK);
	assert_int_equal(f.topology.nr_recorded, f.record.nr);
	assert_true(f.topology.nr >= f.record.nr);
	assert_ptr_equal(f.topology.functions, f.functions);
}

static inline void fixture_scan_as(unsigned int flags)
{
	f.config.reads = 0;
	assert_int_equal(pg_scan(&f.config.interface, &f.record, flags, f.functions,
				 FIXTURE_CAPACITY, &f.topology, &f.finding),
			 PG_OK);
	assert_int_equal(f.topology.reads, f.config.reads);
	assert_int_equal(f.topology.everything, !!(flags & PG_SCAN_EVERYTHING));
}

static inline void fixture_scan_everything(void)
{
	fixture_scan_as(PG_SCAN_EVERYTHING);
}

static inline void scan_with_details(void)
{
	fixture_scan_everything();
	pg_scan_details(&f.config.interface, &f.record, f.functions, &f.topology);
	assert_int_equal(f.topology.reads, f.config.reads);
}

static inline void put_sriov(struct mock_function *function, uint32_t total, uint32_t offset,
			     uint32_t stride)
{
	mock_pcie(function, 0);
	function->regs[SRIOV_AT / 4] = 0x00010010;
	function->regs[SRIOV_AT / 4 + 3] = total << 16 | 1;
	function->regs[SRIOV_AT / 4 + 5] = stride << 16 | offset;
}

/* The function at an address, recorded or not. */
static inline struct pg_function *fixture_function(uint8_t bus, uint8_t device, uint8_t function)
{
	uint32_t i;

	for (i = 0; i < f.topology.nr; i++) {
		if (pg_bdf_equal(f.functions[i].at, pg_bdf(0, bus, pg_devfn(device, function))))
			return &f.functions[i];
	}
	fail_msg("no function at %02x:%02x.%u", bus, device, function);
	return NULL;
}

/* The facts about a function that does not answer are zeros (topology.h). */
static inline void expect_not_present(const struct pg_function *function)
{
	assert_int_equal(function->hw.id, 0);
	assert_int_equal(function->hw.header, 0);
	assert_int_equal(function->hw.primary, 0);
	assert_int_equal(function->hw.secondary, 0);
	assert_int_equal(function->hw.subordinate, 0);
	assert_false(function->hw.multifunction);
	assert_false(function->hw.vfs_enabled);
}

static inline uint16_t expect_index(const char *text)
{
	return *text == '-' ? (uint16_t)PG_NONE : (uint16_t)strtoul(text, NULL, 10);
}

/*
 * Checks the result for each recorded function. The list has one word for each: a number means
 * present, behind the bridge with this index; "-" means present, on a root bus; "absent" and the
 * others of words[] mean not present, with a slash and the index of the culprit ("-" for none);
 * "?" is not checked.
 */
static inline void expect(const char *list)
{
	static const struct {
		const char *word;
		enum pg_presence presence;
	} words[] = {
		{ "absent", PG_ABSENT },	 { "unreached", PG_UNREACHED },
		{ "unreadable", PG_UNREADABLE }, { "not-ready", PG_NOT_READY },
		{ "no-window", PG_NO_WINDOW },
	};
	const struct pg_function *function = f.functions;
	char word[32];
	int len;

	for (; sscanf(list, "%31s%n", word, &len) == 1; list += len, function++) {
		char *culprit = strchr(word, '/');
		size_t i;

		assert_true(function->rec.recorded);
		if (*word == '?')
			continue;
		if (*word == '-' || (*word >= '0' && *word <= '9')) {
			assert_int_equal(function->hw.presence, PG_PRESENT);
			assert_int_equal(function->parent, expect_index(word));
			assert_int_equal(function->result.culprit, PG_NONE);
			continue;
		}
		if (culprit) {
			*culprit++ = 0;
			assert_int_equal(function->result.culprit, expect_index(culprit));
		}
		for (i = 0; i < PG_ARRAY_SIZE(words) && strcmp(word, words[i].word); i++)
			;
		assert_true(i < PG_ARRAY_SIZE(words));
		assert_int_equal(function->hw.presence, words[i].presence);
		expect_not_present(function);
	}
}

/* Checks whether the topology has a present function at this address. */
static inline void assert_listed(uint8_t bus, uint8_t devfn, bool listed)
{
	bool is = false;
	uint32_t i;

	for (i = 0; i < f.topology.nr; i++)
		is |= pg_bdf_equal(f.functions[i].at, pg_bdf(0, bus, devfn)) &&
		      f.functions[i].hw.presence == PG_PRESENT;
	if (is != listed)
		fail_msg("%02x:%02x.%u is %slisted", bus, devfn >> 3, devfn & 7, is ? "" : "not ");
}

/* Checks that the functions of a bus, from @first on, are those of @list. */
static inline void assert_list(uint16_t first, const char *list)
{
	struct pg_bdf at;

	for (; take_address(&list, &at); first = f.functions[first].sibling) {
		assert_int_not_equal(first, PG_NONE);
		assert_true(pg_bdf_equal(f.functions[first].at, at));
	}
	assert_int_equal(first, PG_NONE);
}

/* The strings are for machine(), record() and expect(). */
struct scenario {
	const char *machine;
	const char *record;
	const char *expected;
};

static inline void run_scenario(const struct scenario *scenario)
{
	fixture_again();
	machine(scenario->machine);
	record(scenario->record);
	fixture_scan();
	expect(scenario->expected);
}

#define FIXTURE_TEST(name) UNIT_TEST_WITH(name, fixture_setup, fixture_teardown)

#endif
