// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The capture reader: the bytes of a .dtb. Captures that it accepts run through the pipeline and
 * the plan.
 */
#include "captured.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run_capture(data, size);
	return 0;
}
