/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * image-fixture.h - makes small kernel images.
 */
#ifndef IMAGE_FIXTURE_H
#define IMAGE_FIXTURE_H

#include <image/kernel_image.h>

#define FIXTURE_SECTORS 3u
#define FIXTURE_PROTECTED ((FIXTURE_SECTORS + 1) * 512)
#define FIXTURE_PAYLOAD 0x300u
#define FIXTURE_PE 0x40u
#define FIXTURE_CERTIFICATES (FIXTURE_PE + 24 + 144)
#define FIXTURE_BANNER 0x600u
#define FIXTURE_RELEASE "7.3.4-test"

static inline void poke(uint8_t *image, size_t at, unsigned int bytes, uint64_t value)
{
	for (unsigned int i = 0; i < bytes; i++)
		image[at + i] = (uint8_t)(value >> 8 * i);
}

static inline size_t fixture_size(size_t payload_size)
{
	return FIXTURE_PROTECTED + ((FIXTURE_PAYLOAD + payload_size + 15) & ~(size_t)15);
}

/* Returns an image in a block of exactly fixture_size() bytes. The caller frees it. */
static inline uint8_t *fixture_make(const void *payload, size_t payload_size)
{
	const size_t size = fixture_size(payload_size);
	uint8_t *image = calloc(1, size);

	assert_non_null(image);
	memcpy(image, "MZ", 2);
	poke(image, 0x3c, 4, FIXTURE_PE);
	memcpy(image + FIXTURE_PE, "PE\0\0", 4);
	poke(image, FIXTURE_PE + 24, 2, 0x20b);
	poke(image, FIXTURE_PE + 24 + 108, 4, 6);
	poke(image, KERNEL_OFFSET_SETUP_SECTS, 1, FIXTURE_SECTORS);
	poke(image, KERNEL_OFFSET_SYSSIZE, 4, (size - FIXTURE_PROTECTED) / 16);
	poke(image, KERNEL_OFFSET_BOOT_FLAG, 2, 0xaa55);
	memcpy(image + KERNEL_OFFSET_MAGIC, "HdrS", 4);
	poke(image, KERNEL_OFFSET_PROTOCOL, 2, 0x20f);
	poke(image, KERNEL_OFFSET_KERNEL_VERSION, 2, FIXTURE_BANNER - 0x200);
	poke(image, KERNEL_OFFSET_LOADFLAGS, 1, KERNEL_LOADED_HIGH);
	poke(image, KERNEL_OFFSET_ALIGNMENT, 4, 0x200000);
	poke(image, KERNEL_OFFSET_RELOCATABLE, 1, 1);
	poke(image, KERNEL_OFFSET_XLOADFLAGS, 2, KERNEL_XLF_KERNEL_64 | 0x3e);
	poke(image, KERNEL_OFFSET_CMDLINE_SIZE, 4, 2047);
	poke(image, KERNEL_OFFSET_PAYLOAD_OFFSET, 4, FIXTURE_PAYLOAD);
	poke(image, KERNEL_OFFSET_PAYLOAD_LENGTH, 4, payload_size);
	poke(image, KERNEL_OFFSET_PREF_ADDRESS, 8, 0x1000000);
	poke(image, KERNEL_OFFSET_INIT_SIZE, 4, 0x3378000);
	strcpy((char *)image + FIXTURE_BANNER, FIXTURE_RELEASE " (who@where) #1 SMP");
	if (payload_size)
		memcpy(image + FIXTURE_PROTECTED + FIXTURE_PAYLOAD, payload, payload_size);
	return image;
}

#endif
