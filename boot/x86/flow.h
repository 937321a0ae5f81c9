/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * flow.h - the code of the stage that the purgatory and the gated image share.
 */
#ifndef PCIGATE_X86_FLOW_H
#define PCIGATE_X86_FLOW_H

#include <pcigate/gate.h>

#include "bootparams.h"
#include "state.h"

/**
 * struct flow - the parameters and the state of the flow
 * @leave:       enters the next kernel and does not return; called after the flow has restored
 * everything that it changed
 * @base:        the beginning of the stage's code; the report of a fault has the offset from it
 * @base_name:   the name of @base in the report
 * @params:      the zero page; valid from flow_trust() on
 * @report:      a page for the report if the next kernel uses the stage's memory, or NULL
 * @crash:       the loader says that the image is a crash kernel
 * @reset_vga:   kexec-tools was called with --reset-vga
 * @serial_port: I/O port of kexec --console-serial, or 0
 * @serial_baud: the speed of that port, or 0
 * @memory:      RAM of the next kernel's memory map
 * @gate:        the results of the pipeline, which clears it; last, because it is large
 * The other members belong to flow.c.
 */
struct flow {
	void (*leave)(void);
	const uint8_t *base;
	const char *base_name;
	const struct boot_params *params;
	void *report;
	bool crash;
	bool reset_vga;
	uint16_t serial_port;
	uint32_t serial_baud;

	struct pg_memory memory;
	struct pg_config config;
	struct pg_policy policy;
	const char *cmdline;
	size_t cmdline_len;
	struct pg_cmdline line;
	uint64_t started;
	uint64_t judged;
	bool consoles_open;
	bool prints;
	bool trusted;
	unsigned int faults;
	struct pg_gate gate;
};

/* flow() - the only struct flow, all zero but for @gate before flow_begin(). */
struct flow *flow(void);

/*
 * flow_begin() - starts to measure time, and installs the handlers of faults and the guard page
 * below the stack. Before, the front end sets leave, base and base_name.
 */
void flow_begin(const uint8_t *stack_guard);

/*
 * flow_damaged() - stops because the image is damaged. Its console parameters cannot be trusted
 * either, so this function prints on every serial port that answers, and halts, as the kernel's own
 * purgatory does.
 */
_Noreturn void flow_damaged(const char *why);

/*
 * flow_trust() - says that @params can be trusted, and prepares flow()->memory.
 */
void flow_trust(const struct boot_params *params);

/*
 * flow_run() - the rest: command line, consoles, crash kernel, pipeline, report, end. @source reads
 * the record. @next is what is known about the next kernel, or NULL.
 */
_Noreturn void flow_run(const struct pg_source *source, const struct pg_next_kernel *next);

/*
 * flow_open() - the last action of the stage if the verdict is open: restores everything that the
 * stage changed, and enters the next kernel. Valid after flow_begin().
 */
_Noreturn void flow_open(void);

#endif
