/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * firmware.h - the firmware's tables, and what it calls its errors.
 */
#ifndef PCIGATE_EFI_FIRMWARE_H
#define PCIGATE_EFI_FIRMWARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <efi.h>
#include <efilib.h>

/**
 * struct firmware - what the firmware handed to this program
 * @image:  handle of this program
 * @loaded: what the firmware knows about it: device, path, load options
 */
struct firmware {
	EFI_HANDLE image;
	EFI_LOADED_IMAGE *loaded;
};

extern struct firmware firmware;

/* firmware_init() - called first of all. */
EFI_STATUS firmware_init(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

/* firmware_protocol() - the interface of @handle, or NULL. */
void *firmware_protocol(EFI_HANDLE handle, const EFI_GUID *guid);

/*
 * firmware_handles() - all handles with a protocol, to be freed with free(); NULL and *@nr 0 if
 * there are none.
 */
EFI_HANDLE *firmware_handles(const EFI_GUID *guid, size_t *nr);

/* firmware_error() - @status in words, for a message. */
const char *firmware_error(EFI_STATUS status);

#endif
