// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * udev.c - interfaces, disks and bindings, from sysfs and udev's database.
 */
#include "users.h"

#include <libudev.h>
#include <stdio.h>
#include <string.h>

/* The address of the PCI device that @device is or belongs to. */
static bool find_address(struct udev_device *device, struct pg_bdf *at)
{
	struct udev_device *pci = device;
	const char *subsystem = udev_device_get_subsystem(device);
	unsigned int segment, bus, slot, function;

	if (!subsystem || strcmp(subsystem, "pci"))
		pci = udev_device_get_parent_with_subsystem_devtype(device, "pci", NULL);
	if (!pci || sscanf(udev_device_get_sysname(pci), "%x:%x:%x.%x", &segment, &bus, &slot,
			   &function) != 4)
		return false;
	*at = pg_bdf(segment, (uint8_t)bus, (uint8_t)(slot << 3 | function));
	return true;
}

/*
 * The firmware's table (SMBIOS) has addresses as the firmware assigned them, unlike the index that
 * ACPI gives to a device. The kernel shows only one of the two.
 */
static bool is_in_table(struct udev_device *device)
{
	struct udev_device *pci =
		udev_device_get_parent_with_subsystem_devtype(device, "pci", NULL);

	/* A virtual function has the name of the physical one. */
	return pci && (udev_device_get_sysattr_value(pci, "index") ||
		       udev_device_get_sysattr_value(pci, "physfn/index"));
}

static bool is_name(const char *name, const char *made)
{
	return made && !strcmp(made, name);
}

static bool add_interface(struct users *users, struct pg_bdf at, struct udev_device *device)
{
	const char *name = udev_device_get_sysname(device);
	const char *path = udev_device_get_property_value(device, "ID_NET_NAME_PATH");
	const char *slot = udev_device_get_property_value(device, "ID_NET_NAME_SLOT");
	const char *onboard = udev_device_get_property_value(device, "ID_NET_NAME_ONBOARD");

	if (is_name(name, onboard) && is_in_table(device))
		return users_add_interface(users, at, name, slot ? slot : path, true);
	return users_add_interface(users, at, name,
				   is_name(name, slot) || is_name(name, path) ? name : NULL, false);
}

static bool add_disk(struct users *users, struct pg_bdf at, struct udev_device *device)
{
	const char *type = udev_device_get_devtype(device);

	if (type && !strcmp(type, "partition"))
		return true;
	return users_add(users, at, USER_DISK, udev_device_get_sysname(device));
}

static bool add_driver(struct users *users, struct pg_bdf at, struct udev_device *device)
{
	const char *driver = udev_device_get_sysattr_value(device, "driver_override");

	if (!driver || !driver[0] || !strcmp(driver, "(null)"))
		return true;
	return users_add(users, at, USER_DRIVER, driver);
}

static bool add_all(struct users *users, struct udev *udev, const char *subsystem,
		    bool (*add)(struct users *users, struct pg_bdf at, struct udev_device *device))
{
	struct udev_enumerate *list = udev_enumerate_new(udev);
	struct udev_list_entry *entry;
	bool good = list && udev_enumerate_add_match_subsystem(list, subsystem) >= 0 &&
		    udev_enumerate_scan_devices(list) >= 0;

	if (!good) {
		udev_enumerate_unref(list);
		return list;
	}
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(list))
	{
		struct udev_device *device =
			udev_device_new_from_syspath(udev, udev_list_entry_get_name(entry));
		struct pg_bdf at;

		/* A device that is gone since then. */
		if (!device)
			continue;
		if (find_address(device, &at))
			good = add(users, at, device) && good;
		udev_device_unref(device);
	}
	udev_enumerate_unref(list);
	return good;
}

/* With multipath, a disk of NVMe belongs to no PCI device, but its controller does. */
bool users_of_udev(struct users *users)
{
	struct udev *udev = udev_new();
	bool good = udev && add_all(users, udev, "net", add_interface) &&
		    add_all(users, udev, "block", add_disk) &&
		    add_all(users, udev, "nvme", add_disk) &&
		    add_all(users, udev, "pci", add_driver);

	udev_unref(udev);
	return good;
}
