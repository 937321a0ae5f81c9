# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The UEFI application build/pcigate.efi. The start code and linker script of gnu-efi make a shared
# object, and objcopy converts it to PE.

EFI_CC ?= $(CC)
EFI_LD ?= ld
EFI_OBJCOPY ?= objcopy
EFI_DIR := $(BUILD)/efi

# These sources need no firmware, and are tested on the host as well.
EFI_PURE_SRCS := $(addprefix boot/efi/,options.c entry.c moved.c boot_verdict.c)
EFI_PURE_HDRS := $(wildcard boot/efi/*.h)
EFI_CAPTURE_SRCS := $(LIB_CAPTURE_SRCS)
EFI_SRCS := $(sort $(wildcard boot/efi/*.c boot/efi/libc/*.c)) boot/libc/string.c boot/x86/acpi_mcfg.c $(EFI_CAPTURE_SRCS) $(LIB_SRCS)
EFI_LIBFDT := fdt fdt_ro fdt_sw fdt_strerror
EFI_OBJS := $(EFI_SRCS:%.c=$(EFI_DIR)/%.o) $(EFI_LIBFDT:%=$(EFI_DIR)/libfdt/%.o)

# Debian has gnu-efi's files in /usr/lib, other distributions in a directory below.
GNUEFI_INC ?= /usr/include/efi
GNUEFI_LIB ?= $(patsubst %/crt0-efi-x86_64.o,%,$(firstword $(wildcard /usr/lib/crt0-efi-x86_64.o \
	/usr/lib64/gnuefi/crt0-efi-x86_64.o /usr/lib64/crt0-efi-x86_64.o)))

# The firmware's interrupt handlers run on the stack of the application, so no red zone. The firmware
# uses SSE, so the stack must be aligned to 16 bytes at each call of it. Its functions have Microsoft's
# calling convention, and its characters have 16 bits.
EFI_CFLAGS := -std=gnu11 $(if $(findstring clang,$(EFI_CC)),-Oz,-Os) -g0 -ffreestanding -fPIC -fvisibility=hidden \
	-mgeneral-regs-only -mno-red-zone -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables \
	-fno-unwind-tables -fno-common -fno-strict-aliasing -fshort-wchar \
	-DGNU_EFI_USE_MS_ABI -DPCIGATE_VERSION='"$(VERSION)"' -nostdinc
EFI_WARNINGS := -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes -Wshadow -Wvla -Wframe-larger-than=4096
# gnu-efi comes last, because some of its headers have the names of libc headers.
EFI_INCLUDES = -Iboot/efi/libc -Iboot/libc -isystem $(shell $(EFI_CC) -print-file-name=include) -Iinclude \
	-isystem $(LIBFDT_DIR)/src -isystem $(GNUEFI_INC) -isystem $(GNUEFI_INC)/x86_64 -isystem $(GNUEFI_INC)/protocol
# The start code calls efi_main (gnu-efi 3.0.15) or _entry (3.0.18, whose own _entry calls efi_main).
EFI_LDFLAGS := -nostdlib -shared -Bsymbolic -znocombreloc -znoexecstack --no-undefined --defsym=_entry=efi_main

$(EFI_DIR)/libfdt/%.o: $(LIBFDT_DIR)/src/fdt.h boot/efi.mk
	@mkdir -p $(@D)
	@echo '  CC (efi)    libfdt/$*.c'
	@$(EFI_CC) $(EFI_CFLAGS) $(EFI_INCLUDES) -w -c -o $@ $(LIBFDT_DIR)/src/$*.c

$(EFI_DIR)/%.o: %.c boot/efi.mk | $(LIBFDT_DIR)/src/fdt.h
	@mkdir -p $(@D)
	@echo '  CC (efi)    $<'
	@$(EFI_CC) $(EFI_CFLAGS) $(EFI_WARNINGS) $(EFI_INCLUDES) -MMD -MP -c -o $@ $<

$(EFI_DIR)/pcigate.so: $(EFI_OBJS)
	@echo '  LD          $@'
	@$(EFI_LD) $(EFI_LDFLAGS) -T $(GNUEFI_LIB)/elf_x86_64_efi.lds -o $@ $(GNUEFI_LIB)/crt0-efi-x86_64.o $(EFI_OBJS) \
		$(GNUEFI_LIB)/libgnuefi.a

$(BUILD)/pcigate.efi: $(EFI_DIR)/pcigate.so
	@echo '  OBJCOPY     $@'
	@$(EFI_OBJCOPY) -S -j .text -j .sdata -j .data -j .rodata -j .dynamic -j .dynsym -j '.rel*' -j '.rela*' -j .reloc \
		--target efi-app-x86_64 --subsystem 10 $< $@

-include $(EFI_SRCS:%.c=$(EFI_DIR)/%.d)
