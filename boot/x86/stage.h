/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * stage.h - included before everything else by the compiler's command line.
 *
 * All symbols are hidden, those that are only declared too: else the compiler would reach them
 * through a global offset table, and no loader of a purgatory makes one (-fvisibility=hidden covers
 * definitions alone).
 */
#pragma GCC visibility push(hidden)
