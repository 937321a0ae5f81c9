// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * policy.c - parses the next kernel's command line: settings of pcigate and of PCI.
 */
#include <pcigate/parse.h>
#include <pcigate/plan.h>
#include <pcigate/text.h>

/* Linux's pci_probe, as far as the arguments of pci= in arch/x86/pci/common.c set and clear it. */
#define PROBE_CONF1 1u
#define PROBE_CONF2 2u /* no 64-bit machine has it */
#define PROBE_MMCONF 4u
#define PROBE_ASSIGN_ALL_BUSSES 8u
#define PROBE_DEFAULT (PROBE_CONF1 | PROBE_CONF2 | PROBE_MMCONF)

/* DEFAULT_HOTPLUG_BUS_SIZE in drivers/pci/pci.c */
#define HOTPLUG_BUSES_DEFAULT 1u

/* The last physical address. */
#define MEMORY_END (~(uint64_t)0)

/*
 * Notes that [@first, @last] is taken. If the list of ranges is full, all memory counts as taken.
 */
static void take(struct pg_policy *policy, const char *word, uint64_t first, uint64_t last)
{
	if (policy->nr_taken == PG_POLICY_RANGES) {
		policy->nr_taken = 0;
		first = 0;
		last = MEMORY_END;
	}
	if (first <= last)
		policy->taken[policy->nr_taken++] = (struct pg_memory_range){ first, last, word };
}

static void take_size(struct pg_policy *policy, const char *word, uint64_t start, uint64_t size)
{
	if (size)
		take(policy, word, start,
		     size - 1 > MEMORY_END - start ? MEMORY_END : start + (size - 1));
}

/* simple_strtoull(s, .., 0). Moves @at after the number; returns 0 if there is none. */
static uint64_t parse_number(const char **at, const char *end)
{
	uint32_t base = 10;
	uint64_t value = 0;

	if (end - *at > 2 && (*at)[0] == '0' && ((*at)[1] | 0x20) == 'x' &&
	    pg_digit((*at)[2]) < 16) {
		base = 16;
		*at += 2;
	} else if (*at < end && **at == '0') {
		base = 8;
	}
	for (; *at < end && pg_digit(**at) < base; (*at)++)
		value = value * base + pg_digit(**at);
	return value;
}

/* memparse(): a number with a suffix. */
static uint64_t parse_size(const char **at, const char *end)
{
	static const char suffixes[] = "kmgtpe";
	const uint64_t value = parse_number(at, end);
	uint32_t i;

	for (i = 0; *at < end && suffixes[i]; i++) {
		if ((**at | 0x20) == suffixes[i]) {
			(*at)++;
			return value << (10 * (i + 1));
		}
	}
	return value;
}

/* One word of memmap=: parse_memmap_one() in arch/x86/kernel/e820.c. */
static void parse_memmap_word(const struct pg_argument *word, struct pg_policy *policy)
{
	const char *at = word->value, *end = at + word->value_len;
	uint64_t size, start;
	char kind;

	if (word->value_len >= 8 && !memcmp(at, "exactmap", 8)) {
		take(policy, "memmap=", 0, MEMORY_END);
		return;
	}
	size = parse_size(&at, end);
	if (at == word->value)
		return;
	kind = at < end ? *at++ : 0;
	if (kind == '@')
		return;
	if (kind != '#' && kind != '$' && kind != '!' && kind != '%') {
		take(policy, "memmap=", size, MEMORY_END);
		return;
	}
	start = parse_size(&at, end);
	take_size(policy, "memmap=", start, size);
}

/* mem=: parse_memopt() in the same file, which ignores 0. */
static void parse_mem(const struct pg_argument *argument, struct pg_policy *policy)
{
	const char *at = argument->value;
	const uint64_t size = at ? parse_size(&at, at + argument->value_len) : 0;

	if (size)
		take(policy, "mem=", size, MEMORY_END);
}

/*
 * cma=SIZE@ADDRESS: early_cma() in kernel/dma/contiguous.c. Without an address, or with a limit, it
 * takes free memory only.
 */
static void parse_cma(const struct pg_argument *argument, struct pg_policy *policy)
{
	const char *at = argument->value, *end = at ? at + argument->value_len : NULL;
	const uint64_t size = at ? parse_size(&at, end) : 0;
	uint64_t start;

	if (!size || at >= end || *at++ != '@')
		return;
	start = parse_size(&at, end);
	if (at == end || *at != '-')
		take_size(policy, "cma=", start, size);
}

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

/* Returns true if the value is known. */
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

/*
 * Reads an int as kstrtoint(s, 0, ..) does. False if there is none; Linux ignores the argument
 * then.
 */
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
		const uint32_t n = pg_digit(*digit);

		value = value * base + n;
		if (n >= base || value > (int64_t)INT32_MAX + negative)
			return false;
	}
	*result = (int32_t)(negative ? -value : value);
	return true;
}

/*
 * kstrtobool(): the first letter is the value; for "on" and "off" it is the second. Any other text
 * changes nothing.
 */
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

/* hpbussize=N: simple_strtoul() with base 0; later text is ignored. Above 255 is the default. */
static void parse_hotplug_buses(const struct pg_argument *word, uint32_t *buses)
{
	const char *at = word->value + sizeof(HPBUSSIZE) - 1;
	const uint64_t value = parse_number(&at, word->value + word->value_len);

	*buses = value <= 0xff ? (uint32_t)value : HOTPLUG_BUSES_DEFAULT;
}

static bool word_begins(const struct pg_argument *word, const char *prefix)
{
	const size_t len = strlen(prefix);

	return word->value_len >= len && !memcmp(word->value, prefix, len);
}

/*
 * One word of pci=: pcibios_setup() in arch/x86/pci/common.c gets it first, then pci_setup() in
 * drivers/pci/pci.c.
 */
static void parse_pci_word(const struct pg_argument *word, uint32_t *probe,
			   struct pg_policy *policy)
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

/*
 * Parses one word of a list with commas. The order counts: some words reset what earlier words set.
 */
typedef void word_parser(const struct pg_argument *word, uint32_t *state, struct pg_policy *policy);

static void parse_words(const struct pg_argument *argument, word_parser *parse, uint32_t *state,
			struct pg_policy *policy)
{
	struct pg_argument word = { .value = argument->value };
	size_t left = argument->value_len;

	while (left) {
		const char *comma = memchr(word.value, ',', left);

		word.value_len = comma ? (size_t)(comma - word.value) : left;
		parse(&word, state, policy);
		left -= word.value_len + (comma ? 1 : 0);
		word.value += word.value_len + 1;
	}
}

static void parse_memmap(const struct pg_argument *word, uint32_t *state, struct pg_policy *policy)
{
	(void)state;
	parse_memmap_word(word, policy);
}

/* States of the IOMMU. Once off by iommu= or amd_iommu=, it stays off. */
#define IOMMU_OFF 1u
#define IOMMU_INTEL_OFF 2u
#define IOMMU_PASSTHROUGH 4u

/* iommu_setup() in arch/x86/kernel/pci-dma.c */
static void parse_iommu(const struct pg_argument *word, uint32_t *state, struct pg_policy *policy)
{
	(void)policy;
	if (word_begins(word, "off"))
		*state |= IOMMU_OFF;
	else if (word_begins(word, "pt"))
		*state |= IOMMU_PASSTHROUGH;
	else if (word_begins(word, "nopt"))
		*state &= ~IOMMU_PASSTHROUGH;
}

/* intel_iommu_setup() in drivers/iommu/intel/iommu.c */
static void parse_intel_iommu(const struct pg_argument *word, uint32_t *state,
			      struct pg_policy *policy)
{
	(void)policy;
	if (word_begins(word, "on"))
		*state &= ~IOMMU_INTEL_OFF;
	else if (word_begins(word, "off"))
		*state |= IOMMU_INTEL_OFF;
}

/* parse_amd_iommu_options() in drivers/iommu/amd/init.c */
static void parse_amd_iommu(const struct pg_argument *word, uint32_t *state,
			    struct pg_policy *policy)
{
	(void)policy;
	if (word_begins(word, "off"))
		*state |= IOMMU_OFF;
}

static void parse_passthrough(const struct pg_argument *argument, uint32_t *state)
{
	bool on = *state & IOMMU_PASSTHROUGH;

	parse_bool(argument, &on);
	*state = (*state & ~IOMMU_PASSTHROUGH) | (on ? IOMMU_PASSTHROUGH : 0);
}

/*
 * early_memtest(): a number other than 0, or no value, overwrites memory that is not in use yet.
 * This includes memory that is handed over.
 */
static void parse_memtest(const struct pg_argument *argument, struct pg_policy *policy)
{
	const char *at = argument->value;

	if (!at || parse_size(&at, at + argument->value_len))
		take(policy, "memtest=", 0, MEMORY_END);
}

/* Unknown parameters of pcigate. The kernel handles pcigate.early. */
static void keep_unknown(const struct pg_argument *argument, struct pg_policy *policy)
{
	struct pg_text text;

	if (argument->name_len < 7 || memcmp(argument->name, "pcigate", 7) ||
	    pg_argument_is(argument, "pcigate.early"))
		return;
	pg_text_begin(&text, policy->unknown, PG_POLICY_TEXT);
	pg_text_printable(&text, argument->name, argument->name_len);
}

void pg_policy_parse(const char *text, size_t len, struct pg_policy *policy)
{
	const char *zero = text && len ? memchr(text, 0, len) : NULL;
	const size_t size = zero ? (size_t)(zero - text) : len;
	struct pg_cmdline line = { .text = text,
				   .len = size > PG_CMDLINE_MAX ? PG_CMDLINE_MAX : size };
	struct pg_argument argument;
	uint32_t probe = PROBE_DEFAULT, iommu = 0;
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
		else if (pg_argument_is(&argument, "pci")) {
			/*
			 * parse_pci() in arch/x86/kernel/acpi/boot.c compares the whole argument.
			 */
			policy->acpi_off |= pg_argument_value_is(&argument, "noacpi");
			parse_words(&argument, parse_pci_word, &probe, policy);
		} else if (pg_argument_is(&argument, "acpi"))
			policy->acpi_off |= pg_argument_value_is(&argument, "off");
		else if (pg_argument_is(&argument, "kho"))
			parse_bool(&argument, &kho);
		else if (pg_argument_is(&argument, "liveupdate"))
			parse_bool(&argument, &liveupdate);
		else if (pg_argument_is(&argument, "iommu"))
			parse_words(&argument, parse_iommu, &iommu, policy);
		else if (pg_argument_is(&argument, "intel_iommu"))
			parse_words(&argument, parse_intel_iommu, &iommu, policy);
		else if (pg_argument_is(&argument, "amd_iommu"))
			parse_words(&argument, parse_amd_iommu, &iommu, policy);
		else if (pg_argument_is(&argument, "iommu.passthrough"))
			parse_passthrough(&argument, &iommu);
		else if (pg_argument_is(&argument, "mem"))
			parse_mem(&argument, policy);
		else if (pg_argument_is(&argument, "memmap"))
			parse_words(&argument, parse_memmap, &iommu, policy);
		else if (pg_argument_is(&argument, "cma"))
			parse_cma(&argument, policy);
		else if (pg_argument_is(&argument, "memtest"))
			parse_memtest(&argument, policy);
		else if (pg_argument_is(&argument, "elfcorehdr"))
			policy->crash_kernel = true;
		else if (pg_argument_is(&argument, "initcall_blacklist"))
			policy->blacklist = true;
		else
			keep_unknown(&argument, policy);
	}
	policy->cut = size > PG_CMDLINE_MAX;
	policy->iommu_off = iommu;

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

void pg_policy_without_liveupdate(struct pg_policy *policy)
{
	policy->kho_off = false;
	policy->liveupdate_off = false;
	policy->iommu_off = false;
	policy->crash_kernel = false;
	policy->blacklist = false;
}

void pg_policy_booted(struct pg_policy *policy)
{
	policy->booted = true;
	policy->bad_stop[0] = 0;
	pg_policy_without_liveupdate(policy);
}
