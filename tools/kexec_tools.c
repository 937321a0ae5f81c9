// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * kexec_tools.c - loads an image by kexec(8), for a kernel without kexec_file_load(2).
 */
#define _GNU_SOURCE /* asprintf() */
#include "kexec_tools.h"

#include "cli.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

extern char **environ;

static char *option(const char *name, const char *value)
{
	char *text;

	return asprintf(&text, "--%s=%s", name, value) < 0 ? NULL : text;
}

static int run_program(char *const arguments[])
{
	pid_t child;
	int status = posix_spawnp(&child, arguments[0], NULL, NULL, arguments, environ);

	if (status)
		return complain(
			"this kernel has no kexec_file_load, and %s (kexec-tools) cannot be "
			"started: %s",
			arguments[0], strerror(status));
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return complain("kexec: %s", strerror(errno));
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return complain("kexec -c -l failed; the line before tells why");
	return 0;
}

int kexec_tools_load(int kernel, int initrd, const char *cmdline)
{
	char kernel_path[32], initrd_path[32];
	char *words = option("command-line", cmdline);
	char *initrd_option = NULL;
	int status;

	/* kexec inherits the descriptors. Files in memory need no name, and nobody else reads them.
	 */
	snprintf(kernel_path, sizeof(kernel_path), "/proc/self/fd/%d", kernel);
	snprintf(initrd_path, sizeof(initrd_path), "/proc/self/fd/%d", initrd);
	if (initrd >= 0)
		initrd_option = option("initrd", initrd_path);
	if (!words || (initrd >= 0 && !initrd_option))
		status = complain("not enough memory");
	else
		status = run_program(
			(char *[]){ "kexec", "-c", "-l", kernel_path, words, initrd_option, NULL });
	free(words);
	free(initrd_option);
	return status;
}
