/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * sums.h - the figures of a comparison of many topologies.
 */
#ifndef ORACLE_SUMS_H
#define ORACLE_SUMS_H

#include <pcigate/reason.h>

/**
 * struct sums - sums over all topologies
 * @topologies:    number of topologies
 * @bridges:       number of bridges
 * @disagreements: topologies with at least one disagreement
 * @stale:         topologies with cards added since the record was made, where the plan for all
 *                 devices is wrong: it uses the record for hidden devices. Here only open verdicts
 *                 are checked.
 * @unseen:        topologies where the plan or the verdict is wrong because of hidden devices that
 *                 are neither as recorded nor reset, behind a bridge that lost its numbers
 * @unseen_open:   those of @unseen where the verdict is wrongly open
 * @unknown_roots: topologies where the verdict is wrongly open because upstream's record does not
 *                 name the root buses
 * @failed:        topologies where Linux's scan crashes or does not end
 * @given_up:      topologies where the simulation exceeds its budget
 * @needless:      those of @given_up where Linux's scan ends
 * @steps:         functions compared
 * @uncertain:     functions whose place the plan marks as uncertain
 * @into_failure:  those of @opens where the next kernel's scan crashes or does not end
 * @opens:         recorded devices that keep their address by the verdict
 * @stops:         recorded devices that do not keep it by the verdict, where pcigate's own record
 *                 exists and is complete
 * @too_careful:   those of @stops that had their address at all times
 * @partial_stops, @partial_careful: the same where the record lacks hidden devices
 * @vf_opens, @vf_stops, @vf_careful: the same for preserved virtual functions; a physical function
 *                 that is preserved with none of them counts once
 * @reads:         config reads of the pipeline
 * @linux_reads:   config reads of Linux, on the same topologies
 * @careful_reasons: @too_careful by reason
 */
struct sums {
	uint64_t topologies;
	uint64_t bridges;
	uint64_t disagreements;
	uint64_t stale;
	uint64_t unseen;
	uint64_t unseen_open;
	uint64_t unknown_roots;
	uint64_t failed;
	uint64_t given_up;
	uint64_t needless;
	uint64_t steps;
	uint64_t uncertain;
	uint64_t opens;
	uint64_t into_failure;
	uint64_t stops;
	uint64_t too_careful;
	uint64_t partial_stops;
	uint64_t partial_careful;
	uint64_t vf_opens;
	uint64_t vf_stops;
	uint64_t vf_careful;
	uint64_t reads;
	uint64_t linux_reads;
	uint64_t careful_reasons[PG_REASON_COUNT];
};

/* sums_print() - prints the lines "careful" and "compared" that check.py reads. */
void sums_print(const struct sums *sums);

#endif
