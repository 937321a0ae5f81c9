// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * fault.c - the interrupt descriptor table, and the handling of exceptions, NMIs and machine
 * checks.
 */
#include "fault.h"

#include <stddef.h>
#include <string.h>

#include "cpu.h"

#define FAULT_ENTRY_SIZE 16 /* fault.asm */
/* The exceptions. Interrupts are disabled while the stage runs. */
#define NR_VECTORS 32
#define KERNEL_CS 0x10

extern const uint8_t fault_entries[];
void fault_handle(struct fault_frame *frame);

/* A gate of the interrupt descriptor table (Intel SDM volume 3, figure 6-8). */
struct idt_gate {
	uint16_t offset_low;
	uint16_t selector;
	uint8_t ist;
	uint8_t type;
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};

_Static_assert(sizeof(struct idt_gate) == 16, "a gate has 16 bytes");

#define GATE_INTERRUPT 0x8e /* present, level 0, interrupt gate */

/* Task state segment (Intel SDM volume 3, figure 7-11). Only the fault stacks are used. */
struct __attribute__((packed)) tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t io_map;
};

_Static_assert(sizeof(struct tss) == 104, "a task state segment without I/O map has 104 bytes");

/*
 * Faults have a separate stack, because the stage's stack may be their cause. NMIs and machine
 * checks have one each, because both may arrive during the report of a fault.
 */
enum { IST_FAULT = 1, IST_NMI, IST_MACHINE_CHECK, NR_IST = IST_MACHINE_CHECK };
#define IST_SIZE 4096

struct tss stage_tss;
static uint8_t ist_stacks[NR_IST][IST_SIZE] __attribute__((aligned(16)));
static struct idt_gate idt[NR_VECTORS] __attribute__((aligned(16)));
static struct descriptor_pointer old_idt;
static uint64_t old_cr4;
static uint32_t nmi_count;
static void (*report_fault)(const struct fault_frame *frame);

/* Port 0x61 bits 7 and 6 (PC/AT; Intel ICH datasheets, "NMI Status and Control"). */
#define PORT_NMI_STATUS 0x61
#define NMI_SERR_OR_IOCHK 0xc0
#define NMI_STATUS_NOTHING 0xff /* there is no such port */

static uint8_t ist_for(unsigned int vector)
{
	switch (vector) {
	case FAULT_NMI:
		return IST_NMI;
	case FAULT_MACHINE_CHECK:
		return IST_MACHINE_CHECK;
	default:
		return IST_FAULT;
	}
}

/*
 * Fills the gates at run time: a gate has an address in three parts, which no relocation can fill
 * in.
 */
static void fill_gates(void)
{
	for (unsigned int vector = 0; vector < NR_VECTORS; vector++) {
		uint64_t address = (uintptr_t)fault_entries + vector * FAULT_ENTRY_SIZE;

		idt[vector] = (struct idt_gate){
			.offset_low = (uint16_t)address,
			.selector = KERNEL_CS,
			.ist = ist_for(vector),
			.type = GATE_INTERRUPT,
			.offset_middle = (uint16_t)(address >> 16),
			.offset_high = (uint32_t)(address >> 32),
		};
	}
}

void fault_install(void (*report)(const struct fault_frame *frame))
{
	struct descriptor_pointer pointer = {
		.limit = sizeof(idt) - 1,
		.base = (uintptr_t)idt,
	};

	for (unsigned int i = 0; i < NR_IST; i++)
		stage_tss.ist[i] = (uintptr_t)ist_stacks[i] + IST_SIZE;
	stage_tss.io_map = sizeof(stage_tss);

	report_fault = report;
	fill_gates();
	store_idt(&old_idt);
	load_idt(&pointer);

	old_cr4 = read_cr4();
	if (cpuid(1).edx & 1u << 7) /* MCE */
		write_cr4(old_cr4 | CR4_MCE);
}

void fault_restore(void)
{
	write_cr4(old_cr4);
	load_idt(&old_idt);
}

uint32_t fault_nmi_count(void)
{
	return nmi_count;
}

/*
 * LINT1 delivers NMIs of all sources, watchdogs included. Only these two bits report a hardware
 * error.
 */
static bool nmi_is_error(void)
{
	uint8_t status = inb(PORT_NMI_STATUS);

	return status != NMI_STATUS_NOTHING && (status & NMI_SERR_OR_IOCHK);
}

void fault_handle(struct fault_frame *frame)
{
	if (frame->vector == FAULT_NMI && !nmi_is_error()) {
		nmi_count++;
		return;
	}
	report_fault(frame);
}

const char *fault_name(uint64_t vector)
{
	static const char names[][24] = {
		"divide error",
		"debug",
		"NMI with SERR or IOCHK",
		"breakpoint",
		"overflow",
		"bound range",
		"invalid opcode",
		"no FPU",
		"double fault",
		"FPU segment overrun",
		"invalid TSS",
		"segment not present",
		"stack segment",
		"general protection",
		"page fault",
		"reserved",
		"FPU error",
		"alignment check",
		"machine check",
		"SIMD error",
		"virtualization",
		"control protection",
	};

	if (vector < sizeof(names) / sizeof(names[0]))
		return names[vector];
	return "reserved";
}
