// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * users.c - the list of what depends on addresses, and addresses in files of this host.
 */
#include "users.h"

#include "../json.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIBVIRT "/etc/libvirt/qemu"
#define MODPROBE "/etc/modprobe.d/*.conf"
#define CMDLINE "/proc/cmdline"

bool users_add(struct users *users, struct pg_bdf at, enum user_kind kind, const char *name,
	       bool by_path)
{
	struct user *longer = realloc(users->users, (users->nr + 1) * sizeof(*longer));
	char *copy = strdup(name);

	if (longer)
		users->users = longer;
	if (!longer || !copy) {
		free(copy);
		return false;
	}
	longer[users->nr++] =
		(struct user){ .at = at, .kind = kind, .name = copy, .by_path = by_path };
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

/* An address with a bus, a slot and a function, perhaps with a segment, at @text. */
static bool is_address(const char *text, struct pg_bdf *at, int *len)
{
	unsigned int segment = 0, bus, slot, function;

	*len = 0;
	if (sscanf(text, "%4x:%2x:%2x.%1x%n", &segment, &bus, &slot, &function, len) < 4 || !*len) {
		segment = 0;
		if (sscanf(text, "%2x:%2x.%1x%n", &bus, &slot, &function, len) < 3 || !*len)
			return false;
	}
	if (slot > 31 || function > 7 || isxdigit((unsigned char)text[*len]))
		return false;
	*at = pg_bdf(segment, (uint8_t)bus, (uint8_t)(slot << 3 | function));
	return true;
}

/* Adds each address in @text. With an empty @name, the name is the word that has the address. */
bool users_of_text(struct users *users, enum user_kind kind, const char *name, const char *text)
{
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
		if (!is_address(p, &at, &len))
			continue;
		if (name[0]) {
			good = users_add(users, at, kind, name, false);
		} else {
			char *copy = strndup(word, strcspn(word, " \t\n"));

			good = copy && users_add(users, at, kind, copy, false);
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
	glob_t files;
	bool good = true;

	if (glob(MODPROBE, 0, NULL, &files) == 0) {
		for (size_t i = 0; good && i < files.gl_pathc; i++)
			good = read_lines(users, USER_FILE, files.gl_pathv[i], files.gl_pathv[i]);
	}
	globfree(&files);
	return good && read_lines(users, USER_CMDLINE, CMDLINE, "");
}

bool users_read(struct users *users)
{
	*users = (struct users){ 0 };
	if (!users_of_udev(users) || !users_of_libvirt(users, LIBVIRT) || !read_files(users))
		return false;
	if (users->nr)
		qsort(users->users, users->nr, sizeof(*users->users), by_address);
	return true;
}

void users_free(struct users *users)
{
	for (uint32_t i = 0; i < users->nr; i++)
		free(users->users[i].name);
	free(users->users);
	*users = (struct users){ 0 };
}

#define USER_TEXT 512

/* The part of udev's names that is made from the address: systemd.net-naming-scheme(7). */
static void name_part(struct pg_bdf at, char text[48])
{
	char segment[16] = "";

	if (at.segment)
		snprintf(segment, sizeof(segment), "P%u", at.segment);
	snprintf(text, 48, "%sp%us%u", segment, at.bus, at.devfn >> 3);
}

/* The name that udev gives at @next, from the one that it gave at @user->at. */
static bool next_name(const struct user *user, struct pg_bdf next, char text[USER_TEXT])
{
	char before[48], after[48];
	const char *part;

	name_part(user->at, before);
	name_part(next, after);
	part = user->by_path ? strstr(user->name, before) : NULL;
	if (!part || pg_bdf_equal(user->at, next) || ((user->at.devfn ^ next.devfn) & 7))
		return false;
	snprintf(text, USER_TEXT, "interface %s, which would be %.*s%s%s", user->name,
		 (int)(part - user->name), user->name, after, part + strlen(before));
	return true;
}

/* Describes @user in a few words. */
static const char *describe(const struct user *user, struct pg_bdf next, char text[USER_TEXT])
{
	static const char *const words[] = {
		[USER_INTERFACE] = "interface",
		[USER_DISK] = "disk",
		[USER_DRIVER] = "driver_override",
		[USER_DOMAIN] = "domain",
		[USER_FILE] = "file",
		[USER_CMDLINE] = "kernel parameter",
	};

	if (user->kind != USER_INTERFACE || !next_name(user, next, text))
		snprintf(text, USER_TEXT, "%s %s", words[user->kind], user->name);
	return text;
}

static bool is_user(const struct user *user, struct pg_bdf at, bool named)
{
	return pg_bdf_equal(user->at, at) && (!named || user->kind >= USER_DOMAIN);
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
		put_text(out, describe(&users->users[i], next, text));
		any = true;
	}
	return any;
}

json_t *users_json(const struct users *users, struct pg_bdf at, struct pg_bdf next, bool named)
{
	json_t *array = json_array();
	char text[USER_TEXT];

	for (uint32_t i = 0; array && i < users->nr; i++) {
		if (is_user(&users->users[i], at, named) &&
		    !json_append_or_fail(array,
					 json_text(describe(&users->users[i], next, text)))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}
