/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stack.S - runs a function on a stack of its own. Any function that it calls can leave it.
 *
 * Linux's scan recurses once per bridge, and with some topologies it does not end. It would overflow the stack
 * of a task.
 */
#include <linux/linkage.h>

	.bss
	.balign 8
oracle_saved_sp:
	.skip 8

	.text
/* unsigned long oracle_call(void (*function)(void), void *stack_top): 0; 1 if left by oracle_abandon(), 2 by oracle_fault() */
SYM_FUNC_START(oracle_call)
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, oracle_saved_sp(%rip)
	movq	%rsi, %rsp
	call	*%rdi
	xorl	%eax, %eax
.Lback:
	movq	oracle_saved_sp(%rip), %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
SYM_FUNC_END(oracle_call)

/* void oracle_abandon(void): does not return */
SYM_FUNC_START(oracle_abandon)
	movl	$1, %eax
	jmp	.Lback
SYM_FUNC_END(oracle_abandon)

/* void oracle_fault(void): does not return; an exception continues here */
SYM_FUNC_START(oracle_fault)
	movl	$2, %eax
	jmp	.Lback
SYM_FUNC_END(oracle_fault)

	.section .note.GNU-stack, "", @progbits
