// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * mutator.c - mutates an input: half of the time by libFuzzer's own mutator, else by damage().
 */
#include "fuzz.h"
#include "mutate.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint64_t state = seed;

	if (size < 4 || seed & 1)
		return LLVMFuzzerMutate(data, size, max_size);
	damage(data, size, &state);
	return size;
}
