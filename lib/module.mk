# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The core: compiled unchanged for the purgatory, UEFI, the kernel, the command and the tests.
LIB_SRCS := $(sort $(wildcard lib/*.c lib/*/*.c))
LIB_HDRS := $(sort $(wildcard include/pcigate/*.h lib/*/*.h))
