// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * policy.c - parses the next kernel's command line: the table of parameters, and the parameters of
 * pcigate and of kernel features.
 */
#include <pcigate/next_kernel.h>
#include <pcigate/text.h>

#include "policy.h"

/* include/linux/printk.h, and the defaults of lib/Kconfig.debug */
#define PG_LOGLEVEL_INFO 6
#define PG_LOGLEVEL_DEFAULT 7
#define PG_LOGLEVEL_QUIET 4
#define PG_LOGLEVEL_DEBUG 10

static void keep_bad_value(char *buf, const struct pg_argument *argument)
{
	struct pg_text text;

	pg_text_begin(&text, buf, PG_POLICY_TEXT);
	pg_text_printable(&text, argument->value ? argument->value : "", argument->value_len);
	if (!text.len)
		pg_text_string(&text, "(nothing)");
}

static void parse_mode(const struct pg_argument *argument, struct pg_policy_state *state)
{
	state->policy->mode = PG_MODE_ENFORCE;
	state->policy->verbose = pg_argument_value_is(argument, "verbose");
	state->policy->bad_mode[0] = 0;
	if (state->policy->verbose)
		return;
	if (pg_argument_value_is(argument, "report"))
		state->policy->mode = PG_MODE_REPORT;
	else if (pg_argument_value_is(argument, "off"))
		state->policy->mode = PG_MODE_OFF;
	else if (!pg_argument_value_is(argument, "enforce"))
		keep_bad_value(state->policy->bad_mode, argument);
}

static void parse_stop(const struct pg_argument *argument, struct pg_policy_state *state)
{
	state->policy->bad_stop[0] = 0;
	state->stop_given = true;
	if (pg_argument_value_is(argument, "halt"))
		state->policy->stop = PG_STOP_HALT;
	else if (pg_argument_value_is(argument, "reset"))
		state->policy->stop = PG_STOP_RESET;
	else if (pg_argument_value_is(argument, "poweroff"))
		state->policy->stop = PG_STOP_POWEROFF;
	else {
		keep_bad_value(state->policy->bad_stop, argument);
		state->stop_given = false;
	}
}

static void parse_buses(const struct pg_argument *argument, struct pg_policy_state *state)
{
	state->policy->bad_buses[0] = 0;
	state->buses = PG_FACT_UNKNOWN;
	if (pg_argument_value_is(argument, "keep"))
		state->buses = PG_FACT_YES;
	else if (pg_argument_value_is(argument, "assign"))
		state->buses = PG_FACT_NO;
	else
		keep_bad_value(state->policy->bad_buses, argument);
}

/* kernel-patch/0007 */
static void parse_inherit(const struct pg_argument *argument, struct pg_policy_state *state)
{
	pg_value_bool(argument, &state->inherit);
}

static void parse_panic(const struct pg_argument *argument, struct pg_policy_state *state)
{
	pg_value_int(argument, &state->panic);
}

static void parse_quiet(const struct pg_argument *argument, struct pg_policy_state *state)
{
	(void)argument;
	state->loglevel = PG_LOGLEVEL_QUIET;
}

static void parse_debug(const struct pg_argument *argument, struct pg_policy_state *state)
{
	(void)argument;
	state->loglevel = PG_LOGLEVEL_DEBUG;
}

static void parse_loglevel(const struct pg_argument *argument, struct pg_policy_state *state)
{
	pg_value_int(argument, &state->loglevel);
}

static void parse_ignore_loglevel(const struct pg_argument *argument, struct pg_policy_state *state)
{
	(void)argument;
	state->ignore_loglevel = true;
}

static void parse_kho(const struct pg_argument *argument, struct pg_policy_state *state)
{
	pg_value_bool(argument, &state->kho);
}

static void parse_liveupdate(const struct pg_argument *argument, struct pg_policy_state *state)
{
	pg_value_bool(argument, &state->liveupdate);
}

static void parse_elfcorehdr(const struct pg_argument *argument, struct pg_policy_state *state)
{
	(void)argument;
	state->policy->crash_kernel = true;
}

static void parse_blacklist(const struct pg_argument *argument, struct pg_policy_state *state)
{
	(void)argument;
	state->policy->blacklist = true;
}

/*
 * struct parameter - a parameter that changes the policy
 * @name:  its name
 * @list:  its value is a list with commas: @parse is called for each word
 * @parse: its parser
 */
static const struct parameter {
	char name[23];
	bool list;
	pg_argument_parser *parse;
} parameters[] = {
	{ "pcigate", false, parse_mode },
	{ "pcigate.stop", false, parse_stop },
	{ "pcigate.buses", false, parse_buses },
	{ "pci_liveupdate.inherit", false, parse_inherit },
	{ "panic", false, parse_panic },
	{ "quiet", false, parse_quiet },
	{ "debug", false, parse_debug },
	{ "loglevel", false, parse_loglevel },
	{ "ignore_loglevel", false, parse_ignore_loglevel },
	{ "kho", false, parse_kho },
	{ "liveupdate", false, parse_liveupdate },
	{ "elfcorehdr", false, parse_elfcorehdr },
	{ "initcall_blacklist", false, parse_blacklist },
	{ "pci", false, pg_policy_pci },
	{ "acpi", false, pg_policy_acpi },
	{ "iommu", true, pg_policy_iommu_word },
	{ "intel_iommu", true, pg_policy_intel_iommu_word },
	{ "amd_iommu", true, pg_policy_amd_iommu_word },
	{ "iommu.passthrough", false, pg_policy_passthrough },
	{ "mem", false, pg_policy_mem },
	{ "memmap", true, pg_policy_memmap_word },
	{ "cma", false, pg_policy_cma },
	{ "memtest", false, pg_policy_memtest },
};

void pg_policy_words(const struct pg_argument *argument, pg_argument_parser *parse,
		     struct pg_policy_state *state)
{
	struct pg_argument word = { .value = argument->value };
	size_t left = argument->value_len;

	while (left) {
		const char *comma = memchr(word.value, ',', left);

		word.value_len = comma ? (size_t)(comma - word.value) : left;
		parse(&word, state);
		left -= word.value_len + (comma ? 1 : 0);
		word.value += word.value_len + 1;
	}
}

static bool is_own(const struct pg_argument *argument)
{
	return argument->name_len >= 7 && !memcmp(argument->name, "pcigate", 7);
}

/* Notes an unknown parameter of pcigate. */
static void keep_unknown(const struct pg_argument *argument, struct pg_policy *policy)
{
	struct pg_text text;

	if (!is_own(argument))
		return;
	pg_text_begin(&text, policy->unknown, PG_POLICY_TEXT);
	pg_text_printable(&text, argument->name, argument->name_len);
}

static void parse_argument(const struct pg_argument *argument, struct pg_policy_state *state)
{
	const struct parameter *parameter = parameters;
	const struct parameter *const end = parameters + sizeof(parameters) / sizeof(parameters[0]);

	while (parameter < end && !pg_argument_is(argument, parameter->name))
		parameter++;
	if (parameter == end)
		keep_unknown(argument, state->policy);
	else if (parameter->list)
		pg_policy_words(argument, parameter->parse, state);
	else
		parameter->parse(argument, state);
}

/* Parses @line, or only pcigate's own parameters in it. Returns whether the line is too long. */
static bool parse_line(struct pg_cmdline line, bool own, struct pg_policy_state *state)
{
	const char *zero = line.text && line.len ? memchr(line.text, 0, line.len) : NULL;
	const size_t size = zero ? (size_t)(zero - line.text) : line.len;
	struct pg_argument argument;

	line.len = size > PG_CMDLINE_MAX ? PG_CMDLINE_MAX : size;
	while (pg_cmdline_next(&line, &argument)) {
		if (!own || is_own(&argument))
			parse_argument(&argument, state);
	}
	return size > PG_CMDLINE_MAX;
}

/*
 * Decides whether the next kernel keeps bus numbers. If its image and pcigate.buses= contradict
 * each other, it is assumed that it does not: then more is a reason to stop.
 */
static void settle_buses(const struct pg_policy_state *state)
{
	struct pg_policy *policy = state->policy;

	policy->buses_contradicted =
		policy->keeps_buses && state->buses && policy->keeps_buses != state->buses;
	if (policy->buses_contradicted || !state->inherit)
		policy->keeps_buses = PG_FACT_NO;
	else if (state->buses)
		policy->keeps_buses = state->buses;
}

void pg_next_kernel_policy(const struct pg_next_kernel *next, const char *text, size_t len,
			   char buf[PG_NEXT_LINE_SIZE], struct pg_policy *policy)
{
	struct pg_policy_state state = { .policy = policy,
					 .inherit = true,
					 .loglevel = PG_LOGLEVEL_DEFAULT };

	*policy = (struct pg_policy){ .mode = PG_MODE_ENFORCE, .stop = PG_STOP_HALT };
	if (next) {
		policy->kho_default = next->kho_default;
		policy->liveupdate_default = next->liveupdate_default;
		policy->keeps_buses = next->keeps_buses;
		policy->keeps_vfs = next->keeps_vfs;
	}
	state.kho = !text || policy->kho_default == PG_FACT_YES;
	state.liveupdate = !text || policy->liveupdate_default == PG_FACT_YES;
	pg_policy_pci_begin(&state);
	policy->cut = parse_line(pg_next_kernel_line(next, text, len, buf), false, &state);
	if (next && next->cmdline_overrides)
		parse_line((struct pg_cmdline){ .text = text, .len = len }, true, &state);
	pg_policy_pci_end(&state);
	settle_buses(&state);
	policy->quiet = state.loglevel <= PG_LOGLEVEL_INFO && !state.ignore_loglevel;
	policy->iommu_off = state.iommu;
	policy->liveupdate_off = !state.liveupdate;
	policy->kho_off = !state.kho;
	if (!state.stop_given) {
		policy->stop = state.panic ? PG_STOP_RESET : PG_STOP_HALT;
		policy->reset_after_s = state.panic > 0 ? (uint32_t)state.panic : 0;
	}
}

void pg_policy_parse(const char *text, size_t len, struct pg_policy *policy)
{
	pg_next_kernel_policy(NULL, text, len, NULL, policy);
}

void pg_policy_without_liveupdate(struct pg_policy *policy)
{
	policy->kho_off = false;
	policy->liveupdate_off = false;
	policy->iommu_off = false;
	policy->crash_kernel = false;
	policy->blacklist = false;
}

void pg_policy_keep_numbers(struct pg_policy *policy, const struct pg_record *record)
{
	const bool recorded = record->own.present;

	if (policy->keeps_buses == PG_FACT_UNKNOWN && recorded && record->own.next_keeps)
		policy->keeps_buses = PG_FACT_YES;
	if (policy->keeps_vfs == PG_FACT_UNKNOWN && recorded && record->own.next_keeps_vfs)
		policy->keeps_vfs = PG_FACT_YES;
	policy->keep_numbers = policy->keeps_buses == PG_FACT_YES &&
			       record->state == PG_RECORD_DEVICES && !record->without_liveupdate &&
			       !policy->kho_off && !policy->liveupdate_off &&
			       !policy->crash_kernel && !policy->booted;
}

void pg_policy_booted(struct pg_policy *policy)
{
	policy->booted = true;
	policy->bad_stop[0] = 0;
	pg_policy_without_liveupdate(policy);
}
