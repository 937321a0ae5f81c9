// SPDX-License-Identifier: GPL-2.0-only
/*
 * mailbox.c - reads topologies from the mailbox and writes Linux's results to it.
 */
#include "mailbox.h"
#include "scan.h"
#include "topo.h"

#include <linux/sched.h>
#include <linux/vmalloc.h>

static void set_state(struct mailbox *box, enum mailbox_state state)
{
	/* The host reads the results when it sees the new state. */
	smp_wmb();
	WRITE_ONCE(box->state, cpu_to_le32(state));
}

/* Whether a result fits: a line of at most 64 characters for each function, bus and bridge. */
static bool fits(const struct text *text, const struct machine *machine)
{
	return text->len + 1024 + 4 * 64 * (size_t)(machine->nr + MACHINE_MAX_ROOTS + 256) <
	       text->size;
}

static int run(struct mailbox *box, size_t size)
{
	const u64 at = le64_to_cpu(box->text), len = le64_to_cpu(box->text_len);
	const u64 result = le64_to_cpu(box->result), result_size = le64_to_cpu(box->result_size);
	struct topo_reader reader = { .text = (char *)box + at, .len = len };
	struct text text = { .buf = (char *)box + result, .size = result_size };
	enum topo_result got;
	struct machine *machine;
	const char *error;
	u32 done = 0;

	if (at > size || len > size - at || result > size || result_size > size - result)
		return -EINVAL;
	machine = vzalloc(sizeof(*machine));
	if (!machine)
		return -ENOMEM;
	for (;;) {
		got = topo_read(&reader, machine, &error);
		if (got != TOPO_OK)
			break;
		if (done >= le32_to_cpu(box->skip)) {
			if (!fits(&text, machine)) {
				error = "mailbox full";
				got = TOPO_BAD;
				break;
			}
			scan_machine(machine, &text);
			WRITE_ONCE(box->result_len, cpu_to_le64(text.len));
			smp_wmb();
		}
		done++;
		WRITE_ONCE(box->done, cpu_to_le32(done));
		cond_resched();
	}
	vfree(machine);
	if (got == TOPO_BAD) {
		text_add(&text, "line %u: %s\n", reader.line, error);
		WRITE_ONCE(box->result_len, cpu_to_le64(text.len));
		return -EINVAL;
	}
	return 0;
}

int mailbox_run(struct mailbox *box, size_t size)
{
	int ret;

	if (size < sizeof(*box) || le64_to_cpu(box->magic) != MAILBOX_MAGIC ||
	    le32_to_cpu(box->state) != MAILBOX_READY)
		return -EINVAL;
	ret = scan_begin();
	if (!ret) {
		set_state(box, MAILBOX_RUNNING);
		ret = run(box, size);
		scan_end();
	}
	set_state(box, ret ? MAILBOX_FAILED : MAILBOX_DONE);
	return ret;
}
