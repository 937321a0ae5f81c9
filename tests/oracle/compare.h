/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * compare.h - compares the plan with Linux on the same machines.
 */
#ifndef ORACLE_COMPARE_H
#define ORACLE_COMPARE_H

/*
 * compare() - reads the topologies and Linux's results from the named files, makes the plan of
 * each topology for a next kernel with @cmdline, and prints the disagreements. Writes the names of
 * the topologies that disagree to the file @names. The last line has the sums:
 *
 *	compared TOPOLOGIES bridges=N disagreements=N failed=N ... reads=N linux-reads=N ...
 *
 * Returns 0 if there is no disagreement, 1 if there is one, 2 if a file cannot be read.
 */
int compare(const char *topologies, const char *results, const char *cmdline, const char *names);

#endif
