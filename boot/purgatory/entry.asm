; SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
;
; entry.asm - the entry of the purgatory, its exit, and the symbols that the loaders write or read.
;
; Two loaders put the purgatory into memory. Each looks up its symbols by name and size:
;   the kernel's own, for kexec_file_load(2): kernel/kexec_file.c, arch/x86/kernel/kexec-bzimage64.c
;   that of kexec-tools, for kexec_load(2):   kexec/kexec.c, kexec/arch/x86_64/kexec-x86_64.c, kexec-bzImage64.c
; A symbol must be global, of exactly the size that its loader expects, and outside .bss.

bits 64
default rel

extern stage_main:function hidden
extern stage_tss:data hidden

%include "boot/x86/enter.inc"

; -----------------------------------------------------------------------------------------------------------------------
section .text exec

; docs/stage.md describes the state at entry: long mode, identity-mapped RAM, interrupts off, [rsp] =
; the address for a kexec jump back to the outgoing kernel, or 0.
global purgatory_start:function (purgatory_start.end - purgatory_start)
purgatory_start:
	cli
	cld
	mov	rdi, [rsp]

	ENTER_STAGE

	xor	ebp, ebp
	call	stage_main
	ud2			; stage_main does not return
.end:

; void stage_leave(const struct stage_registers *registers): loads every register and jumps to the next kernel.
; struct stage_registers (loader.h) has the kernel loader's order.
global stage_leave:function hidden
stage_leave:
	mov	rax, [rdi + 0 * 8]
	mov	rcx, [rdi + 1 * 8]
	mov	rdx, [rdi + 2 * 8]
	mov	rbx, [rdi + 3 * 8]
	mov	rsp, [rdi + 4 * 8]
	mov	rbp, [rdi + 5 * 8]
	mov	rsi, [rdi + 6 * 8]
	mov	r8, [rdi + 8 * 8]
	mov	r9, [rdi + 9 * 8]
	mov	r10, [rdi + 10 * 8]
	mov	r11, [rdi + 11 * 8]
	mov	r12, [rdi + 12 * 8]
	mov	r13, [rdi + 13 * 8]
	mov	r14, [rdi + 14 * 8]
	mov	r15, [rdi + 15 * 8]
	push	qword [rdi + 16 * 8]
	mov	rdi, [rdi + 7 * 8]
	ret

; -----------------------------------------------------------------------------------------------------------------------
section .data align=16

; The next kernel uses this GDT until it loads its own, a few instructions after its start.
	STAGE_GDT

%macro loader_symbol 2			; name, size in bytes
global %1:data (%2)
%1:	times %2 db 0
%endmacro

%macro loader_alias 3			; name, size in bytes, a second name for the same bytes
global %1:data (%2)
global %3:data (%2)
%1:
%3:	times %2 db 0
%endmacro

	align	8
	; Sixteen pairs of address and length, and the SHA-256 digest of all these regions.
	loader_alias purgatory_sha_regions, 256, sha256_regions
	loader_alias purgatory_sha256_digest, 32, sha256_digest
	; The registers that the next kernel is entered with. The loaders differ in their order (loader.c).
	loader_symbol entry64_regs, 136

	; Only for kexec-tools.
	loader_symbol cmdline_end, 8		; physical address of the zero that ends the command line
	loader_symbol backup_start, 8		; crash kernel: destination of the copy of the first 640 KiB,
	loader_symbol backup_src_start, 8	; its source,
	loader_symbol backup_src_size, 8	; and its size in bytes
	loader_symbol serial_baud, 4		; --serial-baud=
	loader_symbol skip_checks, 4		; -i
	loader_symbol serial_base, 2		; --serial=
	loader_symbol console_vga, 1		; --console-vga
	loader_symbol console_serial, 1		; --console-serial
	loader_symbol reset_vga, 1		; --reset-vga
	loader_symbol panic_kernel, 1		; kexec -p

; The stack that the next kernel is entered with. It is not in .bss, so that a loader may prefill it.
	align	16
	times 1024 db 0
global stack_end:data (0)
stack_end:

; -----------------------------------------------------------------------------------------------------------------------
section .bss nobits align=4096

	STAGE_STACK

; The constants of all objects follow the code in .text (linker.ld). This symbol marks the start of
; data: objdump then shows the constants as bytes, not as instructions.
section .rodata.stage_constants progbits alloc noexec nowrite align=16
global stage_constants:data (stage_constants.end - stage_constants)
stage_constants:
	db "pcigate stage", 0
.end:
