# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The patched kernel, with the stage embedded.

# The script finds out in 0.1 s whether the kernel is up to date. The file gets a
# new time stamp only when its contents change.
.PHONY: kernel
kernel: $(BUILD)/bzImage ## build the patched kernel with the stage embedded

$(BUILD)/bzImage: $(BUILD)/purgatory.ro FORCE | deps
	@scripts/build-kernel.sh

$(BUILD)/bzImage-stock: FORCE | deps
	@scripts/build-kernel.sh --stock

# With every checker of Linux that is fast enough under emulation.
$(BUILD)/bzImage-debug: $(BUILD)/purgatory.ro FORCE | deps
	@scripts/build-kernel.sh --config-extra kernel-patch/config-debug --out $@

$(BUILD)/bzImage-7.2: $(BUILD)/purgatory.ro FORCE | deps
	@scripts/build-kernel.sh --version 7.2 --out $@

.PHONY: check-kernel-form
check-kernel-form: | deps ## new reports of gcc, clang, sparse and kernel-doc on 7.3 and 7.2
	@scripts/install-deps.sh kernel-patch/packages
	@$(PROVE) -v kernel-patch/check-form.sh

.PHONY: FORCE
FORCE:
