; SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
;
; fault.asm - one entry for each exception. All of them call fault_handle(struct fault_frame *) of
; fault.c.

bits 64
default rel

extern fault_handle:function hidden

section .text exec

; Each entry takes FAULT_ENTRY_SIZE bytes, so that fault.c can calculate its address. If the
; processor pushes no error code, the entry pushes a zero in its place (Intel SDM volume 3, table
; 6-1).
ENTRY_SIZE equ 16
WITH_ERROR_CODE equ 1 << 8 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 17 | 1 << 21 | 1 << 29 | 1 << 30

global fault_entries:function hidden
	align	ENTRY_SIZE
fault_entries:
%assign vector 0
%rep 32					; the exceptions
	align	ENTRY_SIZE
%if ((WITH_ERROR_CODE >> vector) & 1) == 0
	push	0
%endif
	push	vector
	jmp	near handle
%assign vector vector + 1
%endrep

	align	16
handle:
	cld
	push	rax
	push	rcx
	push	rdx
	push	rbx
	push	rbp
	push	rsi
	push	rdi
	push	r8
	push	r9
	push	r10
	push	r11
	push	r12
	push	r13
	push	r14
	push	r15
	mov	rdi, rsp
	mov	rbx, rsp
	and	rsp, -16
	call	fault_handle
	mov	rsp, rbx
	pop	r15
	pop	r14
	pop	r13
	pop	r12
	pop	r11
	pop	r10
	pop	r9
	pop	r8
	pop	rdi
	pop	rsi
	pop	rbp
	pop	rbx
	pop	rdx
	pop	rcx
	pop	rax
	add	rsp, 16
	iretq
