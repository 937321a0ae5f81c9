// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * plan_json.c - the plan as one JSON object. docs/pcigate-plan.8 describes it. Keys may be added;
 * existing keys do not change.
 */
#include "json.h"
#include "plan.h"
#include "vfs.h"

static json_t *number(int from)
{
	return from == NUMBER_UNKNOWN ? json_null() : json_integer(from);
}

static json_t *buses_tomorrow(const struct machine_plan *plan, uint32_t index)
{
	int buses[2];

	if (!pg_function_is_bridge(&plan->topology.functions[index]))
		return json_null();
	plan_buses(plan, index, buses);
	return json_pack("{s:o, s:o}", "secondary", number(buses[0]), "subordinate",
			 number(buses[1]));
}

static json_t *tomorrow(const struct machine_plan *plan, uint32_t index)
{
	switch (plan_future(plan, index)) {
	case FUTURE_KEEPS:
	case FUTURE_UNSAFE:
	case FUTURE_MOVES:
		return json_address(plan_address(plan, index));
	default:
		return json_null();
	}
}

static json_t *judgement(const struct machine_plan *plan, uint32_t index)
{
	const struct pg_judgement *from = plan_judgement(plan, index);

	if (!from)
		return json_null();
	return json_pack("{s:s, s:s?}", "verdict", judgement_text(from), "reason",
			 from->reason ? pg_reason_code((enum pg_reason)from->reason) : NULL);
}

static json_t *function(const struct machine_plan *plan, uint32_t index)
{
	const struct pg_topology *topology = &plan->topology;
	const struct pg_function *from = &topology->functions[index];
	const struct pg_step *step = &plan->plan.steps[index];
	const enum pg_reason reason = (enum pg_reason)step->reason, cause = plan_cause(plan, index);
	const struct pg_judgement *judged = plan_judgement(plan, index);
	const enum future future = plan_future(plan, index);

	return json_pack(
		"{s:o, s:o, s:o, s:b, s:b, s:o, s:s, s:o, s:o, s:o, s:s?, s:s?, s:o, s:s?, s:o, "
		"s:o, s:o}",
		"address", json_address(from->at), "path", json_path_of(topology, index), "id",
		json_id(from->hw.id), "bridge", pg_function_is_bridge(from), "preserved",
		judged && !judged->bridge, "parent", json_address_of(topology, from->parent),
		"future", future_text(future), "tomorrow", tomorrow(plan, index), "buses",
		json_bus_numbers(from), "buses-tomorrow", buses_tomorrow(plan, index), "reason",
		reason ? pg_reason_code(reason) : NULL, "sentence",
		reason ? pg_reason_sentence(reason) : NULL, "because-of",
		json_address_of(topology, step->culprit), "cause",
		cause ? pg_reason_code(cause) : NULL, "judgement", judgement(plan, index), "users",
		users_json(&plan->users, from->at,
			   future == FUTURE_MOVES ? plan_address(plan, index) : from->at, false),
		"virtual-functions", vfs_json(&plan->session, from->at));
}

static json_t *functions(const struct machine_plan *plan)
{
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < plan->topology.nr && !plan->reason; i++) {
		if (!json_append_or_fail(array, function(plan, i))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *roots(const struct machine_plan *plan)
{
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < plan->topology.nr_roots; i++) {
		const struct pg_root *root = &plan->topology.roots[i];

		if (!json_append_or_fail(
			    array,
			    json_pack("{s:I, s:I, s:I, s:b}", "segment", (json_int_t)root->segment,
				      "first", (json_int_t)root->first, "last",
				      (json_int_t)root->last, "end-assumed",
				      machine_end_assumed(&plan->machine, root->segment,
							  root->first)))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *disagreement(const struct machine_plan *plan)
{
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < plan->topology.nr; i++) {
		if (plan_disagrees(plan, i) &&
		    !json_append_or_fail(array, json_address(plan->topology.functions[i].at))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *trouble(const struct machine_plan *plan)
{
	if (!plan->reason)
		return json_null();
	return json_pack("{s:s, s:s, s:s?, s:o}", "reason", pg_reason_code(plan->reason),
			 "sentence", pg_reason_sentence(plan->reason), "field", plan->finding.field,
			 "value", json_text(plan->finding.text));
}

int plan_json(const struct machine_plan *plan, int status)
{
	const struct session *session = &plan->session;
	int trouble_status = json_put(json_pack(
		"{s:o, s:o, s:o, s:s?, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "description",
		json_text(session->capture ? session->capture->description : NULL), "cmdline",
		json_text(session->cmdline), "policy", json_policy(&plan->policy), "verdict",
		!plan->judged		     ? NULL
		: session->gate.verdict.open ? "open"
					     : "stop",
		"record", plan->judged ? json_record(session) : json_null(), "problem",
		trouble(plan), "roots", roots(plan), "functions", functions(plan), "notes",
		json_notes(&plan->machine), "disagreement", disagreement(plan), "lines",
		plan->judged ? json_lines(session) : json_array()));

	return trouble_status ? trouble_status : status;
}
