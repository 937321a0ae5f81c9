/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * image.h - what the files of tools/image/ share.
 */
#ifndef PCIGATE_IMAGE_H
#define PCIGATE_IMAGE_H

#include "kernel_image.h"

/* Size of the config inside a kernel, decompressed. */
#define IKCONFIG_MAX (4u << 20)

/* image_fail() - fills @error and returns false. */
bool image_fail(struct capture_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* image_number() - the little-endian number of @bytes bytes (at most 8) at @at. */
uint64_t image_number(const uint8_t *at, unsigned int bytes);

/* image_find() - the first place in the @size bytes at @from that holds @text, or NULL. */
const uint8_t *image_find(const uint8_t *from, size_t size, const char *text);

/*
 * payload_decompress() - decompresses the @packed_size bytes at @packed, the kernel in an image.
 * Returns a block of *@size bytes, followed by a zero byte, for the caller to free, or NULL with
 * @error filled.
 */
uint8_t *payload_decompress(const uint8_t *packed, size_t packed_size, size_t *size,
			    struct capture_error *error);

/* payload_compression() - "gzip", "zstd" and so on, or NULL if @packed is none of them. */
const char *payload_compression(const uint8_t *packed, size_t packed_size);

/*
 * lzo_decompress() - writes what the lzop file of @packed_size bytes at @packed holds to @out,
 * which has @size bytes. Returns the number of bytes, or 0 with @error filled.
 */
size_t lzo_decompress(const uint8_t *packed, size_t packed_size, uint8_t *out, size_t size,
		      struct capture_error *error);

/*
 * kernel_section() - the section @name of the ELF file of @size bytes at @kernel. NULL if there is
 * none, or if it does not lie inside the file.
 */
const uint8_t *kernel_section(const uint8_t *kernel, size_t size, const char *name,
			      size_t *section_size);

/* kernel_is_elf() - whether @kernel is an ELF file for x86-64 with sections. */
bool kernel_is_elf(const uint8_t *kernel, size_t size, struct capture_error *error);

/* fact_answer(), fact_version() - fill a fact, unless a better source has filled it. */
void fact_answer(struct kernel_answer *fact, enum fact_source source, bool yes);
void fact_version(struct kernel_version *fact, enum fact_source source, const char *text);

/* The sources, in the order of belief. Each fills the facts that no better source has filled. */
void facts_of_sections(struct kernel_facts *facts, const uint8_t *kernel, size_t size);
void facts_of_btf(struct kernel_facts *facts, const uint8_t *kernel, size_t size);
void facts_of_ikconfig(struct kernel_facts *facts, const uint8_t *kernel, size_t size);
void facts_of_strings(struct kernel_facts *facts, const uint8_t *kernel, size_t size);

/* facts_of_config() - the text of a config, @size bytes followed by a zero. */
void facts_of_config(struct kernel_facts *facts, enum fact_source source, const char *text);

/*
 * facts_of_config_file() - the file @config or, if that is NULL, a config beside the image @path or
 * in the system's directories. False with @error filled if @config cannot be used. @release is that
 * of the kernel.
 */
bool facts_of_config_file(struct kernel_facts *facts, const char *config, const char *path,
			  const char *release, struct capture_error *error);

#endif
