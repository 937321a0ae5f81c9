/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * dot.h - what all graphs for dot(1) share. All text in a graph is made by the command, so nothing
 * needs quoting.
 */
#ifndef PCIGATE_DOT_H
#define PCIGATE_DOT_H

#include <stdio.h>

/* enum dot_style - the colour of a function */
enum dot_style {
	DOT_PLAIN,
	DOT_BAD,
	DOT_DOUBT,
	DOT_FAINT,
};

/* dot_begin() - the first lines of a graph; @legend explains the colours. */
void dot_begin(FILE *out, const char *legend);
void dot_end(FILE *out);

/* Colours of the line and of the area of a function. */
const char *dot_line(enum dot_style style);
const char *dot_fill(enum dot_style style);

#endif
