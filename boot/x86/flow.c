// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * flow.c - runs the stage, from its entry to the first instruction of the next kernel.
 */
#include "flow.h"

#include <string.h>

#include <pcigate/text.h>

#include "../../lib/workspace.h"
#include "config.h"
#include "console.h"
#include "cpu.h"
#include "fault.h"
#include "memory.h"
#include "paging.h"
#include "report.h"
#include "stop.h"
#include "time.h"

/*
 * Longer than the limit of any kernel (COMMAND_LINE_SIZE is 2048 on x86). Limits the search for the
 * terminating zero.
 */
#define CMDLINE_MAX 65536u

static struct pg_workspace workspace;
static struct flow the_flow;

STAGE_STATE(flow_state, struct flow, the_flow)
#define stage (*flow_state())

struct flow *flow(void)
{
	return flow_state();
}

static struct pg_text begin(char *buf, size_t size)
{
	struct pg_text text;

	pg_text_begin(&text, buf, size);
	pg_text_string(&text, "pcigate: ");
	return text;
}

_Noreturn void flow_open(void)
{
	/* Linux's early console switches the FIFO off, which empties it. Other drivers start later.
	 */
	if (console_named_early())
		console_drain();
	config_restore();
	paging_restore();
	fault_restore();
	stage.leave();
	__builtin_unreachable();
}

static _Noreturn void stop(void)
{
	stop_machine(&stage.policy, stage.trusted ? stage.params : NULL);
}

/* Adds a line to the report in memory, and prints it if stage.prints is set. */
static void add_line(void *ctx, const char *text)
{
	(void)ctx;
	report_line(text);
	if (stage.prints)
		console_line(text);
}

static const struct pg_printer report_printer = { .line = add_line };

/* Prints the verdict if the pipeline does not run. */
static void say_verdict(bool open, const char *why, enum pg_reason reason)
{
	char buf[PG_LINE_SIZE], outcome[STOP_OUTCOME_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));

	pg_text_string(&text, open ? "OPEN: " : "STOP: ");
	pg_text_string(&text, why);
	if (reason) {
		pg_text_string(&text, " [");
		pg_text_string(&text, pg_reason_code(reason));
		pg_text_char(&text, ']');
	}
	pg_text_string(&text, "; ");
	pg_text_string(&text, open ? "continuing" : stop_outcome(&stage.policy, outcome));
	console_line(buf);
}

_Noreturn void flow_damaged(const char *why)
{
	console_open_standard();
	say_verdict(false, why, PG_IMAGE_DAMAGED);
	stop();
}

static uint64_t cmdline_address(void)
{
	return (uint64_t)stage.params->cmdline_high << 32 | stage.params->cmdline_low;
}

static void find_cmdline(void)
{
	uint64_t pa = cmdline_address();
	size_t len = 0;

	while (pa && len < CMDLINE_MAX) {
		size_t chunk = PG_PAGE_SIZE - ((pa + len) & (PG_PAGE_SIZE - 1)), n;
		const char *piece = pg_memory_map(&stage.memory, pa + len, chunk);

		if (!piece)
			return;
		n = strnlen(piece, chunk);
		len += n;
		if (n < chunk)
			break;
	}
	stage.cmdline = (const char *)(uintptr_t)pa;
	stage.cmdline_len = len;
}

static void open_consoles(void)
{
	const struct pg_cmdline line = stage.line;
	struct serial_line com1 = console_com(0), asked = com1;

	if (stage.consoles_open)
		return;
	stage.consoles_open = true;
	console_open_vga(stage.params);
	if (stage.serial_port) {
		asked.address = stage.serial_port;
		asked.baud = stage.serial_baud;
		console_open_serial(&asked);
	}
	console_open_named(line.text, line.len);
	if (!console_nr_serial())
		console_open_serial(&com1);
}

/* Reports a command line that cannot be read, and an option of kexec-tools without support. */
static void say_shortcomings(void)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));

	if (cmdline_address() && !stage.cmdline) {
		pg_text_string(&text, "command line at 0x");
		pg_text_hex(&text, cmdline_address(), 1);
		pg_text_string(&text, ": outside the memory map, using defaults");
		add_line(NULL, buf);
	}
	if (stage.reset_vga)
		add_line(NULL,
			 "pcigate: kexec --reset-vga is not supported: the screen stays as it is");
}

/*
 * The stage never stops a crash kernel. kexec-tools marks an image as a crash kernel. The kernel's
 * loader puts an argument before all others on the command line (setup_cmdline() in
 * kexec-bzimage64.c); anywhere else, the same word came from the user. A crash kernel never has KHO
 * data, and the digest covers its setup_data. So an image with KHO data is not a crash kernel. An
 * image of the kernel's loader whose setup_data list cannot be read is no crash kernel either.
 */
static bool is_crash_image(void)
{
	struct pg_cmdline line = { .text = stage.cmdline, .len = stage.cmdline_len };
	struct pg_argument argument;
	struct pg_kho_location kho;
	struct pg_finding finding;
	const bool named =
		pg_cmdline_next(&line, &argument) && pg_argument_is(&argument, "elfcorehdr");

	if (!named && !stage.crash)
		return false;
	if (pg_record_find_kho(&stage.memory, stage.params->setup_data, &kho, &finding))
		return stage.crash;
	return !kho.present;
}

static void say_nmis(void)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));

	if (!fault_nmi_count())
		return;
	pg_text_string(&text, "ignored ");
	pg_text_decimal(&text, fault_nmi_count());
	pg_text_string(&text, fault_nmi_count() == 1 ? " NMI" : " NMIs");
	pg_text_string(&text, " (no SERR, no IOCHK)");
	add_line(NULL, buf);
}

/*
 * Writes the answer into pcigate's own KHO entry, which is in mapped RAM and was read just before.
 */
static void leave_answer(const struct pg_cost *cost)
{
	const struct pg_gate_fdt *own = &stage.gate.record.own;
	struct pg_answer answer;

	if (!own->present || own->host)
		return;
	pg_verdict_answer(&stage.gate.verdict, cost, &answer);
	if (!pg_gate_write_answer(own, (void *)(uintptr_t)own->pa, &answer))
		add_line(NULL,
			 "pcigate: the answer is not stored: /answer is absent or incomplete");
}

static void add_hex(struct pg_text *text, const char *name, uint64_t value)
{
	pg_text_string(text, name);
	pg_text_string(text, "0x");
	pg_text_hex(text, value, 1);
}

static void report_fault(const struct fault_frame *frame)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text;

	/*
	 * The first fault is reported. A second fault may be caused by the report, so it prints
	 * nothing, but still resets or powers off if a stop does so. A third fault halts.
	 */
	stage.faults++;
	if (stage.faults == 2 && stage.policy.stop != PG_STOP_HALT)
		stop();
	if (stage.faults >= 2) {
		for (;;)
			asm volatile("cli; hlt");
	}
	if (stage.line.text)
		open_consoles();
	else
		console_open_standard();

	text = begin(buf, sizeof(buf));
	pg_text_string(&text, fault_name(frame->vector));
	pg_text_string(&text, ", vector ");
	pg_text_decimal(&text, frame->vector);
	add_hex(&text, ", error code ", frame->error_code);
	if (frame->vector == FAULT_PAGE)
		add_hex(&text, ", CR2 ", read_cr2());
	console_line(buf);

	text = begin(buf, sizeof(buf));
	add_hex(&text, "RIP ", frame->rip);
	pg_text_string(&text, " (");
	pg_text_string(&text, stage.base_name);
	add_hex(&text, " + ", frame->rip - (uintptr_t)stage.base);
	add_hex(&text, "), RSP ", frame->rsp);
	console_line(buf);

	if (stage.trusted && stage.policy.mode == PG_MODE_REPORT) {
		say_verdict(true, "fault in the stage, but pcigate=report", PG_STAGE_FAULT);
		flow_open();
	}
	say_verdict(false, pg_reason_sentence(PG_STAGE_FAULT), PG_STAGE_FAULT);
	stop();
}

void flow_begin(const uint8_t *stack_guard)
{
	stage.started = rdtsc();
	report_begin();
	fault_install(report_fault);
	paging_init();
	paging_guard((uintptr_t)stack_guard);
}

void flow_trust(const struct boot_params *params)
{
	stage.params = params;
	stage.trusted = true;
	memory_init(&stage.memory, stage.params);
}

/* Adds the time of a phase to the line of report_times(). */
static void add_time(struct pg_text *text, const char *phase, uint64_t cycles, uint32_t tsc_khz)
{
	pg_text_string(text, phase);
	pg_text_decimal(text, cycles * 1000 / (tsc_khz ? tsc_khz : 1000000));
}

/* The last line of the report in memory: the time from the entry to the jump. */
static void report_times(uint64_t begun, uint32_t tsc_khz)
{
	const struct pg_gate *gate = &stage.gate;
	const uint64_t now = rdtsc();
	char buf[PG_LINE_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));

	pg_text_string(&text, tsc_khz ? "us: " : "kcycles: ");
	add_time(&text, "entry ", begun - stage.started, tsc_khz);
	add_time(&text, ", record ", gate->recorded - begun, tsc_khz);
	add_time(&text, ", scan ", gate->scanned - gate->recorded, tsc_khz);
	add_time(&text, ", plan ", stage.judged - gate->scanned, tsc_khz);
	add_time(&text, ", output ", now - stage.judged, tsc_khz);
	report_line(buf);
}

/*
 * Prints the report: all of it after a stop and with pcigate=verbose or report. Otherwise an open
 * gate prints one line, and with `quiet` nothing.
 */
static void report(const struct pg_cost *cost)
{
	const struct pg_gate *gate = &stage.gate;
	const bool all =
		!gate->verdict.open || stage.policy.verbose || stage.policy.mode == PG_MODE_REPORT;
	char outcome[STOP_OUTCOME_SIZE];

	stage.prints = all;
	if (all || !stage.policy.quiet)
		open_consoles();
	say_shortcomings();
	pg_report(&report_printer, gate);
	say_nmis();
	report_last_lines();
	pg_report_verdict(&report_printer, gate, cost,
			  gate->verdict.open ? NULL : stop_outcome(&stage.policy, outcome));
	if (!all && !stage.policy.quiet)
		pg_report_verdict(&console_printer, gate, NULL, NULL);
	stage.prints = false;
}

/* Opens for a crash kernel, which gets no report in memory. */
static _Noreturn void open_for_crash_kernel(void)
{
	if (!stage.policy.quiet || stage.policy.verbose) {
		open_consoles();
		stage.prints = true;
		say_nmis();
		say_verdict(true, "a crash kernel, no PCI register touched", PG_OK);
	}
	flow_open();
}

_Noreturn void flow_run(const struct pg_source *source, const struct pg_next_kernel *next)
{
	struct pg_cost cost = { .tsc_khz = time_tsc_khz() };
	struct pg_input input = {
		.source = *source,
		.config = &stage.config,
		.next = next,
		.policy = &stage.policy,
		.clock = rdtsc,
	};
	uint64_t begun;

	/*
	 * Page 0 is needed to search for ACPI's root pointer if the zero page does not have its
	 * address. Otherwise guard page 0, so that a null pointer causes a fault.
	 */
	if (stage.params->acpi_rsdp)
		paging_guard(0);

	config_init(&stage.config, stage.params, &stage.gate.record);
	find_cmdline();
	/*
	 * No command line counts as an empty one: the next kernel gets no options, not even kho=on
	 * liveupdate=on.
	 */
	input.cmdline = stage.cmdline ? stage.cmdline : "";
	input.cmdline_len = stage.cmdline_len;
	pg_next_kernel_policy(next, input.cmdline, input.cmdline_len, workspace.line,
			      &stage.policy);
	stage.line = pg_next_kernel_line(next, input.cmdline, input.cmdline_len, workspace.line);
	if (is_crash_image())
		open_for_crash_kernel();

	begun = rdtsc();
	pg_gate_run(&input, &workspace, &stage.gate);
	stage.judged = rdtsc();
	cost.reads = stage.gate.topology.reads;
	cost.cycles = stage.judged - stage.started;

	report(&cost);
	if (!stage.gate.verdict.open)
		stop();
	cost.cycles = rdtsc() - stage.started;
	leave_answer(&cost);
	report_times(begun, cost.tsc_khz);
	report_hand_over((struct boot_params *)(uintptr_t)stage.params, stage.report);
	flow_open();
}
