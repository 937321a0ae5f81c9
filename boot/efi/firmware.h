/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * firmware.h - the firmware's tables and error messages.
 */
#ifndef PCIGATE_EFI_FIRMWARE_H
#define PCIGATE_EFI_FIRMWARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <efi.h>
#include <efilib.h>

/**
 * struct firmware - handle and image of this program
 * @image:  handle of this program
 * @loaded: its device, path and load options
 */
struct firmware {
	EFI_HANDLE image;
	EFI_LOADED_IMAGE *loaded;
};

extern struct firmware firmware;

/* firmware_init() - must be called first. */
EFI_STATUS firmware_init(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

/* firmware_protocol() - the interface of @handle, or NULL. */
void *firmware_protocol(EFI_HANDLE handle, const EFI_GUID *guid);

/*
 * firmware_handles() - all handles with a protocol. The caller frees the array with free(). NULL
 * and *@nr 0 if there are none.
 */
EFI_HANDLE *firmware_handles(const EFI_GUID *guid, size_t *nr);

/* firmware_error() - the text of @status for a message. */
const char *firmware_error(EFI_STATUS status);

#endif
