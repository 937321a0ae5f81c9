// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pe.c - the PE header of a gated image (Microsoft PE Format, "Optional Header", "Section Table").
 */
#include "pe.h"

#include "image.h"

#include <string.h>

#define PE_POINTER 0x3cu
#define PE_NR_SECTIONS 6u
#define PE_OPTIONAL_SIZE 20u
#define PE_OPTIONAL 24u
#define PE_MAGIC_64 0x20bu

/* In the optional header. */
#define OPTIONAL_SIZE_MIN 152u /* up to the certificate table's entry */
#define OPTIONAL_CODE_SIZE 4u
#define OPTIONAL_INITIALIZED_SIZE 8u
#define OPTIONAL_UNINITIALIZED_SIZE 12u
#define OPTIONAL_ENTRY 16u
#define OPTIONAL_CODE_BASE 20u
#define OPTIONAL_SECTION_ALIGNMENT 32u
#define OPTIONAL_IMAGE_SIZE 56u
#define OPTIONAL_HEADERS_SIZE 60u
#define OPTIONAL_CHECKSUM 64u
#define OPTIONAL_DIRECTORIES 112u
#define DIRECTORY_SIZE 8u
#define DIRECTORY_CERTIFICATES 4u
#define DIRECTORY_RELOCATIONS 5u
#define OPTIONAL_NR_DIRECTORIES 108u

#define SECTION_SIZE 40u
#define SECTION_CODE_EXECUTE_READ 0x60000020u

static void put(uint8_t *at, uint32_t value)
{
	for (unsigned int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get(const uint8_t *at)
{
	return (uint32_t)image_number(at, 4);
}

static void put_section(uint8_t *section, uint32_t from, uint32_t size)
{
	memset(section, 0, SECTION_SIZE);
	memcpy(section, ".text", 5);
	put(section + 8, size);
	put(section + 12, from);
	put(section + 16, size);
	put(section + 20, from);
	put(section + 36, SECTION_CODE_EXECUTE_READ);
}

bool pe_adapt(uint8_t *image, size_t size, size_t entry, struct capture_error *error)
{
	const size_t pe = get(image + PE_POINTER);
	uint32_t headers, alignment, nr_sections;
	uint8_t *optional, *sections;

	if (memcmp(image, "MZ", 2))
		return true;
	if (pe + PE_OPTIONAL + OPTIONAL_SIZE_MIN > KERNEL_OFFSET_SETUP_SECTS ||
	    memcmp(image + pe, "PE\0\0", 4))
		return image_fail(error, "e_lfanew is 0x%zx: no PE header there", pe);
	optional = image + pe + PE_OPTIONAL;
	sections = optional + image_number(image + pe + PE_OPTIONAL_SIZE, 2);
	nr_sections = (uint32_t)image_number(image + pe + PE_NR_SECTIONS, 2);
	headers = get(optional + OPTIONAL_HEADERS_SIZE);
	alignment = get(optional + OPTIONAL_SECTION_ALIGNMENT);
	if (headers > entry || image_number(optional, 2) != PE_MAGIC_64 || !nr_sections ||
	    sections + nr_sections * SECTION_SIZE > image + headers || !alignment ||
	    headers % alignment)
		return image_fail(error,
				  "PE header: magic 0x%x, %u sections, SizeOfHeaders 0x%x, "
				  "SectionAlignment 0x%x",
				  (unsigned int)image_number(optional, 2), nr_sections, headers,
				  alignment);

	image[pe + PE_NR_SECTIONS] = 1;
	image[pe + PE_NR_SECTIONS + 1] = 0;
	put(optional + OPTIONAL_CODE_SIZE, (uint32_t)(size - headers));
	put(optional + OPTIONAL_INITIALIZED_SIZE, 0);
	put(optional + OPTIONAL_UNINITIALIZED_SIZE, 0);
	put(optional + OPTIONAL_ENTRY, (uint32_t)entry);
	put(optional + OPTIONAL_CODE_BASE, headers);
	put(optional + OPTIONAL_IMAGE_SIZE,
	    (uint32_t)((size + alignment - 1) / alignment * alignment));
	put(optional + OPTIONAL_CHECKSUM, 0);
	for (uint32_t directory = DIRECTORY_CERTIFICATES;
	     directory <= DIRECTORY_RELOCATIONS &&
	     directory < get(optional + OPTIONAL_NR_DIRECTORIES);
	     directory++)
		memset(optional + OPTIONAL_DIRECTORIES + directory * DIRECTORY_SIZE, 0,
		       DIRECTORY_SIZE);
	memset(sections, 0, nr_sections * SECTION_SIZE);
	put_section(sections, headers, (uint32_t)(size - headers));
	return true;
}
