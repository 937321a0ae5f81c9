# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# All tests. Each kind has its own fragment; `check` runs them cheapest first.
include tests/unit.mk
-include tests/fuzz.mk
-include tests/qemu.mk

.PHONY: check
check: ## everything that must pass: unit tests, vectors, fuzzing for a short time, QEMU scenarios
	@echo 'check: installing what is missing'
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory check-unit
	@$(MAKE) --no-print-directory fuzz-short
	@$(MAKE) --no-print-directory check-qemu
