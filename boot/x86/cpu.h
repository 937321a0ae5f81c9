/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * cpu.h - x86-64 instructions that C cannot express (Intel SDM volume 2).
 */
#ifndef PCIGATE_X86_CPU_H
#define PCIGATE_X86_CPU_H

#include <stdbool.h>
#include <stdint.h>

static inline uint8_t inb(uint16_t port)
{
	uint8_t value;

	asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline uint16_t inw(uint16_t port)
{
	uint16_t value;

	asm volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline uint32_t inl(uint16_t port)
{
	uint32_t value;

	asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline void outb(uint16_t port, uint8_t value)
{
	asm volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void outw(uint16_t port, uint16_t value)
{
	asm volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void outl(uint16_t port, uint32_t value)
{
	asm volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

/*
 * Reads and writes device memory. Uses plain moves through eax, as Linux does
 * (arch/x86/include/asm/pci_x86.h): AMD family 10h answers only these for config space (BIOS and
 * Kernel Developer's Guide 31116, 2.11.1).
 */
static inline uint32_t mmio_read32(uint64_t pa)
{
	uint32_t value;

	asm volatile("movl (%1), %0" : "=a"(value) : "r"(pa) : "memory");
	return value;
}

static inline void mmio_write32(uint64_t pa, uint32_t value)
{
	asm volatile("movl %0, (%1)" : : "a"(value), "r"(pa) : "memory");
}

static inline uint8_t mmio_read8(uint64_t pa)
{
	uint8_t value;

	asm volatile("movb (%1), %0" : "=a"(value) : "r"(pa) : "memory");
	return value;
}

static inline void mmio_write8(uint64_t pa, uint8_t value)
{
	asm volatile("movb %0, (%1)" : : "a"(value), "r"(pa) : "memory");
}

static inline uint16_t mmio_read16(uint64_t pa)
{
	uint16_t value;

	asm volatile("movw (%1), %0" : "=a"(value) : "r"(pa) : "memory");
	return value;
}

static inline void mmio_write16(uint64_t pa, uint16_t value)
{
	asm volatile("movw %0, (%1)" : : "a"(value), "r"(pa) : "memory");
}

#define CR4_LA57 (1ull << 12)
#define CR4_MCE (1ull << 6)

static inline uint64_t read_cr2(void)
{
	uint64_t value;

	asm volatile("movq %%cr2, %0" : "=r"(value));
	return value;
}

static inline uint64_t read_cr3(void)
{
	uint64_t value;

	asm volatile("movq %%cr3, %0" : "=r"(value));
	return value;
}

/* Writing CR3 also drops every translation from the TLB, as CR4.PGE is 0 in the stage. */
static inline void write_cr3(uint64_t value)
{
	asm volatile("movq %0, %%cr3" : : "r"(value) : "memory");
}

static inline uint64_t read_cr4(void)
{
	uint64_t value;

	asm volatile("movq %%cr4, %0" : "=r"(value));
	return value;
}

static inline void write_cr4(uint64_t value)
{
	asm volatile("movq %0, %%cr4" : : "r"(value) : "memory");
}

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpuid(uint32_t leaf)
{
	struct cpuid id;

	asm volatile("cpuid"
		     : "=a"(id.eax), "=b"(id.ebx), "=c"(id.ecx), "=d"(id.edx)
		     : "a"(leaf), "c"(0));
	return id;
}

static inline uint64_t rdmsr(uint32_t msr)
{
	uint32_t low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

static inline uint64_t rdtsc(void)
{
	uint32_t low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static inline void cpu_relax(void)
{
	asm volatile("pause" : : : "memory");
}

/* The operand of LIDT, SIDT and LGDT. */
struct __attribute__((packed)) descriptor_pointer {
	uint16_t limit;
	uint64_t base;
};

static inline void store_idt(struct descriptor_pointer *idt)
{
	asm volatile("sidt %0" : "=m"(*idt));
}

static inline void load_idt(const struct descriptor_pointer *idt)
{
	asm volatile("lidt %0" : : "m"(*idt) : "memory");
}

#endif
