/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * sha256.h - SHA-256 (FIPS 180-4, 6.2).
 */
#ifndef PCIGATE_PURGATORY_SHA256_H
#define PCIGATE_PURGATORY_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_DIGEST_SIZE 32
#define SHA256_BLOCK_SIZE 64

/**
 * struct sha256 - a hash in progress
 * @state: the hash so far
 * @total: bytes hashed so far
 * @block: the last bytes, which do not fill a block yet
 */
struct sha256 {
	uint32_t state[8];
	uint64_t total;
	uint8_t block[SHA256_BLOCK_SIZE];
};

void sha256_begin(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *data, size_t len);
void sha256_end(struct sha256 *hash, uint8_t digest[SHA256_DIGEST_SIZE]);

#endif
