// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * init.c - applies the operations of /operations to QEMU's bridges, and prints which functions
 * answer, and where, after each step.
 *
 * Operations, with numbers in hex:
 *
 *	b BUS DEVFN VALUE   writes the bus numbers, if a bridge answers at this address
 *	m BUS DEVFN MARK    writes the interrupt line, which identifies a function
 *
 * After each b it prints a line: "BUS.DEVFN=MARK[/NUMBERS]" for each function that answers.
 * "oracle replay" prints the same for a generated machine.
 */
#include <stdio.h>
#include <sys/io.h>
#include <sys/reboot.h>
#include <termios.h>
#include <unistd.h>

#include "../replay.h"

static void select_register(unsigned int bus, unsigned int devfn, unsigned int reg)
{
	outl(0x80000000u | bus << 16 | devfn << 8 | reg, 0xcf8);
}

uint32_t replay_read(uint8_t bus, uint8_t devfn, uint8_t reg)
{
	select_register(bus, devfn, reg);
	return inl(0xcfc);
}

void replay_write(uint8_t bus, uint8_t devfn, uint8_t reg, uint32_t value)
{
	select_register(bus, devfn, reg);
	outl(value, 0xcfc);
}

int main(void)
{
	FILE *in = fopen("/operations", "r");

	if (!in || iopl(3))
		printf("replay: no operations, or no ports\n");
	else
		replay(in, stdout);
	printf("replay: end\n");
	fflush(stdout);
	tcdrain(1);
	reboot(RB_POWER_OFF);
	return 1;
}
