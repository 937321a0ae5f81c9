// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * sums.c - prints the figures of a comparison.
 */
#include "sums.h"

#include <inttypes.h>
#include <stdio.h>

void sums_print(const struct sums *sums)
{
	uint32_t i;

	for (i = 0; i < PG_REASON_COUNT; i++) {
		if (sums->careful_reasons[i])
			printf("careful %s %" PRIu64 "\n", pg_reason_code((enum pg_reason)i),
			       sums->careful_reasons[i]);
	}
	printf("compared %" PRIu64 " bridges=%" PRIu64 " disagreements=%" PRIu64 " failed=%" PRIu64
	       " given-up=%" PRIu64 " needless=%" PRIu64 " steps=%" PRIu64 " uncertain=%" PRIu64
	       " opens=%" PRIu64 " into-failure=%" PRIu64,
	       sums->topologies, sums->bridges, sums->disagreements, sums->failed, sums->given_up,
	       sums->needless, sums->steps, sums->uncertain, sums->opens, sums->into_failure);
	printf(" stops=%" PRIu64 " too-careful=%" PRIu64 " reads=%" PRIu64 " linux-reads=%" PRIu64
	       " partial-stops=%" PRIu64 " partial-careful=%" PRIu64 " stale=%" PRIu64
	       " unseen=%" PRIu64 " unseen-open=%" PRIu64 " unknown-roots=%" PRIu64
	       " vf-opens=%" PRIu64 " vf-stops=%" PRIu64 " vf-careful=%" PRIu64 "\n",
	       sums->stops, sums->too_careful, sums->reads, sums->linux_reads, sums->partial_stops,
	       sums->partial_careful, sums->stale, sums->unseen, sums->unseen_open,
	       sums->unknown_roots, sums->vf_opens, sums->vf_stops, sums->vf_careful);
}
