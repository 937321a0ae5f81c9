// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * sysfs.c - what the running kernel tells about the devices of this host.
 */
#include "machine.h"

#include "../cli.h"

#include <pcigate/memory.h>
#include <pcigate/parse.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#define DEVICES "/sys/bus/pci/devices"
#define IOMMUS "/sys/class/iommu"

/* "/sys/bus/pci/devices/0000:05:00.0/NAME" */
static void path_of(struct pg_bdf at, const char *name, char path[PATH_MAX])
{
	char address[BDF_TEXT];

	snprintf(path, PATH_MAX, DEVICES "/%s/%s", bdf_text(at, address), name);
}

/*
 * The file "config" has as many bytes as the caller may read (64 without root) or the function has
 * (256 or 4096).
 */
enum pg_access sysfs_read(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	uint8_t bytes[sizeof(*value)];
	char path[PATH_MAX];
	ssize_t got;
	int fd;

	(void)ctx;
	*value = UINT32_MAX;
	path_of(at, "config", path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? PG_ACCESS_ABSENT : PG_ACCESS_UNREADABLE;
	got = pread(fd, bytes, sizeof(bytes), reg);
	close(fd);
	if (got != sizeof(bytes))
		return reg < PG_REG_EXTENDED ? PG_ACCESS_UNREADABLE : PG_ACCESS_NO_WINDOW;
	*value = pg_load32(bytes);
	return *value == UINT32_MAX ? PG_ACCESS_ABSENT : PG_ACCESS_OK;
}

struct machine_function *sysfs_list(uint32_t *nr, struct capture_error *error)
{
	struct machine_function *listed = NULL;
	struct dirent **names;
	int found = scandir(DEVICES, &names, NULL, NULL);

	if (found >= 0)
		listed = calloc((size_t)found + 1, sizeof(*listed));
	if (!listed)
		machine_fail(error, DEVICES ": %s", strerror(errno));
	*nr = 0;
	for (int i = 0; i < found; i++) {
		if (listed && pg_parse_bdf(names[i]->d_name, &listed[*nr].at))
			++*nr;
		free(names[i]);
	}
	if (found >= 0)
		free(names);
	return listed;
}

/* The last part of what a link points to. */
static bool link_name(struct pg_bdf at, const char *link, char name[NAME_MAX + 1])
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *slash;
	ssize_t len;

	path_of(at, link, path);
	len = readlink(path, target, sizeof(target) - 1);
	if (len <= 0)
		return false;
	target[len] = 0;
	slash = strrchr(target, '/');
	snprintf(name, NAME_MAX + 1, "%.255s", slash ? slash + 1 : target);
	return true;
}

bool sysfs_has_driver(struct pg_bdf at, const char *wanted, size_t len)
{
	char name[NAME_MAX + 1];

	return link_name(at, "driver", name) && strlen(name) == len && !memcmp(name, wanted, len);
}

/* Variants for one kind of device have a prefix and may be spelt with '_': nvgrace_gpu_vfio_pci. */
bool sysfs_bound_to_vfio(struct pg_bdf at)
{
	char name[NAME_MAX + 1];
	size_t len;

	if (!link_name(at, "driver", name))
		return false;
	len = strlen(name);
	return len >= 8 &&
	       (!strcmp(name + len - 8, "vfio-pci") || !strcmp(name + len - 8, "vfio_pci"));
}

bool sysfs_is_virtual(struct pg_bdf at)
{
	char name[NAME_MAX + 1];

	return link_name(at, "physfn", name);
}

static bool any_iommu(void)
{
	DIR *directory = opendir(IOMMUS);
	struct dirent *entry;
	bool any = false;

	while (directory && !any && (entry = readdir(directory)))
		any = entry->d_name[0] != '.';
	if (directory)
		closedir(directory);
	return any;
}

int8_t sysfs_translated(struct pg_bdf at)
{
	char path[PATH_MAX], name[NAME_MAX + 1], type[32] = "";
	FILE *file;

	if (!any_iommu())
		return 0;
	if (!link_name(at, "iommu_group", name))
		return -1;
	/* vfio-pci manages the translation itself, whatever the type of the group is. */
	if (!link_name(at, "driver", name) || sysfs_bound_to_vfio(at))
		return 1;
	path_of(at, "iommu_group/type", path);
	file = fopen(path, "re");
	if (!file)
		return -1;
	if (!fgets(type, sizeof(type), file))
		type[0] = 0;
	fclose(file);
	return type[0] ? strcmp(type, "identity\n") != 0 : -1;
}
