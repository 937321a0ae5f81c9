# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The cost of pcigate: counts and ratios. No test depends on them, as times differ between machines.
$(BUILD)/bench/plan: tests/bench/plan.c tests/bench/machine.h $(LIB_SRCS) $(LIB_HDRS)
	@mkdir -p $(@D)
	@echo '  CC          $<'
	@$(CC) $(C_STANDARD) -O2 $(WARNINGS) -Iinclude $< $(LIB_SRCS) -o $@ -lfdt

# The instructions of the stage's own objects count, not those of another build of the core.
BENCH_STAGE_OBJS := $(filter $(STAGE_DIR)/lib/% $(STAGE_DIR)/libfdt/% $(STAGE_DIR)/boot/libc/% %/x86/report.o,$(STAGE_OBJS))

# The stage's stack is aligned to 8 bytes only.
$(BUILD)/bench/stage: tests/bench/stage.c tests/bench/machine.h $(LIB_CAPTURE_SRCS) $(LIB_HDRS) $(BENCH_STAGE_OBJS)
	@mkdir -p $(@D)
	@echo '  CC          $<'
	@$(CC) $(C_STANDARD) -O2 -mincoming-stack-boundary=3 $(WARNINGS) -Iinclude $< $(LIB_CAPTURE_SRCS) $(BENCH_STAGE_OBJS) -o $@ -lfdt

.PHONY: bench-blackout
bench-blackout: deps $(BUILD)/bench/stage build/bzImage ## the time between the kernels, modelled from exact counts: two minutes
	@echo 'The blackout, modelled: a config read takes 0.5 us (ECAM), a character 87 us, an instruction 1/3 ns:'
	@tests/qemu/bench-blackout.py

.PHONY: bench
bench: deps $(BUILD)/bench/plan build/bzImage build/pcigate.efi build/pcigate ## measure the cost: config reads, cycles, growth; compare with Linux
	@echo 'Generated machines, all bridges renumbered (pci=assign-busses); time on this computer:'
	@$(BUILD)/bench/plan
	@echo
	@$(MAKE) --no-print-directory bench-blackout
	@echo
	@echo 'One handoff in QEMU: the stage, and the next kernel'\''s own enumeration:'
	@tests/qemu/run.py | grep -E 'the stage:|enumeration:'
	@echo
	@echo 'The early check of the outgoing kernel:'
	@tests/qemu/t/50-early-refusal.t 2>&1 | sed -n 's/^# \(the early check takes\)/  \1/p'
	@echo
	@echo 'The kernel patches:'
	@kernel-patch/count.sh
	@echo
	@echo 'The stage:'
	@size -A build/purgatory.ro | awk '/^\./ { sum += $$2 } END { printf "  %d bytes of memory", sum }'
	@stat -c ', %s bytes in the file' build/purgatory.ro
	@echo
	@echo 'A firmware boot with pcigate.efi, and without it:'
	@tests/qemu/bench-efi.py
	@echo
	@echo 'The stage in one QEMU machine that counts instructions:'
	@tests/qemu/bench-gated.py
	@stat -c %s build/image-head.bin build/image-stage.bin | awk '{ sum += $$1 } END { printf "  %d bytes are added to an image, and the record\n", sum }'
	@echo
	@echo 'A recording of the running host, and a load with it, in QEMU:'
	@tests/qemu/bench-record.py
	@echo
	@echo 'Virtual functions, in QEMU:'
	@tests/qemu/bench-vfs.py
