// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-kexec-tools.c - tools/kexec_tools.c, with a program in the place of kexec(8).
 */
#include "unit.h"

#include <fcntl.h>
#include <kexec_tools.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/pcigate-kexec-XXXXXX";
static char said[256];

/* In tools/text.c, which needs the rest of the command. */
int complain(const char *format, ...);
int complain(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(said, sizeof(said), format, arguments);
	va_end(arguments);
	return 2;
}

static const char *path(const char *name)
{
	static char text[64];

	snprintf(text, sizeof(text), "%s/%s", dir, name);
	return text;
}

static int put(const char *name, const char *content, mode_t mode)
{
	const int fd = open(path(name), O_RDWR | O_CREAT | O_TRUNC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), strlen(content));
	return fd;
}

static const char *get(const char *name)
{
	static char text[256];
	FILE *file = fopen(path(name), "r");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = 0;
	fclose(file);
	return text;
}

static int begin(void **state)
{
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	assert_non_null(mkdtemp(dir));
	setenv("DIR", dir, 1);
	said[0] = 0;
	return 0;
}

/* The script ends with a path of its own. */
static void fake_kexec(const char *script)
{
	char search[128];

	close(put("kexec", script, 0700));
	snprintf(search, sizeof(search), "%s:/usr/bin:/bin", dir);
	setenv("PATH", search, 1);
}

static int end(void **state)
{
	static const char *const names[] = { "kexec", "kernel", "initrd", "out" };

	for (size_t i = 0; i < PG_ARRAY_SIZE(names); i++)
		unlink(path(names[i]));
	rmdir(dir);
	return 0;
}

UNIT_TEST_WITH(with_an_initrd, begin, end)
{
	const int kernel = put("kernel", "IMAGE ", 0600), initrd = put("initrd", "INITRD ", 0600);

	fake_kexec("#!/bin/sh\n"
		   "{ cat \"$3\" \"${5#--initrd=}\"; echo \"$# $1 $2 $4\"; } >\"$DIR/out\"\n");
	assert_int_equal(kexec_tools_load(kernel, initrd, "a=\"b  c\" d"), 0);
	assert_string_equal(get("out"), "IMAGE INITRD 5 -c -l --command-line=a=\"b  c\" d\n");
	assert_string_equal(said, "");
	close(kernel);
	close(initrd);
}

UNIT_TEST_WITH(without_an_initrd, begin, end)
{
	const int kernel = put("kernel", "IMAGE ", 0600);

	fake_kexec("#!/bin/sh\n{ cat \"$3\"; echo \"$# $4\"; } >\"$DIR/out\"\n");
	assert_int_equal(kexec_tools_load(kernel, -1, ""), 0);
	assert_string_equal(get("out"), "IMAGE 4 --command-line=\n");
	close(kernel);
}

UNIT_TEST_WITH(kexec_fails, begin, end)
{
	const int kernel = put("kernel", "", 0600);

	fake_kexec("#!/bin/sh\nexit 1\n");
	assert_int_equal(kexec_tools_load(kernel, -1, ""), 2);
	assert_string_equal(said, "kexec -c -l failed; the line before tells why");
	fake_kexec("#!/bin/sh\nkill -9 $$\n");
	assert_int_equal(kexec_tools_load(kernel, -1, ""), 2);
	assert_string_equal(said, "kexec -c -l failed; the line before tells why");
	setenv("PATH", "/nowhere", 1);
	assert_int_equal(kexec_tools_load(kernel, -1, ""), 2);
	assert_non_null(strstr(said, "(kexec-tools) cannot be started: No such file"));
	close(kernel);
}
