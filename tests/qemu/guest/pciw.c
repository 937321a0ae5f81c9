// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pciw - reads or writes config space through sysfs. The kernel does not notice a write, as it does
 * not notice one by firmware or a change in a failing bridge.
 *
 *   pciw SEGMENT:BUS:DEVICE.FUNCTION REGISTER WIDTH [VALUE]
 *
 * WIDTH is 1, 2 or 4 bytes. Without VALUE, the register is printed.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	uint32_t value = 0;
	long reg, width;
	ssize_t done;
	int fd;

	if (argc != 4 && argc != 5)
		return 2;
	reg = strtol(argv[2], NULL, 0);
	width = strtol(argv[3], NULL, 0);
	if (width != 1 && width != 2 && width != 4)
		return 2;
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", argv[1]);
	fd = open(path, argc == 5 ? O_RDWR : O_RDONLY);
	if (fd < 0) {
		fprintf(stderr, "pciw: %s: %s\n", path, strerror(errno));
		return 1;
	}
	/* x86 and PCI are both little-endian. */
	if (argc == 5) {
		value = (uint32_t)strtoul(argv[4], NULL, 0);
		done = pwrite(fd, &value, (size_t)width, reg);
	} else {
		done = pread(fd, &value, (size_t)width, reg);
		printf("0x%0*x\n", (int)width * 2, value);
	}
	if (done != width) {
		fprintf(stderr, "pciw: %s register %s: %s\n", argv[1], argv[2], strerror(errno));
		return 1;
	}
	return 0;
}
