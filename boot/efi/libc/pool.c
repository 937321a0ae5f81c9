// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pool.c - malloc() and related functions with memory from the firmware's pool.
 */
#include <stdlib.h>

#include <stdint.h>
#include <string.h>

#include "../firmware.h"

/*
 * Each block has a header with the address that the firmware returned. It differs from the address
 * of the block if the block is aligned.
 */
#define HEADER 16u

static void *allocate(size_t alignment, size_t size)
{
	void *pool;
	uintptr_t block;

	if (size > SIZE_MAX - alignment - HEADER ||
	    BS->AllocatePool(EfiLoaderData, alignment + HEADER + size, &pool) != EFI_SUCCESS)
		return NULL;
	block = ((uintptr_t)pool + HEADER + alignment - 1) / alignment * alignment;
	memcpy((void *)(block - sizeof(pool)), &pool, sizeof(pool));
	return (void *)block;
}

void *malloc(size_t size)
{
	return allocate(HEADER, size);
}

void *calloc(size_t nr, size_t size)
{
	void *block;

	if (size && nr > SIZE_MAX / size)
		return NULL;
	block = malloc(nr * size);
	if (block)
		memset(block, 0, nr * size);
	return block;
}

void free(void *block)
{
	void *pool;

	if (!block)
		return;
	memcpy(&pool, (const uint8_t *)block - sizeof(pool), sizeof(pool));
	BS->FreePool(pool);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	*block = allocate(alignment, size);
	return *block ? 0 : 12; /* ENOMEM */
}
