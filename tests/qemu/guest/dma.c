// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * dma - makes QEMU's "edu" device write memory by DMA.
 *
 *   dma vfio SESSION TOKEN=PATH IOVA
 *       Opens the device cdev PATH, maps a page of this process at IOVA through an iommufd, sets
 *       bus mastering, makes the device write the page, and preserves the file in a session. A
 *       child process keeps everything open.
 *   dma raw DIRECTORY ADDRESS
 *       Sets bus mastering of the device of that sysfs directory and makes it write at ADDRESS.
 *       ADDRESS is physical if no IOMMU translates.
 *
 * The device keeps its registers, so one more write (3 to register 0x98) repeats the transfer.
 * Registers: 0x80 source, 0x88 destination, 0x90 bytes, 0x98 command (bit 0 start and busy, bit 1
 * towards memory). The device's own memory of 4096 bytes is at 0x40000 (QEMU, docs/specs/edu).
 *
 * Definitions that are not in uapi.h are from the kernel's include/uapi/linux/{vfio,iommufd}.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include "uapi.h"

#define PAGE 4096
/* QEMU 7.2 rejects a transfer of all 4096 bytes of the device's memory as too long. */
#define LENGTH 2048
#define DEVICE_MEMORY 0x40000

#define VFIO_ATTACH_PT _IO(';', 100 + 19)
#define IOMMU_IOAS_ALLOC _IO(';', 0x81)
#define IOMMU_IOAS_MAP _IO(';', 0x85)

struct vfio_attach {
	uint32_t argsz;
	uint32_t flags;
	uint32_t pt_id;
	uint32_t pasid;
};

struct ioas_alloc {
	uint32_t size;
	uint32_t flags;
	uint32_t out_id;
};

struct ioas_map {
	uint32_t size;
	uint32_t flags; /* fixed IOVA 1, writable 2, readable 4 */
	uint32_t id;
	uint32_t reserved;
	uint64_t user;
	uint64_t length;
	uint64_t iova;
};

static void die(const char *what)
{
	fprintf(stderr, "dma: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int need(int result, const char *what)
{
	if (result < 0)
		die(what);
	return result;
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t value = strtoull(text, &end, 0);

	if (end == text || *end) {
		errno = EINVAL;
		die(text);
	}
	return value;
}

/*
 * Makes one transfer from or to memory at `address`; the device takes 100 ms. The barriers keep the
 * compiler from moving accesses to the page across the transfer.
 */
static void transfer(volatile uint8_t *bar, uint64_t address, int towards_memory)
{
	volatile uint32_t *command = (volatile uint32_t *)(bar + 0x98);

	*(volatile uint64_t *)(bar + 0x80) = towards_memory ? DEVICE_MEMORY : address;
	*(volatile uint64_t *)(bar + 0x88) = towards_memory ? address : DEVICE_MEMORY;
	*(volatile uint64_t *)(bar + 0x90) = LENGTH;
	__asm__ volatile("" ::: "memory");
	*command = towards_memory ? 3 : 1;
	for (int i = 0; *command & 1; i++) {
		if (i == 1000) {
			errno = ETIMEDOUT;
			die("transfer");
		}
		usleep(10000);
	}
	__asm__ volatile("" ::: "memory");
}

/* Fills the device's own memory from the page, then makes the device write the page. */
static void write_page(volatile uint8_t *bar, uint8_t *page, uint64_t address)
{
	memset(page, 0xda, PAGE);
	transfer(bar, address, 0);
	memset(page, 0, PAGE);
	transfer(bar, address, 1);
	if (page[0] != 0xda || page[LENGTH - 1] != 0xda) {
		errno = EIO;
		die("the device did not write the page");
	}
}

static volatile uint8_t *map_bar(int fd, off_t offset)
{
	void *bar = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);

	if (bar == MAP_FAILED)
		die("map BAR 0");
	return bar;
}

static void master(int fd, off_t config)
{
	uint16_t command;

	if (pread(fd, &command, 2, config + PCI_COMMAND) != 2)
		die("read command register");
	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	if (pwrite(fd, &command, 2, config + PCI_COMMAND) != 2)
		die("write command register");
}

static off_t region(int fd, uint32_t index)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = index };

	need(ioctl(fd, VFIO_DEVICE_GET_REGION_INFO, &info), "region");
	return (off_t)info.offset;
}

/* Attaches the device to an I/O address space that has one page. */
static void attach(int fd, uint8_t *page, uint64_t iova)
{
	int iommu = need(open("/dev/iommu", O_RDWR), "/dev/iommu");
	struct vfio_bind bind = { .argsz = sizeof(bind), .iommufd = iommu };
	struct ioas_alloc space = { .size = sizeof(space) };
	struct vfio_attach point = { .argsz = 12 };
	struct ioas_map map = {
		.size = sizeof(map),
		.flags = 7,
		.user = (uintptr_t)page,
		.length = PAGE,
		.iova = iova,
	};

	need(ioctl(fd, VFIO_BIND_IOMMUFD, &bind), "bind to iommufd");
	need(ioctl(iommu, IOMMU_IOAS_ALLOC, &space), "allocate address space");
	point.pt_id = space.out_id;
	need(ioctl(fd, VFIO_ATTACH_PT, &point), "attach to address space");
	map.id = space.out_id;
	need(ioctl(iommu, IOMMU_IOAS_MAP, &map), "map page");
}

static void preserve(const char *name, uint64_t token, int fd)
{
	struct lu_session session = { .size = sizeof(session) };
	struct lu_file file = { .size = sizeof(file), .fd = fd, .token = token };

	snprintf(session.name, sizeof(session.name), "%s", name);
	need(ioctl(need(open("/dev/liveupdate", O_RDWR), "/dev/liveupdate"), LU_CREATE_SESSION,
		   &session),
	     "create session");
	need(ioctl(session.fd, LU_PRESERVE_FD, &file), "preserve");
}

static int by_vfio(const char *session, char *file, uint64_t iova)
{
	char *path = strchr(file, '=');
	uint8_t *page;
	int fd;

	if (!path) {
		errno = EINVAL;
		die(file);
	}
	*path++ = '\0';
	fd = need(open(path, O_RDWR), path);
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		die("page");
	attach(fd, page, iova);
	master(fd, region(fd, VFIO_PCI_CONFIG_REGION_INDEX));
	write_page(map_bar(fd, region(fd, VFIO_PCI_BAR0_REGION_INDEX)), page, iova);
	printf("the device writes the page at IOVA %#llx\n", (unsigned long long)iova);
	preserve(session, number(file), fd);
	printf("preserved token %s %s\n", file, path);
	fflush(stdout);
	switch (need(fork(), "fork")) {
	case 0:
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(1);
		setsid();
		for (;;)
			pause();
	}
	return 0;
}

static int raw(const char *directory, uint64_t address)
{
	char name[256];
	int config, resource, memory;
	uint8_t *page;

	snprintf(name, sizeof(name), "%s/config", directory);
	config = need(open(name, O_RDWR), name);
	snprintf(name, sizeof(name), "%s/resource0", directory);
	resource = need(open(name, O_RDWR | O_SYNC), name);
	memory = need(open("/dev/mem", O_RDWR | O_SYNC), "/dev/mem");
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, memory, (off_t)address);
	if (page == MAP_FAILED)
		die("map memory");
	master(config, 0);
	write_page(map_bar(resource, 0), page, address);
	printf("the device writes the page at %#llx\n", (unsigned long long)address);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "vfio"))
		return by_vfio(argv[2], argv[3], number(argv[4]));
	if (argc == 4 && !strcmp(argv[1], "raw"))
		return raw(argv[2], number(argv[3]));
	fprintf(stderr, "usage: dma vfio SESSION TOKEN=PATH IOVA\n"
			"       dma raw DIRECTORY ADDRESS\n");
	return 2;
}
