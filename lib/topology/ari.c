// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * ari.c - function numbers above 7: whether Linux uses ARI on a bus, and which functions it finds.
 */
#include "scan.h"

/*
 * True if Linux finds the function at @at when Linux scans the device: functions other than 0 only
 * if function 0 answers and is a multifunction device.
 */
static bool finds_function(struct pg_scan_state *scan, struct pg_bdf at)
{
	struct pg_function zero = { .at = at };
	uint16_t entry;

	if (!(at.devfn & 7))
		return true;
	zero.at.devfn = at.devfn & 0xf8;
	entry = pg_scan_find_recorded(scan, at.bus, zero.at.devfn);
	if (entry != PG_NONE)
		return pg_scan_is_function(&scan->functions[entry]) &&
		       scan->functions[entry].hw.multifunction;
	return pg_scan_id(scan, &zero) == PG_PRESENT && !pg_scan_header(scan, &zero) &&
	       zero.hw.header <= PG_HEADER_CARDBUS && zero.hw.multifunction;
}

/*
 * Reads the function at @at and its ARI capability; false if the function cannot be part of an ARI
 * chain.
 */
static bool read_link(struct pg_scan_state *scan, uint16_t parent, struct pg_bdf at,
		      struct pg_function *link)
{
	const uint16_t entry = pg_scan_find_recorded(scan, at.bus, at.devfn);

	if (entry != PG_NONE) {
		*link = scan->functions[entry];
	} else {
		*link = (struct pg_function){ .at = at, .parent = parent };
		link->hw.presence = 7u & (unsigned int)pg_scan_id(scan, link);
		if (link->hw.presence == PG_PRESENT)
			link->hw.presence =
				7u & (unsigned int)pg_presence_of(pg_scan_header(scan, link));
	}
	/* A function that Linux ignores ends the chain. */
	if (pg_scan_is_function(link))
		pg_read_ari(&scan->reader, scan->functions, link);
	/* An unread capability may name a next function, or none. */
	if (link->hw.unread)
		scan->reader.failed = true;
	return link->hw.presence == PG_PRESENT && link->hw.ari;
}

/*
 * Sets @at to the next address in the chain of ARI capabilities (next_ari_fn()); false at the end.
 * The function numbers ascend, and 0 ends the chain.
 */
static bool next_in_chain(const struct pg_function *link, struct pg_bdf *at)
{
	if (!link->hw.ari || link->hw.ari_next <= at->devfn)
		return false;
	at->devfn = link->hw.ari_next;
	return true;
}

/* True if the chain from function 0 of a bus includes @at. */
static bool finds_by_ari(struct pg_scan_state *scan, uint16_t parent, struct pg_bdf at)
{
	struct pg_bdf next = pg_bdf(at.segment, at.bus, 0);
	struct pg_function link;

	while (next.devfn != at.devfn) {
		if (!read_link(scan, parent, next, &link) || !next_in_chain(&link, &next))
			return false;
	}
	return true;
}

/* True if Linux will enable ARI forwarding in @parent (pci_configure_ari()). */
static bool uses_ari(struct pg_scan_state *scan, uint16_t parent, struct pg_bdf zero)
{
	struct pg_function link;

	if (scan->no_ari || scan->no_extended)
		return false;
	pg_read_ari_forwarding(&scan->reader, &scan->functions[parent]);
	return scan->functions[parent].hw.ari_forward &&
	       pg_extended_below(&scan->reader, scan->functions, parent) &&
	       read_link(scan, parent, zero, &link);
}

/*
 * True if the outgoing kernel found a function that is as recorded, and the next kernel finds it in
 * the same way: function 0 of the device is as recorded, too, and neither the number of the device
 * nor ARI capabilities matter. (A kernel with pci=pcie_scan_all also finds other devices behind a
 * link.)
 */
static bool is_found_again(struct pg_scan_state *scan, const struct pg_place *place,
			   const struct pg_function *function)
{
	const uint8_t zero = function->at.devfn & 0xf8;

	return scan->brief &&
	       (zero == function->at.devfn || pg_bus_set_has(&place->listed, zero) ||
		pg_scan_find_recorded(scan, place->number, zero) != PG_NONE) &&
	       (place->parent == PG_NONE ||
		(!zero &&
		 (!function->at.devfn || !scan->functions[place->parent].rec.ari_recorded)));
}

bool pg_scan_is_found(struct pg_scan_state *scan, const struct pg_place *place,
		      struct pg_function *function)
{
	const uint16_t parent = function->parent;
	bool ari;

	if (is_found_again(scan, place, function))
		return true;
	if (function->hw.header > PG_HEADER_CARDBUS)
		return false;
	if (!function->at.devfn || parent == PG_NONE)
		return finds_function(scan, function->at);
	/* Linux reads function 0 of every device, except behind a link. */
	pg_settle_port(&scan->reader, scan->functions, parent);
	if (!(function->at.devfn % PG_DEVICE_FUNCTIONS) &&
	    !pg_port_is_downstream(scan->functions[parent].hw.port))
		return true;
	ari = uses_ari(scan, parent, pg_bdf(function->at.segment, function->at.bus, 0));
	/* Whether ARI forwarding changes or stays as it is, Linux has to find the function. */
	if (scan->may_keep_ari && scan->functions[parent].hw.ari_on != ari) {
		scan->topology->undecided = true;
		if (!ari || !finds_function(scan, function->at))
			return false;
	}
	if (ari)
		return finds_by_ari(scan, parent, function->at);
	if (function->at.devfn >= PG_DEVICE_FUNCTIONS &&
	    ((!scan->all_devices &&
	      pg_port_is_downstream(scan->functions[parent].result.acts_as)) ||
	     (scan->functions[parent].hw.ari_on && !scan->no_ari)))
		return false;
	return finds_function(scan, function->at);
}

void pg_scan_ari_chain(struct pg_scan_state *scan, const struct pg_place *place,
		       struct pg_function *link, struct pg_bus_set *devfns)
{
	struct pg_bdf next = link->at;

	pg_read_ari(&scan->reader, scan->functions, link);
	if (link->hw.unread)
		scan->topology->undecided = true;
	while (next_in_chain(link, &next)) {
		pg_bus_set_add(devfns, next.devfn);
		if (!read_link(scan, place->parent, next, link))
			return;
	}
}
