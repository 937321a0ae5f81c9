// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * report.c - says what was found, one line each, and the verdict last.
 */
#include <pcigate/text.h>
#include <pcigate/verdict.h>

#define PREFIX "pcigate: "

/* Room in which a line is put together before it is known whether all of it fits. */
#define DRAFT_SIZE 256

static struct pg_text begin(char *buf, size_t size)
{
	struct pg_text text;

	pg_text_begin(&text, buf, size);
	pg_text_string(&text, PREFIX);
	return text;
}

static void say(const struct pg_printer *printer, const char *string)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));

	pg_text_string(&text, string);
	printer->line(printer->ctx, buf);
}

static void add_code(struct pg_text *text, enum pg_reason reason)
{
	pg_text_string(text, " [");
	pg_text_string(text, pg_reason_code(reason));
	pg_text_char(text, ']');
}

static void add_count(struct pg_text *text, uint64_t count, const char *what)
{
	pg_text_decimal(text, count);
	pg_text_char(text, ' ');
	pg_text_string(text, what);
	if (count != 1)
		pg_text_char(text, 's');
}

static void report_misspelt(const struct pg_printer *printer, const char *name, const char *value,
			    const char *instead)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));

	if (!value[0])
		return;
	pg_text_string(&text, name);
	pg_text_string(&text, value);
	pg_text_string(&text, " means nothing; ");
	pg_text_string(&text, instead);
	printer->line(printer->ctx, buf);
}

/*
 * How much a line says. Where it would get too long it says less, but never without its subject and its code, which can be
 * searched for.
 */
enum detail {
	DETAIL_CODE,	  /* what is wrong is told by the code alone */
	DETAIL_SENTENCE,  /* and in a sentence */
	DETAIL_ALL,	  /* and with everything that shows it */
};

/*
 * What is wrong with the record as a whole. Where the line would get too long, the address is left out first and then the
 * sentence, never the field, the value or the code.
 */
static void report_finding(const struct pg_printer *printer, const struct pg_finding *finding)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text;
	int detail = DETAIL_ALL;

	do {
		text = begin(buf, sizeof(buf));
		if (detail >= DETAIL_SENTENCE) {
			pg_text_string(&text, pg_reason_sentence(finding->reason));
			pg_text_string(&text, ": ");
		}
		pg_text_string(&text, finding->field ? finding->field : "?");
		pg_text_char(&text, ' ');
		pg_text_string(&text, finding->text);
		if (detail >= DETAIL_ALL && finding->at) {
			pg_text_string(&text, ", at 0x");
			pg_text_hex(&text, finding->at, 1);
		}
		add_code(&text, finding->reason);
	} while (text.full && detail-- > DETAIL_CODE);
	printer->line(printer->ctx, buf);
}

static void report_record(const struct pg_printer *printer, const struct pg_record *record,
			  const struct pg_verdict *verdict)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));

	if (record->state == PG_RECORD_NO_KHO) {
		if (!verdict->record)
			say(printer, "no KHO data: nothing is handed over");
		return;
	}
	if (!record->kho_version[0])
		return;
	pg_text_string(&text, "KHO ");
	pg_text_string(&text, record->kho_version);
	if (record->luo_version[0]) {
		pg_text_string(&text, ", LUO ");
		pg_text_string(&text, record->luo_version);
	}
	if (record->pci_version) {
		pg_text_string(&text, ", PCI ");
		pg_text_decimal(&text, record->pci_version);
	}
	if (record->own.present)
		pg_text_string(&text, ", pcigate-v1");
	if (record->state == PG_RECORD_DEVICES) {
		pg_text_string(&text, ": ");
		if (verdict->nr) {
			add_count(&text, verdict->devices, "device");
			pg_text_string(&text, " and ");
			add_count(&text, verdict->bridges, "bridge");
		} else {
			add_count(&text, record->nr, "function");
		}
		pg_text_string(&text, " preserved");
	} else if (!verdict->record) {
		pg_text_string(&text, record->state == PG_RECORD_NO_LUO ? ": no Live Update data in it" :
									  ": no PCI device preserved");
	}
	printer->line(printer->ctx, buf);
}

static void add_bus_range(struct pg_text *text, const struct pg_function *bridge)
{
	pg_text_string(text, " [bus ");
	pg_text_hex(text, bridge->secondary, 2);
	pg_text_char(text, '-');
	pg_text_hex(text, bridge->subordinate, 2);
	pg_text_char(text, ']');
}

/* What is wrong with a bridge, with the numbers that show it. */
static void add_bridge_fault(struct pg_text *text, const struct pg_topology *topology, uint16_t index,
			     enum pg_reason reason, int detail)
{
	const struct pg_function *bridge = &topology->functions[index];

	pg_text_string(text, "bridge ");
	pg_text_bdf(text, bridge->at);
	if (detail < DETAIL_SENTENCE) {
		add_code(text, reason);
		return;
	}
	switch (reason) {
	case PG_BUS_OVERLAP:
		if (detail >= DETAIL_ALL)
			add_bus_range(text, bridge);
		pg_text_string(text, " overlaps ");
		pg_text_bdf(text, topology->functions[bridge->overlap].at);
		if (detail >= DETAIL_ALL)
			add_bus_range(text, &topology->functions[bridge->overlap]);
		break;
	case PG_BRIDGE_INVALID:
		pg_text_string(text, " is invalid");
		if (detail < DETAIL_ALL)
			break;
		pg_text_string(text, ": primary ");
		pg_text_hex(text, bridge->primary, 2);
		add_bus_range(text, bridge);
		break;
	case PG_BUS_TAKEN:
		pg_text_string(text, " takes a bus number of the path");
		break;
	case PG_REASSIGN_BUSSES:
		pg_text_string(text, detail < DETAIL_ALL ? " is renumbered" : " renumbered by pci=assign-busses");
		break;
	default:
		pg_text_char(text, ' ');
		pg_text_string(text, pg_reason_sentence(reason));
		break;
	}
	add_code(text, reason);
}

/* "MOVES", with the new address where it is known. */
static void add_move(struct pg_text *text, const struct pg_function *function, const struct pg_step *step)
{
	pg_text_string(text, " MOVES");
	if (step->found && step->certain && step->bus != function->at.bus) {
		pg_text_string(text, " to ");
		pg_text_bdf(text, pg_bdf(function->at.segment, step->bus, function->at.devfn));
	}
	pg_text_char(text, ':');
}

static void add_function(struct pg_text *text, const struct pg_topology *topology, const struct pg_plan *plan,
			 uint32_t index, const struct pg_judgement *judgement, int detail)
{
	const struct pg_function *function = &topology->functions[index];

	if (judgement->bridge)
		pg_text_string(text, "bridge ");
	pg_text_bdf(text, function->at);
	if (!judgement->reason) {
		pg_text_string(text, " keeps its address");
		return;
	}
	if (pg_reason_is_move(judgement->reason))
		add_move(text, function, &plan->steps[index]);
	else
		pg_text_string(text, " UNVERIFIED:");
	if (judgement->culprit != PG_NONE) {
		pg_text_char(text, ' ');
		add_bridge_fault(text, topology, judgement->culprit, judgement->reason, detail);
		return;
	}
	if (detail >= DETAIL_SENTENCE) {
		pg_text_char(text, ' ');
		pg_text_string(text, pg_reason_sentence(judgement->reason));
	}
	add_code(text, judgement->reason);
}

static void report_function(const struct pg_printer *printer, const struct pg_topology *topology,
			    const struct pg_plan *plan, uint32_t index, const struct pg_judgement *judgement)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text;
	int detail = DETAIL_ALL;

	do {
		text = begin(buf, sizeof(buf));
		add_function(&text, topology, plan, index, judgement, detail);
	} while (text.full && detail-- > DETAIL_CODE);
	printer->line(printer->ctx, buf);
}

/* Recorded bridges that Linux renumbers: the causes, before their consequences. */
static void report_causes(const struct pg_printer *printer, const struct pg_topology *topology,
			  const struct pg_policy *policy)
{
	uint32_t i;

	for (i = 0; i < topology->nr_recorded; i++) {
		const struct pg_function *function = &topology->functions[i];
		enum pg_reason fate;
		char buf[PG_LINE_SIZE];
		struct pg_text text = begin(buf, sizeof(buf));

		if (!pg_function_is_bridge(function))
			continue;
		fate = pg_bridge_fate(function, policy);
		if (!fate && function->overlap != PG_NONE)
			fate = PG_BUS_OVERLAP;
		if (!fate)
			continue;
		add_bridge_fault(&text, topology, (uint16_t)i, fate, DETAIL_ALL);
		printer->line(printer->ctx, buf);
	}
}

static void report_functions(const struct pg_printer *printer, const struct pg_topology *topology,
			     const struct pg_plan *plan, const struct pg_policy *policy,
			     const struct pg_verdict *verdict)
{
	uint32_t i, listed = 0, unlisted;

	for (i = 0; i < verdict->nr; i++) {
		const struct pg_judgement *judgement = &verdict->judgements[i];

		if (!judgement->reason) {
			if (judgement->bridge || policy->quiet || listed == PG_REPORT_KEEPS)
				continue;
			listed++;
		}
		report_function(printer, topology, plan, i, judgement);
	}
	unlisted = verdict->keep - listed;
	if (unlisted && listed) {
		char buf[PG_LINE_SIZE];
		struct pg_text text = begin(buf, sizeof(buf));

		add_count(&text, unlisted, "more device");
		pg_text_string(&text, unlisted == 1 ? " keeps its address" : " keep their address");
		printer->line(printer->ctx, buf);
	}
}

void pg_report_details(const struct pg_printer *printer, const struct pg_record *record,
		       const struct pg_topology *topology, const struct pg_plan *plan,
		       const struct pg_policy *policy, const struct pg_verdict *verdict)
{
	report_misspelt(printer, "pcigate=", policy->bad_mode, "enforce holds");
	report_misspelt(printer, "pcigate.stop=", policy->bad_stop, "panic= decides");
	report_misspelt(printer, "", policy->unknown, "ignored");
	if (policy->cut)
		say(printer, "the command line is cut behind 2,047 bytes, as Linux cuts it");
	if (policy->mode == PG_MODE_OFF)
		return;
	if (policy->changes_acs)
		say(printer, "pci=config_acs or disable_acs_redir changes ACS: not judged for preserved devices");
	report_record(printer, record, verdict);
	if (verdict->record)
		report_finding(printer, &verdict->finding);
	if (!verdict->nr)
		return;
	report_causes(printer, topology, policy);
	report_functions(printer, topology, plan, policy, verdict);
	/* A record that no kernel wrote has nothing to hold them. */
	if (record->kho_version[0] && !record->own.present)
		say(printer, "the record holds no identities: another device at a recorded address goes unnoticed");
}

static void add_devices(struct pg_text *text, uint32_t count, uint32_t of, const char *one, const char *many)
{
	pg_text_decimal(text, count);
	pg_text_string(text, " of ");
	add_count(text, of, "preserved device");
	pg_text_char(text, ' ');
	pg_text_string(text, count == 1 ? one : many);
}

static void add_outcome(struct pg_text *text, const struct pg_record *record, const struct pg_policy *policy,
			const struct pg_verdict *verdict)
{
	const uint32_t of = verdict->devices;

	if (policy->mode == PG_MODE_OFF) {
		pg_text_string(text, "pcigate=off, nothing was looked at");
		return;
	}
	if (verdict->by_policy)
		pg_text_string(text, "pcigate=report, although ");
	if (verdict->record)
		pg_text_string(text, pg_reason_sentence(verdict->record));
	else if (record->state != PG_RECORD_DEVICES)
		pg_text_string(text, "no PCI device is preserved");
	else if (verdict->move && verdict->unverified) {
		add_devices(text, verdict->move, of, "would move, ", "would move, ");
		pg_text_decimal(text, verdict->unverified);
		pg_text_string(text, " unverified");
	} else if (verdict->move)
		add_devices(text, verdict->move, of, "would change address", "would change address");
	else if (verdict->unverified)
		add_devices(text, verdict->unverified, of, "cannot be verified", "cannot be verified");
	else if (verdict->bridges_bad) {
		add_count(text, verdict->bridges_bad, "preserved bridge");
		pg_text_string(text, " cannot be verified");
	} else
		add_devices(text, verdict->keep, of, "keeps its address", "keep their address");
}

static void add_cost(struct pg_text *text, const struct pg_cost *cost)
{
	add_count(text, cost->reads, "config read");
	if (!cost->cycles)
		return;
	pg_text_string(text, ", ");
	add_count(text, cost->cycles, "cycle");
	if (!cost->tsc_khz)
		return;
	pg_text_string(text, ", ");
	pg_text_decimal(text, cost->cycles / cost->tsc_khz * 1000 +
				      cost->cycles % cost->tsc_khz * 1000 / cost->tsc_khz);
	pg_text_string(text, " us");
}

void pg_report_verdict(const struct pg_printer *printer, const struct pg_record *record,
		       const struct pg_policy *policy, const struct pg_verdict *verdict, const struct pg_cost *cost,
		       const char *outcome)
{
	char draft[DRAFT_SIZE], cost_line[PG_LINE_SIZE], buf[PG_LINE_SIZE];
	struct pg_text text = begin(draft, sizeof(draft));
	struct pg_text cost_text = begin(cost_line, sizeof(cost_line));
	size_t tail = !verdict->open && outcome ? strlen(outcome) + 2 : 0;
	bool fits;

	pg_text_string(&text, verdict->open ? "OPEN: " : "STOP: ");
	add_outcome(&text, record, policy, verdict);
	add_cost(&cost_text, cost);

	/* Two lines where one is too short: the verdict stays the last. */
	fits = text.len + cost_text.len - (sizeof(PREFIX) - 1) + 3 + tail <= PG_LINE_COLUMNS;
	if (fits) {
		pg_text_string(&text, " (");
		pg_text_string(&text, cost_line + sizeof(PREFIX) - 1);
		pg_text_char(&text, ')');
	} else {
		printer->line(printer->ctx, cost_line);
	}
	if (tail) {
		pg_text_string(&text, "; ");
		pg_text_string(&text, outcome);
	}
	pg_text_begin(&text, buf, sizeof(buf));
	pg_text_string(&text, draft);
	printer->line(printer->ctx, buf);
}
