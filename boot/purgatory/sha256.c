// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * sha256.c - SHA-256, small rather than fast: a crash kernel of 30 MB takes well below a second.
 */
#include "sha256.h"

#include <string.h>

/*
 * FIPS 180-4, 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64
 * primes.
 */
static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned int by)
{
	return x >> by | x << (32 - by);
}

static uint32_t big_endian(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void store_big_endian(uint8_t *p, uint32_t x)
{
	p[0] = (uint8_t)(x >> 24);
	p[1] = (uint8_t)(x >> 16);
	p[2] = (uint8_t)(x >> 8);
	p[3] = (uint8_t)x;
}

/*
 * FIPS 180-4, 6.2.2. The eight working variables stay in place; their roles shift by one each
 * round.
 */
static void add_block(uint32_t state[8], const uint8_t block[SHA256_BLOCK_SIZE])
{
	uint32_t w[64], v[8];

	for (unsigned int t = 0; t < 16; t++)
		w[t] = big_endian(block + 4 * t);
	for (unsigned int t = 16; t < 64; t++) {
		uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
		uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;

		w[t] = s1 + w[t - 7] + s0 + w[t - 16];
	}

	memcpy(v, state, sizeof(v));
	for (unsigned int t = 0; t < 64; t++) {
		uint32_t e = v[(68 - t) & 7], a = v[(64 - t) & 7];
		uint32_t b = v[(65 - t) & 7], c = v[(66 - t) & 7];
		uint32_t f = v[(69 - t) & 7], g = v[(70 - t) & 7];
		uint32_t *d = &v[(67 - t) & 7], *h = &v[(71 - t) & 7];
		uint32_t t1 = *h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
			      ((e & f) ^ (~e & g)) + round_constants[t] + w[t];
		uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
			      ((a & b) ^ (a & c) ^ (b & c));

		*d += t1;
		*h = t1 + t2;
	}
	for (unsigned int i = 0; i < 8; i++)
		state[i] += v[i];
}

/* FIPS 180-4, 5.3.3. */
void sha256_begin(struct sha256 *hash)
{
	static const uint32_t initial[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	memcpy(hash->state, initial, sizeof(initial));
	hash->total = 0;
}

void sha256_add(struct sha256 *hash, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len) {
		size_t used = hash->total % SHA256_BLOCK_SIZE;
		size_t n = SHA256_BLOCK_SIZE - used;

		/* Whole blocks are hashed in place. */
		if (!used && len >= SHA256_BLOCK_SIZE) {
			add_block(hash->state, p);
			n = SHA256_BLOCK_SIZE;
		} else {
			if (n > len)
				n = len;
			memcpy(hash->block + used, p, n);
			if (used + n == SHA256_BLOCK_SIZE)
				add_block(hash->state, hash->block);
		}
		hash->total += n;
		p += n;
		len -= n;
	}
}

/* FIPS 180-4, 5.1.1: a one bit, zeros, and the length in bits. */
void sha256_end(struct sha256 *hash, uint8_t digest[SHA256_DIGEST_SIZE])
{
	static const uint8_t padding[SHA256_BLOCK_SIZE] = { 0x80 };
	uint64_t bits = hash->total * 8;
	uint8_t length[8];

	store_big_endian(length, (uint32_t)(bits >> 32));
	store_big_endian(length + 4, (uint32_t)bits);
	sha256_add(hash, padding, 1 + (119 - hash->total % SHA256_BLOCK_SIZE) % SHA256_BLOCK_SIZE);
	sha256_add(hash, length, sizeof(length));
	for (unsigned int i = 0; i < 8; i++)
		store_big_endian(digest + 4 * i, hash->state[i]);
}
