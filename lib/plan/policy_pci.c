// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * policy_pci.c - parameters that decide how the next kernel finds and numbers PCI buses: pci= and
 * acpi=.
 */
#include "policy.h"

/* Linux's pci_probe, as far as the arguments of pci= in arch/x86/pci/common.c set and clear it. */
#define PROBE_CONF1 1u
#define PROBE_CONF2 2u /* no 64-bit machine has it */
#define PROBE_MMCONF 4u
#define PROBE_ASSIGN_ALL_BUSSES 8u
#define PROBE_DEFAULT (PROBE_CONF1 | PROBE_CONF2 | PROBE_MMCONF)

/* DEFAULT_HOTPLUG_BUS_SIZE in drivers/pci/pci.c */
#define HOTPLUG_BUSES_DEFAULT 1u

#define HPBUSSIZE "hpbussize="

/*
 * hpbussize=N: simple_strtoul() with base 0; later text is ignored. A value above 255 means the
 * default.
 */
static void parse_hotplug_buses(const struct pg_argument *word, uint32_t *buses)
{
	const char *at = word->value + sizeof(HPBUSSIZE) - 1;
	const uint64_t value = pg_value_number(&at, word->value + word->value_len);

	*buses = value <= 0xff ? (uint32_t)value : HOTPLUG_BUSES_DEFAULT;
}

/*
 * One word of pci=: pcibios_setup() in arch/x86/pci/common.c gets it first, then pci_setup() in
 * drivers/pci/pci.c.
 */
static void parse_pci_word(const struct pg_argument *word, struct pg_policy_state *state)
{
	if (pg_argument_value_is(word, "off"))
		state->probe = 0;
	else if (pg_argument_value_is(word, "conf1"))
		state->probe = PROBE_CONF1;
	else if (pg_argument_value_is(word, "conf2"))
		state->probe = PROBE_CONF2;
	else if (pg_argument_value_is(word, "nommconf"))
		state->probe &= ~PROBE_MMCONF;
	else if (pg_argument_value_is(word, "assign-busses"))
		state->probe |= PROBE_ASSIGN_ALL_BUSSES;
	else if (pg_argument_value_is(word, "nodomains"))
		state->policy->no_domains = true;
	else if (pg_word_begins(word, "noari"))
		state->policy->no_ari = true;
	else if (pg_word_begins(word, "pcie_scan_all"))
		state->policy->all_devices = true;
	else if (pg_word_begins(word, HPBUSSIZE))
		parse_hotplug_buses(word, &state->policy->hotplug_buses);
	else if (pg_word_begins(word, "config_acs=") || pg_word_begins(word, "disable_acs_redir="))
		state->policy->changes_acs = true;
}

void pg_policy_pci(const struct pg_argument *argument, struct pg_policy_state *state)
{
	/* parse_pci() in arch/x86/kernel/acpi/boot.c compares the whole argument. */
	state->policy->acpi_off |= pg_argument_value_is(argument, "noacpi");
	pg_policy_words(argument, parse_pci_word, state);
}

void pg_policy_acpi(const struct pg_argument *argument, struct pg_policy_state *state)
{
	state->policy->acpi_off |= pg_argument_value_is(argument, "off");
}

void pg_policy_pci_begin(struct pg_policy_state *state)
{
	state->probe = PROBE_DEFAULT;
	state->policy->hotplug_buses = HOTPLUG_BUSES_DEFAULT;
}

void pg_policy_pci_end(struct pg_policy_state *state)
{
	state->policy->pci_off = !(state->probe & (PROBE_CONF1 | PROBE_MMCONF));
	state->policy->no_mmconfig = !(state->probe & PROBE_MMCONF);
	state->policy->assign_busses = state->probe & PROBE_ASSIGN_ALL_BUSSES;
}
