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
 * @USER_FILE:      a file in /etc that has the address, such as one of /etc/modprobe.d
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
 * @physical: for a virtual function, the address of its physical function; otherwise @at
 * @later:   for USER_INTERFACE: the name that udev would make for the device at another address,
 * but with this one's bus; NULL if udev does not make the name
 * @by_table: the name comes from the firmware's table of onboard devices, which names the address
 */
struct user {
	struct pg_bdf at;
	enum user_kind kind;
	char *name;
	struct pg_bdf physical;
	char *later;
	bool by_table;
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
 * users_put() - prints @prefix and the users of @at and of its virtual functions, with commas
 * between them, or nothing if there is none: then it returns false. The address of the device
 * becomes @next. With @named, only those that name the address: the others come with the device.
 */
bool users_put(const struct users *users, struct pg_bdf at, struct pg_bdf next, bool named,
	       const char *prefix, FILE *out);

/* users_put_lines() - prints all of them in short lines, each user and its later name on its own.
 */
void users_put_lines(const struct users *users, struct pg_bdf at, struct pg_bdf next, FILE *out);

/* users_json() - the same as an array of strings, or NULL if memory runs out. */
json_t *users_json(const struct users *users, struct pg_bdf at, struct pg_bdf next, bool named);

/*
 * users_add_vf() - what names the address @vf uses @physical, too: it was its physical function.
 * False if memory runs out.
 */
bool users_add_vf(struct users *users, struct pg_bdf vf, struct pg_bdf physical);

/* The parts of users_read(). What is added has copies of the names. */
bool users_add(struct users *users, struct pg_bdf at, enum user_kind kind, const char *name);
bool users_add_interface(struct users *users, struct pg_bdf at, const char *name, const char *later,
			 bool by_table);
bool users_of_udev(struct users *users);
bool users_of_libvirt(struct users *users, const char *directory);
bool users_of_text(struct users *users, enum user_kind kind, const char *name, const char *text);

#endif
