/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * users.h - what on this host depends on the address of a PCI device.
 */
#ifndef PCIGATE_USERS_H
#define PCIGATE_USERS_H

#include <pcigate/bdf.h>

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * enum user_kind - what depends on an address
 * @USER_INTERFACE: a network interface of the device
 * @USER_DISK:      a disk of the device
 * @USER_DRIVER:    driver_override of the device, written by its address
 * @USER_DOMAIN:    a domain of libvirt, whose XML has the address
 * @USER_FILE:      a file of /etc/modprobe.d that has the address
 * @USER_CMDLINE:   a word of the running kernel's command line that has the address
 */
enum user_kind {
	USER_INTERFACE,
	USER_DISK,
	USER_DRIVER,
	USER_DOMAIN,
	USER_FILE,
	USER_CMDLINE,
};

/**
 * struct user - something that depends on an address
 * @at:      the address
 * @kind:    what it is
 * @name:    its name: the interface, the disk, the driver, the domain, the file, the word
 * @by_path: for USER_INTERFACE: udev made the name from the address of the device
 */
struct user {
	struct pg_bdf at;
	enum user_kind kind;
	char *name;
	bool by_path;
};

/**
 * struct users - all of this host
 * @nr:    length of @users
 * @users: sorted by address and kind
 */
struct users {
	uint32_t nr;
	struct user *users;
};

/*
 * users_read() - finds them. What cannot be read is left out, with a warning. False if memory runs
 * out. In any case call users_free() afterwards.
 */
bool users_read(struct users *users);
void users_free(struct users *users);

/*
 * users_put() - prints @prefix and the users of @at, with commas between them, or nothing if there
 * is none: then it returns false. The address of the device becomes @next. With @named, only those
 * that name the address: the others come with the device.
 */
bool users_put(const struct users *users, struct pg_bdf at, struct pg_bdf next, bool named,
	       const char *prefix, FILE *out);

/* users_json() - the same as an array of strings, or NULL if memory runs out. */
json_t *users_json(const struct users *users, struct pg_bdf at, struct pg_bdf next, bool named);

/* The parts of users_read(). users_add() copies @name. */
bool users_add(struct users *users, struct pg_bdf at, enum user_kind kind, const char *name,
	       bool by_path);
bool users_of_udev(struct users *users);
bool users_of_libvirt(struct users *users, const char *directory);
bool users_of_text(struct users *users, enum user_kind kind, const char *name, const char *text);

#endif
