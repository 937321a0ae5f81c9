/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * replay.h - applies the same operations to QEMU's bridges (hardware/init.c) and to those of a
 * generated machine, with the same output.
 */
#ifndef ORACLE_REPLAY_H
#define ORACLE_REPLAY_H

#include <stdint.h>
#include <stdio.h>

/* Reads and writes of a dword of config space; each program defines its own. */
uint32_t replay_read(uint8_t bus, uint8_t devfn, uint8_t reg);
void replay_write(uint8_t bus, uint8_t devfn, uint8_t reg, uint32_t value);

/* Number of buses that are read after each step. Operations use lower bus numbers, and ff. */
#define REPLAY_BUSES 16

static inline int replay_is_bridge(uint8_t bus, uint8_t devfn)
{
	return replay_read(bus, devfn, 0) != 0xffffffff &&
	       (replay_read(bus, devfn, 0xc) >> 16 & 0x7f) == 1;
}

static inline void replay_print(FILE *out)
{
	/* The devices of hardware/machine.topo; QEMU has devices of its own at 1f. */
	static const uint8_t devices[] = { 0, 1, 2, 3, 4, 5 };
	unsigned int bus, i;

	for (bus = 0; bus < REPLAY_BUSES; bus++) {
		for (i = 0; i < sizeof(devices); i++) {
			const uint8_t devfn = (uint8_t)(devices[i] << 3);

			if (replay_read((uint8_t)bus, devfn, 0) == 0xffffffff)
				continue;
			fprintf(out, "%02x.%02x=%02x", bus, devfn,
				replay_read((uint8_t)bus, devfn, 0x3c) & 0xff);
			if (replay_is_bridge((uint8_t)bus, devfn))
				fprintf(out, "/%06x",
					replay_read((uint8_t)bus, devfn, 0x18) & 0xffffff);
			fputc(' ', out);
		}
	}
	fputc('\n', out);
}

static inline void replay(FILE *in, FILE *out)
{
	unsigned int bus, devfn, value;
	char what;

	while (fscanf(in, " %c %x %x %x", &what, &bus, &devfn, &value) == 4) {
		const uint8_t b = (uint8_t)bus, d = (uint8_t)devfn;

		if (what == 'm') {
			replay_write(b, d, 0x3c, (replay_read(b, d, 0x3c) & ~0xffu) | value);
			continue;
		}
		if (replay_is_bridge(b, d))
			replay_write(b, d, 0x18, (replay_read(b, d, 0x18) & 0xff000000u) | value);
		replay_print(out);
	}
}

#endif
