# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Unit tests: each tests/unit/test-*.c is a program, so a new test is one new file. gcc and clang build
# them, both with sanitizers.
UNIT_SRCS := $(sort $(wildcard tests/unit/test-*.c))
UNIT_NAMES := $(UNIT_SRCS:tests/unit/%.c=%)
UNIT_HDRS := $(wildcard tests/unit/*.h)
UNIT_GCC := $(UNIT_NAMES:%=$(BUILD)/unit/gcc/%)
UNIT_CLANG := $(UNIT_NAMES:%=$(BUILD)/unit/clang/%)
UNIT_FLAGS := $(C_STANDARD) -g -O1 $(SANITIZE) -Iinclude -Itools -Iboot/efi

LIB_OBJS_GCC := $(LIB_SRCS:lib/%.c=$(BUILD)/unit/gcc/lib/%.o)
LIB_OBJS_CLANG := $(LIB_SRCS:lib/%.c=$(BUILD)/unit/clang/lib/%.o)

# The files of the UEFI application that need no firmware. Tests named test-efi-* are linked with them.
UNIT_EFI_SRCS := $(EFI_PURE_SRCS) $(EFI_CAPTURE_SRCS)
UNIT_EFI_HDRS := $(EFI_PURE_HDRS) $(LIB_HDRS)
UNIT_EFI_GCC := $(UNIT_EFI_SRCS:%.c=$(BUILD)/unit/gcc/%.o)
UNIT_EFI_CLANG := $(UNIT_EFI_SRCS:%.c=$(BUILD)/unit/clang/%.o)

$(UNIT_EFI_GCC): $(BUILD)/unit/gcc/%.o: %.c $(UNIT_EFI_HDRS)
	@mkdir -p $(@D)
	@$(CC) $(UNIT_FLAGS) $(WARNINGS) -c $< -o $@

$(UNIT_EFI_CLANG): $(BUILD)/unit/clang/%.o: %.c $(UNIT_EFI_HDRS)
	@mkdir -p $(@D)
	@$(CLANG) $(UNIT_FLAGS) $(WARNINGS) -c $< -o $@

# These objects are linked into test-efi-* and test-recording.
UNIT_OWN_GCC := $(filter $(addprefix $(BUILD)/unit/gcc/,test-efi-% test-recording),$(UNIT_GCC))
UNIT_OWN_CLANG := $(filter $(addprefix $(BUILD)/unit/clang/,test-efi-% test-recording),$(UNIT_CLANG))
$(UNIT_OWN_GCC): $(UNIT_EFI_GCC)
$(UNIT_OWN_CLANG): $(UNIT_EFI_CLANG)

# The readers of kernel images, for programs named test-image-*.
UNIT_IMAGE_SRCS := $(IMAGE_SRCS) tools/input.c
UNIT_IMAGE_GCC := $(UNIT_IMAGE_SRCS:%.c=$(BUILD)/unit/gcc/%.o)
UNIT_IMAGE_CLANG := $(UNIT_IMAGE_SRCS:%.c=$(BUILD)/unit/clang/%.o)

$(UNIT_IMAGE_GCC): $(BUILD)/unit/gcc/%.o: %.c $(TOOLS_HDRS) $(LIB_HDRS)
	@mkdir -p $(@D)
	@$(CC) $(UNIT_FLAGS) $(LIB_WARNINGS) -c $< -o $@

$(UNIT_IMAGE_CLANG): $(BUILD)/unit/clang/%.o: %.c $(TOOLS_HDRS) $(LIB_HDRS)
	@mkdir -p $(@D)
	@$(CLANG) $(UNIT_FLAGS) $(LIB_WARNINGS) -c $< -o $@

$(filter $(BUILD)/unit/gcc/test-image-% $(BUILD)/unit/clang/test-image-%,$(UNIT_GCC) $(UNIT_CLANG)): UNIT_LIBS := $(IMAGE_LIBS)
$(filter $(BUILD)/unit/gcc/test-image-%,$(UNIT_GCC)): $(UNIT_IMAGE_GCC)
$(filter $(BUILD)/unit/clang/test-image-%,$(UNIT_CLANG)): $(UNIT_IMAGE_CLANG)

USERS_LIBS := -ludev -lexpat -ljansson
$(BUILD)/unit/gcc/test-users $(BUILD)/unit/clang/test-users: UNIT_LIBS := $(USERS_LIBS)
$(BUILD)/unit/gcc/test-users $(BUILD)/unit/clang/test-users: $(wildcard tools/users/*.c)

# These programs need one file of the command each.
$(BUILD)/unit/gcc/test-windows $(BUILD)/unit/clang/test-windows: tools/machine/windows.c
$(BUILD)/unit/gcc/test-next-cmdline $(BUILD)/unit/clang/test-next-cmdline: tools/next_cmdline.c
$(BUILD)/unit/gcc/test-selector $(BUILD)/unit/clang/test-selector: tools/selector.c
$(BUILD)/unit/gcc/test-kexec-tools $(BUILD)/unit/clang/test-kexec-tools: tools/kexec_tools.c
$(BUILD)/unit/gcc/test-image-trailer $(BUILD)/unit/clang/test-image-trailer: boot/image/initrd.c

$(BUILD)/unit/gcc/lib/%.o: lib/%.c $(LIB_HDRS)
	@mkdir -p $(@D)
	@$(CC) $(UNIT_FLAGS) $(LIB_WARNINGS) -c $< -o $@

$(BUILD)/unit/clang/lib/%.o: lib/%.c $(LIB_HDRS)
	@mkdir -p $(@D)
	@$(CLANG) $(UNIT_FLAGS) $(LIB_WARNINGS) -c $< -o $@

$(UNIT_GCC): $(BUILD)/unit/gcc/%: tests/unit/%.c $(UNIT_HDRS) $(LIB_OBJS_GCC)
	@echo "  CC (gcc)    $*"
	@$(CC) $(UNIT_FLAGS) $(WARNINGS) $(filter-out %.h,$^) -o $@ -lcmocka -lfdt $(UNIT_LIBS)

$(UNIT_CLANG): $(BUILD)/unit/clang/%: tests/unit/%.c $(UNIT_HDRS) $(LIB_OBJS_CLANG)
	@echo "  CC (clang)  $*"
	@$(CLANG) $(UNIT_FLAGS) $(WARNINGS) $(filter-out %.h,$^) -o $@ -lcmocka -lfdt $(UNIT_LIBS)

# TAP scripts that need no QEMU: the form of the purgatory, the command, the vectors. The longest one
# starts first, so that no processor is idle at the end.
HOST_TESTS := tests/vectors.t $(filter-out tests/vectors.t,$(sort $(wildcard tests/*.t)))

.PHONY: check-unit
check-unit: deps $(UNIT_GCC) $(UNIT_CLANG) $(BUILD)/purgatory.ro $(BUILD)/pcigate.efi $(BUILD)/pcigate $(BUILD)/asan/pcigate ## unit tests, vectors, form of the purgatory, no QEMU: four minutes
	@CMOCKA_MESSAGE_OUTPUT=TAP $(PROVE) -j$(CHECK_JOBS) --exec '' $(UNIT_GCC) $(UNIT_CLANG)
	@$(PROVE) -j$(CHECK_JOBS) $(HOST_TESTS)
