/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * bootparams.h - the fields of the "zero page" that the stage reads. The loader passes the zero
 * page to the next kernel.
 *
 * Mirrors struct boot_params (arch/x86/include/uapi/asm/bootparam.h) and
 * Documentation/arch/x86/zero-page.rst of Linux.
 */
#ifndef PCIGATE_X86_BOOTPARAMS_H
#define PCIGATE_X86_BOOTPARAMS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Number of memory map entries in the zero page. The loader drops further ones (kexec-bzimage64.c).
 */
#define E820_MAX 128

/* Types of memory (arch/x86/include/asm/e820/types.h; ACPI 6.5, 15). */
#define E820_RAM 1
#define E820_RESERVED 2
#define E820_ACPI 3
#define E820_NVS 4

struct __attribute__((packed)) e820_entry {
	uint64_t address;
	uint64_t size;
	uint32_t type;
};

/**
 * struct boot_params - the zero page
 * @video_mode:      BIOS video mode of the screen (screen_info.orig_video_mode)
 * @video_cols:      columns of text on it
 * @video_lines:     lines of text on it
 * @video_is_vga:    1 for a VGA in text mode; other values are frame buffers or older cards
 * (include/uapi/linux/screen_info.h)
 * @acpi_rsdp:       physical address of ACPI's root pointer, 0 if the loader does not know it
 * @ramdisk_high, @ramdisk_low: bits 63..32 and 31..0 of the initrd's address
 * @ramdisk_size_high, @ramdisk_size_low: the same of its size in bytes
 * @cmdline_high:    bits 63..32 of the command line's address
 * @cmdline_low:     bits 31..0 of it
 * @cmdline_size:    the longest command line that the next kernel takes, without the zero at its
 * end
 * @nr_e820:         entries of @e820 in use
 * @setup_data:      physical address of the first struct setup_data, 0 if there is none
 */
struct __attribute__((packed)) boot_params {
	uint8_t pad0[0x06];
	uint8_t video_mode;
	uint8_t video_cols;
	uint8_t pad1[0x06];
	uint8_t video_lines;
	uint8_t video_is_vga;
	uint8_t pad2[0x60];
	uint64_t acpi_rsdp;
	uint8_t pad3[0x48];
	uint32_t ramdisk_high;
	uint32_t ramdisk_size_high;
	uint32_t cmdline_high;
	uint8_t pad4[0x11c];
	uint8_t nr_e820;
	uint8_t pad5[0x2f];
	uint32_t ramdisk_low;
	uint32_t ramdisk_size_low;
	uint8_t pad51[0x08];
	uint32_t cmdline_low;
	uint8_t pad6[0x0c];
	uint32_t cmdline_size;
	uint8_t pad7[0x14];
	uint64_t setup_data;
	uint8_t pad8[0x78];
	struct e820_entry e820[E820_MAX];
	uint8_t pad9[0x330];
};

_Static_assert(offsetof(struct boot_params, video_mode) == 0x06, "screen_info.orig_video_mode");
_Static_assert(offsetof(struct boot_params, video_lines) == 0x0e, "screen_info.orig_video_lines");
_Static_assert(offsetof(struct boot_params, acpi_rsdp) == 0x70, "acpi_rsdp_addr");
_Static_assert(offsetof(struct boot_params, ramdisk_high) == 0xc0, "ext_ramdisk_image");
_Static_assert(offsetof(struct boot_params, ramdisk_low) == 0x218, "hdr.ramdisk_image");
_Static_assert(offsetof(struct boot_params, cmdline_high) == 0xc8, "ext_cmd_line_ptr");
_Static_assert(offsetof(struct boot_params, nr_e820) == 0x1e8, "e820_entries");
_Static_assert(offsetof(struct boot_params, cmdline_low) == 0x228, "hdr.cmd_line_ptr");
_Static_assert(offsetof(struct boot_params, cmdline_size) == 0x238, "hdr.cmdline_size");
_Static_assert(offsetof(struct boot_params, setup_data) == 0x250, "hdr.setup_data");
_Static_assert(offsetof(struct boot_params, e820) == 0x2d0, "e820_table");
_Static_assert(sizeof(struct boot_params) == 4096, "the zero page is a page");

#endif
