/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * stage.h - included first, by the compiler's command line.
 *
 * Makes all symbols hidden, also those that are only declared. Otherwise the compiler would use a
 * global offset table for them, and no loader of a purgatory makes one (-fvisibility=hidden covers
 * definitions only).
 */
#pragma GCC visibility push(hidden)
