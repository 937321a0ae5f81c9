// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * report.c - step report: one line for each finding, and the verdict last.
 */
#include <pcigate/gate.h>
#include <pcigate/text.h>

#define PREFIX "pcigate: "

/* Size of a buffer for a line that may be too long. */
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
			    const char *consequence)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));

	if (!value[0])
		return;
	pg_text_string(&text, name);
	pg_text_string(&text, value);
	pg_text_string(&text, consequence);
	printer->line(printer->ctx, buf);
}

/*
 * The optional parts of a line, or-ed. If the line would exceed PG_LINE_COLUMNS, the least
 * important parts are left out first.
 */
#define SAYS_WHY 1 /* the sentence of the reason */
#define SAYS_WHERE                                                                                 \
	2	   /* the place: an address in memory, a range of buses, where a device moves to */
#define SAYS_WHO 4 /* the function at fault, if it is not the subject; of a finding, the code */
#define SAYS_ALL 7

/*
 * Prints the finding about the record. If the line would be too long, the code gets a line of its
 * own.
 */
static void report_finding(const struct pg_printer *printer, const struct pg_finding *finding)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text;
	int says;

	for (says = SAYS_ALL; says >= SAYS_WHO - 1; says--) {
		text = begin(buf, sizeof(buf));
		if (says > SAYS_WHO && says & SAYS_WHY) {
			pg_text_string(&text, pg_reason_sentence(finding->reason));
			pg_text_string(&text, ": ");
		}
		pg_text_string(&text, finding->field ? finding->field : "?");
		pg_text_char(&text, ' ');
		pg_text_string(&text, finding->text);
		if (says > SAYS_WHO && says & SAYS_WHERE && finding->at) {
			pg_text_string(&text, ", at 0x");
			pg_text_hex(&text, finding->at, 1);
		}
		if (says >= SAYS_WHO)
			add_code(&text, finding->reason);
		if (!text.full)
			break;
	}
	printer->line(printer->ctx, buf);
	if (says >= SAYS_WHO)
		return;
	text = begin(buf, sizeof(buf));
	pg_text_string(&text, pg_reason_sentence(finding->reason));
	add_code(&text, finding->reason);
	printer->line(printer->ctx, buf);
}

static void report_record(const struct pg_printer *printer, const struct pg_record *record,
			  const struct pg_verdict *verdict)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));

	if (record->without_liveupdate && record->state == PG_RECORD_DEVICES) {
		pg_text_string(&text, "record of user space: ");
		add_count(&text, verdict->devices, "device");
		pg_text_string(&text, ", ");
		add_count(&text, verdict->bridges, "bridge");
		printer->line(printer->ctx, buf);
		return;
	}
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
		pg_text_string(&text, record->own.host ? ", user space" : ", pcigate-v1");
	if (record->state == PG_RECORD_DEVICES) {
		pg_text_string(&text, ": ");
		if (verdict->nr) {
			add_count(&text, verdict->devices, "device");
			pg_text_string(&text, ", ");
			add_count(&text, verdict->bridges, "bridge");
		} else {
			add_count(&text, record->nr, "function");
		}
	} else if (!verdict->record) {
		pg_text_string(&text, record->state == PG_RECORD_NO_LUO
					      ? ": no Live Update data in it"
					      : ": no PCI device preserved");
	}
	printer->line(printer->ctx, buf);
}

static void add_bus_range(struct pg_text *text, const struct pg_function *bridge)
{
	pg_text_string(text, " [");
	pg_text_hex(text, bridge->hw.secondary, 2);
	pg_text_char(text, '-');
	pg_text_hex(text, bridge->hw.subordinate, 2);
	pg_text_char(text, ']');
}

/* What is wrong with a bridge, with the numbers that show it. */
static void add_bridge_fault(struct pg_text *text, const struct pg_topology *topology,
			     uint16_t index, enum pg_reason reason, int says)
{
	const struct pg_function *bridge = &topology->functions[index];

	pg_text_string(text, "bridge ");
	pg_text_bdf(text, bridge->at);
	if (!says) {
		add_code(text, reason);
		return;
	}
	switch (reason) {
	case PG_BUS_OVERLAP:
		if (says & SAYS_WHERE)
			add_bus_range(text, bridge);
		pg_text_string(text, " overlaps ");
		pg_text_bdf(text, topology->functions[bridge->result.culprit].at);
		if (says & SAYS_WHERE)
			add_bus_range(text, &topology->functions[bridge->result.culprit]);
		break;
	case PG_BRIDGE_INVALID:
		pg_text_string(text, " is invalid");
		if (!(says & SAYS_WHERE))
			break;
		pg_text_string(text, ": primary ");
		pg_text_hex(text, bridge->hw.primary, 2);
		add_bus_range(text, bridge);
		break;
	case PG_REASSIGN_BUSSES:
		pg_text_string(text, !(says & SAYS_WHERE) ? " is renumbered"
							  : " renumbered by pci=assign-busses");
		break;
	default:
		pg_text_char(text, ' ');
		pg_text_string(text, pg_reason_sentence(reason));
		break;
	}
	add_code(text, reason);
}

/* How the function that is named next is related to the reason. */
static const char *because(enum pg_reason reason)
{
	switch (reason) {
	case PG_BUS_TAKEN:
		return " taken by ";
	case PG_BUS_EXHAUSTED:
		return " no number for ";
	case PG_BUS_UNREACHED:
		return " was below ";
	case PG_DEVICE_ABSENT:
		return " no answer below ";
	case PG_DEVICE_HIDDEN:
		return " hidden by ";
	case PG_UNVERIFIABLE:
		return " depends on ";
	default:
		return " bridge ";
	}
}

/*
 * The function because of which Linux does not find another one: the port with a link below, where
 * Linux scans only device 0, or function 0 of the device.
 */
static struct pg_bdf hider(const struct pg_topology *topology, uint32_t index)
{
	const struct pg_function *function = &topology->functions[index];
	const struct pg_function *above = &topology->functions[function->parent];

	if (function->at.devfn > 7 && function->parent != PG_NONE &&
	    pg_port_is_downstream(above->result.acts_as))
		return above->at;
	return pg_bdf(function->at.segment, function->at.bus, function->at.devfn & 0xf8);
}

static void add_function(struct pg_text *text, const struct pg_topology *topology,
			 const struct pg_plan *plan, uint32_t index,
			 const struct pg_judgement *judgement, int says)
{
	const struct pg_function *function = &topology->functions[index];
	const enum pg_reason reason = judgement->reason;
	const struct pg_step *step = &plan->steps[index];
	const uint32_t culprit = judgement->culprit == PG_NONE ? index : judgement->culprit;

	if (judgement->bridge)
		pg_text_string(text, "bridge ");
	pg_text_bdf(text, function->at);
	if (!reason) {
		pg_text_string(text, " keeps its address");
		return;
	}
	pg_text_string(text, pg_reason_is_move(reason) ? " MOVES" : " UNVERIFIED");
	if (says & SAYS_WHERE && pg_reason_is_move(reason) && step->found && step->certain &&
	    step->bus != function->at.bus) {
		pg_text_string(text, " to ");
		pg_text_bdf(text, pg_bdf(function->at.segment, step->bus, function->at.devfn));
	}
	pg_text_char(text, ':');
	if (says & SAYS_WHO && (judgement->culprit != PG_NONE || reason == PG_DEVICE_HIDDEN)) {
		pg_text_string(text, says & SAYS_WHY ? because(reason) : " ");
		pg_text_bdf(text, reason == PG_DEVICE_HIDDEN ? hider(topology, culprit)
							     : topology->functions[culprit].at);
	} else if (says & SAYS_WHY) {
		pg_text_char(text, ' ');
		pg_text_string(text, pg_reason_sentence(reason));
	}
	add_code(text, reason);
}

static void report_function(const struct pg_printer *printer, const struct pg_topology *topology,
			    const struct pg_plan *plan, uint32_t index,
			    const struct pg_judgement *judgement)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text;
	int says = SAYS_ALL;

	do {
		text = begin(buf, sizeof(buf));
		add_function(&text, topology, plan, index, judgement, says);
	} while (text.full && says--);
	printer->line(printer->ctx, buf);
}

/* Recorded bridges that Linux renumbers: the causes, before their consequences. */
static void report_causes(const struct pg_printer *printer, const struct pg_topology *topology,
			  const struct pg_policy *policy)
{
	uint32_t i;

	for (i = 0; i < topology->nr_recorded; i++) {
		const struct pg_function *function = &topology->functions[i];
		char buf[PG_LINE_SIZE];
		struct pg_text text;
		enum pg_reason fate;
		int says = SAYS_WHERE | SAYS_WHY;

		if (!pg_function_is_bridge(function))
			continue;
		fate = pg_bridge_fate(function, policy);
		if (!fate && function->result.culprit != PG_NONE)
			fate = PG_BUS_OVERLAP;
		if (!fate)
			continue;
		do {
			text = begin(buf, sizeof(buf));
			add_bridge_fault(&text, topology, (uint16_t)i, fate, says);
		} while (text.full && says--);
		printer->line(printer->ctx, buf);
	}
}

static void add_id(struct pg_text *text, uint64_t id)
{
	pg_text_hex(text, id & 0xffff, 4);
	pg_text_char(text, ':');
	pg_text_hex(text, id >> 16, 4);
}

static void add_value(struct pg_text *text, enum pg_field field, uint64_t value)
{
	if (field == PG_FIELD_ID || field == PG_FIELD_SUBSYSTEM)
		add_id(text, value);
	else if (field == PG_FIELD_SERIAL && !value)
		pg_text_string(text, "none");
	else
		pg_text_hex(text, value,
			    field == PG_FIELD_SERIAL  ? 16
			    : field == PG_FIELD_CLASS ? 6
						      : 2);
}

/*
 * Prints which field of a device differs, with both values. This is a separate line, because a code
 * does not fit on a line with two serial numbers.
 */
static void report_difference(const struct pg_printer *printer, const struct pg_topology *topology,
			      uint32_t index)
{
	static const char names[][16] = { "", "class ", "revision ", "subsystem ",
					  "serial number " };
	char buf[PG_LINE_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));
	uint32_t i;

	pg_text_bdf(&text, topology->functions[index].at);
	pg_text_char(&text, ' ');
	for (i = 0; i < topology->nr_differences && topology->differences[i].function != index; i++)
		;
	if (i < topology->nr_differences) {
		const struct pg_difference *difference = &topology->differences[i];

		pg_text_string(&text, names[difference->field]);
		add_value(&text, difference->field, difference->now);
		pg_text_string(&text, ", was ");
		add_value(&text, difference->field, difference->was);
	} else {
		add_id(&text, topology->functions[index].hw.id);
		pg_text_string(&text, pg_function_is_bridge(&topology->functions[index])
					      ? " is a bridge now"
					      : " answers there now");
	}
	printer->line(printer->ctx, buf);
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
		if (judgement->reason == PG_DEVICE_DIFFERENT)
			report_difference(printer, topology, i);
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

void pg_report(const struct pg_printer *printer, const struct pg_gate *gate)
{
	const struct pg_policy *policy = &gate->policy;
	const struct pg_verdict *verdict = &gate->verdict;

	report_misspelt(printer, "pcigate=", policy->bad_mode, ": unknown value, using enforce");
	report_misspelt(printer, "pcigate.stop=", policy->bad_stop,
			": unknown value, using panic=");
	report_misspelt(printer, "", policy->unknown, ": unknown parameter, ignored");
	if (policy->cut)
		say(printer, "command line truncated after 2,047 bytes, as in Linux");
	if (policy->mode == PG_MODE_OFF)
		return;
	if (policy->changes_acs)
		say(printer, "pci=config_acs or disable_acs_redir: effect on ACS not checked");
	report_record(printer, &gate->record, verdict);
	if (verdict->record)
		report_finding(printer, &verdict->finding);
	if (!verdict->nr)
		return;
	report_causes(printer, &gate->topology, policy);
	report_functions(printer, &gate->topology, &gate->plan, policy, verdict);
	/* A record that no kernel wrote cannot hold identities. */
	if (gate->record.kho_version[0] && !gate->record.own.present)
		say(printer, "no identities recorded: another device at an address goes unnoticed");
	if (gate->record.own.partial)
		say(printer, "preserved after the record of user space: identity not compared");
}

static void add_devices(struct pg_text *text, uint32_t count, uint32_t of, const char *one,
			const char *many)
{
	pg_text_decimal(text, count);
	pg_text_string(text, " of ");
	add_count(text, of, "preserved device");
	pg_text_char(text, ' ');
	pg_text_string(text, count == 1 ? one : many);
}

static void add_outcome(struct pg_text *text, const struct pg_gate *gate)
{
	const struct pg_verdict *verdict = &gate->verdict;
	const uint32_t of = verdict->devices;

	if (gate->policy.mode == PG_MODE_OFF) {
		pg_text_string(text, "pcigate=off, nothing was checked");
		return;
	}
	if (verdict->by_policy)
		pg_text_string(text, "pcigate=report: ");
	if (verdict->record)
		pg_text_string(text, pg_reason_sentence(verdict->record));
	else if (gate->record.state != PG_RECORD_DEVICES)
		pg_text_string(text, "no PCI device is preserved");
	else if (verdict->move && verdict->unverified) {
		pg_text_decimal(text, verdict->move);
		pg_text_string(text, " of ");
		pg_text_decimal(text, of);
		pg_text_string(text, " would move, ");
		pg_text_decimal(text, verdict->unverified);
		pg_text_string(text, " unverified");
	} else if (verdict->move)
		add_devices(text, verdict->move, of, "would change address",
			    "would change address");
	else if (verdict->unverified)
		add_devices(text, verdict->unverified, of, "cannot be verified",
			    "cannot be verified");
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

void pg_report_verdict(const struct pg_printer *printer, const struct pg_gate *gate,
		       const struct pg_cost *cost, const char *outcome)
{
	char draft[DRAFT_SIZE], cost_line[PG_LINE_SIZE], buf[PG_LINE_SIZE];
	struct pg_text text = begin(draft, sizeof(draft));
	struct pg_text cost_text = begin(cost_line, sizeof(cost_line));
	size_t tail = !gate->verdict.open && outcome ? strlen(outcome) + 2 : 0;
	bool fits;

	pg_text_string(&text, gate->verdict.open ? "OPEN: " : "STOP: ");
	add_outcome(&text, gate);
	add_cost(&cost_text, cost);

	/* If the verdict and the cost do not fit on one line, the verdict is the last. */
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
