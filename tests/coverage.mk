# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The share of the core's lines that unit tests and vectors run. No test depends on this figure.
COVERAGE := $(BUILD)/coverage
COVERAGE_FLAGS := $(C_STANDARD) -g -O0 -Iinclude -Itools -Iboot/efi -fprofile-instr-generate -fcoverage-mapping
COVERAGE_CORE := $(LIB_SRCS) $(LIB_CAPTURE_SRCS)
COVERAGE_TESTS := $(filter-out test-efi-%,$(UNIT_NAMES))

$(COVERAGE)/libcore.so: $(COVERAGE_CORE) $(LIB_HDRS) tests/coverage.mk
	@mkdir -p $(@D)
	@echo '  CC (coverage)  the core'
	@$(CLANG) $(COVERAGE_FLAGS) -fPIC -shared $(COVERAGE_CORE) -o $@ -lfdt

$(COVERAGE)/test-%: tests/unit/test-%.c $(UNIT_HDRS) $(COVERAGE)/libcore.so $(COMMAND_PARTS)
	@$(CLANG) $(COVERAGE_FLAGS) $< -o $@ -L$(COVERAGE) -Wl,-rpath,'$$ORIGIN' -lcore $(COMMAND_PARTS) -lcmocka $(TOOLS_LIBS)

$(COVERAGE)/pcigate: $(COVERAGE)/libcore.so $(COMMAND_PARTS)
	@$(CLANG) $(COVERAGE_FLAGS) $(BUILD)/host/tools/pcigate.o -o $@ -L$(COVERAGE) \
		-Wl,-rpath,'$$ORIGIN' -lcore $(COMMAND_PARTS) $(TOOLS_LIBS)

.PHONY: coverage
coverage: $(COVERAGE_TESTS:%=$(COVERAGE)/%) $(COVERAGE)/pcigate | deps ## coverage of lib/ by unit tests and vectors, by folder; needs llvm
	@rm -f $(COVERAGE)/*.profraw
	@for test in $(COVERAGE_TESTS); do \
		LLVM_PROFILE_FILE=$(COVERAGE)/$$test.profraw $(COVERAGE)/$$test >$(COVERAGE)/$$test.log 2>&1 || exit; done
	@for vector in tests/vectors/*.dts; do \
		for command in check show plan; do \
			dtc -q -O dtb $$vector | LLVM_PROFILE_FILE=$(COVERAGE)/vectors-%4m.profraw \
				$(COVERAGE)/pcigate $$command - >/dev/null 2>&1 || :; done; done
	@llvm-profdata merge -sparse $(COVERAGE)/*.profraw -o $(COVERAGE)/profile
	@llvm-cov report $(COVERAGE)/libcore.so -object $(COVERAGE)/pcigate -instr-profile=$(COVERAGE)/profile | \
		tests/coverage.awk
