// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * policy_iommu.c - parameters that switch the IOMMU off, or let DMA pass it untranslated.
 */
#include "policy.h"

/* States of the IOMMU. Once off by iommu= or amd_iommu=, it stays off. */
#define IOMMU_OFF 1u
#define IOMMU_INTEL_OFF 2u
#define IOMMU_PASSTHROUGH 4u

/* A word of iommu=: iommu_setup() in arch/x86/kernel/pci-dma.c */
void pg_policy_iommu_word(const struct pg_argument *word, struct pg_policy_state *state)
{
	if (pg_word_begins(word, "off"))
		state->iommu |= IOMMU_OFF;
	else if (pg_word_begins(word, "pt"))
		state->iommu |= IOMMU_PASSTHROUGH;
	else if (pg_word_begins(word, "nopt"))
		state->iommu &= ~IOMMU_PASSTHROUGH;
}

/* A word of intel_iommu=: intel_iommu_setup() in drivers/iommu/intel/iommu.c */
void pg_policy_intel_iommu_word(const struct pg_argument *word, struct pg_policy_state *state)
{
	if (pg_word_begins(word, "on"))
		state->iommu &= ~IOMMU_INTEL_OFF;
	else if (pg_word_begins(word, "off"))
		state->iommu |= IOMMU_INTEL_OFF;
}

/* A word of amd_iommu=: parse_amd_iommu_options() in drivers/iommu/amd/init.c */
void pg_policy_amd_iommu_word(const struct pg_argument *word, struct pg_policy_state *state)
{
	if (pg_word_begins(word, "off"))
		state->iommu |= IOMMU_OFF;
}

/* iommu.passthrough= */
void pg_policy_passthrough(const struct pg_argument *argument, struct pg_policy_state *state)
{
	bool on = state->iommu & IOMMU_PASSTHROUGH;

	pg_value_bool(argument, &on);
	state->iommu = (state->iommu & ~IOMMU_PASSTHROUGH) | (on ? IOMMU_PASSTHROUGH : 0);
}
