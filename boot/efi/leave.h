/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leave.h - the text of the verdict in EFI variables (docs/uefi.md). pcigate.efi writes it, and the
 * command reads it.
 */
#ifndef PCIGATE_EFI_LEAVE_H
#define PCIGATE_EFI_LEAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* pcigate's GUID, in the form of efivarfs and as EFI_GUID. */
#define LEAVE_GUID_TEXT "d7c73245-4d3d-411f-87e2-94129e80c897"
#define LEAVE_GUID                                                                                 \
	{                                                                                          \
		0xd7c73245, 0x4d3d, 0x411f,                                                        \
		{                                                                                  \
			0x87, 0xe2, 0x94, 0x12, 0x9e, 0x80, 0xc8, 0x97                             \
		}                                                                                  \
	}

/* The verdict of this boot (volatile), and the last verdict that was a stop (non-volatile). */
#define LEAVE_VERDICT "PcigateVerdict"
#define LEAVE_LAST_STOP "PcigateLastStop"

/* Sizes of the text and of a word in it, with the terminating zero. */
#define LEAVE_TEXT 320u
#define LEAVE_WORD 32u

/**
 * struct leave - the verdict
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
struct leave {
	char verdict[LEAVE_WORD];
	char reason[LEAVE_WORD];
	uint32_t devices;
	uint32_t keep;
	uint32_t move;
	uint32_t unverified;
	uint64_t reads;
	uint64_t usec;
	char time[LEAVE_WORD];
};

/* leave_write() - writes the text: "verdict=stop reason=device-moved devices=3 ...". */
void leave_write(const struct leave *leave, char text[LEAVE_TEXT]);

/*
 * leave_read() - reads the text from the contents of a file of efivarfs: four bytes of attributes,
 * then UTF-16. False if it has another form. Unknown words are ignored, so that a later version can
 * add some.
 */
bool leave_read(const uint8_t *bytes, size_t size, struct leave *leave);

#endif
