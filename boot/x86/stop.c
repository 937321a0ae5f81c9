// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * stop.c - halts, resets or powers off the machine.
 */
#include "stop.h"

#include <pcigate/text.h>

#include "acpi.h"
#include "console.h"
#include "cpu.h"
#include "time.h"

#define KEYBOARD_STATUS 0x64
#define KEYBOARD_COMMAND 0x64
#define KEYBOARD_INPUT_FULL 0x02
#define KEYBOARD_PULSE_RESET 0xfe
#define KEYBOARD_POLLS 10000u
#define RESET_CONTROL 0xcf9 /* Intel ICH datasheets, "Reset Control Register" */
#define RESET_CONTROL_HARD 0x02
#define RESET_CONTROL_CPU 0x04
#define RESET_WAIT_MS 200u

const char *stop_outcome(const struct pg_policy *policy, char buf[STOP_OUTCOME_SIZE])
{
	struct pg_text text;

	if (policy->stop == PG_STOP_POWEROFF)
		return "powering off";
	if (policy->stop == PG_STOP_HALT)
		return "halted";
	if (!policy->reset_after_s)
		return "resetting";
	pg_text_begin(&text, buf, STOP_OUTCOME_SIZE);
	pg_text_string(&text, "reset in ");
	pg_text_decimal(&text, policy->reset_after_s);
	pg_text_string(&text, " s");
	return buf;
}

static _Noreturn void halt(void)
{
	console_drain();
	/* An NMI wakes the processor, so halt it again. */
	for (;;)
		asm volatile("cli; hlt");
}

/*
 * The methods of Linux (arch/x86/kernel/reboot.c): ACPI, keyboard controller, port 0xcf9, triple
 * fault. None of them writes config space: port 0xcf9 is between the ports for config space, but
 * none of them.
 */
static void reset(const struct boot_params *params)
{
	const struct descriptor_pointer no_idt = { .limit = 0 };
	uint8_t control;

	if (params)
		acpi_reset(params);

	for (unsigned int polls = 0; polls < KEYBOARD_POLLS; polls++) {
		if (!(inb(KEYBOARD_STATUS) & KEYBOARD_INPUT_FULL))
			break;
	}
	outb(KEYBOARD_COMMAND, KEYBOARD_PULSE_RESET);
	time_wait_ms(RESET_WAIT_MS);

	control = inb(RESET_CONTROL) & (uint8_t) ~(RESET_CONTROL_HARD | RESET_CONTROL_CPU);
	outb(RESET_CONTROL, control | RESET_CONTROL_HARD);
	outb(RESET_CONTROL, control | RESET_CONTROL_HARD | RESET_CONTROL_CPU);
	time_wait_ms(RESET_WAIT_MS);

	/*
	 * A fault without a handler shuts the processor down, and the chipset then resets the
	 * machine.
	 */
	load_idt(&no_idt);
	asm volatile("int3");
}

_Noreturn void stop_machine(const struct pg_policy *policy, const struct boot_params *params)
{
	console_drain();
	switch (policy->stop) {
	case PG_STOP_RESET:
		for (uint32_t s = 0; s < policy->reset_after_s; s++)
			time_wait_ms(1000);
		reset(params);
		console_line("pcigate: STOP: the machine does not reset; halted");
		break;
	case PG_STOP_POWEROFF:
		if (params)
			acpi_power_off(params);
		console_line("pcigate: STOP: the machine does not power off by ACPI; halted");
		break;
	case PG_STOP_HALT:
		break;
	}
	halt();
}
