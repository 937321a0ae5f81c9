// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * variable.c - writes EFI variables (UEFI Specification 2.10, 8.2).
 */
#include "variable.h"

#include <stdio.h>
#include <string.h>

#include "firmware.h"

#define ATTRIBUTES (EFI_VARIABLE_BOOTSERVICE_ACCESS | EFI_VARIABLE_RUNTIME_ACCESS)

static EFI_STATUS set(const char *name, uint32_t attributes, const char *text)
{
	EFI_GUID guid = VARIABLE_GUID;
	CHAR16 wide[BOOT_VERDICT_TEXT], wide_name[BOOT_VERDICT_WORD];
	size_t len = strnlen(text, BOOT_VERDICT_TEXT - 1);

	for (size_t i = 0; i < len; i++)
		wide[i] = (CHAR16)text[i];
	wide[len] = 0;
	for (size_t i = 0; i <= strlen(name); i++)
		wide_name[i] = (CHAR16)name[i];
	return RT->SetVariable(wide_name, &guid, attributes, (len + 1) * sizeof(CHAR16), wide);
}

const char *variable_store(const struct boot_verdict *verdict)
{
	struct boot_verdict stop = *verdict;
	char text[BOOT_VERDICT_TEXT];
	EFI_STATUS status;
	EFI_TIME time;

	boot_verdict_write(verdict, text);
	status = set(VARIABLE_VERDICT, ATTRIBUTES, text);
	if (status == EFI_SUCCESS && !strcmp(verdict->verdict, "stop")) {
		if (RT->GetTime(&time, NULL) == EFI_SUCCESS)
			snprintf(stop.time, sizeof(stop.time), "%04u-%02u-%02uT%02u:%02u:%02u",
				 time.Year, time.Month, time.Day, time.Hour, time.Minute,
				 time.Second);
		boot_verdict_write(&stop, text);
		status = set(VARIABLE_LAST_STOP, ATTRIBUTES | EFI_VARIABLE_NON_VOLATILE, text);
	}
	return status == EFI_SUCCESS ? NULL : firmware_error(status);
}
