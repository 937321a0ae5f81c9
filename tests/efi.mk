# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Firmware boots through build/pcigate.efi in QEMU.
EFI_TESTS := $(sort $(wildcard tests/qemu/efi/*.t))

.PHONY: check-efi
check-efi: build/bzImage build/pcigate.efi build/pcigate | deps ## firmware boots from OVMF through pcigate.efi in QEMU: three minutes
	@$(PROVE) -j$(QEMU_JOBS) --timer $(EFI_TESTS)
