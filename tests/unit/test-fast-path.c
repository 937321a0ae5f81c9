// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-fast-path.c - if the fast path, which reads bridges only, has the verdict open, a full scan
 * has it, too.
 *
 * The environment variables PCIGATE_FAST_PATH_ROUNDS and PCIGATE_FAST_PATH_SEED set the number of
 * random machines and the first seed.
 */
#include "fast-path.h"

#define CMDLINE "kho=on liveupdate=on"
#define KEEP " pcigate.buses=keep"

static uint64_t seed;

/* The next kernel's command line. */
static const char *cmdline;

static uint32_t below(uint32_t limit)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 33) % limit;
}

static bool chance(uint32_t percent)
{
	return below(100) < percent;
}

/*
 * 00:01.0 [01-03] leads to a switch with a preserved device. 00:02.0 [04-07] leads to a switch with
 * two ports, one of them with a bridge to PCI. 00:03.0 [08] leads to a preserved device.
 */
static int two_switches(void)
{
	int port, up, down, unrelated;

	port = add(ON_ROOT, ROOT_PORT, 1, 0);
	up = add(port, UPSTREAM, 0, 0);
	down = add(up, DOWNSTREAM, 0, 0);
	m.nodes[add(down, ENDPOINT, 0, 0)].preserved = true;
	unrelated = add(ON_ROOT, ROOT_PORT, 2, 0);
	up = add(unrelated, UPSTREAM, 0, 0);
	down = add(up, DOWNSTREAM, 0, 0);
	add(down, PCI_BRIDGE, 0, 0);
	add(up, DOWNSTREAM, 1, 0);
	port = add(ON_ROOT, ROOT_PORT, 3, 0);
	m.nodes[add(port, ENDPOINT, 0, 0)].preserved = true;
	return unrelated;
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

/* Tries every value of each bus number of every bridge that is on no preserved path. */
TEST(the_fast_path_is_right_for_every_bus_number)
{
	static const enum content contents[] = { LINUX, COMPLETE };
	unsigned int stops = 0, opened = 0;

	two_switches();
	number_all(0);
	for (size_t content = 0; content < PG_ARRAY_SIZE(contents); content++) {
		make_record(contents[content]);
		make_machine();
		for (unsigned int i = 0; i < config.nr; i++) {
			uint32_t *const numbers = &config.functions[i].regs[PG_REG_BUSES / 4];
			const uint32_t kept = *numbers;
			const int node = config.functions[i].below;

			for (uint32_t value = 0;
			     node >= 0 && !preserved_below(node) && value < 3 * 256; value++) {
				const uint32_t shift = value / 256 * 8;

				*numbers = (kept & ~(0xffu << shift)) | (value & 0xff) << shift;
				if (!opens(false, CMDLINE)) {
					stops++;
					continue;
				}
				opened++;
				if (!opens(true, CMDLINE))
					fail_msg("%06x of bridge %u, content %zu: the fast path "
						 "opens",
						 *numbers, i, content);
			}
			*numbers = kept;
		}
	}
	/* Both verdicts occur often. */
	assert_true(stops > 1000 && opened > 1000);
}

/* Checks the verdicts of both scans on the machine as it is now. @what names its last change. */
static void assert_verdicts(bool open, const char *what)
{
	make_machine();
	for (int everything = 0; everything < 2; everything++) {
		if (opens(everything, CMDLINE) != open) {
			print_machine();
			fail_msg("%s: %s with %s", what, open ? "stops" : "opens",
				 everything ? "everything" : "the bridges");
		}
	}
}

/* Plugs in a bridge without bus numbers. */
static void plug(int parent, uint8_t device, uint8_t function)
{
	if (function) {
		const int first = add(parent, ENDPOINT, device, 0);

		m.nodes[first].multifunction = true;
	}
	add(parent, PCI_BRIDGE, device, function);
}

/*
 * Wherever the bridge is plugged, it takes the bus number of the first preserved device.
 */
TEST(a_plugged_bridge_without_numbers_stops)
{
	static const struct {
		enum kind parent;
		uint8_t device;
		uint8_t function;
	} places[] = {
		{ ROOT_PORT, 0, 0 },  { ROOT_PORT, 0, 1 },  { ROOT_PORT, 0, 7 },
		{ DOWNSTREAM, 0, 0 }, { PCI_BRIDGE, 0, 0 }, { PCI_BRIDGE, 31, 0 },
		{ PCI_BRIDGE, 5, 3 },
	};

	for (unsigned int content = 0; content < CONTENTS; content++) {
		for (size_t i = 0; i < PG_ARRAY_SIZE(places); i++) {
			int parent, preserved_port;

			teardown(state);
			setup(state);
			parent = add(ON_ROOT, ROOT_PORT, 1, 0);
			if (places[i].parent == DOWNSTREAM)
				parent = add(parent, UPSTREAM, 0, 0);
			if (places[i].parent != ROOT_PORT)
				parent = add(parent, places[i].parent, 0, 0);
			preserved_port = add(ON_ROOT, ROOT_PORT, 2, 0);
			m.nodes[add(preserved_port, ENDPOINT, 0, 0)].preserved = true;
			number_all(0);
			make_record((enum content)content);
			assert_verdicts(true, "nothing plugged");
			plug(parent, places[i].device, places[i].function);
			assert_verdicts(false, "plugged");
		}
	}
}

/*
 * The card is an endpoint that is not preserved. In the last two rounds, only ARI leads to the
 * bridge on the new card.
 */
TEST(a_card_replaced_by_a_bridge_stops)
{
	for (unsigned int content = 0; content < CONTENTS; content++) {
		for (unsigned int round = 0; round < 4; round++) {
			int parent, preserved_port, card;

			teardown(state);
			setup(state);
			parent = add(ON_ROOT, ROOT_PORT, 1, 0);
			card = add(parent, ENDPOINT, 0, 0);
			preserved_port = add(ON_ROOT, ROOT_PORT, 2, 0);
			m.nodes[add(preserved_port, ENDPOINT, 0, 0)].preserved = true;
			number_all(0);
			make_record((enum content)content);
			if (round == 0) {
				m.nodes[card].kind = PCI_BRIDGE;
			} else if (round == 1) {
				m.nodes[card].multifunction = true;
				add(parent, PCI_BRIDGE, 0, 3);
			} else {
				m.nodes[card].ari = true;
				m.nodes[card].ari_next = round == 2 ? 1 : 0x21;
				add(parent, PCI_BRIDGE, round == 2 ? 0 : 4, 1);
			}
			assert_verdicts(false, "replaced");
		}
	}
}

static void exchange(struct node *a, struct node *b)
{
	const uint8_t secondary = a->secondary, subordinate = a->subordinate;

	a->secondary = b->secondary;
	a->subordinate = b->subordinate;
	b->secondary = secondary;
	b->subordinate = subordinate;
}

/* Two bridges exchange their numbers, or a bridge is removed or replaced by an endpoint. */
TEST(recorded_bridges_that_changed_cause_a_full_scan)
{
	for (unsigned int content = 0; content < CONTENTS; content++) {
		for (unsigned int round = 0; round < 3; round++) {
			int first, second, bus;

			teardown(state);
			setup(state);
			bus = add(ON_ROOT, ROOT_PORT, 1, 0);
			m.nodes[add(ON_ROOT, ENDPOINT, 2, 0)].preserved = true;
			bus = add(bus, UPSTREAM, 0, 0);
			first = add(bus, DOWNSTREAM, 0, 0);
			second = add(bus, DOWNSTREAM, 1, 0);
			add(first, PCI_BRIDGE, 0, 0);
			number_all(1);
			make_record((enum content)content);
			if (round == 0) {
				exchange(&m.nodes[first], &m.nodes[second]);
			} else if (round == 1) {
				m.nodes[second].gone = true;
			} else {
				m.nodes[second].no_bridge = true;
			}
			make_machine();
			opens(false, CMDLINE);
			assert_int_equal(gate.topology.everything,
					 content >= COMPLETE_OLD || round == 0);
		}
	}
}

/* Adds random functions to a bus. */
static void grow(int parent, enum kind above, unsigned int depth)
{
	const bool link = above == ROOT_PORT || above == DOWNSTREAM;
	uint8_t device = link || above == UPSTREAM ? 0 : (uint8_t)below(6);

	for (uint32_t nr = link ? chance(70) : 1 + below(3); nr && m.nr < MAX_NODES / 2; nr--) {
		enum kind kind = chance(45) || depth > 4 ? ENDPOINT : PCI_BRIDGE;
		int node;

		if (parent < 0 && kind != ENDPOINT && chance(70))
			kind = ROOT_PORT;
		else if (above == UPSTREAM)
			kind = DOWNSTREAM;
		else if (link && kind != ENDPOINT && chance(60))
			kind = UPSTREAM;
		node = add(parent, kind, device, 0);
		if (is_bridge(&m.nodes[node]) && m.nr < MAX_NODES / 2)
			grow(node, kind, depth + 1);
		else if (chance(20)) {
			m.nodes[node].multifunction = true;
			add(parent, ENDPOINT, device, (uint8_t)(1 + below(7)));
		}
		device = (uint8_t)(device + 1 + below(4));
	}
}

/* Few values, so that devices are often equal in some registers and differ in others. */
static struct unit random_unit(void)
{
	return (struct unit){
		.model = (uint8_t)below(2),
		.revision = chance(10),
		.subsystem = chance(50) ? 0x11001af4 : below(3),
		.serial = chance(10) ? 0 : (uint64_t)below(3) << 32 | below(3),
	};
}

static bool is_preserved(const struct node *node)
{
	return node->preserved;
}

static void exchange_units(struct node *a, struct node *b)
{
	const struct unit kept = a->unit;

	a->unit = b->unit;
	b->unit = kept;
}

static bool make_random_machine(void)
{
	bool preserved = false;

	m = (struct machine){ .nr_roots = chance(30) ? 2 : 1, .root_last = { 0xff, 0xff } };
	m.root_slots = chance(30);
	if (m.nr_roots == 2) {
		m.root_bus[1] = (uint8_t)(0x20 + below(0x80));
		m.root_last[0] = (uint8_t)(m.root_bus[1] - 1);
	} else if (chance(20)) {
		m.root_last[0] = (uint8_t)(0x20 + below(0x80));
	}
	for (int root = 0; root < m.nr_roots; root++)
		grow(ON_ROOT - root, PCI_BRIDGE, 0);
	number_all((uint8_t)below(3));
	for (int i = 0; i < m.nr; i++) {
		m.nodes[i].preserved = m.nodes[i].kind == ENDPOINT && chance(30);
		if (m.nodes[i].preserved)
			m.nodes[i].unit = random_unit();
		preserved = preserved || m.nodes[i].preserved;
	}
	return preserved;
}

/* Returns a random node that @wanted accepts, or -1. */
static int pick(bool (*wanted)(const struct node *node))
{
	for (int tries = 0; tries < 20; tries++) {
		const int node = (int)below((uint32_t)m.nr);

		if (wanted(&m.nodes[node]))
			return node;
	}
	return -1;
}

static bool has_slot(const struct node *node)
{
	return has_link(node) || node->kind == PCI_BRIDGE;
}

static bool is_replaceable(const struct node *node)
{
	return node->kind == ENDPOINT && !node->preserved && node->parent >= 0 &&
	       has_slot(&m.nodes[node->parent]) && !(node->devfn & 7);
}

static bool is_taken(int parent, uint8_t devfn)
{
	for (int i = 0; i < m.nr; i++) {
		if (m.nodes[i].parent == parent && m.nodes[i].devfn == devfn)
			return true;
	}
	return false;
}

/* Plugs in a card with a bridge, which may have bus numbers. */
static void plug_at_random(void)
{
	int slot = chance(20) && m.root_slots ? ON_ROOT - (int)below((uint32_t)m.nr_roots)
					      : pick(has_slot);
	uint8_t device, function = chance(70) ? 0 : (uint8_t)(1 + below(7));
	int node;

	if (slot == -1 && !m.root_slots)
		return;
	device = slot >= 0 && has_link(&m.nodes[slot]) ? 0 : (uint8_t)below(32);
	if (is_taken(slot, pg_devfn(device, 0)) || m.nr + 3 >= MAX_NODES)
		return;
	if (function) {
		node = add(slot, ENDPOINT, device, 0);
		m.nodes[node].multifunction = chance(80);
		if (slot >= 0 && has_link(&m.nodes[slot]) && !strstr(cmdline, "noari") &&
		    chance(40)) {
			m.nodes[node].ari = true;
			m.nodes[node].ari_next = function;
		}
	}
	node = add(slot, PCI_BRIDGE, device, function);
	if (chance(40)) {
		m.nodes[node].primary = bus_of(&m.nodes[node]);
		m.nodes[node].secondary = (uint8_t)below(40);
		m.nodes[node].subordinate = (uint8_t)(m.nodes[node].secondary + below(4));
	}
	if (chance(30))
		add(node, PCI_BRIDGE, (uint8_t)below(32), 0);
}

static void replace_at_random(void)
{
	const int card = pick(is_replaceable);

	if (card < 0 || m.nr + 1 >= MAX_NODES)
		return;
	if (chance(60)) {
		m.nodes[card].kind = PCI_BRIDGE;
	} else if (!is_taken(m.nodes[card].parent, m.nodes[card].devfn | 6)) {
		m.nodes[card].multifunction = true;
		add(m.nodes[card].parent, PCI_BRIDGE, m.nodes[card].devfn >> 3, 6);
	}
}

static void change_a_number(struct node *node)
{
	uint8_t *const numbers[] = { &node->primary, &node->secondary, &node->subordinate };
	uint8_t *const number = numbers[below(3)];

	*number = chance(70) ? (uint8_t)(*number + below(9) - 4) : (uint8_t)below(256);
}

static void add_fault(void)
{
	const int bridge = pick(is_bridge), other = pick(is_bridge);
	const int device = pick(is_preserved), second = pick(is_preserved);

	switch (below(12)) {
	case 9:
	case 10:
	case 11:
		if (device >= 0 && second >= 0)
			exchange_units(&m.nodes[device], &m.nodes[second]);
		break;
	case 0:
		plug_at_random();
		break;
	case 1:
		replace_at_random();
		break;
	case 2:
		if (bridge >= 0)
			m.nodes[bridge].primary = m.nodes[bridge].secondary =
				m.nodes[bridge].subordinate = 0;
		break;
	case 3:
		if (bridge >= 0)
			m.nodes[bridge].gone = true;
		break;
	case 4:
		if (bridge >= 0)
			m.nodes[bridge].no_bridge = true;
		break;
	case 5:
		if (bridge >= 0 && other >= 0)
			exchange(&m.nodes[bridge], &m.nodes[other]);
		break;
	default:
		if (bridge >= 0)
			change_a_number(&m.nodes[bridge]);
		break;
	}
}

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

TEST(the_fast_path_is_right_on_random_machines)
{
	static const char *const cmdlines[] = { CMDLINE,
						CMDLINE,
						CMDLINE " pci=pcie_scan_all",
						CMDLINE " pci=noari",
						CMDLINE KEEP,
						CMDLINE KEEP " pci=assign-busses",
						CMDLINE KEEP " pci=noari" };
	const unsigned long rounds = from_environment("PCIGATE_FAST_PATH_ROUNDS", 2000);
	const unsigned long first = from_environment("PCIGATE_FAST_PATH_SEED", 1);
	unsigned long opened = 0, fast = 0, brief = 0;

	for (unsigned long round = 0; round < rounds; round++) {
		enum content content;

		seed = (first + round) * 0x9e3779b97f4a7c15u | 1;
		if (!make_random_machine())
			continue;
		content = (enum content)below(CONTENTS);
		cmdline = cmdlines[below(PG_ARRAY_SIZE(cmdlines))];
		make_record(content);
		for (uint32_t faults = below(4); faults; faults--)
			add_fault();
		make_machine();
		if (!opens(false, cmdline))
			continue;
		opened++;
		fast += !gate.topology.everything;
		brief += gate.topology.brief;
		if (!opens(true, cmdline)) {
			print_machine();
			for (uint32_t i = 0; i < gate.verdict.nr; i++)
				print_message("%02x:%02x.%x %s\n", record.entries[i].at.bus,
					      record.entries[i].at.devfn >> 3,
					      record.entries[i].at.devfn & 7,
					      pg_reason_code(gate.verdict.judgements[i].reason));
			fail_msg("seed %lu, content %d, %s: the fast path opens", first + round,
				 content, cmdline);
		}
	}
	if (rounds >= 1000) {
		assert_true(opened > rounds / 20);
		assert_true(fast > rounds / 20);
		assert_true(brief > rounds / 40);
	}
	print_message("# %lu machines, %lu opened, %lu by the bridges alone, %lu in brief\n",
		      rounds, opened, fast, brief);
}
