/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * state.h - access to a module's variables through one relocation.
 *
 * Each access by name would need a relocation in the purgatory's file. STAGE_STATE() defines a
 * function that returns the address of @object; the asm hides this address from the compiler. A
 * function that uses the variables then calls it once, and all accesses are offsets.
 */
#ifndef PCIGATE_X86_STATE_H
#define PCIGATE_X86_STATE_H

#define STAGE_STATE(function, type, object)                                                        \
	static __attribute__((noinline, const)) type *function(void)                               \
	{                                                                                          \
		type *address = &(object);                                                         \
                                                                                                   \
		asm("" : "+r"(address));                                                           \
		return address;                                                                    \
	}

#endif
