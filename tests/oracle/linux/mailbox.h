/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mailbox.h - the layout of a file that Linux and the host map: the host writes topologies, Linux
 * writes the results, both as text. Numbers are little-endian. tests/oracle/linux.py has the same
 * layout.
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
 * @skip:          number of topologies to skip: those up to one that crashed Linux
 * @done:          number of topologies that have a result, the skipped ones included
 * @text:          offset of the topologies
 * @text_len:      their length
 * @result:        offset of the results
 * @result_size:   size of the buffer for them
 * @result_len:    length of the results, all of them complete; with MAILBOX_FAILED, the text ends
 *                 with the reason
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

/* mailbox_run() - scans each topology of the mailbox and writes the results to it. */
int mailbox_run(struct mailbox *box, size_t size);

#endif
