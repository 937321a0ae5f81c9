# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# All tests. Each kind has its own file. `check` runs the quick ones first.
include tests/unit.mk
include tests/fuzz.mk
include tests/qemu.mk
include tests/efi.mk
include tests/kernels.mk
include tests/bench.mk
include tests/oracle.mk
include tests/proofs.mk
include tests/coverage.mk

# Compiling the tests takes as long as running them, so both run in parallel.
CHECK_JOBS := $(shell nproc)

# Scenarios that `make check` leaves to `make check-all`, because they take long: variants of a case
# that another scenario has, and machines and modules that are rare.
LEFT_OUT := $(addprefix tests/qemu/t/,04-loaded-high.t 05-bridge-invalid.t 06-bus-overlap.t 16-stop-poweroff.t \
		17-stop-panic.t 18-five-levels.t 19-record-overwritten.t 21-crash-kernel-damaged.t 26-next-without.t \
		28-foreign-bridge.t 29-plugged-bridge.t 36-handler-module.t 39-inherit-acs-ari.t 40-concurrent.t \
		52-early-race.t 53-asleep.t 71-dma-in-flight.t 72-dma-untranslated.t) \
	$(addprefix tests/qemu/efi/,02-port-in-front.t 09-boot-managers.t 10-read-errors.t 12-diff.t)

# Long tests that use one processor start first, so that no processor is idle at the end.
LONG_TESTS := tests/oracle/oracle.t kernel-patch/check.sh tests/qemu/t/73-selftests.t
SIDE_BY_SIDE := $(LONG_TESTS) \
	$(filter-out $(LONG_TESTS) $(LEFT_OUT),$(QEMU_TESTS) $(EFI_TESTS)) $(KERNEL_TESTS) \
	tests/qemu/gated/02-stops.t tests/qemu/gated/06-load.t

.PHONY: check-side-by-side
check-side-by-side: build/bzImage build/pcigate.efi build/pcigate $(BUILD)/oracle/oracle $(BUILD)/oracle/linux $(BUILD)/oracle/linux-keep | deps
	@echo 'check: the kernel patches, the plan compared with Linux'\''s own scan, scenarios and firmware boots in QEMU'
	@rm -f $(BUILD)/failures
	@PCIGATE_FAILURES=$(BUILD)/failures $(PROVE) -j$(QEMU_JOBS) --timer $(SIDE_BY_SIDE) || { cat $(BUILD)/failures 2>/dev/null; false; }

.PHONY: check
check: ## the tests: units, vectors, patches, short fuzzing, most scenarios in QEMU
	@echo 'check: installing what is missing'
	@$(MAKE) --no-print-directory deps
	@echo 'check: unit tests, vectors, the form of the purgatory'
	@$(MAKE) --no-print-directory -j$(CHECK_JOBS) check-unit
	@echo 'check: the quick proofs (make prove runs all)'
	@$(MAKE) --no-print-directory prove-short
	@echo 'check: scripts'
	@$(MAKE) --no-print-directory check-scripts
	@echo 'check: fuzzing, three seconds a target'
	@$(MAKE) --no-print-directory -j$(CHECK_JOBS) fuzz-short
	@echo 'check: the patched kernel (the first time: 170 MB to fetch, 6 minutes to build)'
	@$(MAKE) --no-print-directory kernel
	@$(MAKE) --no-print-directory check-side-by-side
	@$(MAKE) --no-print-directory bench-blackout || echo 'check: no measurement; no test depends on it'

# Not a part of `make check`: it fetches two base systems.
.PHONY: check-deb
check-deb: ## build, install, use and remove the packages in fresh systems of RELEASE
	@scripts/check-release.sh $(RELEASE) 'make deb && rm -rf ~/.cache/pcigate/deb && cp -r build/deb ~/.cache/pcigate/'
	@scripts/check-release.sh $(RELEASE) 'DEBS=$$HOME/.cache/pcigate/deb tests/deb/installed.t | tee /root/deb.tap; ! grep -v "^ok\|^1\.\." /root/deb.tap'

.PHONY: release-check
release-check: ## whether VERSION can be released: changelog, packages of Debian 12, 13
	@grep -q '^## $(VERSION) (' CHANGELOG.md || { echo 'CHANGELOG.md has no entry of $(VERSION)'; false; }
	@[ -z "$$(git status --porcelain)" ] || { echo 'there are changes that are not committed'; false; }
	@! git rev-parse -q --verify 'refs/tags/v$(VERSION)' >/dev/null || { echo 'the tag v$(VERSION) exists'; false; }
	@$(MAKE) --no-print-directory check-deb RELEASE=bookworm
	@$(MAKE) --no-print-directory check-deb RELEASE=trixie

.PHONY: check-all
check-all: check ## make check and every scenario in QEMU: half an hour
	@$(MAKE) --no-print-directory check-qemu check-efi check-gated check-systemd check-igb
