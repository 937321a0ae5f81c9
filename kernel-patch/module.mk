# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The patched kernel, with the stage embedded.

# The script knows best what is up to date, and says so in 0.1 s; the file only
# gets a new time stamp when its contents change.
.PHONY: kernel
kernel: $(BUILD)/bzImage ## build the patched kernel with the stage embedded

$(BUILD)/bzImage: $(BUILD)/purgatory.ro FORCE | deps
	@scripts/build-kernel.sh

$(BUILD)/bzImage-stock: FORCE | deps
	@scripts/build-kernel.sh --stock

.PHONY: FORCE
FORCE:
