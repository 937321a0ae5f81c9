// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Load options and text file of pcigate.efi: the first byte is the length of the load options,
 * which follow in UTF-16; the rest is the text file. The same bytes are also read as the variable
 * that has the verdict.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "../../boot/efi/boot_verdict.h"
#include "../../boot/efi/request.h"

static bool ends_within(const char *text, size_t size)
{
	return memchr(text, 0, size);
}

static void check(const struct request *request)
{
	REQUIRE(request->options_len < REQUEST_TEXT &&
		strlen(request->options) == request->options_len);
	REQUIRE(request->nr_initrds <= REQUEST_INITRDS && request->nr_addresses <= REQUEST_WORDS);
	REQUIRE(request->task != TASK_RECORD || (request->record && *request->record));
	for (uint32_t i = 0; i < request->nr_initrds; i++)
		REQUIRE(*request->initrds[i]);
}

static void read_request(const uint8_t *data, size_t size)
{
	static struct request request;
	struct request_error error = { "" };
	const size_t units = size && data[0] < (size - 1) / 2 ? data[0] : size ? (size - 1) / 2 : 0;
	const size_t left = size ? size - 1 - 2 * units : 0;
	uint16_t *text = malloc(2 * units + 1);
	char *file = malloc(left + 1);

	REQUIRE(text && file);
	if (units)
		memcpy(text, data + 1, 2 * units);
	if (left)
		memcpy(file, data + 1 + 2 * units, left);
	if (!request_read_options(&request, text, units, size & 1, &error)) {
		REQUIRE(error.text[0] && ends_within(error.text, sizeof(error.text)));
	} else {
		check(&request);
		if (request_read_file(&request, file, left, &error)) {
			REQUIRE(request.kernel && request.capture && *request.kernel &&
				*request.capture);
			check(&request);
		} else {
			REQUIRE(error.text[0] && ends_within(error.text, sizeof(error.text)));
		}
	}
	free(text);
	free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct boot_verdict verdict, again;
	char text[BOOT_VERDICT_TEXT];

	read_request(data, size);
	if (boot_verdict_read(data, size, &verdict)) {
		uint8_t wide[4 + 2 * BOOT_VERDICT_TEXT] = { 0 };

		boot_verdict_write(&verdict, text);
		for (size_t i = 0; text[i]; i++)
			wide[4 + 2 * i] = (uint8_t)text[i];
		REQUIRE(boot_verdict_read(wide, sizeof(wide), &again));
		REQUIRE(!memcmp(&verdict, &again, sizeof(verdict)));
	}
	return 0;
}
