// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * report_bridges.c - the report's lines about recorded bridges that Linux renumbers.
 */
#include "report.h"

static void add_bus_range(struct pg_text *text, const struct pg_function *bridge)
{
	pg_text_string(text, " [");
	pg_text_hex(text, bridge->hw.secondary, 2);
	pg_text_char(text, '-');
	pg_text_hex(text, bridge->hw.subordinate, 2);
	pg_text_char(text, ']');
}

/* Adds the fault of a bridge, with the bus numbers that show it. */
static void add_bridge_fault(struct pg_text *text, const struct pg_topology *topology,
			     uint16_t index, enum pg_reason reason, int parts)
{
	const struct pg_function *bridge = &topology->functions[index];

	pg_text_string(text, "bridge ");
	pg_text_bdf(text, bridge->at);
	if (!parts) {
		pg_line_code(text, reason);
		return;
	}
	switch (reason) {
	case PG_BUS_OVERLAP:
		if (parts & PG_PART_PLACE)
			add_bus_range(text, bridge);
		pg_text_string(text, " overlaps ");
		pg_text_bdf(text, topology->functions[bridge->result.culprit].at);
		if (parts & PG_PART_PLACE)
			add_bus_range(text, &topology->functions[bridge->result.culprit]);
		break;
	case PG_BRIDGE_INVALID:
		pg_text_string(text, " is invalid");
		if (!(parts & PG_PART_PLACE))
			break;
		pg_text_string(text, ": primary ");
		pg_text_hex(text, bridge->hw.primary, 2);
		add_bus_range(text, bridge);
		break;
	case PG_REASSIGN_BUSSES:
		pg_text_string(text, !(parts & PG_PART_PLACE) ? " is renumbered"
							      : " renumbered by pci=assign-busses");
		break;
	default:
		pg_text_char(text, ' ');
		pg_text_string(text, pg_reason_sentence(reason));
		break;
	}
	pg_line_code(text, reason);
}

void pg_report_bridges(const struct pg_printer *printer, const struct pg_topology *topology,
		       const struct pg_policy *policy)
{
	uint32_t i;

	for (i = 0; i < topology->nr_recorded; i++) {
		const struct pg_function *function = &topology->functions[i];
		char buf[PG_LINE_SIZE];
		struct pg_text text;
		enum pg_reason fault;
		int parts = PG_PART_PLACE | PG_PART_SENTENCE;

		if (!pg_function_is_bridge(function))
			continue;
		fault = pg_bridge_fault(function, policy);
		if (!fault && function->result.culprit != PG_NONE)
			fault = PG_BUS_OVERLAP;
		if (!fault)
			continue;
		do {
			text = pg_line_begin(buf, sizeof(buf));
			add_bridge_fault(&text, topology, (uint16_t)i, fault, parts);
		} while (text.full && parts--);
		printer->line(printer->ctx, buf);
	}
}
