// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * firmware.c - the firmware's tables and protocols.
 */
#include "firmware.h"

#include <stdlib.h>
#include <string.h>

EFI_SYSTEM_TABLE *ST;
EFI_BOOT_SERVICES *BS;
EFI_RUNTIME_SERVICES *RT;

struct firmware firmware;

EFI_STATUS firmware_init(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	const EFI_GUID loaded_image = EFI_LOADED_IMAGE_PROTOCOL_GUID;

	ST = table;
	BS = table->BootServices;
	RT = table->RuntimeServices;
	firmware.image = image;
	firmware.loaded = firmware_protocol(image, &loaded_image);
	return firmware.loaded ? EFI_SUCCESS : EFI_UNSUPPORTED;
}

void *firmware_protocol(EFI_HANDLE handle, const EFI_GUID *guid)
{
	EFI_GUID copy = *guid;
	void *interface;

	return BS->HandleProtocol(handle, &copy, &interface) == EFI_SUCCESS ? interface : NULL;
}

EFI_HANDLE *firmware_handles(const EFI_GUID *guid, size_t *nr)
{
	EFI_GUID copy = *guid;
	EFI_HANDLE *pool, *handles;
	UINTN count = 0;

	*nr = 0;
	if (BS->LocateHandleBuffer(ByProtocol, &copy, NULL, &count, &pool) != EFI_SUCCESS || !count)
		return NULL;
	handles = malloc(count * sizeof(*handles));
	if (handles) {
		memcpy(handles, pool, count * sizeof(*handles));
		*nr = count;
	}
	BS->FreePool(pool);
	return handles;
}

/* UEFI Specification 2.10, appendix D: the errors of files, memory, images and variables. */
const char *firmware_error(EFI_STATUS status)
{
	static const struct {
		EFI_STATUS status;
		const char *text;
	} errors[] = {
		{ EFI_LOAD_ERROR, "the firmware cannot load it" },
		{ EFI_INVALID_PARAMETER, "invalid parameter" },
		{ EFI_UNSUPPORTED, "not supported" },
		{ EFI_BAD_BUFFER_SIZE, "bad buffer size" },
		{ EFI_NOT_READY, "not ready" },
		{ EFI_DEVICE_ERROR, "read or write error of the device" },
		{ EFI_WRITE_PROTECTED, "write protected" },
		{ EFI_OUT_OF_RESOURCES, "not enough memory" },
		{ EFI_VOLUME_CORRUPTED, "the file system is damaged" },
		{ EFI_VOLUME_FULL, "the volume is full" },
		{ EFI_NO_MEDIA, "no medium" },
		{ EFI_MEDIA_CHANGED, "the medium was changed" },
		{ EFI_NOT_FOUND, "not found" },
		{ EFI_ACCESS_DENIED, "access denied" },
		{ EFI_NO_RESPONSE, "no response" },
		{ EFI_TIMEOUT, "timeout" },
		{ EFI_ALREADY_STARTED, "exists already" },
		{ EFI_ABORTED, "aborted" },
		{ EFI_SECURITY_VIOLATION, "refused by Secure Boot" },
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (errors[i].status == status)
			return errors[i].text;
	}
	return status == EFI_SUCCESS ? "no error" : "error";
}
