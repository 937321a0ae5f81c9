/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ports.h - replaces boot/x86/cpu.h, because it has the same include guard. The program that
 * includes it defines port I/O.
 */
#ifndef PCIGATE_X86_CPU_H
#define PCIGATE_X86_CPU_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>

uint8_t inb(uint16_t port);
uint16_t inw(uint16_t port);
uint32_t inl(uint16_t port);
void outl(uint16_t port, uint32_t value);
void outw(uint16_t port, uint16_t value);
void outb(uint16_t port, uint8_t value);

static inline uint32_t mmio_read32(uint64_t pa)
{
	return *(volatile uint32_t *)(uintptr_t)pa;
}

static inline uint8_t mmio_read8(uint64_t pa)
{
	return *(volatile uint8_t *)(uintptr_t)pa;
}

static inline uint16_t mmio_read16(uint64_t pa)
{
	return *(volatile uint16_t *)(uintptr_t)pa;
}

static inline void mmio_write32(uint64_t pa, uint32_t value)
{
	*(volatile uint32_t *)(uintptr_t)pa = value;
}

static inline void mmio_write16(uint64_t pa, uint16_t value)
{
	*(volatile uint16_t *)(uintptr_t)pa = value;
}

static inline void mmio_write8(uint64_t pa, uint8_t value)
{
	*(volatile uint8_t *)(uintptr_t)pa = value;
}

static inline void cpu_relax(void)
{
}

/* Maps memory at a fixed address. */
static inline bool host_map(unsigned long at, unsigned long len)
{
	return mmap((void *)at, len, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == (void *)at;
}

#endif
