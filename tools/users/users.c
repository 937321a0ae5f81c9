// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * users.c - the list of what depends on addresses, and addresses in files of this host.
 */
#include "users.h"

#include "../cli.h"
#include "../json.h"

#include <pcigate/parse.h>

#include <ctype.h>
#include <glob.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIBVIRT "/etc/libvirt/qemu"
#define CMDLINE "/proc/cmdline"

/* Adds a copy of @user. */
static bool add(struct users *users, struct user user)
{
	struct user *longer = realloc(users->users, (users->nr + 1) * sizeof(*longer));
	const bool has_later = user.later;

	if (!longer)
		return false;
	users->users = longer;
	user.name = strdup(user.name);
	user.later = has_later ? strdup(user.later) : NULL;
	longer[users->nr++] = user;
	return user.name && (user.later || !has_later);
}

bool users_add(struct users *users, struct pg_bdf at, enum user_kind kind, const char *name)
{
	/* A file may name an address more than once. */
	for (uint32_t i = 0; i < users->nr; i++) {
		const struct user *user = &users->users[i];

		if (user->kind == kind && pg_bdf_equal(user->at, at) && !strcmp(user->name, name))
			return true;
	}
	return add(users,
		   (struct user){ .at = at, .physical = at, .kind = kind, .name = (char *)name });
}

bool users_add_interface(struct users *users, struct pg_bdf at, const char *name, const char *later,
			 bool by_table)
{
	return add(users, (struct user){ .at = at,
					 .physical = at,
					 .kind = USER_INTERFACE,
					 .name = (char *)name,
					 .later = (char *)later,
					 .by_table = by_table });
}

bool users_add_vf(struct users *users, struct pg_bdf vf, struct pg_bdf physical)
{
	const uint32_t nr = users->nr;

	for (uint32_t i = 0; i < nr; i++) {
		struct user user = users->users[i];
		const bool is_vf = !pg_bdf_equal(user.at, user.physical);

		if (user.kind < USER_DOMAIN || !pg_bdf_equal(user.at, vf) ||
		    pg_bdf_equal(user.physical, physical))
			continue;
		users->users[i].physical = is_vf ? user.physical : physical;
		user.physical = physical;
		if (is_vf && !add(users, user))
			return false;
	}
	return true;
}

static int by_address(const void *a, const void *b)
{
	const struct user *x = a, *y = b;
	const uint64_t left = pg_bdf_key(x->at), right = pg_bdf_key(y->at);

	if (left != right)
		return left < right ? -1 : 1;
	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	return strcmp(x->name, y->name);
}

/*
 * An address with a bus, a slot and a function, perhaps with a segment, at @text. In a line of
 * Proxmox VE, an address without a function is that of all functions: then @at is function 0.
 */
static bool is_address(const char *text, bool proxmox, struct pg_bdf *at, int *len)
{
	unsigned int segment = 0, bus, slot, function;
	int slot_end = 0;

	*len = 0;
	if (sscanf(text, "%4x:%2x:%2x%n.%1x%n", &segment, &bus, &slot, &slot_end, &function, len) <
	    3) {
		segment = 0;
		sscanf(text, "%2x:%2x%n.%1x%n", &bus, &slot, &slot_end, &function, len);
	}
	if (slot_end && !*len && proxmox) {
		function = 0;
		*len = slot_end;
	}
	if (!*len)
		return false;
	if (slot > 31 || function > 7 || isxdigit((unsigned char)text[*len]))
		return false;
	*at = pg_bdf(segment, (uint8_t)bus, (uint8_t)(slot << 3 | function));
	return true;
}

/* Adds each address in @text. With an empty @name, the name is the word that has the address. */
bool users_of_text(struct users *users, enum user_kind kind, const char *name, const char *text)
{
	const bool proxmox = !strncmp(text, "hostpci", strlen("hostpci"));
	const char *word = text;
	struct pg_bdf at;
	bool good = true;
	int len;

	for (const char *p = text; good && *p; p++) {
		if (isspace((unsigned char)*p))
			word = p + 1;
		/* Not in the middle of a longer number. */
		if (!isxdigit((unsigned char)*p) ||
		    (p > text && (isalnum((unsigned char)p[-1]) || p[-1] == ':')))
			continue;
		if (!is_address(p, proxmox, &at, &len))
			continue;
		if (name[0]) {
			good = users_add(users, at, kind, name);
		} else {
			char *copy = strndup(word, strcspn(word, " \t\n"));

			good = copy && users_add(users, at, kind, copy);
			free(copy);
		}
		p += len - 1;
	}
	return good;
}

/* A line that begins with '#' is a comment. A file that cannot be read has no lines. */
static bool read_lines(struct users *users, enum user_kind kind, const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	bool good = true;

	if (!file)
		return true;
	while (good && getline(&line, &size, file) >= 0) {
		if (line[strspn(line, " \t")] != '#')
			good = users_of_text(users, kind, name, line);
	}
	free(line);
	fclose(file);
	return good;
}

static bool read_files(struct users *users)
{
	static const char *const patterns[] = {
		"/etc/modprobe.d/*.conf",      "/etc/pve/qemu-server/*.conf",
		"/etc/systemd/network/*.link", "/etc/systemd/network/*.network",
		"/etc/udev/rules.d/*.rules",   "/etc/xen/*.cfg",
	};
	bool good = true;

	for (size_t i = 0; good && i < PG_ARRAY_SIZE(patterns); i++) {
		glob_t files;

		if (glob(patterns[i], 0, NULL, &files) == 0) {
			for (size_t j = 0; good && j < files.gl_pathc; j++)
				good = read_lines(users, USER_FILE, files.gl_pathv[j],
						  files.gl_pathv[j]);
		}
		globfree(&files);
	}
	return good && read_lines(users, USER_CMDLINE, CMDLINE, "");
}

/* If @user->at is a virtual function of this host, sysfs has a link to its physical function. */
static void find_physical(struct user *user)
{
	char path[64], target[64], text[BDF_TEXT];
	const char *name;
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/physfn", bdf_text(user->at, text));
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return;
	target[len] = 0;
	name = strrchr(target, '/');
	if (!pg_parse_bdf(name ? name + 1 : target, &user->physical))
		user->physical = user->at;
}

bool users_read(struct users *users)
{
	*users = (struct users){ 0 };
	if (!users_of_udev(users) || !users_of_libvirt(users, LIBVIRT) || !read_files(users))
		return false;
	for (uint32_t i = 0; i < users->nr; i++)
		find_physical(&users->users[i]);
	if (users->nr)
		qsort(users->users, users->nr, sizeof(*users->users), by_address);
	return true;
}

void users_free(struct users *users)
{
	for (uint32_t i = 0; i < users->nr; i++) {
		free(users->users[i].name);
		free(users->users[i].later);
	}
	free(users->users);
	*users = (struct users){ 0 };
}

#define USER_TEXT 512
#define NAME_TEXT 64

/*
 * The part of udev's names that is made from segment and bus: systemd.net-naming-scheme(7). The
 * rest is the device's own.
 */
static void name_part(struct pg_bdf at, char text[32])
{
	char segment[16] = "";

	if (at.segment)
		snprintf(segment, sizeof(segment), "P%u", at.segment);
	snprintf(text, 32, "%sp%us", segment, at.bus);
}

/* The interface that the firmware's table names at @at, or NULL. */
static const struct user *in_table(const struct users *users, struct pg_bdf at)
{
	for (uint32_t i = 0; i < users->nr; i++) {
		if (users->users[i].by_table && pg_bdf_equal(users->users[i].at, at))
			return &users->users[i];
	}
	return NULL;
}

/*
 * The name that udev gives to the interface when its address @at becomes @next. False if it does
 * not change, or if it is not known. The name of a virtual function has the bus of the physical
 * one.
 */
static bool next_name(const struct users *users, const struct user *user, struct pg_bdf at,
		      struct pg_bdf next, char text[NAME_TEXT])
{
	const struct pg_bdf from = user->physical;
	const struct pg_bdf to =
		pg_bdf(next.segment, (uint8_t)(from.bus + next.bus - at.bus), from.devfn);
	const struct user *taken = in_table(users, to);
	/* A virtual function: the name of the physical one, and "v" with its number. */
	const char *suffix =
		user->later && !pg_bdf_equal(user->at, from) ? strrchr(user->later, 'v') : NULL;
	char before[32], after[32];
	const char *part;

	if (pg_bdf_equal(at, next) || at.devfn != next.devfn || !user->later)
		return false;
	if (taken) {
		snprintf(text, NAME_TEXT, "%s%s", taken->name, suffix ? suffix : "");
		return true;
	}
	name_part(from, before);
	name_part(to, after);
	part = strstr(user->later, before);
	if (part)
		return snprintf(text, NAME_TEXT, "%.*s%s%s", (int)(part - user->later), user->later,
				after, part + strlen(before)) < IFNAMSIZ;
	snprintf(text, NAME_TEXT, "%s", user->later);
	return user->by_table;
}

#define WOULD_BE ", which would be "

/* Describes @user, which uses the function at @at or one of its virtual functions. */
static const char *describe(const struct users *users, const struct user *user, struct pg_bdf at,
			    struct pg_bdf next, char text[USER_TEXT])
{
	static const char *const words[] = {
		[USER_INTERFACE] = "interface",
		[USER_DISK] = "disk",
		[USER_DRIVER] = "driver_override",
		[USER_DOMAIN] = "domain",
		[USER_FILE] = "file",
		[USER_CMDLINE] = "kernel parameter",
	};
	char later[NAME_TEXT] = "", virtual[BDF_TEXT + 16] = "", address[BDF_TEXT];

	if (!pg_bdf_equal(user->at, at))
		snprintf(virtual, sizeof(virtual), " (VF %s)", bdf_text(user->at, address));
	if (!next_name(users, user, at, next, later))
		later[0] = 0;
	snprintf(text, USER_TEXT, "%s %.300s%s%s%s", words[user->kind], user->name, virtual,
		 later[0] ? WOULD_BE : "", later);
	return text;
}

static bool is_user(const struct user *user, struct pg_bdf at, bool named)
{
	return (pg_bdf_equal(user->at, at) || pg_bdf_equal(user->physical, at)) &&
	       (!named || user->kind >= USER_DOMAIN);
}

bool users_put(const struct users *users, struct pg_bdf at, struct pg_bdf next, bool named,
	       const char *prefix, FILE *out)
{
	char text[USER_TEXT];
	bool any = false;

	for (uint32_t i = 0; i < users->nr; i++) {
		if (!is_user(&users->users[i], at, named))
			continue;
		fputs(any ? ", " : prefix, out);
		put_text(out, describe(users, &users->users[i], at, next, text));
		any = true;
	}
	return any;
}

void users_put_lines(const struct users *users, struct pg_bdf at, struct pg_bdf next, FILE *out)
{
	char text[USER_TEXT], *later;

	for (uint32_t i = 0; i < users->nr; i++) {
		if (!is_user(&users->users[i], at, false))
			continue;
		describe(users, &users->users[i], at, next, text);
		later = strstr(text, WOULD_BE);
		if (later)
			*later = 0;
		fputs("  ", out);
		put_text(out, text);
		fputc('\n', out);
		if (!later)
			continue;
		fputs("   would be ", out);
		put_text(out, later + strlen(WOULD_BE));
		fputc('\n', out);
	}
}

json_t *users_json(const struct users *users, struct pg_bdf at, struct pg_bdf next, bool named)
{
	json_t *array = json_array();
	char text[USER_TEXT];

	for (uint32_t i = 0; array && i < users->nr; i++) {
		if (is_user(&users->users[i], at, named) &&
		    !json_append_or_fail(
			    array, json_text(describe(users, &users->users[i], at, next, text)))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}
