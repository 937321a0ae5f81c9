# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The core: compiled unchanged for the purgatory, UEFI, the kernel, the command and the tests.
LIB_SRCS := $(filter-out lib/capture/%,$(sort $(wildcard lib/*.c lib/*/*.c)))
LIB_HDRS := $(sort $(wildcard include/pcigate/*.h lib/*/*.h lib/*.h))
# The reader of captures, for UEFI and the command: it allocates memory.
LIB_CAPTURE_SRCS := $(sort $(wildcard lib/capture/*.c))
