/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * topo.h - the text form of a made-up machine, for people, for diff and for the way into the guest.
 *
 *	topo NAME                         begins one; # begins a comment; empty lines count for
 *nothing record own|incomplete|upstream    what the old kernel handed over (without this line: own)
 *	root FIRST-LAST                   a root bus and the bus numbers its host bridge decodes;
 *all bus numbers are hex DD.F dev [WORD...]              a function on it, two spaces deeper than
 *what it is on DD.F bridge PP/SS-TT [WORD...]  a bridge with its primary, secondary and subordinate
 *number at power-on DD.F ...                      a function below that bridge DD.F cardbus
 *PP/SS-TT [WORD...] end
 *
 * Functions of one bus stand in the order of DD.F, which is hex, the one that is gone before the
 *one added. Below a bridge, functions from 8 on of device 0 (ARI) are written as the devices that
 *they look like: function 8 is 01.0. Words: multi                  header type bit 7 header=NN
 *another header layout (hex), on dev id=XXXXXXXX            another first dword than the made-up ID
 *(hex), which may be one that Linux takes for an empty slot wired                  the primary
 *number is read-only     fixed   the other two are pcie=TYPE              endpoint legacy root up
 *down to-pci to-pcie integrated slot hotplug           slot implemented; hotplug capable (Linux
 *asks for both, and for a downstream port) ari-forward ari-on     a port can forward ARI; it did at
 *power-on any-device             a downstream port that lets requests for device 1 and up through,
 *against the specification ari=N                  ARI capability, next function N (hex) ea=SS-TT
 *Enhanced Allocation with fixed bus numbers was=PP/SS-TT           a bridge's numbers when the old
 *kernel made its record (without it: as they are) gone added             since then it went; it
 *came. Two functions may share DD.F if one is gone and the other added preserved              it is
 *in the record flip=RRR.B             bit B of the byte at RRR (hex) is not what it was then
 *	sriov=TOTAL,OFFSET,STRIDE[,OFFSET,STRIDE]   decimal; the second pair with ARI Capable
 *Hierarchy
 */
#ifndef ORACLE_TOPO_H
#define ORACLE_TOPO_H

#include "machine.h"

/**
 * struct topo_reader - a text that is read topology by topology
 * @text: the text; need not end in a zero
 * @len:  its length
 * @pos:  where to go on; start with 0
 * @line: number of the line read last
 */
struct topo_reader {
	const char *text;
	size_t len;
	size_t pos;
	uint32_t line;
};

enum topo_result {
	TOPO_OK,
	TOPO_END,
	TOPO_BAD,
};

/*
 * topo_read() - reads the next topology into @machine and resets that. TOPO_END: there is none.
 * TOPO_BAD: *@error says what is wrong with @reader->line. What stands between "end" and the next
 * "topo" is skipped.
 */
enum topo_result topo_read(struct topo_reader *reader, struct machine *machine, const char **error);

#ifndef __KERNEL__
#include <stdio.h>

void topo_print(FILE *out, const struct machine *machine);

/* topo_print_function() - one function's line from the address on, without the newline. */
void topo_print_function(FILE *out, const struct machine_function *function);

/* topo_print_path() - "00/01.0/00.0": the root bus and the devices down to this function. */
void topo_print_path(FILE *out, const struct machine *machine, uint32_t index);
#endif

#endif
