# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# libFuzzer targets: each tests/fuzz/fuzz-*.c is a program, so a new target is one new file. Seeds come
# from the vectors. Corpus, crashes and logs are in build/fuzz.
FUZZ_SECONDS ?= 600
FUZZ_SHORT_SECONDS ?= 3
# `make fuzz-damage`: the number of damaged captures, and the seed of their random numbers.
DAMAGE_INPUTS ?= 1000000
DAMAGE_SEED ?= 1

FUZZ := $(BUILD)/fuzz
FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz-%.c,%,$(sort $(wildcard tests/fuzz/fuzz-*.c)))
FUZZ_PROGRAMS := $(FUZZ_TARGETS:%=$(FUZZ)/fuzz-%)
FUZZ_HDRS := $(wildcard tests/fuzz/*.h) $(TOOLS_HDRS) $(LIB_HDRS) $(EFI_PURE_HDRS)
FUZZ_FLAGS := $(C_STANDARD) -g -O1 $(WARNINGS) $(SANITIZE) -Iinclude -Itools
FUZZ_TOOLS := tools/input.c tools/session.c tools/text.c tools/tree.c tools/vfs.c tools/plan_make.c tools/plan_tree.c tools/plan_dot.c tools/dot.c tools/source.c tools/selector.c tools/selection.c \
	tools/diff/side.c tools/diff/match.c tools/diff/judge.c tools/diff/dot.c $(wildcard tools/users/*.c) tools/json.c tools/names.c tools/next_cmdline.c
FUZZ_EFI := $(EFI_PURE_SRCS)
FUZZ_SHARED := tests/fuzz/model.c tests/fuzz/check.c tests/fuzz/mutate.c $(FUZZ_TOOLS) $(MACHINE_SRCS) $(LIB_CAPTURE_SRCS) $(FUZZ_EFI) $(LIB_SRCS)
FUZZ_OBJS := $(FUZZ_SHARED:%.c=$(FUZZ)/obj/%.o)
FUZZ_VECTORS := $(wildcard tests/vectors/*.dts tests/vectors/malformed/*.dts)
FUZZ_CAPTURES := $(FUZZ_VECTORS:tests/vectors/%.dts=$(FUZZ)/captures/%.dtb)

$(FUZZ)/obj/%.o: %.c $(FUZZ_HDRS)
	@mkdir -p $(@D)
	@$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -c $< -o $@

$(FUZZ_PROGRAMS): $(FUZZ)/fuzz-%: tests/fuzz/fuzz-%.c $(FUZZ)/obj/tests/fuzz/mutator.o $(FUZZ_OBJS)
	@echo "  FUZZ        $*"
	@$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer $(filter %.c %.o,$^) -o $@ -lfdt -lz -lpci $(USERS_LIBS)

$(FUZZ)/damage: tests/fuzz/damage.c $(FUZZ_OBJS)
	@echo "  CC          damage"
	@$(CLANG) $(FUZZ_FLAGS) $(filter %.c %.o,$^) -o $@ -lfdt -lz -lpci $(USERS_LIBS)

$(FUZZ)/make-seeds: tests/fuzz/seeds.c tests/fuzz/seeds_fixed.c tools/input.c $(LIB_CAPTURE_SRCS) $(LIB_SRCS) $(FUZZ_HDRS)
	@mkdir -p $(@D)
	@$(CC) $(C_STANDARD) -g -O1 $(WARNINGS) -Iinclude -Itools $(filter %.c,$^) -o $@ -lfdt

# Every capture is made again if an included .dtsi file changed.
$(FUZZ_CAPTURES): $(FUZZ)/captures/%.dtb: tests/vectors/%.dts $(wildcard tests/vectors/*.dtsi)
	@mkdir -p $(@D)
	@dtc -q -I dts -O dtb -o $@ $<

$(FUZZ)/seeds/made: $(FUZZ)/make-seeds $(FUZZ_CAPTURES)
	@mkdir -p $(@D)
	@$(FUZZ)/make-seeds $(@D) $(FUZZ_CAPTURES)
	@touch $@

.PHONY: fuzz
fuzz: $(FUZZ_PROGRAMS) $(FUZZ)/seeds/made ## fuzz every reader, FUZZ_SECONDS=600 for each target
	@tests/fuzz/run.sh $(FUZZ) $(FUZZ_SECONDS) $(FUZZ_TARGETS)

# The smallest capture comes first.
DAMAGE_CAPTURES := $(FUZZ)/captures/trees-in-memory.dtb $(filter-out %/trees-in-memory.dtb,$(FUZZ_CAPTURES))

.PHONY: fuzz-damage
fuzz-damage: $(FUZZ)/damage $(FUZZ_CAPTURES) ## overwrite fields of the vectors: DAMAGE_INPUTS=1000000, DAMAGE_SEED=1
	@$(FUZZ)/damage $(DAMAGE_INPUTS) $(DAMAGE_SEED) $(DAMAGE_CAPTURES)

.PHONY: fuzz-short
fuzz-short: $(FUZZ_PROGRAMS) $(FUZZ)/seeds/made $(FUZZ)/damage
	@FUZZ_SEED=1 tests/fuzz/run.sh $(FUZZ) $(FUZZ_SHORT_SECONDS) $(FUZZ_TARGETS)
	@$(FUZZ)/damage 10000 1 $(DAMAGE_CAPTURES)
