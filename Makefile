# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# pcigate: `make run` shows handoffs in QEMU, `make check` runs the tests, `make help` lists all targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VERSION := 0.1.0
BUILD := build
CACHE := $(or $(PCIGATE_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/pcigate)
export PCIGATE_CACHE := $(CACHE)

CC := gcc
CLANG ?= clang
NASM ?= nasm
PROVE ?= prove
PREFIX ?= /usr/local
DESTDIR ?=

# C standard and warnings of all code. lib/ adds -Wconversion.
C_STANDARD := -std=gnu11
WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
LIB_WARNINGS := $(WARNINGS) -Wconversion
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

.PHONY: all
all: $(BUILD)/purgatory.ro $(BUILD)/pcigate.efi $(BUILD)/pcigate ## build the stage, the UEFI application and the command in build/

include lib/module.mk
include scripts/module.mk
include kernel-patch/module.mk
include boot/module.mk
include tools/module.mk
include tests/module.mk

.PHONY: clean
clean: ## remove build/ (the cache outside the checkout stays: `make help` names it)
	rm -rf $(BUILD)

.PHONY: distclean
distclean: clean ## remove the cache as well: kernel source, kernel build, packages
	@# Only directories that scripts and tests made: PCIGATE_CACHE may name any directory.
	cd "$(CACHE)" 2>/dev/null && rm -rf apt boot-managers build cbmc deb debian-kernels form guest-image guest-qemu guest-systemd guest-systemd-sid guest-tools images libvirt \
		install-deps.log kexec-tools kexec-tools.log libfdt-src lock oracle release src || true
	rmdir "$(CACHE)" 2>/dev/null || true

.PHONY: help
help: ## print this list
	@echo 'pcigate $(VERSION): stops a kexec handoff before a preserved PCI device would change its address'
	@echo
	@awk -F':.*## ' '/^[a-z][a-z0-9.-]*:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' \
		Makefile */module.mk $(filter-out tests/module.mk,$(wildcard tests/*.mk))
	@echo
	@echo '  KERNEL_SRC=DIR   use this kernel source instead of fetching Debian'\''s'
	@echo '  PREFIX, DESTDIR  where `make install` puts the command (now $(PREFIX))'
	@echo '  cache: $(CACHE)'
