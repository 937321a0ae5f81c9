// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The capture reader: the bytes of a .dtb. What it takes goes through the gate and the plan. */
#include "captured.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run_capture(data, size);
	return 0;
}
