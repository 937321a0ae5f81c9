/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scan.h - lets Linux's own scan loose on a made-up machine and reads back what it made of it.
 */
#ifndef ORACLE_SCAN_H
#define ORACLE_SCAN_H

#include <linux/types.h>

#include "machine.h"

/**
 * struct text - a buffer that fills with text
 * @buf:  the buffer
 * @size: its size
 * @len:  how much of it is used; more than @size if it was too small
 */
struct text {
	char *buf;
	size_t size;
	size_t len;
};

__printf(2, 3) void text_add(struct text *text, const char *format, ...);

int scan_begin(void);
void scan_end(void);

/*
 * scan_machine() - scans the machine, appends the result to @text and takes everything down again. The result:
 *	result NAME STATUS reads=N writes=N stack=BYTES us=N
 *	root FIRST exists                      a root bus not scanned, as Linux had that number already
 *	bus NN of=NN by=INDEX busn=SS-TT in    a bus of Linux's; "out" where its range is not in the resource tree
 *	f INDEX BUS DD.F                       a function that Linux found there
 *	b INDEX PP/SS-TT [changed]             a bridge's registers now, found or not, and if they were touched in between
 *	end
 * STATUS is ok, crash where Linux fell over (a NULL pointer, say), or endless where it went round in a circle until it was
 * stopped. After the last two the lines below tell how far it came.
 */
void scan_machine(struct machine *machine, struct text *text);

#endif
