// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * time.c - measures time with the time stamp counter.
 */
#include "time.h"

#include "cpu.h"

/* Above the frequency of any processor, so a wait that assumes this value is never too short. */
#define TSC_KHZ_UNKNOWN 6000000u

#define PIT_HZ 1193182u
#define PIT_CHANNEL_2 0x42
#define PIT_COMMAND 0x43
#define PIT_COMMAND_ONE_SHOT_2 0xb0 /* channel 2, low byte then high byte, mode 0 */
#define PORT_61 0x61
#define PORT_61_GATE_2 (1u << 0)
#define PORT_61_SPEAKER (1u << 1)
#define PORT_61_OUT_2 (1u << 5)
#define MEASURE_MS 10u
#define MEASURE_TICKS (PIT_HZ * MEASURE_MS / 1000)
#define MEASURE_POLLS 1000000u

uint32_t time_tsc_khz(void)
{
	uint32_t highest = cpuid(0).eax;

	/* Intel SDM volume 3, 19.7.3: crystal clock times the ratio of leaf 0x15. */
	if (highest >= 0x15) {
		struct cpuid ratio = cpuid(0x15);
		uint64_t khz;

		if (ratio.eax && ratio.ebx && ratio.ecx) {
			khz = (uint64_t)ratio.ecx * ratio.ebx / ratio.eax / 1000;
			return khz <= UINT32_MAX ? (uint32_t)khz : 0;
		}
		/* If the crystal's frequency is unknown, the counter runs at the base frequency. */
		if (ratio.eax && ratio.ebx && highest >= 0x16)
			return (cpuid(0x16).eax & 0xffff) * 1000;
	}

	/* The timing leaf of hypervisors: defined by VMware, also in KVM. */
	if ((cpuid(1).ecx & 1u << 31) && cpuid(0x40000000).eax >= 0x40000010)
		return cpuid(0x40000010).eax;
	return 0;
}

/* Counts cycles while channel 2 of the interval timer runs down once. */
static uint32_t measure_khz(void)
{
	uint8_t old = inb(PORT_61);
	uint64_t start, cycles;
	uint32_t polls = 0;

	outb(PORT_61, (uint8_t)((old & ~PORT_61_SPEAKER) | PORT_61_GATE_2));
	outb(PIT_COMMAND, PIT_COMMAND_ONE_SHOT_2);
	outb(PIT_CHANNEL_2, MEASURE_TICKS & 0xff);
	outb(PIT_CHANNEL_2, MEASURE_TICKS >> 8);
	start = rdtsc();
	while (!(inb(PORT_61) & PORT_61_OUT_2) && ++polls < MEASURE_POLLS)
		cpu_relax();
	cycles = rdtsc() - start;
	outb(PORT_61, old);

	/* A timer that ends at once, or never, does not exist. */
	if (polls < 10 || polls == MEASURE_POLLS || cycles < MEASURE_MS ||
	    cycles / MEASURE_MS > TSC_KHZ_UNKNOWN)
		return TSC_KHZ_UNKNOWN;
	return (uint32_t)(cycles / MEASURE_MS);
}

void time_wait_ms(uint32_t ms)
{
	static uint32_t khz;
	uint64_t start;

	if (!khz)
		khz = time_tsc_khz();
	if (!khz)
		khz = measure_khz();
	start = rdtsc();
	while (rdtsc() - start < (uint64_t)khz * ms)
		cpu_relax();
}
