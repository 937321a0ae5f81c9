// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * loader.c - reads the data of the two loaders (entry.asm lists the symbols), and handles their
 * differences.
 */
#include "loader.h"

#include <string.h>

#include <pcigate/text.h>

#include "../x86/paging.h"
#include "sha256.h"

#define NR_REGIONS 16 /* KEXEC_SEGMENT_MAX, SHA256_REGIONS */

struct sha_region {
	uint64_t start;
	uint64_t len;
};

/* The loader writes these, so the compiler must not use the zeros that the file has. */
extern const volatile struct sha_region purgatory_sha_regions[NR_REGIONS];
extern const volatile uint8_t purgatory_sha256_digest[SHA256_DIGEST_SIZE];
extern const volatile uint64_t entry64_regs[17];
extern const volatile uint64_t cmdline_end;
extern const volatile uint64_t backup_start, backup_src_start, backup_src_size;
extern const volatile uint32_t serial_baud, skip_checks;
extern const volatile uint16_t serial_base;
extern const volatile uint8_t console_serial, panic_kernel, reset_vga;
extern const uint8_t stack_end[];

/*
 * kexec-tools leaves this many free bytes after the command line in the zero page
 * (PURGATORY_CMDLINE_SIZE in kexec/arch/i386).
 */
#define CMDLINE_SPACE 64

/*
 * Slots of entry64_regs. Both loaders set RSP to the address of stack_end and RSI to that of the
 * zero page. With the kernel's loader these are slots 4 and 6 (arch/x86/purgatory/entry64.S), with
 * kexec-tools 6 and 4 (purgatory/arch/x86_64/entry64.S).
 */
static bool read_registers(struct stage_registers *registers)
{
	static const uint8_t slots_kernel[8] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	static const uint8_t slots_kexec_tools[8] = { 0, 2, 3, 1, 6, 7, 4, 5 };
	const uint64_t stack = (uintptr_t)stack_end;
	const uint8_t *slots;
	uint64_t values[17];

	if (entry64_regs[4] == stack)
		slots = slots_kernel;
	else if (entry64_regs[6] == stack)
		slots = slots_kexec_tools;
	else
		return false;
	for (unsigned int i = 0; i < 17; i++)
		values[i] = entry64_regs[i < 8 ? slots[i] : i];
	memcpy(registers, values, sizeof(*registers));
	return true;
}

bool loader_read(struct loader_image *image)
{
	memset(image, 0, sizeof(*image));
	if (!read_registers(&image->registers))
		return false;
	image->params = (const struct boot_params *)(uintptr_t)image->registers.rsi;
	image->crash = panic_kernel;
	image->reset_vga = reset_vga;
	if (console_serial) {
		image->serial_port = serial_base ? serial_base : 0x3f8;
		image->serial_baud = serial_baud;
	}
	return paging_is_mapped(image->registers.rsi, sizeof(*image->params));
}

bool loader_digest_matches(void)
{
	/* With KHO the kernel hashes no region. This is the digest of an empty message. */
	uint8_t digest[SHA256_DIGEST_SIZE] = {
		0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
		0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
		0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
	};
	uint8_t differs = 0;
	bool hashed = false;
	struct sha256 hash;

	if (skip_checks)
		return true;
	for (unsigned int i = 0; i < NR_REGIONS; i++) {
		uint64_t start = purgatory_sha_regions[i].start, len = purgatory_sha_regions[i].len;

		if (!len)
			continue;
		if (!hashed)
			sha256_begin(&hash);
		hashed = true;
		sha256_add(&hash, (const void *)(uintptr_t)start, len);
	}
	if (hashed)
		sha256_end(&hash, digest);
	for (unsigned int i = 0; i < SHA256_DIGEST_SIZE; i++)
		differs |= digest[i] ^ purgatory_sha256_digest[i];
	return !differs;
}

void loader_finish(uint64_t return_address)
{
	struct pg_text text;

	if (panic_kernel && backup_start && backup_src_size)
		memcpy((void *)(uintptr_t)backup_start, (const void *)(uintptr_t)backup_src_start,
		       backup_src_size);
	if (return_address && cmdline_end) {
		pg_text_begin(&text, (char *)(uintptr_t)cmdline_end, CMDLINE_SPACE);
		pg_text_string(&text, " kexec_jump_back_entry=0x");
		pg_text_hex(&text, return_address, 1);
	}
}
