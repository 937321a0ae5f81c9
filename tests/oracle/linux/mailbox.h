/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mailbox.h - a file that Linux shares with the host: topologies in, what Linux made of them out,
 * both as text. It is mapped, so nothing is copied. Little-endian; tests/oracle/linux.py has the
 * same layout.
 */
#ifndef ORACLE_MAILBOX_H
#define ORACLE_MAILBOX_H

#include <linux/types.h>

#define MAILBOX_MAGIC 0x4c4341524f474350ull /* "PCGORACL" */

enum mailbox_state {
	MAILBOX_READY = 1,
	MAILBOX_RUNNING = 2,
	MAILBOX_DONE = 3,
	MAILBOX_FAILED = 4,
};

/**
 * struct mailbox - the first page
 * @magic:         MAILBOX_MAGIC
 * @state:         enum mailbox_state; the host writes MAILBOX_READY, Linux the others
 * @skip:          so many topologies of the text are left out: those up to one that Linux did not
 * survive
 * @done:          so many have their result, the ones left out included
 * @text:          offset of the topologies
 * @text_len:      their length
 * @result:        offset of the results
 * @result_size:   room for them
 * @result_len:    length of what is there: whole results; behind them, with MAILBOX_FAILED, why
 */
struct mailbox {
	__le64 magic;
	__le32 state;
	__le32 skip;
	__le32 done;
	__le32 unused;
	__le64 text;
	__le64 text_len;
	__le64 result;
	__le64 result_size;
	__le64 result_len;
};

/* mailbox_run() - scans each topology of the mailbox and leaves the results there. */
int mailbox_run(struct mailbox *box, size_t size);

#endif
