# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The oracle: the plan against Linux's own scan, on made-up machines in a guest (tests/oracle/README.md).
N ?= 10000
SEED ?= 1
ORACLE_SRCS := $(wildcard tests/oracle/*.c)
ORACLE_HDRS := $(wildcard tests/oracle/*.h)
ORACLE_LIB_OBJS := $(LIB_SRCS:lib/%.c=$(BUILD)/unit/gcc/lib/%.o)

$(BUILD)/oracle/oracle: $(ORACLE_SRCS) $(ORACLE_HDRS) $(ORACLE_LIB_OBJS)
	@echo "  CC          oracle"
	@mkdir -p $(@D)
	@$(CC) $(UNIT_FLAGS) $(WARNINGS) $(ORACLE_SRCS) $(ORACLE_LIB_OBJS) -o $@ -lfdt

# ORACLE_TREE=DIR (with src/ and out/) takes another kernel build than that of build/bzImage.
.PHONY: oracle-guest
oracle-guest: $(if $(ORACLE_TREE),,build/bzImage)
	@tests/oracle/build-guest.sh

.PHONY: check-oracle
check-oracle: deps $(BUILD)/oracle/oracle oracle-guest ## the plan against Linux's own scan: N made-up topologies (10000) of SEED (1)
	@tests/oracle/check.py -n $(N) --seed $(SEED)

.PHONY: check-oracle-7.2
check-oracle-7.2: deps $(BUILD)/oracle/oracle build/bzImage-7.2 ## the same on Linux 7.2
	@tests/oracle/build-guest.sh build/bzImage-7.2
	@tests/oracle/check.py -n $(N) --seed $(SEED)

.PHONY: check-oracle-short
check-oracle-short: deps $(BUILD)/oracle/oracle oracle-guest
	@$(PROVE) --timer tests/oracle/oracle.t
