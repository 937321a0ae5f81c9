# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The command pcigate, and the tests that need nothing else.

MACHINE_SRCS := $(sort $(wildcard tools/machine/*.c))
IMAGE_SRCS := $(sort $(wildcard tools/image/*.c))
DIFF_SRCS := $(sort $(wildcard tools/diff/*.c tools/users/*.c))
# boot/efi/boot_verdict.c reads the verdict that the UEFI application has written.
TOOLS_SRCS := $(sort $(wildcard tools/*.c)) $(DIFF_SRCS) $(LIB_CAPTURE_SRCS) $(MACHINE_SRCS) $(IMAGE_SRCS) boot/efi/boot_verdict.c
TOOLS_HDRS := $(sort $(wildcard tools/*.h tools/machine/*.h tools/image/*.h tools/diff/*.h tools/users/*.h)) boot/image/head.h boot/efi/boot_verdict.h

TOOLS_CFLAGS := $(C_STANDARD) -O2 -g $(WARNINGS) -Iinclude -Itools -DPCIGATE_VERSION='"$(VERSION)"'
# A package adds its own flags.
TOOLS_CFLAGS += $(TOOLS_EXTRA_CFLAGS)
# The stage of the gated image is embedded in the command.
TOOLS_CFLAGS += -DPCIGATE_IMAGE_HEAD='"$(BUILD)/image-head.bin"' -DPCIGATE_IMAGE_STAGE='"$(BUILD)/image-stage.bin"'
# libarchive is linked statically: the shared library loads libxml2 and ICU, 40 MB that are not used here.
IMAGE_LIBS := -l:libarchive.a -lz -llzma -lzstd -llz4 -lbz2 -llzo2 -lbpf -lelf
TOOLS_LIBS := -lfdt -ljansson -lpci -ludev -lexpat $(IMAGE_LIBS)

TOOLS_OBJS := $(TOOLS_SRCS:%.c=$(BUILD)/host/%.o) $(LIB_SRCS:%.c=$(BUILD)/host/%.o)
TOOLS_ASAN_OBJS := $(TOOLS_SRCS:%.c=$(BUILD)/asan/%.o) $(LIB_SRCS:%.c=$(BUILD)/asan/%.o)

# All of the command but main() and the core, for tests that link with another build of the core.
COMMAND_PARTS := $(BUILD)/host/parts.a
$(COMMAND_PARTS): $(filter-out $(BUILD)/host/tools/pcigate.o $(LIB_SRCS:%.c=$(BUILD)/host/%.o),$(TOOLS_OBJS)) $(BUILD)/host/tools/pcigate.o
	@rm -f $@
	@$(AR) rcs $@ $(filter-out %/pcigate.o,$^)

$(BUILD)/pcigate: $(TOOLS_OBJS)
	@echo '  LD          $@'
	@$(CC) $(TOOLS_CFLAGS) $(TOOLS_EXTRA_LDFLAGS) -o $@ $^ $(TOOLS_LIBS)

$(BUILD)/host/tools/stage.o $(BUILD)/asan/tools/stage.o: $(BUILD)/image-head.bin $(BUILD)/image-stage.bin

# The same with sanitizers. Each mapping of a capture is then a copy of exactly the requested length
# (lib/capture/memory.c).
$(BUILD)/asan/pcigate: $(TOOLS_ASAN_OBJS)
	@echo '  LD          $@'
	@$(CC) $(TOOLS_CFLAGS) $(SANITIZE) -o $@ $^ $(TOOLS_LIBS)

$(BUILD)/host/%.o: %.c $(TOOLS_HDRS) $(LIB_HDRS) tools/module.mk
	@mkdir -p $(@D)
	@$(CC) $(TOOLS_CFLAGS) -c -o $@ $<

$(BUILD)/asan/%.o: %.c $(TOOLS_HDRS) $(LIB_HDRS) tools/module.mk
	@mkdir -p $(@D)
	@$(CC) $(TOOLS_CFLAGS) $(SANITIZE) -c -o $@ $<

# The tests compile captures with dtc(1); prove(1) comes with perl.
.PHONY: check-tools
check-tools: $(BUILD)/pcigate $(BUILD)/asan/pcigate ## test the command: vectors (tests/vectors/), options, dumps of lspci
	@$(PROVE) tests/vectors.t tests/cli.t tests/plan.t tests/diff.t tests/record.t tests/show-record.t tests/limits.t

# Quotes a string for the shell.
install_to = '$(subst ','\'',$(DESTDIR)$(PREFIX))'

# The directory for units is never that of the distribution, so no unit of systemd is overwritten.
SYSTEMD_UNIT_DIR ?= $(if $(filter /usr,$(PREFIX)),/etc/systemd/system,$(PREFIX)/lib/systemd/system)
install_units = '$(subst ','\'',$(DESTDIR)$(SYSTEMD_UNIT_DIR))'
install_etc = '$(subst ','\'',$(DESTDIR))'/etc

MAN_PAGES := $(sort $(wildcard docs/*.8))

.PHONY: install-tools
install-tools: $(BUILD)/pcigate $(BUILD)/pcigate.efi
	install -D -m 755 $(BUILD)/pcigate $(install_to)/bin/pcigate
	install -D -m 644 $(BUILD)/pcigate.efi $(install_to)/lib/pcigate/pcigate.efi
	install -D -m 644 -t $(install_to)/share/man/man8 $(MAN_PAGES)
	install -D -m 644 tools/completion/pcigate $(install_to)/share/bash-completion/completions/pcigate

UNITS := pcigate-baseline pcigate-check pcigate-load

# /etc/default/pcigate stays: it may have settings of the administrator. With PREFIX=/usr, kexec.target
# is in the directory of the administrator, who may have written another one.
.PHONY: uninstall-tools
uninstall-tools:
	rm -f $(install_to)/bin/pcigate $(install_to)/lib/pcigate/pcigate.efi
	rm -f $(addprefix $(install_to)/share/man/man8/,$(notdir $(MAN_PAGES)))
	rm -f $(install_to)/share/bash-completion/completions/pcigate
	rmdir --ignore-fail-on-non-empty $(install_to)/lib/pcigate 2>/dev/null || true
	rm -f $(addprefix $(install_units)/,$(UNITS:=.service))
	! cmp -s tools/systemd/kexec.target $(install_units)/kexec.target || rm -f $(install_units)/kexec.target
	rm -f $(install_etc)/kernel/postinst.d/pcigate $(install_etc)/kernel/postrm.d/pcigate

# For Debian: units, and a hook of the kernel packages (docs/systemd.md). The settings of the
# administrator are kept.
.PHONY: install-systemd
install-systemd: ## with PREFIX=DIR: units for `systemctl kexec`, a hook for kernel packages
	install -D -m 644 tools/systemd/kexec.target $(install_units)/kexec.target
	@for unit in $(UNITS); do \
		echo "install $$unit.service"; \
		BINDIR='$(subst ','\'',$(PREFIX))'/bin awk -f tools/systemd/bindir.awk tools/systemd/$$unit.service.in | \
			install -D -m 644 /dev/stdin $(install_units)/$$unit.service; \
	done
	install -D -m 755 tools/debian/kernel-hook $(install_etc)/kernel/postinst.d/pcigate
	install -D -m 755 tools/debian/kernel-hook $(install_etc)/kernel/postrm.d/pcigate
	test -e $(install_etc)/default/pcigate || install -D -m 644 tools/debian/pcigate.default $(install_etc)/default/pcigate

.PHONY: deb
deb: ## build the Debian packages pcigate and pcigate-boot in build/deb
	@scripts/build-deb.sh $(VERSION)
