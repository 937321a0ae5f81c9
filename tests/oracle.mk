# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The oracle: compares the plan with Linux's own scan on generated machines (tests/oracle/README.md).
N ?= 10000
M ?= 20
SEED ?= 1
ORACLE_SRCS := $(wildcard tests/oracle/*.c)
ORACLE_HDRS := $(wildcard tests/oracle/*.h)

# The oracle compares up to a million machines, so it is built for speed. Unit tests and fuzzers have the
# sanitizers.
$(BUILD)/oracle/oracle: $(ORACLE_SRCS) $(ORACLE_HDRS) $(LIB_SRCS) $(LIB_HDRS)
	@echo "  CC          oracle"
	@mkdir -p $(@D)
	@$(CC) $(C_STANDARD) -O2 $(WARNINGS) -Iinclude $(ORACLE_SRCS) $(LIB_SRCS) -o $@ -lfdt

# Linux itself is the reference. It runs as a program of this machine (User Mode Linux).
ORACLE_LINUX := $(wildcard tests/oracle/linux/*) $(wildcard tests/oracle/machine.[ch]) $(wildcard tests/oracle/topo.[ch])

$(BUILD)/oracle/linux: $(ORACLE_LINUX) | deps
	@mkdir -p $(@D)
	@tests/oracle/linux/build.sh $@

$(BUILD)/oracle/linux-7.2: $(ORACLE_LINUX) | deps
	@mkdir -p $(@D)
	@tests/oracle/linux/build.sh $@ --version 7.2

# The same with the layer inherit, for a next kernel that keeps bus numbers.
$(BUILD)/oracle/linux-keep: $(ORACLE_LINUX) $(wildcard kernel-patch/*.sh kernel-patch/series kernel-patch/*/*.patch) | deps
	@mkdir -p $(@D)
	@tests/oracle/linux/build.sh $@ --keep

.PHONY: check-oracle
check-oracle: $(BUILD)/oracle/oracle $(BUILD)/oracle/linux ## compare the plan with Linux's own scan: N=10000 machines of SEED=1
	@tests/oracle/check.py -n $(N) --seed $(SEED)

.PHONY: check-oracle-7.2
check-oracle-7.2: $(BUILD)/oracle/oracle $(BUILD)/oracle/linux-7.2 ## the same on Linux 7.2
	@tests/oracle/check.py -n $(N) --seed $(SEED) --linux $(BUILD)/oracle/linux-7.2

.PHONY: check-oracle-keep
check-oracle-keep: $(BUILD)/oracle/oracle $(BUILD)/oracle/linux-keep ## the same for a next kernel that keeps bus numbers
	@tests/oracle/check.py -n $(N) --seed $(SEED) --keep

.PHONY: check-oracle-flips
check-oracle-flips: $(BUILD)/oracle/oracle $(BUILD)/oracle/linux ## flip each bit of M=20 machines: stop where Linux moves a device
	@tests/oracle/check.py -n 0 --flips $(M) --seed $(SEED)

.PHONY: check-oracle-short
check-oracle-short: $(BUILD)/oracle/oracle $(BUILD)/oracle/linux $(BUILD)/oracle/linux-keep build/bzImage
	@$(PROVE) --timer tests/oracle/oracle.t
