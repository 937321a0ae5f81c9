// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * init.c - the guest's only program: loads the module, which does all the work, and switches the guest off.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	const int module = open("/pcigate-oracle.ko", O_RDONLY | O_CLOEXEC);

	/* ECANCELED is how the module says that it is through. */
	if (syscall(SYS_finit_module, module, "", 0) == 0 || errno != ECANCELED)
		fprintf(stderr, "oracle: the module does not run: %s\n", strerror(errno));
	reboot(RB_POWER_OFF);
	return 1;
}
