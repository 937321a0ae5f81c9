// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * files.c - reads and writes files (UEFI Specification 2.10, 13.4 and 13.5).
 */
#include "files.h"

#include <string.h>

#define PAGE 4096u

/*
 * Files are read and written in pieces of this size, so that no driver gets a request for a
 * gigabyte.
 */
#define PIECE (1u << 20)

/* Size of EFI_FILE_INFO with the name of the file. */
#define INFO_SIZE (sizeof(EFI_FILE_INFO) + 2 * PATH_SIZE)

/* The directory of the program: "\EFI\pcigate\". Returns its length. */
static size_t own_directory(CHAR16 path[PATH_SIZE])
{
	const uint8_t *node = (const uint8_t *)firmware.loaded->FilePath;
	size_t len = 0;

	while (node && node[0] != END_DEVICE_PATH_TYPE) {
		const size_t size = node[2] | (size_t)node[3] << 8;

		if (size < sizeof(EFI_DEVICE_PATH))
			break;
		if (node[0] == MEDIA_DEVICE_PATH && node[1] == MEDIA_FILEPATH_DP) {
			if (len && path[len - 1] != '\\')
				path[len++] = '\\';
			for (size_t i = 4; i + 1 < size && len < PATH_SIZE - 2; i += 2) {
				const CHAR16 c = (CHAR16)(node[i] | node[i + 1] << 8);

				if (!c)
					break;
				path[len++] = c == '/' ? '\\' : c;
			}
		}
		node += size;
	}
	while (len && path[len - 1] != '\\')
		len--;
	if (!len || path[0] != '\\') {
		path[0] = '\\';
		len = 1;
	}
	return len;
}

bool files_path(const char *name, CHAR16 path[PATH_SIZE])
{
	size_t len = *name == '/' || *name == '\\' ? 0 : own_directory(path);

	for (; *name; name++) {
		if (len >= PATH_SIZE - 1)
			return false;
		path[len++] = *name == '/' ? '\\' : (CHAR16)*name;
	}
	path[len] = 0;
	return true;
}

static EFI_STATUS open_volume(EFI_FILE_HANDLE *root, const char **error)
{
	const EFI_GUID guid = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID;
	EFI_FILE_IO_INTERFACE *volume = firmware_protocol(firmware.loaded->DeviceHandle, &guid);
	EFI_STATUS status = EFI_UNSUPPORTED;

	*error = "the device that started this program has no file system";
	if (!volume)
		return status;
	status = volume->OpenVolume(volume, root);
	if (status != EFI_SUCCESS)
		*error = firmware_error(status);
	return status;
}

static EFI_STATUS open_file(const char *name, uint64_t mode, EFI_FILE_HANDLE *file,
			    const char **error)
{
	CHAR16 path[PATH_SIZE];
	EFI_FILE_HANDLE root;
	EFI_STATUS status;

	*error = "the name is too long";
	if (!files_path(name, path))
		return EFI_INVALID_PARAMETER;
	status = open_volume(&root, error);
	if (status != EFI_SUCCESS)
		return status;
	status = root->Open(root, file, path, mode, 0);
	*error = firmware_error(status);
	root->Close(root);
	return status;
}

static EFI_STATUS check(EFI_FILE_HANDLE handle, uint64_t max, uint64_t *size, const char **error)
{
	EFI_GUID guid = EFI_FILE_INFO_ID;
	uint64_t buffer[INFO_SIZE / 8 + 1];
	const EFI_FILE_INFO *info = (const EFI_FILE_INFO *)buffer;
	UINTN room = sizeof(buffer);
	const EFI_STATUS status = handle->GetInfo(handle, &guid, &room, buffer);

	*error = firmware_error(status);
	if (status != EFI_SUCCESS)
		return status;
	*error = "is a directory";
	if (info->Attribute & EFI_FILE_DIRECTORY)
		return EFI_UNSUPPORTED;
	*error = "is empty";
	if (!info->FileSize)
		return EFI_END_OF_FILE;
	*error = "is too large";
	if (info->FileSize > max)
		return EFI_BAD_BUFFER_SIZE;
	*size = info->FileSize;
	return EFI_SUCCESS;
}

static EFI_STATUS read_pieces(EFI_FILE_HANDLE handle, struct file *file, const char **error)
{
	size_t done = 0;

	while (done < file->size) {
		UINTN piece = file->size - done < PIECE ? file->size - done : PIECE;
		const EFI_STATUS status = handle->Read(handle, &piece, file->bytes + done);

		*error = firmware_error(status);
		if (status != EFI_SUCCESS)
			return status;
		*error = "is shorter than its size";
		if (!piece)
			return EFI_END_OF_FILE;
		done += piece;
	}
	return EFI_SUCCESS;
}

EFI_STATUS files_read(const char *name, uint64_t max, struct file *file, const char **error)
{
	EFI_PHYSICAL_ADDRESS address;
	EFI_FILE_HANDLE handle;
	uint64_t size;
	EFI_STATUS status = open_file(name, EFI_FILE_MODE_READ, &handle, error);

	*file = (struct file){ 0 };
	if (status != EFI_SUCCESS)
		return status;
	status = check(handle, max, &size, error);
	if (status == EFI_SUCCESS) {
		file->size = size;
		file->pages = size / PAGE + 1;
		status = BS->AllocatePages(AllocateAnyPages, EfiLoaderData, file->pages, &address);
		*error = "does not fit into memory";
		if (status == EFI_SUCCESS) {
			file->bytes = (uint8_t *)address;
			status = read_pieces(handle, file, error);
		}
		if (status != EFI_SUCCESS)
			files_free(file);
	}
	handle->Close(handle);
	return status;
}

void files_free(struct file *file)
{
	if (file->bytes)
		BS->FreePages((EFI_PHYSICAL_ADDRESS)file->bytes, file->pages);
	*file = (struct file){ 0 };
}

static EFI_STATUS write_pieces(EFI_FILE_HANDLE handle, const uint8_t *bytes, size_t size)
{
	EFI_STATUS status = EFI_SUCCESS;

	for (size_t done = 0; done < size && status == EFI_SUCCESS;) {
		UINTN piece = size - done < PIECE ? size - done : PIECE;
		const UINTN asked = piece;

		status = handle->Write(handle, &piece, (void *)(uintptr_t)(bytes + done));
		if (status == EFI_SUCCESS && piece < asked)
			status = EFI_VOLUME_FULL;
		done += piece;
	}
	return status == EFI_SUCCESS ? handle->Flush(handle) : status;
}

/* Removes an existing file, which may be longer than the new one. */
static EFI_STATUS remove_old(const char *name, const char **error)
{
	EFI_FILE_HANDLE handle;
	uint64_t size;
	EFI_STATUS status =
		open_file(name, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE, &handle, error);

	if (status == EFI_NOT_FOUND)
		return EFI_SUCCESS;
	if (status != EFI_SUCCESS)
		return status;
	status = check(handle, UINT64_MAX, &size, error);
	if (status == EFI_UNSUPPORTED) {
		handle->Close(handle);
		return status;
	}
	status = handle->Delete(handle);
	*error = "the existing file cannot be replaced";
	return status;
}

EFI_STATUS files_write(const char *name, const void *bytes, size_t size, const char **error)
{
	EFI_FILE_HANDLE handle;
	EFI_STATUS status = remove_old(name, error);

	if (status != EFI_SUCCESS)
		return status;
	status = open_file(name, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE | EFI_FILE_MODE_CREATE,
			   &handle, error);
	if (status != EFI_SUCCESS)
		return status;
	status = write_pieces(handle, bytes, size);
	*error = firmware_error(status);
	if (status == EFI_SUCCESS)
		status = handle->Close(handle);
	else
		handle->Delete(handle);
	return status;
}
