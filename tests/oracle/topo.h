/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * topo.h - the text form of a generated machine: for people, for diff, and as input of Linux.
 *
 *	topo NAME                         begins a topology; # begins a comment
 *	record own|incomplete|upstream    what the outgoing kernel handed over (default: own)
 *	incoming [BDF[*N]...]             what Live Update hands over to a next kernel that keeps
 *	                                  bus numbers: bus << 8 | devfn, counted N times (hex)
 *	incoming-vfs BDF REGISTER... LAST RESERVED [INDEX...]
 *	                                  a physical function in pcigate's own record: the
 *	                                  fields of struct machine_pf (hex)
 *	root FIRST-LAST                   a root bus and the bus numbers of its host bridge
 *	  DD.F dev [WORD...]              a function, two columns right of the bridge above it
 *	  DD.F bridge PP/SS-TT [WORD...]  a bridge, with its bus numbers at power-on
 *	    DD.F ...                      a function below that bridge
 *	  DD.F cardbus PP/SS-TT [WORD...]
 *	end
 *
 * PP/SS-TT are the primary, secondary and subordinate number. All bus numbers are hex, and so is
 * DD.F. Empty lines are ignored. The functions of one bus are in the order of DD.F. If two have
 * the same DD.F, the one with "gone" comes before the one with "added". Below a bridge, functions
 * from 8 on of device 0 (ARI) are written with the device and function that their address has:
 * function 8 is 01.0. Words:
 *
 *	multi              header type bit 7
 *	header=NN          another header layout (hex), for dev
 *	id=XXXXXXXX        another first dword than the generated ID (hex); for Linux it may
 *	                   mean an empty slot
 *	wired              the primary number is read-only
 *	fixed              the secondary and the subordinate number are read-only
 *	pcie=TYPE          endpoint legacy root up down to-pci to-pcie integrated
 *	slot hotplug       slot implemented; hotplug capable (Linux requires both, and a
 *	                   downstream port)
 *	ari-forward ari-on a port supports ARI forwarding; it is enabled at power-on
 *	any-device         a downstream port that forwards requests for device 1 and above,
 *	                   against the specification
 *	ari=N              ARI capability, next function N (hex)
 *	ea=SS-TT           Enhanced Allocation with fixed bus numbers
 *	was=PP/SS-TT       a bridge's numbers when the outgoing kernel made its record
 *	                   (default: as now)
 *	gone added         removed, or added, after the record was made. Two functions may
 *	                   have the same DD.F if one is gone and the other added
 *	preserved          the function is in the record
 *	flip=RRR.B         bit B of the byte at RRR (hex) has changed since the record was made
 *	sriov=TOTAL,OFFSET,STRIDE[,OFFSET,STRIDE]
 *	                   decimal; the second pair is for ARI Capable Hierarchy
 *	vfs=N[,INDEX...]   N virtual functions are enabled (decimal). If the function is
 *	                   preserved, those with these indexes are
 *	vfs-ari            ARI Capable Hierarchy is set
 */
#ifndef ORACLE_TOPO_H
#define ORACLE_TOPO_H

#include "machine.h"

/**
 * struct topo_reader - a text with topologies, and the position in it
 * @text: the text; need not end in a zero
 * @len:  its length
 * @pos:  where the next topology begins; start with 0
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
 * TOPO_BAD: *@error is the error in @reader->line. Text between "end" and the next "topo" is
 * skipped.
 */
enum topo_result topo_read(struct topo_reader *reader, struct machine *machine, const char **error);

#ifndef __KERNEL__
#include <stdio.h>

void topo_print(FILE *out, const struct machine *machine);

/* topo_print_function() - prints a function's line from the address on, without the newline. */
void topo_print_function(FILE *out, const struct machine_function *function);

/* topo_print_path() - prints the root bus and the devices down to a function: "00/01.0/00.0". */
void topo_print_path(FILE *out, const struct machine *machine, uint32_t index);
#endif

#endif
