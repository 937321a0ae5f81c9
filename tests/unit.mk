# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Unit tests: tests/unit/test-*.c, one program each by pattern rule, so that a new test is one new file. Built by gcc and by
# clang, both with sanitizers.
UNIT_SRCS := $(sort $(wildcard tests/unit/test-*.c))
UNIT_NAMES := $(UNIT_SRCS:tests/unit/%.c=%)
UNIT_HDRS := $(wildcard tests/unit/*.h)
UNIT_GCC := $(UNIT_NAMES:%=$(BUILD)/unit/gcc/%)
UNIT_CLANG := $(UNIT_NAMES:%=$(BUILD)/unit/clang/%)
UNIT_FLAGS := $(C_STANDARD) -g -O1 $(SANITIZE) -Iinclude

LIB_OBJS_GCC := $(LIB_SRCS:lib/%.c=$(BUILD)/unit/gcc/lib/%.o)
LIB_OBJS_CLANG := $(LIB_SRCS:lib/%.c=$(BUILD)/unit/clang/lib/%.o)

$(BUILD)/unit/gcc/lib/%.o: lib/%.c $(LIB_HDRS)
	@mkdir -p $(@D)
	@$(CC) $(UNIT_FLAGS) $(LIB_WARNINGS) -c $< -o $@

$(BUILD)/unit/clang/lib/%.o: lib/%.c $(LIB_HDRS)
	@mkdir -p $(@D)
	@$(CLANG) $(UNIT_FLAGS) $(LIB_WARNINGS) -c $< -o $@

$(UNIT_GCC): $(BUILD)/unit/gcc/%: tests/unit/%.c $(UNIT_HDRS) $(LIB_OBJS_GCC)
	@echo "  CC (gcc)    $*"
	@$(CC) $(UNIT_FLAGS) $(WARNINGS) $< $(LIB_OBJS_GCC) -o $@ -lcmocka -lfdt

$(UNIT_CLANG): $(BUILD)/unit/clang/%: tests/unit/%.c $(UNIT_HDRS) $(LIB_OBJS_CLANG)
	@echo "  CC (clang)  $*"
	@$(CLANG) $(UNIT_FLAGS) $(WARNINGS) $< $(LIB_OBJS_CLANG) -o $@ -lcmocka -lfdt

# TAP scripts that need no QEMU: the purgatory's form, the command, the vectors, the scripts.
DESK_TESTS := $(sort $(wildcard tests/*.t))

.PHONY: check-unit
check-unit: deps $(UNIT_GCC) $(UNIT_CLANG) $(BUILD)/purgatory.ro $(BUILD)/pcigate $(BUILD)/asan/pcigate ## unit tests, vectors, the form of the purgatory: seconds, no QEMU
	@CMOCKA_MESSAGE_OUTPUT=TAP $(PROVE) --exec '' $(UNIT_GCC) $(UNIT_CLANG)
	@$(PROVE) $(DESK_TESTS)
