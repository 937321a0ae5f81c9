; SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
;
; entry.asm - the entry and the exit of the stage in a gated image.

bits 64
default rel

%include "boot/image/layout.inc"
%include "boot/x86/enter.inc"

extern stage_main:function hidden
extern stage_tss:data hidden
extern stage_relocations:data hidden
extern stage_relocations_end:data hidden

section .text.start exec

; boot/image/head.asm jumps here: rax = the first page of the image, rsi = zero page, interrupts off.
global stage_start:function hidden
stage_start:
	jmp	near begin
	times 8 - ($ - stage_start) db 0xcc
	; boot/image/image.ld puts the rest of struct image_stage here.

section .text.entry exec

begin:
	sgdt	[loader_gdt]
	mov	[loader_rsp], rsp
	mov	[zero_page], rsi
	mov	[head_page], rax
	mov	[loader_cs], cs
	mov	[loader_ds], ds
	mov	[loader_ss], ss

	; Each relocation is an Elf64_Rela of the type R_X86_64_RELATIVE: address, type, addend
	; (boot/module.mk checks the type).
	lea	rdi, [stage_start]
	lea	rdx, [stage_relocations]
	lea	rcx, [stage_relocations_end]
.relocate:
	cmp	rdx, rcx
	jae	.relocated
	mov	rax, [rdx + 16]
	add	rax, rdi
	mov	rbx, [rdx]
	mov	[rdi + rbx], rax
	add	rdx, 24
	jmp	.relocate
.relocated:
	ENTER_STAGE

	xor	ebp, ebp
	mov	rdi, [zero_page]
	mov	rsi, [head_page]
	call	stage_main
	ud2			; stage_main does not return

; void stage_leave(void): enters the original kernel in the state in which the stage was entered.
global stage_leave:function hidden
stage_leave:
	lgdt	[loader_gdt]
	mov	eax, [loader_ds]
	mov	ds, eax
	mov	es, eax
	mov	fs, eax
	mov	gs, eax
	mov	eax, [loader_ss]
	mov	ss, eax
	mov	rsp, [loader_rsp]
	mov	rsi, [zero_page]
	mov	rcx, [head_page]
	add	rcx, HEAD_GO_ON
	mov	eax, [loader_cs]
	; A far return through the loader's stack. This overwrites memory below the stack pointer,
	; as an interrupt does.
	push	rax
	push	rcx
	retfq

section .data align=16
	STAGE_GDT

section .bss nobits align=4096

	STAGE_STACK

loader_gdt:	resb	16
loader_rsp:	resq	1
zero_page:	resq	1
head_page:	resq	1
loader_cs:	resd	1
loader_ds:	resd	1
loader_ss:	resd	1
