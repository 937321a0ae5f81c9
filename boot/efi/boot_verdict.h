/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * boot_verdict.h - the text of the verdict in EFI variables (docs/uefi.md). pcigate.efi writes the
 * text, and the command reads it.
 */
#ifndef PCIGATE_EFI_BOOT_VERDICT_H
#define PCIGATE_EFI_BOOT_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* pcigate's GUID, in the form of efivarfs and as EFI_GUID. */
#define VARIABLE_GUID_TEXT "d7c73245-4d3d-411f-87e2-94129e80c897"
#define VARIABLE_GUID                                                                              \
	{                                                                                          \
		0xd7c73245, 0x4d3d, 0x411f,                                                        \
		{                                                                                  \
			0x87, 0xe2, 0x94, 0x12, 0x9e, 0x80, 0xc8, 0x97                             \
		}                                                                                  \
	}

/* The verdict of this boot (volatile), and the last verdict that was a stop (non-volatile). */
#define VARIABLE_VERDICT "PcigateVerdict"
#define VARIABLE_LAST_STOP "PcigateLastStop"

/* Sizes of the text and of a word in it, with the terminating zero. */
#define BOOT_VERDICT_TEXT 320u
#define BOOT_VERDICT_WORD 32u

/**
 * struct boot_verdict - the verdict
 * @verdict:    "open", "stop", "open-by-policy" (pcigate=report), "off"
 * @reason:     code of the most important reason, "none" if there is none
 * @devices:    number of recorded devices
 * @keep:       devices that keep their address
 * @move:       devices that have, or will have, another address
 * @unverified: devices that cannot be verified
 * @reads:      number of config reads
 * @usec:       microseconds since the program's start, 0 if not known
 * @time:       time by the firmware's clock ("2026-11-22T20:15:03"), "" if not known
 */
struct boot_verdict {
	char verdict[BOOT_VERDICT_WORD];
	char reason[BOOT_VERDICT_WORD];
	uint32_t devices;
	uint32_t keep;
	uint32_t move;
	uint32_t unverified;
	uint64_t reads;
	uint64_t usec;
	char time[BOOT_VERDICT_WORD];
};

/* boot_verdict_write() - writes the text: "verdict=stop reason=device-moved devices=3 ...". */
void boot_verdict_write(const struct boot_verdict *verdict, char text[BOOT_VERDICT_TEXT]);

/*
 * boot_verdict_read() - reads the text from the contents of a file of efivarfs: four bytes of
 * attributes, then UTF-16. False if it has another form. Unknown words are ignored, so that later
 * versions can add words.
 */
bool boot_verdict_read(const uint8_t *bytes, size_t size, struct boot_verdict *verdict);

#endif
