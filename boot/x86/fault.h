/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fault.h - exceptions inside the stage.
 */
#ifndef PCIGATE_X86_FAULT_H
#define PCIGATE_X86_FAULT_H

#include <stdint.h>

/**
 * struct fault_frame - the interrupted program, as fault.asm and the processor push it (Intel SDM
 * volume 3, 6.14.2)
 * @vector:     number of the exception; 32 stands for every vector from there on
 * @error_code: what the processor pushed, or 0
 * @rip:        address of the instruction that faulted, or of the next one
 */
struct fault_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
	uint64_t vector;
	uint64_t error_code;
	uint64_t rip, cs, rflags, rsp, ss;
};

#define FAULT_NMI 2
#define FAULT_DOUBLE 8
#define FAULT_PAGE 14
#define FAULT_MACHINE_CHECK 18

/* The exceptions' names as the SDM has them; "interrupt" for all else. */
const char *fault_name(uint64_t vector);

/*
 * fault_install() - takes over every vector, each with a stack of its own, and lets machine checks
 * come (with CR4.MCE clear one would shut the processor down without a word). The task register
 * must hold stage_tss already. @report is called for each fault, and does not return.
 */
void fault_install(void (*report)(const struct fault_frame *frame));

/* fault_restore() - puts back what fault_install() changed. */
void fault_restore(void);

/* How many NMIs came that no SERR# or IOCHK# explains. */
uint32_t fault_nmi_count(void);

#endif
