/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leave.h - the verdict as it is left in EFI variables (docs/uefi.md): the words of it, for the
 * program that writes it and for the command that reads it.
 */
#ifndef PCIGATE_EFI_LEAVE_H
#define PCIGATE_EFI_LEAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Our own GUID, as efivarfs writes it, and as C has it. */
#define LEAVE_GUID_TEXT "d7c73245-4d3d-411f-87e2-94129e80c897"
#define LEAVE_GUID                                                                                 \
	{                                                                                          \
		0xd7c73245, 0x4d3d, 0x411f,                                                        \
		{                                                                                  \
			0x87, 0xe2, 0x94, 0x12, 0x9e, 0x80, 0xc8, 0x97                             \
		}                                                                                  \
	}

/* The verdict of this boot, gone with it; and the last one that was a stop, which stays. */
#define LEAVE_VERDICT "PcigateVerdict"
#define LEAVE_LAST_STOP "PcigateLastStop"

/* Room for the text of it, and for a word in it, with the terminating zero. */
#define LEAVE_TEXT 320u
#define LEAVE_WORD 32u

/**
 * struct leave - the verdict
 * @verdict:    "open", "stop", "open-by-policy" (pcigate=report), "off"
 * @reason:     code of the reason that weighed most, "none" without one
 * @devices:    recorded devices
 * @keep:       those that keep their address
 * @move:       those that are, or will be, elsewhere
 * @unverified: those of which it cannot be said
 * @reads:      reads of config space
 * @usec:       microseconds from the program's start, 0 where they are not known
 * @time:       when, by the firmware's clock ("2026-11-22T20:15:03"); "" where it is not told
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

/* leave_write() - the text: "verdict=stop reason=device-moved devices=3 ...". */
void leave_write(const struct leave *leave, char text[LEAVE_TEXT]);

/*
 * leave_read() - the same back from what efivarfs gives: four bytes of attributes, then UTF-16.
 * False if it is none of ours; words that are not known are passed over, so that a later version
 * can add some.
 */
bool leave_read(const uint8_t *bytes, size_t size, struct leave *leave);

#endif
