/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * loader.h - reads the data that the loader wrote into the purgatory.
 */
#ifndef PCIGATE_PURGATORY_LOADER_H
#define PCIGATE_PURGATORY_LOADER_H

#include <stdbool.h>
#include <stdint.h>

#include "../x86/bootparams.h"

/*
 * The registers that the next kernel is entered with, in the order of struct kexec_entry64_regs of
 * Linux.
 */
struct stage_registers {
	uint64_t rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rip;
};

_Static_assert(sizeof(struct stage_registers) == 136,
	       "struct kexec_entry64_regs, arch/x86/include/asm/kexec-bzimage64.h");

/**
 * struct loader_image - the image that was loaded together with the purgatory
 * @registers:   the registers at its entry
 * @params:      its zero page
 * @crash:       it is a crash kernel
 * @reset_vga:   kexec-tools was called with --reset-vga
 * @serial_port: I/O port of kexec --console-serial, or 0
 * @serial_baud: the speed of that port, or 0
 */
struct loader_image {
	struct stage_registers registers;
	const struct boot_params *params;
	bool crash;
	bool reset_vga;
	uint16_t serial_port;
	uint32_t serial_baud;
};

/*
 * loader_read() - reads the data of the loader. False if neither of the two known loaders has
 * filled in the registers.
 */
bool loader_read(struct loader_image *image);

/*
 * loader_digest_matches() - true if the digest of all regions that the loader listed is that of the
 * loader.
 */
bool loader_digest_matches(void);

/*
 * loader_finish() - does two tasks of the purgatory of kexec-tools: saves the memory that a crash
 * kernel will use; and appends @return_address, if not 0, to the command line of a kernel that may
 * jump back.
 */
void loader_finish(uint64_t return_address);

#endif
