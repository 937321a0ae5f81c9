// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * bzimage.c - the setup header of a bzImage, and the certificate table of its PE header.
 *
 * The fields are those of Linux's Documentation/arch/x86/boot.rst and of the PE format.
 */
#include "image.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SECTOR 512u
#define HEADER_END (KERNEL_OFFSET_INIT_SIZE + 4)
#define BOOT_FLAG 0xaa55u

/* Offsets of the PE format; the first one is from the start of the file. */
#define PE_POINTER 0x3cu
#define PE_OPTIONAL 24u
#define PE_OPTIONAL_NR_DIRECTORIES 108u
#define PE_OPTIONAL_CERTIFICATES 144u
#define PE_MAGIC_64 0x20bu
#define PE_DIRECTORY_CERTIFICATES 4u
#define CERTIFICATE_HEADER 8u
#define CERTIFICATE_TYPE 6u
#define CERTIFICATE_PKCS7 2u

bool image_fail(struct capture_error *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	return false;
}

uint64_t image_number(const uint8_t *at, unsigned int bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | at[bytes];
	return value;
}

static bool check_kind(const uint8_t *image, size_t size, struct capture_error *error)
{
	uint32_t value;

	if (size < HEADER_END)
		return image_fail(error,
				  "is not a bzImage: %zu bytes, and a setup header ends at %u",
				  size, HEADER_END);
	value = (uint32_t)image_number(image + KERNEL_OFFSET_BOOT_FLAG, 2);
	if (value != BOOT_FLAG)
		return image_fail(error, "is not a bzImage: boot_flag is 0x%x, not 0x%x", value,
				  BOOT_FLAG);
	if (memcmp(image + KERNEL_OFFSET_MAGIC, "HdrS", 4))
		return image_fail(error, "is not a bzImage: header is 0x%x, not \"HdrS\"",
				  (uint32_t)image_number(image + KERNEL_OFFSET_MAGIC, 4));
	value = (uint32_t)image_number(image + KERNEL_OFFSET_PROTOCOL, 2);
	if (value < KERNEL_PROTOCOL_MIN)
		return image_fail(error, "version of the boot protocol is %u.%02u, below %u.%02u",
				  value >> 8, value & 0xff, KERNEL_PROTOCOL_MIN >> 8,
				  KERNEL_PROTOCOL_MIN & 0xff);
	value = image[KERNEL_OFFSET_LOADFLAGS];
	if (!(value & KERNEL_LOADED_HIGH))
		return image_fail(error, "is not a bzImage: loadflags is 0x%x, without LOADED_HIGH",
				  value);
	value = (uint32_t)image_number(image + KERNEL_OFFSET_XLOADFLAGS, 2);
	if (!(value & KERNEL_XLF_KERNEL_64))
		return image_fail(error, "is a 32-bit kernel: xloadflags is 0x%x, without %s",
				  value, "XLF_KERNEL_64");
	return true;
}

static void read_numbers(struct kernel_header *header, const uint8_t *image)
{
	const uint8_t sectors = image[KERNEL_OFFSET_SETUP_SECTS];

	header->protocol = (uint16_t)image_number(image + KERNEL_OFFSET_PROTOCOL, 2);
	header->setup_sects = sectors ? sectors : 4;
	header->xloadflags = (uint16_t)image_number(image + KERNEL_OFFSET_XLOADFLAGS, 2);
	header->relocatable = image[KERNEL_OFFSET_RELOCATABLE];
	header->alignment = (uint32_t)image_number(image + KERNEL_OFFSET_ALIGNMENT, 4);
	header->cmdline_size = (uint32_t)image_number(image + KERNEL_OFFSET_CMDLINE_SIZE, 4);
	header->pref_address = image_number(image + KERNEL_OFFSET_PREF_ADDRESS, 8);
	header->init_size = (uint32_t)image_number(image + KERNEL_OFFSET_INIT_SIZE, 4);
	header->protected_offset = (header->setup_sects + 1u) * SECTOR;
	header->protected_size = image_number(image + KERNEL_OFFSET_SYSSIZE, 4) * 16;
	header->payload_offset = image_number(image + KERNEL_OFFSET_PAYLOAD_OFFSET, 4);
	header->payload_size = image_number(image + KERNEL_OFFSET_PAYLOAD_LENGTH, 4);
}

/* The fields are of 32 bits, so no sum of two overflows. */
static bool check_numbers(struct kernel_header *header, size_t size, struct capture_error *error)
{
	const size_t end = header->protected_offset + header->protected_size;

	if (end > size)
		return image_fail(error,
				  "is truncated: setup_sects %u and syssize 0x%zx need %zu bytes, "
				  "the file has %zu",
				  header->setup_sects, header->protected_size / 16, end, size);
	if (header->payload_offset + header->payload_size > header->protected_size)
		return image_fail(error,
				  "payload_offset 0x%zx and payload_length 0x%zx lead behind the "
				  "end of the kernel, 0x%zx",
				  header->payload_offset, header->payload_size,
				  header->protected_size);
	if (!header->alignment || (header->alignment & (header->alignment - 1)))
		return image_fail(error, "kernel_alignment is 0x%x, not a power of two",
				  header->alignment);
	if (header->init_size < header->protected_size)
		return image_fail(error, "init_size is 0x%x, less than the 0x%zx bytes of syssize",
				  header->init_size, header->protected_size);
	header->payload_offset += header->protected_offset;
	return true;
}

/* The field kernel_version counts from 0x200; 0 stands for no text. */
static void read_banner(struct kernel_header *header, const uint8_t *image)
{
	const size_t from = image_number(image + KERNEL_OFFSET_KERNEL_VERSION, 2);
	size_t at = from + SECTOR;
	size_t i;

	if (!from)
		return;
	for (i = 0; at < header->protected_offset && image[at] && i + 1 < KERNEL_BANNER_SIZE; i++) {
		header->banner[i] = image[at] < ' ' || image[at] > '~' ? '?' : (char)image[at];
		at++;
	}
	memcpy(header->release, header->banner, strcspn(header->banner, " "));
}

/* The entry of the certificate table in the PE header; NULL if there is none. */
static const uint8_t *certificate_entry(const uint8_t *image, size_t size)
{
	const size_t pe = image_number(image + PE_POINTER, 4);
	const uint8_t *optional;

	if (memcmp(image, "MZ", 2) || pe + PE_OPTIONAL + PE_OPTIONAL_CERTIFICATES + 8 > size ||
	    memcmp(image + pe, "PE\0\0", 4))
		return NULL;
	optional = image + pe + PE_OPTIONAL;
	if (image_number(optional, 2) != PE_MAGIC_64 ||
	    image_number(optional + PE_OPTIONAL_NR_DIRECTORIES, 4) <= PE_DIRECTORY_CERTIFICATES)
		return NULL;
	return optional + PE_OPTIONAL_CERTIFICATES;
}

static bool read_signature(struct kernel_header *header, const uint8_t *image, size_t size,
			   struct capture_error *error)
{
	const uint8_t *entry = certificate_entry(image, size);
	const size_t at = entry ? image_number(entry, 4) : 0;
	const size_t length = entry ? image_number(entry + 4, 4) : 0;
	uint32_t type;

	if (!at && !length)
		return true;
	if (length < CERTIFICATE_HEADER || at + length > size)
		return image_fail(error,
				  "is truncated: the certificate table has %zu bytes at 0x%zx, the "
				  "file has 0x%zx",
				  length, at, size);
	type = (uint32_t)image_number(image + at + CERTIFICATE_TYPE, 2);
	if (type != CERTIFICATE_PKCS7)
		return image_fail(error, "certificate table: wCertificateType is 0x%x, not 0x%x",
				  type, CERTIFICATE_PKCS7);
	header->signature_offset = at;
	header->signature_size = length;
	return true;
}

bool kernel_header_read(struct kernel_header *header, const uint8_t *image, size_t size,
			struct capture_error *error)
{
	memset(header, 0, sizeof(*header));
	if (!check_kind(image, size, error))
		return false;
	read_numbers(header, image);
	if (!check_numbers(header, size, error))
		return false;
	header->compression =
		payload_compression(image + header->payload_offset, header->payload_size);
	read_banner(header, image);
	return read_signature(header, image, size, error);
}
