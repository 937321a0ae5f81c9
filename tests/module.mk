# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# All tests. Each kind has its own fragment; `check` runs them cheapest first.
include tests/unit.mk
include tests/fuzz.mk
include tests/qemu.mk
include tests/efi.mk
include tests/bench.mk
include tests/oracle.mk

# What is compiled for the tests takes as long as they do.
CHECK_JOBS := $(shell nproc)

.PHONY: check
check: ## everything that must pass: unit tests, vectors, scripts, patches, fuzzing for a short time, QEMU scenarios
	@echo 'check: installing what is missing'
	@$(MAKE) --no-print-directory deps
	@echo 'check: unit tests, vectors, the form of the purgatory'
	@$(MAKE) --no-print-directory -j$(CHECK_JOBS) check-unit
	@echo 'check: scripts'
	@$(MAKE) --no-print-directory check-scripts
	@echo 'check: fuzzing, three seconds a target'
	@$(MAKE) --no-print-directory -j$(CHECK_JOBS) fuzz-short
	@echo 'check: the patched kernel (the first time: 170 MB to fetch, 6 minutes to build)'
	@$(MAKE) --no-print-directory kernel
	@echo 'check: the kernel patches'
	@$(PROVE) kernel-patch/check.sh
	@echo 'check: scenarios in QEMU (make check-qemu adds an unpatched next kernel and a race of a minute)'
	@$(MAKE) --no-print-directory check-qemu-short
	@echo 'check: firmware boots in QEMU'
	@$(MAKE) --no-print-directory check-efi
	@echo 'check: the plan against Linux'\''s own scan'
	@$(MAKE) --no-print-directory check-oracle-short
