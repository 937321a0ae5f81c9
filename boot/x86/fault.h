/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fault.h - exceptions inside the stage.
 */
#ifndef PCIGATE_X86_FAULT_H
#define PCIGATE_X86_FAULT_H

#include <stdint.h>

/**
 * struct fault_frame - the registers of the interrupted code, in the order in which fault.asm and
 * the processor push them (Intel SDM volume 3, 6.14.2)
 * @vector:     number of the exception; 32 for all vectors from 32 on
 * @error_code: the error code of the processor, or 0
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

/* The name of an exception in the SDM; "interrupt" for all other vectors. */
const char *fault_name(uint64_t vector);

/*
 * fault_install() - handles every vector, on separate stacks, and enables machine checks (with
 * CR4.MCE clear, a machine check shuts the processor down without a message). The task register
 * must already hold stage_tss. @report is called for each fault, and must not return.
 */
void fault_install(void (*report)(const struct fault_frame *frame));

/* fault_restore() - restores what fault_install() changed. */
void fault_restore(void);

/* Number of NMIs that were ignored because neither SERR# nor IOCHK# was set. */
uint32_t fault_nmi_count(void);

#endif
