/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kernel_image.h - a kernel image (bzImage): its setup header, and what the kernel inside knows
 * about Live Update.
 *
 * An image is not trusted. A function that fails fills a struct capture_error with
 * one line: the field, its value, what is wrong with it.
 */
#ifndef PCIGATE_KERNEL_IMAGE_H
#define PCIGATE_KERNEL_IMAGE_H

#include "../../lib/capture/capture.h"

/* Size of an image that is read at all. */
#define KERNEL_IMAGE_MAX (128u << 20)

/*
 * Size of a kernel that is decompressed. Decompression takes at most the image, the kernel and a
 * dictionary no larger than the kernel: 512 MiB with these limits.
 */
#define KERNEL_MAX (192u << 20)

/* The lowest boot protocol that is accepted, 2.12: it has xloadflags, as kexec requires. */
#define KERNEL_PROTOCOL_MIN 0x020cu

/* Offsets of fields of the setup header, from the start of the image and of boot_params. */
#define KERNEL_OFFSET_SETUP_SECTS 0x1f1u
#define KERNEL_OFFSET_SYSSIZE 0x1f4u
#define KERNEL_OFFSET_BOOT_FLAG 0x1feu
#define KERNEL_OFFSET_MAGIC 0x202u
#define KERNEL_OFFSET_PROTOCOL 0x206u
#define KERNEL_OFFSET_KERNEL_VERSION 0x20eu
#define KERNEL_OFFSET_LOADFLAGS 0x211u
#define KERNEL_OFFSET_ALIGNMENT 0x230u
#define KERNEL_OFFSET_RELOCATABLE 0x234u
#define KERNEL_OFFSET_XLOADFLAGS 0x236u
#define KERNEL_OFFSET_CMDLINE_SIZE 0x238u
#define KERNEL_OFFSET_PAYLOAD_OFFSET 0x248u
#define KERNEL_OFFSET_PAYLOAD_LENGTH 0x24cu
#define KERNEL_OFFSET_PREF_ADDRESS 0x258u
#define KERNEL_OFFSET_INIT_SIZE 0x260u

/* Bits of loadflags and xloadflags. */
#define KERNEL_LOADED_HIGH 0x01u
#define KERNEL_XLF_KERNEL_64 0x0001u
#define KERNEL_XLF_CAN_BE_LOADED_ABOVE_4G 0x0002u
#define KERNEL_XLF_5LEVEL 0x0020u

#define KERNEL_BANNER_SIZE 256u

/**
 * struct kernel_header - what the setup header and the PE header of an image say
 * @protocol:       boot protocol, 0x020f for 2.15
 * @setup_sects:    number of setup sectors after the boot sector, 4 if the field is 0
 * @xloadflags:     KERNEL_XLF_*
 * @relocatable:    the kernel runs at any address that is a multiple of @alignment
 * @alignment:      kernel_alignment, bytes
 * @cmdline_size:   bytes that the command line may have, without the terminating zero
 * @pref_address:   physical address that the kernel prefers
 * @init_size:      bytes of memory that the kernel needs from its start on
 * @protected_offset: where the protected-mode part begins in the image
 * @protected_size: its bytes, by the field syssize
 * @payload_offset: where the compressed kernel begins in the image
 * @payload_size:   its bytes
 * @compression:    "gzip", "zstd" and so on; NULL if it is not known
 * @banner:         the text at kernel_version, "6.1.0-50-cloud-amd64 (...) #1 SMP ..."; "" if there
 *                  is none. What is not printable ASCII is replaced by '?'.
 * @release:        the first word of @banner, as uname -r prints it
 * @signature_offset: where the Authenticode signatures begin in the image; 0 if it is not signed
 * @signature_size: their bytes
 */
struct kernel_header {
	uint16_t protocol;
	uint8_t setup_sects;
	uint16_t xloadflags;
	bool relocatable;
	uint32_t alignment;
	uint32_t cmdline_size;
	uint64_t pref_address;
	uint32_t init_size;
	size_t protected_offset;
	size_t protected_size;
	size_t payload_offset;
	size_t payload_size;
	const char *compression;
	char banner[KERNEL_BANNER_SIZE];
	char release[KERNEL_BANNER_SIZE];
	size_t signature_offset;
	size_t signature_size;
};

/*
 * kernel_header_read() - reads the header of the @size bytes at @image. All offsets and sizes in
 * @header lie inside the image then. False with @error filled if it is not a 64-bit bzImage of a
 * known boot protocol, or if it is truncated.
 */
bool kernel_header_read(struct kernel_header *header, const uint8_t *image, size_t size,
			struct capture_error *error);

/**
 * enum fact_source - where a fact was found, in the order of belief
 * @FACT_UNKNOWN:  nowhere
 * @FACT_SECTION:  a section of the kernel made for this purpose: .liveupdate_versions or
 *                 .liveupdate_features
 * @FACT_BTF:      types and functions in the kernel's BTF
 * @FACT_IKCONFIG: the config inside the kernel (CONFIG_IKCONFIG)
 * @FACT_CONFIG:   a config file beside the image, or the one that the caller named
 * @FACT_STRINGS:  strings in the kernel
 */
enum fact_source {
	FACT_UNKNOWN,
	FACT_SECTION,
	FACT_BTF,
	FACT_IKCONFIG,
	FACT_CONFIG,
	FACT_STRINGS,
};

/**
 * struct kernel_answer - a fact that is true or false
 * @source: FACT_UNKNOWN if @yes has no meaning
 * @yes:    the answer
 */
struct kernel_answer {
	enum fact_source source;
	bool yes;
};

/* Room for a version, such as "kho-v4", as struct luo_file_ser of Linux has it. */
#define KERNEL_VERSION_SIZE 48u

/**
 * struct kernel_version - a version that the kernel knows
 * @source: FACT_UNKNOWN if @text has no meaning
 * @text:   the version, printable ASCII
 */
struct kernel_version {
	enum fact_source source;
	char text[KERNEL_VERSION_SIZE];
};

#define KERNEL_CMDLINE_SIZE 2049u

/**
 * struct kernel_facts - what is known about the kernel in an image
 * @kho:           it has KHO, kexec handover (CONFIG_KEXEC_HANDOVER)
 * @liveupdate:    it has the Live Update Orchestrator (CONFIG_LIVEUPDATE)
 * @pci:           it has PCI Live Update (CONFIG_PCI_LIVEUPDATE)
 * @keeps_buses:   it keeps the bus numbers of preserved devices
 * @keeps_vfs:     it keeps preserved virtual functions
 * @kho_default:   KHO is on without kho=on
 * @luo_default:   Live Update is on without liveupdate=on
 * @kho_version:   version of the KHO root that it reads, "kho-v4"
 * @luo_version:   version of the LUO record that it reads, "luo-v5"
 * @pci_version:   version of the PCI record that it reads, "2"
 * @cmdline_source: where @cmdline and @cmdline_overrides come from
 * @cmdline:       its built-in command line (CONFIG_CMDLINE), "" if it has none
 * @cmdline_overrides: the kernel ignores what the boot loader hands over (CONFIG_CMDLINE_OVERRIDE);
 *                 otherwise the boot loader's words follow the built-in ones
 * @config_path:   the config file that was read, "" if none was
 * @note:          why a config file beside the image was not used, or ""
 */
struct kernel_facts {
	struct kernel_answer kho;
	struct kernel_answer liveupdate;
	struct kernel_answer pci;
	struct kernel_answer keeps_buses;
	struct kernel_answer keeps_vfs;
	struct kernel_answer kho_default;
	struct kernel_answer luo_default;
	struct kernel_version kho_version;
	struct kernel_version luo_version;
	struct kernel_version pci_version;
	enum fact_source cmdline_source;
	char cmdline[KERNEL_CMDLINE_SIZE];
	bool cmdline_overrides;
	char config_path[4096];
	char note[400];
};

/*
 * kernel_image_load() - reads the file @path, "-" for standard input. Returns a block of *@size
 * bytes for the caller to free, or NULL with @error filled.
 */
uint8_t *kernel_image_load(const char *path, size_t *size, struct capture_error *error);

/*
 * kernel_facts_read() - decompresses the kernel in @image, which kernel_header_read() accepted, and
 * looks for what it knows. @path is the file that the image was read from; a config file beside it
 * is used. @config names a config file instead. Both may be NULL. False with @error filled if the
 * kernel cannot be decompressed, or @config cannot be read.
 */
bool kernel_facts_read(struct kernel_facts *facts, const struct kernel_header *header,
		       const uint8_t *image, const char *path, const char *config,
		       struct capture_error *error);

/* kernel_lacks() - whether it is known that the kernel does not have @part. */
bool kernel_lacks(const struct kernel_answer *part);

/* fact_source_text() - "section", "btf", "ikconfig", "config", "strings" or "unknown". */
const char *fact_source_text(enum fact_source source);

#endif
