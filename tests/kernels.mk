# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Real kernels: Debian's, which are fetched once (100 MB), and those that the project builds.
KERNEL_TESTS := $(sort $(wildcard tests/kernels/*.t))

.PHONY: check-kernels
check-kernels: build/bzImage build/pcigate | deps ## `pcigate inspect` and `wrap` on Debian's and our kernels: seconds
	@$(PROVE) $(KERNEL_TESTS)
