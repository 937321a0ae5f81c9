// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * policy.c - what the next kernel's command line says about the gate and about PCI.
 */
#include <pcigate/plan.h>
#include <pcigate/text.h>

/* Linux's pci_probe, as far as the arguments of pci= in arch/x86/pci/common.c set and clear it. */
#define PROBE_CONF1 1u
#define PROBE_CONF2 2u /* no machine with 64 bits answers to it */
#define PROBE_MMCONF 4u
#define PROBE_ASSIGN_ALL_BUSSES 8u
#define PROBE_DEFAULT (PROBE_CONF1 | PROBE_CONF2 | PROBE_MMCONF)

/* DEFAULT_HOTPLUG_BUS_SIZE in drivers/pci/pci.c */
#define HOTPLUG_BUSES_DEFAULT 1u

static void keep_misspelt(char *buf, const struct pg_argument *argument)
{
	struct pg_text text;

	pg_text_begin(&text, buf, PG_POLICY_TEXT);
	pg_text_printable(&text, argument->value ? argument->value : "", argument->value_len);
	if (!text.len)
		pg_text_string(&text, "(nothing)");
}

static void parse_mode(const struct pg_argument *argument, struct pg_policy *policy)
{
	policy->mode = PG_MODE_ENFORCE;
	policy->bad_mode[0] = 0;
	if (pg_argument_value_is(argument, "report"))
		policy->mode = PG_MODE_REPORT;
	else if (pg_argument_value_is(argument, "off"))
		policy->mode = PG_MODE_OFF;
	else if (!pg_argument_value_is(argument, "enforce"))
		keep_misspelt(policy->bad_mode, argument);
}

/* Returns true if the value means something. */
static bool parse_stop(const struct pg_argument *argument, struct pg_policy *policy)
{
	policy->bad_stop[0] = 0;
	if (pg_argument_value_is(argument, "halt"))
		policy->stop = PG_STOP_HALT;
	else if (pg_argument_value_is(argument, "reset"))
		policy->stop = PG_STOP_RESET;
	else if (pg_argument_value_is(argument, "poweroff"))
		policy->stop = PG_STOP_POWEROFF;
	else {
		keep_misspelt(policy->bad_stop, argument);
		return false;
	}
	return true;
}

/* An int as kstrtoint(s, 0, ..) reads it; false if it is none, and then Linux ignores the argument. */
static bool parse_int(const struct pg_argument *argument, int32_t *result)
{
	const char *digit = argument->value, *end = digit ? digit + argument->value_len : NULL;
	bool negative = false;
	uint32_t base = 10;
	int64_t value = 0;

	if (digit && digit < end && (*digit == '-' || *digit == '+'))
		negative = *digit++ == '-';
	if (digit && end - digit > 2 && digit[0] == '0' && (digit[1] | 0x20) == 'x') {
		base = 16;
		digit += 2;
	} else if (digit && digit < end && *digit == '0') {
		base = 8;
	}
	if (!digit || digit == end)
		return false;
	for (; digit < end; digit++) {
		const uint8_t lower = (uint8_t)(*digit | 0x20);
		uint32_t n;

		if (*digit >= '0' && *digit <= '9')
			n = (uint32_t)(*digit - '0');
		else if (base == 16 && lower >= 'a' && lower <= 'f')
			n = (uint32_t)(lower - 'a') + 10;
		else
			return false;
		value = value * base + n;
		if (n >= base || value > (int64_t)INT32_MAX + negative)
			return false;
	}
	*result = (int32_t)(negative ? -value : value);
	return true;
}

/* kstrtobool(): the first letter decides, of "on" and "off" the second. Anything else changes nothing. */
static void parse_bool(const struct pg_argument *argument, bool *result)
{
	const char first = argument->value_len ? (char)(argument->value[0] | 0x20) : 0;
	const char second = argument->value_len > 1 ? (char)(argument->value[1] | 0x20) : 0;

	if (!argument->value_len)
		return;
	if (first == 'e' || first == 'y' || first == 't' || argument->value[0] == '1' ||
	    (first == 'o' && second == 'n'))
		*result = true;
	else if (first == 'd' || first == 'n' || first == 'f' || argument->value[0] == '0' ||
		 (first == 'o' && second == 'f'))
		*result = false;
}

#define HPBUSSIZE "hpbussize="

/* hpbussize=N: simple_strtoul() with base 0; more than 255 means the default. */
static void parse_hotplug_buses(const struct pg_argument *word, uint32_t *buses)
{
	struct pg_argument number = { .value = word->value + sizeof(HPBUSSIZE) - 1,
				      .value_len = word->value_len - (sizeof(HPBUSSIZE) - 1) };
	int32_t value;

	if (parse_int(&number, &value))
		*buses = value >= 0 && value <= 0xff ? (uint32_t)value : HOTPLUG_BUSES_DEFAULT;
}

static bool word_begins(const struct pg_argument *word, const char *prefix)
{
	const size_t len = strlen(prefix);

	return word->value_len >= len && !memcmp(word->value, prefix, len);
}

/* One word of pci=: pcibios_setup() in arch/x86/pci/common.c gets it first, then pci_setup() in drivers/pci/pci.c. */
static void parse_pci_word(const struct pg_argument *word, uint32_t *probe, struct pg_policy *policy)
{
	if (pg_argument_value_is(word, "off"))
		*probe = 0;
	else if (pg_argument_value_is(word, "conf1"))
		*probe = PROBE_CONF1;
	else if (pg_argument_value_is(word, "conf2"))
		*probe = PROBE_CONF2;
	else if (pg_argument_value_is(word, "nommconf"))
		*probe &= ~PROBE_MMCONF;
	else if (pg_argument_value_is(word, "assign-busses"))
		*probe |= PROBE_ASSIGN_ALL_BUSSES;
	else if (pg_argument_value_is(word, "nodomains"))
		policy->no_domains = true;
	else if (word_begins(word, "noari"))
		policy->no_ari = true;
	else if (word_begins(word, "pcie_scan_all"))
		policy->all_devices = true;
	else if (word_begins(word, HPBUSSIZE))
		parse_hotplug_buses(word, &policy->hotplug_buses);
	else if (word_begins(word, "config_acs=") || word_begins(word, "disable_acs_redir="))
		policy->changes_acs = true;
}

/* The words of one pci=, in their order: some forget what earlier ones said. */
static void parse_pci(const struct pg_argument *argument, uint32_t *probe, struct pg_policy *policy)
{
	struct pg_argument word = { .value = argument->value };
	size_t left = argument->value_len;

	/* parse_pci() in arch/x86/kernel/acpi/boot.c looks at the argument as a whole. */
	if (pg_argument_value_is(argument, "noacpi"))
		policy->acpi_off = true;
	while (left) {
		const char *comma = memchr(word.value, ',', left);

		word.value_len = comma ? (size_t)(comma - word.value) : left;
		parse_pci_word(&word, probe, policy);
		left -= word.value_len + (comma ? 1 : 0);
		word.value += word.value_len + 1;
	}
}

void pg_policy_parse(const char *text, size_t len, struct pg_policy *policy)
{
	struct pg_cmdline line = { .text = text, .len = len };
	struct pg_argument argument;
	uint32_t probe = PROBE_DEFAULT;
	bool kho = !text, liveupdate = !text, stop_given = false;
	int32_t panic = 0;

	*policy = (struct pg_policy){
		.mode = PG_MODE_ENFORCE,
		.stop = PG_STOP_HALT,
		.hotplug_buses = HOTPLUG_BUSES_DEFAULT,
		.kho_default = PG_FACT_UNKNOWN,
	};
	kho |= policy->kho_default == PG_FACT_YES;
	while (pg_cmdline_next(&line, &argument)) {
		if (pg_argument_is(&argument, "pcigate"))
			parse_mode(&argument, policy);
		else if (pg_argument_is(&argument, "pcigate.stop"))
			stop_given = parse_stop(&argument, policy);
		else if (pg_argument_is(&argument, "panic"))
			parse_int(&argument, &panic);
		else if (pg_argument_is(&argument, "quiet"))
			policy->quiet = true;
		else if (pg_argument_is(&argument, "pci"))
			parse_pci(&argument, &probe, policy);
		else if (pg_argument_is(&argument, "acpi"))
			policy->acpi_off |= pg_argument_value_is(&argument, "off");
		else if (pg_argument_is(&argument, "kho"))
			parse_bool(&argument, &kho);
		else if (pg_argument_is(&argument, "liveupdate"))
			parse_bool(&argument, &liveupdate);
	}

	policy->pci_off = !(probe & (PROBE_CONF1 | PROBE_MMCONF));
	policy->no_mmconfig = !(probe & PROBE_MMCONF);
	policy->liveupdate_off = !liveupdate;
	policy->assign_busses = probe & PROBE_ASSIGN_ALL_BUSSES;
	policy->kho_off = !kho;
	if (!stop_given) {
		policy->stop = panic ? PG_STOP_RESET : PG_STOP_HALT;
		policy->reset_after_s = panic > 0 ? (uint32_t)panic : 0;
	}
}
