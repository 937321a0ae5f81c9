# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# tools/module.mk - the command pcigate, and the tests that need nothing but it.

PCIGATE_VERSION ?= 0.1
PREFIX ?= /usr/local

CAPTURE_SRCS := $(sort $(wildcard tools/capture/*.c))
TOOLS_SRCS := $(sort $(wildcard tools/*.c)) $(CAPTURE_SRCS)
TOOLS_HDRS := $(sort $(wildcard tools/*.h tools/capture/*.h))

# memfd_create() and asprintf() are GNU's; lib/ itself keeps to C11.
TOOLS_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -Iinclude -Itools -DPCIGATE_VERSION='"$(PCIGATE_VERSION)"'
TOOLS_LIBS := -lfdt -ljansson
TOOLS_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

TOOLS_OBJS := $(TOOLS_SRCS:%.c=build/host/%.o) $(LIB_SRCS:%.c=build/host/%.o)
TOOLS_ASAN_OBJS := $(TOOLS_SRCS:%.c=build/asan/%.o) $(LIB_SRCS:%.c=build/asan/%.o)

build/pcigate: $(TOOLS_OBJS)
	$(CC) $(TOOLS_CFLAGS) -o $@ $^ $(TOOLS_LIBS)

# The same with the sanitisers. Captures then hand out exact copies of what is asked for (tools/capture/memory.c).
build/asan/pcigate: $(TOOLS_ASAN_OBJS)
	$(CC) $(TOOLS_CFLAGS) $(TOOLS_SANITIZE) -o $@ $^ $(TOOLS_LIBS)

build/host/%.o: %.c $(TOOLS_HDRS) $(LIB_HDRS) tools/module.mk
	@mkdir -p $(@D)
	$(CC) $(TOOLS_CFLAGS) -c -o $@ $<

build/asan/%.o: %.c $(TOOLS_HDRS) $(LIB_HDRS) tools/module.mk
	@mkdir -p $(@D)
	$(CC) $(TOOLS_CFLAGS) $(TOOLS_SANITIZE) -c -o $@ $<

.PHONY: install-tools
install-tools: build/pcigate
	install -D -m 755 build/pcigate $(DESTDIR)$(PREFIX)/bin/pcigate
	install -D -m 644 docs/pcigate.8 $(DESTDIR)$(PREFIX)/share/man/man8/pcigate.8
	install -D -m 644 tools/completion/pcigate $(DESTDIR)$(PREFIX)/share/bash-completion/completions/pcigate
