# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Proofs with CBMC: each tests/proofs/prove-*.c is one (docs/proofs.md). And mutation tests.
PROOFS := tests/proofs/run.py
MUTANTS ?= 0

.PHONY: prove
prove: $(LIBFDT_DIR)/src/fdt.h | deps ## prove with CBMC each entry point that reads untrusted memory: minutes
	@$(PROOFS) --cbmc "$$(scripts/fetch-cbmc.sh)"

.PHONY: prove-short
prove-short: $(LIBFDT_DIR)/src/fdt.h | deps
	@$(PROOFS) --quick --cbmc "$$(scripts/fetch-cbmc.sh)"

.PHONY: prove-break
prove-break: $(LIBFDT_DIR)/src/fdt.h | deps ## check that each proof fails when its first comment's change is made
	@$(PROOFS) --break --cbmc "$$(scripts/fetch-cbmc.sh)"

.PHONY: mutate
mutate: $(COMMAND_PARTS) | deps ## count changes of lib/ that no test notices; MUTANTS=200 SEED=1: a sample
	@COMMAND_MAIN=$(BUILD)/host/tools/pcigate.o COMMAND_PARTS='$(COMMAND_PARTS) $(TOOLS_LIBS)' \
		tests/mutate/mutate.py --mutants $(MUTANTS) --seed $(SEED)
