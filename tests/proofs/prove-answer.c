// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-answer.c - the stage's answer in a tree of 64 bytes of any content: it is written only into
 * the tree, and read only from it. tree.c is the model of lib/fdt.c, crc.c that of the checksum.
 *
 * source: lib/verdict/answer.c tests/proofs/crc.c tests/proofs/tree.c
 * flags: --unwind 26
 * limit: 120
 * break: lib/verdict/answer.c s/len == nr \* 4/len >= nr/
 * break: lib/verdict/answer.c s/layout->verdict && layout->reason && layout->devices && //
 * break: lib/verdict/answer.c s/if \(own->answer < 0\)/if (own->answer < -20)/
 */
#include "tree.h"

#include <pcigate/gate_fdt.h>

void harness(void)
{
	struct pg_answer answer;
	struct pg_gate_fdt own;
	uint8_t *writable;

	own.size = TREE_SIZE;
	own.fdt = malloc(TREE_SIZE);
	ASSUME(own.fdt);
	tree_is_whole(own.fdt, own.size);
	ASSUME(own.crc <= TREE_SIZE - 4);
	writable = malloc(TREE_SIZE);
	ASSUME(writable);
	if (nondet_bool()) {
		const bool written = pg_gate_write_answer(&own, writable, &answer);

		REACHED(written);
		PROVE(!written || (own.present && own.answer >= 0));
	} else {
		const bool read = pg_gate_read_answer(&own, &answer);

		REACHED(read && answer.cycles > UINT32_MAX);
		PROVE(!read ||
		      (own.present && own.answer >= 0 && !answer.reason[PG_ANSWER_REASON - 1]));
	}
}
