// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * kernel.c - loads and starts a kernel (UEFI Specification 2.10, 7.4). The EFI stub of Linux gets
 * its initrd through EFI_LOAD_FILE2_PROTOCOL on a device path that consists of one GUID
 * (Documentation/arch/x86/boot.rst, "EFI handover").
 */
#include "kernel.h"

#include <stdlib.h>
#include <string.h>

/* Limit of the size of a kernel. An initrd has no limit. */
#define KERNEL_MAX (1u << 30)

/*
 * LINUX_EFI_INITRD_MEDIA_GUID and its device path (drivers/firmware/efi/libstub/efi-stub-helper.c).
 */
#define INITRD_MEDIA_GUID                                                                          \
	{                                                                                          \
		0x5568e427, 0x68fc, 0x4f3d,                                                        \
		{                                                                                  \
			0xac, 0x74, 0xca, 0x55, 0x52, 0x31, 0xcc, 0x68                             \
		}                                                                                  \
	}
#define LOAD_FILE2_GUID                                                                            \
	{                                                                                          \
		0x4006c0c1, 0xfcb3, 0x403e,                                                        \
		{                                                                                  \
			0x99, 0x6d, 0x4a, 0x6c, 0x87, 0x24, 0xe0, 0x6d                             \
		}                                                                                  \
	}

static struct {
	VENDOR_DEVICE_PATH vendor;
	EFI_DEVICE_PATH end;
} __attribute__((packed)) initrd_path = {
	.vendor = { .Header = { MEDIA_DEVICE_PATH,
				MEDIA_VENDOR_DP,
				{ sizeof(VENDOR_DEVICE_PATH), 0 } },
		    .Guid = INITRD_MEDIA_GUID },
	.end = { END_DEVICE_PATH_TYPE,
		 END_ENTIRE_DEVICE_PATH_SUBTYPE,
		 { sizeof(EFI_DEVICE_PATH), 0 } },
};

static EFI_GUID load_file2_guid = LOAD_FILE2_GUID;
static EFI_GUID device_path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID;

/* The initrd that load_initrd() returns to the stub. */
static const struct file *initrd;
static EFI_HANDLE initrd_handle;

static EFI_STATUS EFIAPI load_initrd(struct _EFI_LOAD_FILE_PROTOCOL *this, EFI_DEVICE_PATH *path,
				     BOOLEAN boot_policy, UINTN *size, VOID *buffer)
{
	const UINTN room = size ? *size : 0;

	if (!this || !path || !size)
		return EFI_INVALID_PARAMETER;
	if (boot_policy)
		return EFI_UNSUPPORTED;
	*size = initrd->size;
	if (!buffer || room < initrd->size)
		return EFI_BUFFER_TOO_SMALL;
	memcpy(buffer, initrd->bytes, initrd->size);
	return EFI_SUCCESS;
}

static EFI_LOAD_FILE_PROTOCOL load_file2 = { .LoadFile = load_initrd };

static EFI_STATUS offer_initrd(const struct file *file)
{
	initrd = file;
	initrd_handle = NULL;
	return BS->InstallMultipleProtocolInterfaces(&initrd_handle, &device_path_guid,
						     &initrd_path, &load_file2_guid, &load_file2,
						     NULL);
}

static void withdraw_initrd(void)
{
	if (initrd_handle)
		BS->UninstallMultipleProtocolInterfaces(initrd_handle, &device_path_guid,
							&initrd_path, &load_file2_guid, &load_file2,
							NULL);
	initrd_handle = NULL;
}

/* Appends a file. Archives in an initrd must be aligned to 4 bytes. */
static EFI_STATUS append(struct file *all, const struct file *one, const char **error)
{
	const size_t padded = (all->size + 3) & ~(size_t)3;
	struct file joined = { .size = padded + one->size };
	EFI_PHYSICAL_ADDRESS address;

	joined.pages = joined.size / 4096 + 1;
	*error = "does not fit into memory";
	if (BS->AllocatePages(AllocateAnyPages, EfiLoaderData, joined.pages, &address) !=
	    EFI_SUCCESS)
		return EFI_OUT_OF_RESOURCES;
	joined.bytes = (uint8_t *)address;
	memset(joined.bytes, 0, padded);
	memcpy(joined.bytes, all->bytes, all->size);
	memcpy(joined.bytes + padded, one->bytes, one->size);
	files_free(all);
	*all = joined;
	return EFI_SUCCESS;
}

static EFI_STATUS read_initrds(const struct request *request, struct kernel *kernel,
			       const char **error)
{
	EFI_STATUS status = EFI_SUCCESS;

	for (uint32_t i = 0; i < request->nr_initrds && status == EFI_SUCCESS; i++) {
		struct file one;

		kernel->failed = request->initrds[i];
		status = files_read(request->initrds[i], SIZE_MAX / 2, &one, error);
		if (status != EFI_SUCCESS)
			break;
		if (!kernel->initrd.bytes) {
			kernel->initrd = one;
			continue;
		}
		status = append(&kernel->initrd, &one, error);
		files_free(&one);
	}
	return status;
}

static size_t path_size(const EFI_DEVICE_PATH *path)
{
	const uint8_t *node = (const uint8_t *)path;
	size_t size = 0;

	while (node && node[size] != END_DEVICE_PATH_TYPE)
		size += node[size + 2] | (size_t)node[size + 3] << 8;
	return size;
}

/*
 * The path of a file on the device of the program; the caller frees it. The firmware uses it for
 * its security policy and for the log of the TPM.
 */
static EFI_DEVICE_PATH *file_path(const char *name)
{
	const EFI_DEVICE_PATH *device =
		firmware_protocol(firmware.loaded->DeviceHandle, &device_path_guid);
	const size_t before = path_size(device);
	CHAR16 path[PATH_SIZE];
	size_t len = 0;
	uint8_t *node;

	if (!files_path(name, path))
		return NULL;
	while (path[len])
		len++;
	len = 4 + 2 * (len + 1);
	node = malloc(before + len + 4);
	if (!node)
		return NULL;
	if (before)
		memcpy(node, device, before);
	node[before] = MEDIA_DEVICE_PATH;
	node[before + 1] = MEDIA_FILEPATH_DP;
	node[before + 2] = (uint8_t)len;
	node[before + 3] = (uint8_t)(len >> 8);
	memcpy(node + before + 4, path, len - 4);
	memcpy(node + before + len, &initrd_path.end, 4);
	return (EFI_DEVICE_PATH *)node;
}

static EFI_STATUS load_image(const char *name, struct kernel *kernel, const char **error)
{
	struct file file;
	EFI_DEVICE_PATH *path;
	EFI_STATUS status;

	kernel->failed = name;
	status = files_read(name, KERNEL_MAX, &file, error);
	if (status != EFI_SUCCESS)
		return status;
	path = file_path(name);
	status = path ? BS->LoadImage(FALSE, firmware.image, path, file.bytes, file.size,
				      &kernel->image)
		      : EFI_OUT_OF_RESOURCES;
	*error = status == EFI_UNSUPPORTED ? "is not an EFI program (no EFI stub?)"
					   : firmware_error(status);
	/* With this status the image is loaded, but must not be started. */
	if (status == EFI_SECURITY_VIOLATION && kernel->image)
		BS->UnloadImage(kernel->image);
	/* EDK2 returns this status for an image that no key of db has signed. */
	if (status == EFI_ACCESS_DENIED)
		*error = firmware_error(EFI_SECURITY_VIOLATION);
	if (status != EFI_SUCCESS)
		kernel->image = NULL;
	kernel->refused = status != EFI_SUCCESS;
	free(path);
	files_free(&file);
	return status;
}

static EFI_STATUS set_options(const struct request *request, struct kernel *kernel,
			      const char **error)
{
	const EFI_GUID guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	EFI_LOADED_IMAGE *loaded = firmware_protocol(kernel->image, &guid);
	const size_t units = request->options_len + 1;

	*error = "not enough memory";
	kernel->options = loaded ? malloc(units * sizeof(CHAR16)) : NULL;
	if (!kernel->options)
		return EFI_OUT_OF_RESOURCES;
	for (size_t i = 0; i < units; i++)
		kernel->options[i] = (CHAR16)request->options[i];
	loaded->LoadOptions = kernel->options;
	loaded->LoadOptionsSize = (UINT32)(units * sizeof(CHAR16));
	return EFI_SUCCESS;
}

EFI_STATUS kernel_load(const struct request *request, struct kernel *kernel, const char **error)
{
	EFI_STATUS status;

	*kernel = (struct kernel){ 0 };
	status = load_image(request->kernel, kernel, error);
	if (status == EFI_SUCCESS)
		status = read_initrds(request, kernel, error);
	if (status == EFI_SUCCESS)
		status = set_options(request, kernel, error);
	if (status == EFI_SUCCESS && kernel->initrd.bytes) {
		status = offer_initrd(&kernel->initrd);
		*error = status == EFI_SUCCESS ? "" : "another program offers an initrd";
	}
	if (status != EFI_SUCCESS)
		kernel_unload(kernel);
	return status;
}

void kernel_unload(struct kernel *kernel)
{
	withdraw_initrd();
	if (kernel->image)
		BS->UnloadImage(kernel->image);
	kernel->image = NULL;
	free(kernel->options);
	kernel->options = NULL;
	files_free(&kernel->initrd);
}

EFI_STATUS kernel_start(struct kernel *kernel)
{
	const EFI_STATUS status = BS->StartImage(kernel->image, NULL, NULL);

	/* The firmware has unloaded an application that returned. */
	kernel->image = NULL;
	kernel_unload(kernel);
	return status;
}
