/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * compare.h - the plan against Linux, on the same machines.
 */
#ifndef ORACLE_COMPARE_H
#define ORACLE_COMPARE_H

/*
 * compare() - reads topologies and Linux's results from the files so named, makes the plan of each
 *for a next kernel with
 * @cmdline, and prints what they disagree about. The names of the topologies concerned go to the
 *file @names. The last line sums up: compared TOPOLOGIES bridges=N disagreements=N endless=N
 *reads=N linux-reads=N Returns 0 if there is no disagreement, 1 if there is, 2 if files cannot be
 *read.
 */
int compare(const char *topologies, const char *results, const char *cmdline, const char *names);

#endif
