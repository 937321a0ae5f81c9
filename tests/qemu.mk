# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Whole handoffs in QEMU: the demonstration and the scenarios.
QEMU_JOBS ?= 2
QEMU_TESTS := $(sort $(wildcard tests/qemu/t/*.t))

# The first part needs no kernel build. On a new machine its result is there within about a minute.
.PHONY: run
run: | deps ## handoffs in QEMU, some are stopped: Debian's kernel, then a patched one
	@# Two jobs wait for the network most of the time.
	@$(MAKE) --no-print-directory -j$$(($(CHECK_JOBS) + 2)) run-inputs
	@tests/qemu/run.py debian
	@test -e build/bzImage || echo 'run: part 2 needs a patched kernel (the first time: 170 MB to fetch, 6 minutes to build)'
	@$(MAKE) --no-print-directory build/bzImage
	@tests/qemu/run.py live-update

.PHONY: run-inputs debian-guest
run-inputs: debian-guest build/pcigate

debian-guest: | deps
	@scripts/fetch-debian-kernel.sh bookworm >/dev/null
	@tests/qemu/fetch-guest-tools.sh >/dev/null

# The picture in the README: the first part. Nothing else needs python3-rich, so it is not in scripts/packages.
.PHONY: picture
picture: run-inputs | deps ## draw docs/run.svg from the first part of `make run`; needs python3-rich
	@(echo '$$ make run'; tests/qemu/run.py debian | grep -v '^  logs: ') | scripts/terminal-svg.py --title 'make run' >$(BUILD)/run.svg
	@mv $(BUILD)/run.svg docs/run.svg

# In addition to the scenarios of `make check`: a kernel without the patches, and a race of a minute.
.PHONY: check-qemu
check-qemu: build/bzImage build/bzImage-stock build/pcigate | deps ## the QEMU scenarios, each of one to three handoffs: ten minutes
	@PCIGATE_RACE_SECONDS=60 $(PROVE) -j$(QEMU_JOBS) --timer $(QEMU_TESTS) $(sort $(wildcard tests/qemu/stock/*.t))

# Parts of check-qemu.
.PHONY: check-race
check-race: build/bzImage | deps ## preserve devices during the reboot, for a minute
	@PCIGATE_RACE_SECONDS=60 $(PROVE) -v tests/qemu/t/52-early-race.t

.PHONY: check-qemu-stock
check-qemu-stock: build/bzImage build/bzImage-stock | deps ## scenarios whose next kernel has no patches: builds one more kernel
	@$(PROVE) -j$(QEMU_JOBS) --timer tests/qemu/stock/*.t

$(BUILD)/bzImage-upstream: FORCE | deps
	@scripts/build-kernel.sh --own-purgatory --config-extra tests/qemu/upstream.config --out $@

.PHONY: check-gated
check-gated: build/bzImage build/bzImage-upstream build/pcigate | deps ## gated images: Debian's own kernel, Live Update (make check: two of them)
	@$(PROVE) -j$(QEMU_JOBS) --timer $(sort $(wildcard tests/qemu/gated/*.t))

$(BUILD)/bzImage-network: $(BUILD)/purgatory.ro FORCE | deps
	@scripts/build-kernel.sh --config-extra tests/qemu/network.config --out $@

.PHONY: check-systemd
check-systemd: build/bzImage-network build/pcigate | deps ## `systemctl kexec` with Debian's systemd: checked before services stop
	@$(PROVE) --timer $(sort $(wildcard tests/qemu/systemd/*.t))

# Needs QEMU 8 or newer. On a machine that has an older one, Debian trixie's is fetched into the cache.
.PHONY: check-igb
check-igb: build/bzImage-network build/pcigate | deps ## virtual functions of an igb card, with Linux's drivers: a minute
	@$(PROVE) --timer $(sort $(wildcard tests/qemu/igb/*.t))

# The scenarios on other kernels. They take long, so check-qemu does not run them. Their logs are in
# build/qemu-debug and build/qemu-7.2.
.PHONY: check-debug
check-debug: build/bzImage-debug build/pcigate | deps ## the scenarios on a debug kernel (lockdep, KASAN...): an hour or more
	@PCIGATE_KIND=debug $(PROVE) -j$(QEMU_JOBS) --timer $(QEMU_TESTS) $(sort $(wildcard tests/qemu/debug/*.t))

.PHONY: check-qemu-7.2
check-qemu-7.2: build/bzImage-7.2 build/pcigate | deps ## the scenarios on Linux 7.2
	@PCIGATE_KIND=7.2 $(PROVE) -j$(QEMU_JOBS) --timer $(QEMU_TESTS)
