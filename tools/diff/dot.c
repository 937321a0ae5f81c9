// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * dot.c - both trees as a graph for dot(1).
 */
#include "diff.h"

#include "../dot.h"

static const enum dot_style styles[DIFF_STATES] = {
	[DIFF_EXCHANGED] = DOT_BAD,    [DIFF_REPLACED] = DOT_BAD, [DIFF_GONE] = DOT_BAD,
	[DIFF_MOVED] = DOT_BAD,	       [DIFF_REROUTED] = DOT_BAD, [DIFF_NEW] = DOT_DOUBT,
	[DIFF_RENUMBERED] = DOT_DOUBT, [DIFF_SAME] = DOT_PLAIN,
};

static uint32_t index_in(const struct diff_side *side, const struct diff_function *function)
{
	return (uint32_t)(function - side->functions);
}

/* Nodes are called a0, a1 and so on in the old machine, b0 in the new one. */
static void put_function(const struct diff_side *side, const struct diff_function *function,
			 enum diff_state state, char letter, FILE *out)
{
	const uint32_t index = index_in(side, function);
	char text[BDF_TEXT], id[DIFF_VALUE_TEXT];

	fprintf(out, "\t%c%u [label=\"%s\\n%s", letter, index, bdf_text(function->at, text),
		diff_value_text(PG_FIELD_ID, function->identity.vendor_device, id));
	if (state != DIFF_SAME)
		fprintf(out, "\\n%s", diff_state_text(state));
	fprintf(out, "\", color=%s, fillcolor=%s];\n", dot_line(styles[state]),
		dot_fill(styles[state]));
	if (function->above)
		fprintf(out, "\t%c%u -> %c%u;\n", letter, index_in(side, function->above), letter,
			index);
	else
		fprintf(out, "\t%cr -> %c%u;\n", letter, letter, index);
}

static bool is_place_changed(const struct diff_change *change)
{
	return change->old && change->new && change->state != DIFF_REPLACED &&
	       (!pg_bdf_equal(change->old->at, change->new->at) ||
		strcmp(change->old->path, change->new->path));
}

void diff_dot(const struct diff *diff, FILE *out)
{
	dot_begin(out, "Red: moved, exchanged, replaced or gone. Yellow: new. Arrows: from the old "
		       "to the new place.");
	fputs("\tar [shape=ellipse, label=\"old\"];\n"
	      "\tbr [shape=ellipse, label=\"new\"];\n",
	      out);
	for (uint32_t i = 0; i < diff->nr; i++) {
		const struct diff_change *change = &diff->changes[i];

		if (change->old)
			put_function(&diff->old, change->old, change->state, 'a', out);
		if (change->new)
			put_function(&diff->new, change->new, change->state, 'b', out);
		if (is_place_changed(change))
			fprintf(out,
				"\ta%u -> b%u [color=%s, style=dashed, arrowhead=normal, "
				"constraint=false];\n",
				index_in(&diff->old, change->old),
				index_in(&diff->new, change->new), dot_line(styles[change->state]));
	}
	dot_end(out);
}
