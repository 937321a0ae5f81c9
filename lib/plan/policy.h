/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * policy.h - the parameters of the next kernel's command line: what their parsers share.
 */
#ifndef PCIGATE_PLAN_POLICY_H
#define PCIGATE_PLAN_POLICY_H

#include <pcigate/plan.h>

/**
 * struct pg_policy_state - a command line that is being parsed
 * @policy:     the result
 * @probe:      Linux's pci_probe
 * @iommu:      why the IOMMU does not translate DMA (flags of policy_iommu.c); 0 if DMA is
 * translated
 * @panic:      value of panic=
 * @kho:        value of kho=
 * @liveupdate: value of liveupdate=
 * @loglevel:   Linux prints messages below this level on the console
 * @ignore_loglevel: Linux prints all messages
 * @stop_given: the last pcigate.stop= had a known value
 * @buses:      value of pcigate.buses=
 * @inherit:    value of pci_liveupdate.inherit=
 */
struct pg_policy_state {
	struct pg_policy *policy;
	uint32_t probe;
	uint32_t iommu;
	int32_t panic;
	bool kho;
	bool liveupdate;
	int32_t loglevel;
	bool ignore_loglevel;
	bool stop_given;
	enum pg_fact buses;
	bool inherit;
};

/* Parses one argument, or one word of a list with commas. */
typedef void pg_argument_parser(const struct pg_argument *argument, struct pg_policy_state *state);

/*
 * pg_policy_words() - calls @parse for each word of a list with commas. The order counts: some
 * words reset what earlier words set.
 */
void pg_policy_words(const struct pg_argument *argument, pg_argument_parser *parse,
		     struct pg_policy_state *state);

/* pg_policy_pci_begin() sets the defaults of @state for pci=, pg_policy_pci_end() the result. */
void pg_policy_pci_begin(struct pg_policy_state *state);
void pg_policy_pci_end(struct pg_policy_state *state);

/* The parameters of policy_pci.c, policy_iommu.c and policy_memory.c. */
pg_argument_parser pg_policy_pci, pg_policy_acpi;
pg_argument_parser pg_policy_iommu_word, pg_policy_intel_iommu_word, pg_policy_amd_iommu_word;
pg_argument_parser pg_policy_passthrough;
pg_argument_parser pg_policy_mem, pg_policy_memmap_word, pg_policy_cma, pg_policy_memtest;

/* pg_value_number() - simple_strtoull(s, .., 0). Moves @at after the number; returns 0 if there is
 * none. */
uint64_t pg_value_number(const char **at, const char *end);

/* pg_value_size() - memparse(): a number with a suffix. */
uint64_t pg_value_size(const char **at, const char *end);

/*
 * pg_value_int() - reads an int as kstrtoint(s, 0, ..) does. False if there is none; Linux ignores
 * the argument then.
 */
bool pg_value_int(const struct pg_argument *argument, int32_t *result);

/*
 * pg_value_bool() - kstrtobool(): the first letter is the value; for "on" and "off" it is the
 * second. Any other text changes nothing.
 */
void pg_value_bool(const struct pg_argument *argument, bool *result);

bool pg_word_begins(const struct pg_argument *word, const char *prefix);

#endif
