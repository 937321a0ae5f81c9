/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * time.h - waits, and the frequency of the time stamp counter.
 */
#ifndef PCIGATE_X86_TIME_H
#define PCIGATE_X86_TIME_H

#include <stdint.h>

/*
 * time_tsc_khz() - frequency of the time stamp counter in kHz, as the processor or the hypervisor
 * reports it; 0 if neither does. Costs a few CPUID instructions.
 */
uint32_t time_tsc_khz(void);

/*
 * time_wait_ms() - waits at least @ms milliseconds. If time_tsc_khz() is 0, the first call measures
 * the counter against the interval timer, which takes 10 ms.
 */
void time_wait_ms(uint32_t ms);

#endif
