// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The next kernel's command line: any bytes, without a zero at the end. */
#include "fuzz.h"

static void check_text(const char text[PG_POLICY_TEXT])
{
	REQUIRE(memchr(text, 0, PG_POLICY_TEXT));
	for (; *text; text++)
		REQUIRE(*text >= 0x20 && *text < 0x7f);
}

static void check_policy(const struct pg_policy *policy)
{
	REQUIRE(policy->mode <= PG_MODE_OFF && policy->stop <= PG_STOP_POWEROFF);
	REQUIRE(!policy->reset_after_s || policy->stop == PG_STOP_RESET);
	REQUIRE(policy->hotplug_buses <= 0xff);
	REQUIRE(!policy->pci_off || policy->no_mmconfig);
	REQUIRE(policy->nr_taken <= PG_POLICY_RANGES);
	for (uint32_t i = 0; i < policy->nr_taken; i++)
		REQUIRE(policy->taken[i].first <= policy->taken[i].last && policy->taken[i].word);
	check_text(policy->unknown);
	check_text(policy->bad_mode);
	check_text(policy->bad_stop);
	check_text(policy->bad_buses);
	REQUIRE(!policy->buses_contradicted && !policy->keep_numbers);
	REQUIRE(!policy->bad_mode[0] || policy->mode == PG_MODE_ENFORCE);
}

/*
 * The same words give the same policy if @before precedes them, and if the struct was not zero
 * before.
 */
static void check_again(const struct pg_policy *policy, const uint8_t *data, size_t size,
			const char *before)
{
	static char text[PG_CMDLINE_MAX];
	static struct pg_policy again;
	const size_t len = strlen(before);

	if (size + len > sizeof(text))
		return;
	memcpy(text, before, len);
	if (size)
		memcpy(text + len, data, size);
	memset(&again, 0xa5, sizeof(again));
	pg_policy_parse(text, len + size, &again);
	REQUIRE(!memcmp(&again, policy, sizeof(again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = size ? (const char *)data : "";
	struct pg_cmdline line = { .text = text, .len = size };
	static struct pg_policy policy;
	struct pg_argument argument;
	size_t before = 0;

	while (pg_cmdline_next(&line, &argument)) {
		/* The position increases, and the argument is within the bytes before it. */
		REQUIRE(line.pos > before && line.pos <= size);
		REQUIRE(argument.name >= text &&
			argument.name + argument.name_len <= text + line.pos);
		REQUIRE(!argument.value ||
			(argument.value > argument.name &&
			 argument.value + argument.value_len <= text + line.pos));
		before = line.pos;
	}
	memset(&policy, 0, sizeof(policy));
	pg_policy_parse(text, size, &policy);
	check_policy(&policy);
	check_again(&policy, data, size, "");
	check_again(&policy, data, size, " =x root=\"a b\"\t");
	return 0;
}
