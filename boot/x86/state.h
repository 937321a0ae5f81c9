/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * state.h - a module's variables by way of one relocation.
 *
 * Each access by name would cost a relocation in the purgatory's file. STAGE_STATE() defines a
 * function that gives the address of
 * @object, which the compiler does not see through: so it is one call in each function that uses
 * the variables, and the rest are offsets.
 */
#ifndef PCIGATE_X86_STATE_H
#define PCIGATE_X86_STATE_H

#define STAGE_STATE(function, type, object)                                                        \
	static __attribute__((noinline, const)) type *function(void)                               \
	{                                                                                          \
		type *state = &(object);                                                           \
                                                                                                   \
		asm("" : "+r"(state));                                                             \
		return state;                                                                      \
	}

#endif
