// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * stock.c - runs Linux's own purgatory, for valgrind, which counts instructions
 * (tests/qemu/bench-blackout.py). It is linked with the purgatory of a kernel image.
 *
 *     stock
 *         The purgatory verifies the digest of standard input. Without input, it has no regions to
 *         verify, as with KHO.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/callgrind.h>

/* arch/x86/purgatory/purgatory.c, include/linux/purgatory.h, include/crypto/sha2.h */
extern uint8_t purgatory_sha256_digest[32];
extern struct {
	uint64_t start;
	uint64_t len;
} purgatory_sha_regions[16];
void sha256(const uint8_t *data, size_t len, uint8_t out[32]);
void purgatory(void);

#define SIZE_MAX_READ (64u << 20)

int main(void)
{
	uint8_t *image = malloc(SIZE_MAX_READ);
	const size_t size = image ? fread(image, 1, SIZE_MAX_READ, stdin) : 0;

	purgatory_sha_regions[0].start = (uint64_t)(uintptr_t)image;
	purgatory_sha_regions[0].len = size;
	sha256(image, size, purgatory_sha256_digest);
	CALLGRIND_TOGGLE_COLLECT;
	purgatory();
	CALLGRIND_TOGGLE_COLLECT;
	free(image);
	return 0;
}
