/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * stdlib.h - libfdt includes this header, but the stage uses nothing from it.
 */
#ifndef PCIGATE_STAGE_STDLIB_H
#define PCIGATE_STAGE_STDLIB_H

#include <stddef.h>

#endif
