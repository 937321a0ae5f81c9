/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * limits.h - limits that libfdt needs. The compiler's own header includes that of the C library,
 * which the stage does not have.
 */
#ifndef PCIGATE_STAGE_LIMITS_H
#define PCIGATE_STAGE_LIMITS_H

#define INT_MAX __INT_MAX__
#define UINT_MAX (INT_MAX * 2U + 1U)

#endif
