; SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
;
; head.asm - the first page of a gated image's protected-mode part: the entries of the boot protocol
; (Documentation/arch/x86/boot.rst) and the fields that `pcigate wrap` fills in.
;
; Only kexec enters the stage. Every other loader starts the original kernel.

%include "boot/image/layout.inc"

; The zero page.
SCRATCH equ 0x1e4
SYSSIZE equ 0x1f4
TYPE_OF_LOADER equ 0x210
XLOADFLAGS equ 0x236
PAYLOAD_OFFSET equ 0x248
INIT_SIZE equ 0x260
HANDOVER_OFFSET equ 0x264
KERNEL_INFO equ 0x268

LOADER_KEXEC equ 0xd		; the upper half of type_of_loader

; RESTORE zero page, head, accumulator's 32 bits, its 16 bits: restores the fields of the setup header
%macro RESTORE 4
	mov	%3, [%2 + HEAD_FIELDS + FIELD_SYSSIZE]
	mov	[%1 + SYSSIZE], %3
	mov	%3, [%2 + HEAD_FIELDS + FIELD_XLOADFLAGS]
	mov	[%1 + XLOADFLAGS], %4
	mov	%3, [%2 + HEAD_FIELDS + FIELD_PAYLOAD_OFFSET]
	mov	[%1 + PAYLOAD_OFFSET], %3
	mov	%3, [%2 + HEAD_FIELDS + FIELD_INIT_SIZE]
	mov	[%1 + INIT_SIZE], %3
	mov	%3, [%2 + HEAD_FIELDS + FIELD_HANDOVER_OFFSET]
	mov	[%1 + HANDOVER_OFFSET], %3
	mov	%3, [%2 + HEAD_FIELDS + FIELD_KERNEL_INFO]
	mov	[%1 + KERNEL_INFO], %3
%endmacro

org 0
bits 32
head:
	; 32-bit entry: esi = zero page. There is no stack yet.
	cli
	cld
	lea	esp, [esi + SCRATCH + 4]
	call	.here
.here:
	pop	ebp
	sub	ebp, .here - head
	RESTORE	esi, ebp, eax, ax
	lea	eax, [ebp + HEAD_SIZE]
	jmp	eax

	times 0x200 - ($ - head) db 0xcc
bits 64
default rel
	; 64-bit entry: rsi = zero page.
	cli
	cld
	mov	al, [rsi + TYPE_OF_LOADER]
	shr	al, 4
	cmp	al, LOADER_KEXEC
	jne	go_on
	lea	rax, [head]
	mov	ecx, [head + HEAD_FIELDS + FIELD_STAGE]
	add	rcx, rax
	jmp	rcx			; boot/image/entry.asm, with rax = this page

	times HEAD_GO_ON - ($ - head) db 0xcc
go_on:
	lea	rdx, [head]
	RESTORE	rsi, rdx, eax, ax
	lea	rax, [head + HEAD_SIZE + 0x200]
	jmp	rax

	times 0x2c0 - ($ - head) db 0xcc
	; EFI: rdx = system table. The original's EFI entry expects its own headers at the beginning of
	; the image, so it cannot be entered from here.
efi:
	sub	rsp, 0x28
	mov	rcx, [rdx + 0x40]	; ConOut
	lea	rdx, [message]
	test	rcx, rcx
	jz	.done
	call	[rcx + 8]		; OutputString
.done:
	add	rsp, 0x28
	mov	rax, 0x8000000000000003	; EFI_UNSUPPORTED
	ret

	times HEAD_FIELDS - ($ - head) db 0xcc
	; Filled in by `pcigate wrap`.
	times 0x900 - ($ - head) db 0
message:
	dw	__utf16__("pcigate: this kernel image is for kexec only; boot the original image"), 13, 10, 0
	times HEAD_SIZE - ($ - head) db 0
