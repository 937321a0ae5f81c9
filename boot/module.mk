# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The stage as a kexec purgatory: build/purgatory.ro, one relocatable object for both loaders.

STAGE_CC ?= $(CC)
STAGE_LD ?= ld
STAGE_OBJCOPY ?= objcopy
NASM ?= nasm
BUILD ?= build

STAGE_DIR := $(BUILD)/stage
LIBFDT_DIR := $(BUILD)/libfdt

STAGE_SRCS := $(sort $(wildcard boot/libc/*.c boot/x86/*.c boot/purgatory/*.c))
STAGE_ASMS := $(sort $(wildcard boot/x86/*.asm boot/purgatory/*.asm))
STAGE_LIBFDT := fdt fdt_ro

# clang needs more options than gcc to optimize for size. Without SSE, a stack alignment of 8 bytes is
# enough.
STAGE_OPTIMIZE := $(if $(findstring clang,$(STAGE_CC)),-Oz -mllvm -enable-machine-outliner=always,-Os -mpreferred-stack-boundary=3)

# The state in which the outgoing kernel leaves the processor: CR4.OSFXSR is 0, so no SSE. %fs is not
# valid, so no stack protector. An NMI may arrive at any time, so no red zone. With
# position-independent code and hidden symbols there are no relocations but 64, PC32 and PLT32.
STAGE_CFLAGS := -std=gnu11 $(STAGE_OPTIMIZE) -g0 -ffreestanding -fPIE -mcmodel=small -fvisibility=hidden \
	-mgeneral-regs-only -mno-red-zone -fno-stack-protector -fcf-protection=none \
	-fno-asynchronous-unwind-tables -fno-unwind-tables -fno-common -fno-jump-tables \
	-fno-strict-aliasing -nostdinc
STAGE_WARNINGS := -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes -Wshadow -Wundef -Wvla -Wconversion \
	-Wframe-larger-than=2048
STAGE_INCLUDES = -Iboot/libc -isystem $(shell $(STAGE_CC) -print-file-name=include) -Iinclude \
	-isystem $(LIBFDT_DIR)/src -include boot/x86/stage.h

# Symbols that the loaders look up by name (boot/purgatory/entry.asm).
STAGE_SYMBOLS := purgatory_start entry64_regs stack_end stage_constants purgatory_sha_regions purgatory_sha256_digest \
	sha256_regions sha256_digest skip_checks cmdline_end reset_vga serial_base serial_baud console_vga console_serial \
	backup_start backup_src_start backup_src_size panic_kernel

STAGE_OBJS := $(STAGE_SRCS:%.c=$(STAGE_DIR)/%.o) $(STAGE_ASMS:%.asm=$(STAGE_DIR)/%.asm.o) \
	$(LIB_SRCS:%.c=$(STAGE_DIR)/%.o) $(STAGE_LIBFDT:%=$(STAGE_DIR)/libfdt/%.o)

# Most instructions are spent in these files, so speed counts more than size. What clang makes of them
# then is too large.
STAGE_FAST := lib/fdt.o lib/record/crc.o lib/record/gate_nodes.o lib/record/record.o \
	lib/plan/cmdline.o lib/text.o boot/libc/string.o boot/x86/paging.o
$(STAGE_FAST:%=$(STAGE_DIR)/%): STAGE_CFLAGS += $(if $(findstring clang,$(STAGE_CC)),,-O2)

# Debian's libfdt is built for user space (stack protector), so the stage compiles its own.
$(LIBFDT_DIR)/src/fdt.h:
	@mkdir -p $(LIBFDT_DIR)
	@ln -sfn "$$(scripts/fetch-libfdt.sh)" $(LIBFDT_DIR)/src

# No pattern names libfdt's sources, because they do not exist before they are fetched. Their warnings
# are ignored.
$(STAGE_DIR)/libfdt/%.o: $(LIBFDT_DIR)/src/fdt.h boot/module.mk
	@mkdir -p $(@D)
	@echo '  CC (stage)  libfdt/$*.c'
	@$(STAGE_CC) $(STAGE_CFLAGS) $(STAGE_INCLUDES) -ffunction-sections -w -c -o $@ $(LIBFDT_DIR)/src/$*.c

$(STAGE_DIR)/%.o: %.c boot/module.mk | $(LIBFDT_DIR)/src/fdt.h
	@mkdir -p $(@D)
	@echo '  CC (stage)  $<'
	@$(STAGE_CC) $(STAGE_CFLAGS) $(STAGE_WARNINGS) $(STAGE_INCLUDES) -MMD -MP -c -o $@ $<

# NASM 2.16.03 warns about each kind of relocation, NASM 2.16.01 does not. One kind is needed, and the
# loaders resolve it: a 32-bit distance for a reference to an object of C. The other kinds are errors.
STAGE_ASM_WARNINGS := -Wall -Werror -w-unknown-warning -w-reloc-rel-dword

$(STAGE_DIR)/%.asm.o: %.asm boot/x86/enter.inc boot/module.mk
	@mkdir -p $(@D)
	@echo '  NASM        $<'
	@$(NASM) -f elf64 $(STAGE_ASM_WARNINGS) -o $@ $<

# This file keeps its symbols, so that the address of a fault can be looked up.
$(STAGE_DIR)/purgatory.elf: $(STAGE_OBJS) linker.ld
	@echo '  LD          $@'
	@$(STAGE_LD) -r --gc-sections -z noexecstack -T linker.ld -o $@ $(STAGE_OBJS)

$(BUILD)/purgatory.ro: $(STAGE_DIR)/purgatory.elf boot/purgatory/resolve.pl boot/purgatory/compact.pl
	@echo '  OBJCOPY     $@'
	@perl boot/purgatory/resolve.pl $< $(STAGE_DIR)/resolved.elf
	@$(STAGE_OBJCOPY) $(STAGE_SYMBOLS:%=--keep-global-symbol=%) $(STAGE_DIR)/resolved.elf
	@$(STAGE_OBJCOPY) --strip-unneeded -R .llvm_addrsig $(STAGE_DIR)/resolved.elf $(STAGE_DIR)/stripped.elf
	@perl boot/purgatory/compact.pl $(STAGE_DIR)/stripped.elf $@

-include $(STAGE_SRCS:%.c=$(STAGE_DIR)/%.d) $(LIB_SRCS:%.c=$(STAGE_DIR)/%.d)

# The stage of a gated image: a head of one page, and the same objects linked at 0.
STAGE_IMAGE_SRCS := $(sort $(wildcard boot/image/*.c))
STAGE_IMAGE_OBJS := $(filter-out $(STAGE_DIR)/boot/purgatory/%,$(STAGE_OBJS)) $(STAGE_IMAGE_SRCS:%.c=$(STAGE_DIR)/%.o) \
	$(STAGE_DIR)/boot/image/entry.asm.o

$(STAGE_DIR)/boot/image/entry.asm.o: boot/image/layout.inc

$(STAGE_DIR)/image.elf: $(STAGE_IMAGE_OBJS) boot/image/image.ld
	@echo '  LD          $@'
	@$(STAGE_LD) -pie --no-dynamic-linker --gc-sections -z noexecstack -z notext -T boot/image/image.ld -o $@ $(STAGE_IMAGE_OBJS)
	@! readelf -rW $@ | grep R_X86 | grep -v R_X86_64_RELATIVE

$(BUILD)/image-stage.bin: $(STAGE_DIR)/image.elf
	@$(STAGE_OBJCOPY) -O binary -j .text -j .rela.dyn $< $@

$(BUILD)/image-head.bin: boot/image/head.asm boot/image/layout.inc
	@echo '  NASM        $@'
	@$(NASM) -f bin $(STAGE_ASM_WARNINGS) -o $@ $<

-include $(STAGE_IMAGE_SRCS:%.c=$(STAGE_DIR)/%.d)

include boot/efi.mk
