// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * answer.c - writes and reads the verdict in pcigate's own KHO entry, which the stage passes to the
 * next kernel (docs/kho-fdt.md, /answer).
 */
#include <pcigate/fdt.h>
#include <pcigate/verdict.h>

/* The reason of the record, else that of the first function, or virtual function, with a reason. */
static enum pg_reason first_reason(const struct pg_verdict *verdict)
{
	uint32_t i;

	if (verdict->record)
		return verdict->record;
	for (i = 0; i < verdict->nr; i++) {
		if (verdict->judgements[i].reason)
			return verdict->judgements[i].reason;
	}
	return verdict->vf_reason;
}

void pg_verdict_answer(const struct pg_verdict *verdict, const struct pg_cost *cost,
		       struct pg_answer *answer)
{
	const enum pg_reason reason = first_reason(verdict);

	*answer = (struct pg_answer){
		.verdict = verdict->by_policy ? PG_ANSWER_BY_POLICY : PG_ANSWER_OPENED,
		.devices = verdict->devices,
		.keep = verdict->keep,
		.move = verdict->move,
		.unverified = verdict->unverified,
		.reads = cost->reads > UINT32_MAX ? UINT32_MAX : (uint32_t)cost->reads,
		.cycles = cost->cycles,
	};
	if (reason) {
		const char *code = pg_reason_code(reason);
		const size_t len = strlen(code);

		memcpy(answer->reason, code, len < PG_ANSWER_REASON ? len : PG_ANSWER_REASON - 1);
	}
}

/* The @nr cells of a property of /answer; NULL if the property is absent or has another size. */
static const fdt32_t *find_cells(const struct pg_gate_fdt *own, const char *name, uint32_t nr)
{
	const fdt32_t *prop;
	uint32_t len;

	if (own->answer < 0)
		return NULL;
	prop = pg_fdt_get(own->fdt, own->answer, name, &len);
	return prop && len == nr * 4 ? prop : NULL;
}

/* struct layout - the properties of /answer, in the tree */
struct layout {
	const fdt32_t *verdict;
	const fdt32_t *reason;
	const fdt32_t *devices;
	const fdt32_t *reads;
	const fdt32_t *cycles;
};

static bool find_layout(const struct pg_gate_fdt *own, struct layout *layout)
{
	layout->verdict = find_cells(own, "verdict", 1);
	layout->reason = find_cells(own, "reason", PG_ANSWER_REASON / 4);
	layout->devices = find_cells(own, "devices", 4);
	layout->reads = find_cells(own, "config-reads", 1);
	layout->cycles = find_cells(own, "cycles", 2);
	return layout->verdict && layout->reason && layout->devices && layout->reads &&
	       layout->cycles;
}

/* The offset of the first value of the layout in the tree. */
static uint64_t first_offset(const struct pg_gate_fdt *own, const struct layout *layout)
{
	const fdt32_t *const values[] = { layout->reason, layout->devices, layout->reads,
					  layout->cycles };
	const fdt32_t *first = layout->verdict;
	uint32_t i;

	for (i = 0; i < PG_ARRAY_SIZE(values); i++) {
		if (values[i] < first)
			first = values[i];
	}
	return (uint64_t)((const uint8_t *)first - (const uint8_t *)own->fdt);
}

bool pg_gate_write_answer(const struct pg_gate_fdt *own, void *writable,
			  const struct pg_answer *answer)
{
	const uint8_t *base = own->fdt;
	uint8_t *out = writable;
	struct layout layout;
	uint64_t first, rest;
	uint32_t crc = 0;

	if (!own->present || !find_layout(own, &layout))
		return false;
	/* The property crc32c precedes the values, and most of the record does, which may be long.
	 */
	first = first_offset(own, &layout);
	rest = own->size - first;
	if (own->crc)
		crc = fdt32_ld((const fdt32_t *)(const void *)(out + own->crc)) ^
		      pg_gate_crc_part(out + first, rest);
#define AT(member) (out + ((const uint8_t *)(member)-base))
	memcpy(AT(layout.reason), answer->reason, PG_ANSWER_REASON);
	fdt32_st(AT(layout.devices), answer->devices);
	fdt32_st(AT(layout.devices + 1), answer->keep);
	fdt32_st(AT(layout.devices + 2), answer->move);
	fdt32_st(AT(layout.devices + 3), answer->unverified);
	fdt32_st(AT(layout.reads), answer->reads);
	fdt32_st(AT(layout.cycles), (uint32_t)(answer->cycles >> 32));
	fdt32_st(AT(layout.cycles + 1), (uint32_t)answer->cycles);
	fdt32_st(AT(layout.verdict), answer->verdict);
#undef AT
	if (own->crc)
		fdt32_st(out + own->crc, crc ^ pg_gate_crc_part(out + first, rest));
	return true;
}

bool pg_gate_read_answer(const struct pg_gate_fdt *own, struct pg_answer *answer)
{
	struct layout layout;

	if (!own->present || !find_layout(own, &layout))
		return false;
	answer->verdict = fdt32_ld(layout.verdict);
	memcpy(answer->reason, layout.reason, PG_ANSWER_REASON);
	answer->reason[PG_ANSWER_REASON - 1] = 0;
	answer->devices = fdt32_ld(layout.devices);
	answer->keep = fdt32_ld(layout.devices + 1);
	answer->move = fdt32_ld(layout.devices + 2);
	answer->unverified = fdt32_ld(layout.devices + 3);
	answer->reads = fdt32_ld(layout.reads);
	answer->cycles = (uint64_t)fdt32_ld(layout.cycles) << 32 | fdt32_ld(layout.cycles + 1);
	return true;
}
