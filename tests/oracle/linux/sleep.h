/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sleep.h - included before drivers/pci/iov.c, which waits a second after it has disabled virtual
 * functions. The functions of a generated machine need no time.
 */
#ifndef ORACLE_SLEEP_H
#define ORACLE_SLEEP_H

#include <linux/delay.h>

#define ssleep(seconds)

#endif
