// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * topo.c - reads and prints the text form of a machine. The reader is compiled into Linux, too.
 *
 * Long: the reader and the printer use the same tables of words.
 */
#include "topo.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#define MAX_DEPTH 256

struct cursor {
	const char *at;
	const char *end;
};

static bool word_is(const struct cursor *word, const char *text)
{
	const size_t len = strlen(text);

	return (size_t)(word->end - word->at) == len && !memcmp(word->at, text, len);
}

/* Removes @text from the front of a word. */
static bool skip(struct cursor *word, const char *text)
{
	const size_t len = strlen(text);

	if ((size_t)(word->end - word->at) < len || memcmp(word->at, text, len))
		return false;
	word->at += len;
	return true;
}

static bool next_word(struct cursor *line, struct cursor *word)
{
	while (line->at < line->end && (*line->at == ' ' || *line->at == '\t'))
		line->at++;
	word->at = line->at;
	while (line->at < line->end && *line->at != ' ' && *line->at != '\t')
		line->at++;
	word->end = line->at;
	return word->at < word->end && *word->at != '#';
}

/* Removes a number from the front of a word. */
static bool number(struct cursor *word, uint32_t base, uint32_t max, uint32_t *value)
{
	const char *begin = word->at;
	uint64_t sum = 0;

	for (; word->at < word->end; word->at++) {
		const char c = *word->at;
		uint32_t digit;

		if (c >= '0' && c <= '9')
			digit = (uint32_t)(c - '0');
		else if (base == 16 && c >= 'a' && c <= 'f')
			digit = (uint32_t)(c - 'a') + 10;
		else
			break;
		sum = sum * base + digit;
		if (sum > max)
			return false;
	}
	*value = (uint32_t)sum;
	return word->at > begin;
}

static bool number8(struct cursor *word, uint8_t *value)
{
	uint32_t n;

	if (!number(word, 16, 0xff, &n))
		return false;
	*value = (uint8_t)n;
	return true;
}

static bool number16(struct cursor *word, uint16_t *value)
{
	uint32_t n;

	if (!number(word, 10, 0xffff, &n))
		return false;
	*value = (uint16_t)n;
	return true;
}

static bool at_end(const struct cursor *word)
{
	return word->at == word->end;
}

static const struct {
	const char *name;
	uint8_t type;
} pcie_types[] = {
	{ "endpoint", MACHINE_PCIE_ENDPOINT }, { "legacy", MACHINE_PCIE_LEGACY },
	{ "root", MACHINE_PCIE_ROOT_PORT },    { "up", MACHINE_PCIE_UPSTREAM },
	{ "down", MACHINE_PCIE_DOWNSTREAM },   { "to-pci", MACHINE_PCIE_TO_PCI },
	{ "to-pcie", MACHINE_PCI_TO_PCIE },    { "integrated", MACHINE_PCIE_INTEGRATED },
};

#define NR_PCIE_TYPES (sizeof(pcie_types) / sizeof(pcie_types[0]))

static bool read_pcie(const struct cursor *word, struct machine_function *function)
{
	uint32_t i;

	for (i = 0; i < NR_PCIE_TYPES; i++) {
		if (word_is(word, pcie_types[i].name)) {
			function->pcie = pcie_types[i].type;
			return true;
		}
	}
	return false;
}

static bool read_sriov(struct cursor *word, struct machine_function *function)
{
	function->sriov = true;
	if (!number16(word, &function->vfs) || !skip(word, ",") ||
	    !number16(word, &function->vf_offset) || !skip(word, ",") ||
	    !number16(word, &function->vf_stride))
		return false;
	function->vf_offset_ari = function->vf_offset;
	function->vf_stride_ari = function->vf_stride;
	if (at_end(word))
		return true;
	return skip(word, ",") && number16(word, &function->vf_offset_ari) && skip(word, ",") &&
	       number16(word, &function->vf_stride_ari) && at_end(word);
}

static bool read_vfs(struct cursor *word, struct machine_function *function)
{
	if (!number16(word, &function->vfs_on))
		return false;
	while (function->nr_kept < MACHINE_MAX_KEPT && skip(word, ",")) {
		if (!number16(word, &function->kept[function->nr_kept++]))
			return false;
	}
	return at_end(word);
}

/* The words without a value, and the field that each sets. */
static const struct {
	const char *name;
	size_t field;
} flags[] = {
	{ "multi", offsetof(struct machine_function, multi) },
	{ "wired", offsetof(struct machine_function, wired) },
	{ "fixed", offsetof(struct machine_function, fixed) },
	{ "slot", offsetof(struct machine_function, slot) },
	{ "hotplug", offsetof(struct machine_function, hotplug) },
	{ "ari-forward", offsetof(struct machine_function, ari_forward) },
	{ "ari-on", offsetof(struct machine_function, ari_enabled) },
	{ "any-device", offsetof(struct machine_function, any_device) },
	{ "gone", offsetof(struct machine_function, gone) },
	{ "added", offsetof(struct machine_function, added) },
	{ "preserved", offsetof(struct machine_function, preserved) },
	{ "vfs-ari", offsetof(struct machine_function, vfs_ari) },
};

#define NR_FLAGS (sizeof(flags) / sizeof(flags[0]))

static bool read_numbers(struct cursor *word, uint8_t *primary, uint8_t *secondary,
			 uint8_t *subordinate)
{
	return number8(word, primary) && skip(word, "/") && number8(word, secondary) &&
	       skip(word, "-") && number8(word, subordinate) && at_end(word);
}

/* Long: one short branch for each word with a value. */
static const char *read_word(struct cursor *word, struct machine_function *function)
{
	uint32_t i;

	for (i = 0; i < NR_FLAGS; i++) {
		if (word_is(word, flags[i].name)) {
			*(bool *)((char *)function + flags[i].field) = true;
			return NULL;
		}
	}
	if (skip(word, "pcie="))
		return read_pcie(word, function) ? NULL : "no such port type";
	if (skip(word, "header=")) {
		if (machine_is_bridge(function) || !number8(word, &function->header) ||
		    !at_end(word) || machine_is_bridge(function) || function->header > 0x7f)
			return "header= needs a hex number below 80, but 1 and 2, on a dev";
		return NULL;
	}
	if (skip(word, "id=")) {
		function->has_id = true;
		return number(word, 16, 0xffffffffu, &function->id) && at_end(word)
			       ? NULL
			       : "id= needs 8 hex digits";
	}
	if (skip(word, "ari=")) {
		function->ari = true;
		return number8(word, &function->ari_next) && at_end(word)
			       ? NULL
			       : "ari= needs a hex function number";
	}
	if (skip(word, "ea=")) {
		function->ea = true;
		return number8(word, &function->ea_secondary) && skip(word, "-") &&
				       number8(word, &function->ea_subordinate) && at_end(word)
			       ? NULL
			       : "ea= needs SS-TT";
	}
	if (skip(word, "was=")) {
		function->was = true;
		return machine_is_bridge(function) && read_numbers(word, &function->was_primary,
								   &function->was_secondary,
								   &function->was_subordinate)
			       ? NULL
			       : "was= needs PP/SS-TT, on a bridge";
	}
	if (skip(word, "flip=")) {
		uint32_t reg, bit;

		function->flip = number(word, 16, 0xfff, &reg) && skip(word, ".") &&
				 number(word, 10, 7, &bit) && at_end(word);
		if (!function->flip)
			return "flip= needs RRR.B";
		function->flip_reg = (uint16_t)reg;
		function->flip_bit = (uint8_t)bit;
		return NULL;
	}
	if (skip(word, "sriov="))
		return read_sriov(word, function)
			       ? NULL
			       : "sriov= needs TOTAL,OFFSET,STRIDE[,OFFSET,STRIDE]";
	if (skip(word, "vfs="))
		return read_vfs(word, function) ? NULL : "vfs= needs N[,INDEX[,INDEX]]";
	return "unknown word";
}

static const char *read_function(struct cursor *line, struct machine_function *function)
{
	struct cursor word;
	uint8_t device, fn;
	const char *error;

	*function = (struct machine_function){ .child = MACHINE_NONE,
					       .next = MACHINE_NONE,
					       .pcie = MACHINE_PCIE_NONE };
	if (!next_word(line, &word) || !number8(&word, &device) || !skip(&word, ".") ||
	    !number8(&word, &fn) || !at_end(&word) || device > 31 || fn > 7)
		return "no DD.F";
	function->devfn = (uint8_t)(device << 3 | fn);
	if (!next_word(line, &word))
		return "neither dev nor bridge nor cardbus";
	if (word_is(&word, "dev"))
		function->header = MACHINE_NORMAL;
	else if (word_is(&word, "bridge"))
		function->header = MACHINE_BRIDGE;
	else if (word_is(&word, "cardbus"))
		function->header = MACHINE_CARDBUS;
	else
		return "neither dev nor bridge nor cardbus";
	if (machine_is_bridge(function)) {
		if (!next_word(line, &word) ||
		    !read_numbers(&word, &function->primary, &function->secondary,
				  &function->subordinate))
			return "no bus numbers PP/SS-TT";
	}
	while (next_word(line, &word)) {
		error = read_word(&word, function);
		if (error)
			return error;
	}
	return NULL;
}

static const char *read_root(struct cursor *line, struct machine_root *root)
{
	struct cursor word;

	root->child = MACHINE_NONE;
	if (!next_word(line, &word) || !number8(&word, &root->first) || !skip(&word, "-") ||
	    !number8(&word, &root->last) || !at_end(&word) || root->first > root->last ||
	    next_word(line, &word))
		return "root needs FIRST-LAST";
	return NULL;
}

/* Reads a line without its end. Returns false at the end of the text. */
static bool next_line(struct topo_reader *reader, struct cursor *line)
{
	if (reader->pos >= reader->len)
		return false;
	line->at = reader->text + reader->pos;
	while (reader->pos < reader->len && reader->text[reader->pos] != '\n')
		reader->pos++;
	line->end = reader->text + reader->pos;
	reader->pos++;
	reader->line++;
	return true;
}

static uint32_t indent_of(const struct cursor *line)
{
	const char *at = line->at;

	while (at < line->end && *at == ' ')
		at++;
	return (uint32_t)(at - line->at);
}

/* Links a function: @last holds the function read last for each depth, or MACHINE_NONE. */
static const char *add_function(struct machine *machine, uint16_t *last, uint32_t depth)
{
	const uint16_t index = (uint16_t)machine->nr;
	struct machine_function *function = &machine->functions[index];
	uint16_t *link;

	function->root = (uint16_t)(machine->nr_roots - 1);
	function->parent = depth ? last[depth - 1] : MACHINE_NONE;
	if (depth && !machine_is_bridge(&machine->functions[function->parent]))
		return "only bridges have functions below them";
	if (last[depth] != MACHINE_NONE) {
		link = &machine->functions[last[depth]].next;
		if (machine->functions[last[depth]].devfn > function->devfn ||
		    (machine->functions[last[depth]].devfn == function->devfn &&
		     !(machine->functions[last[depth]].gone && function->added)))
			return "functions of one bus must be sorted";
		if (function->gone && function->added)
			return "gone and added";
	} else {
		link = depth ? &machine->functions[function->parent].child
			     : &machine->roots[machine->nr_roots - 1].child;
	}
	*link = index;
	last[depth] = index;
	last[depth + 1] = MACHINE_NONE;
	machine->nr++;
	return NULL;
}

static const char *const records[] = {
	[MACHINE_RECORD_OWN] = "own",
	[MACHINE_RECORD_INCOMPLETE] = "incomplete",
	[MACHINE_RECORD_UPSTREAM] = "upstream",
};

static const char *read_record(struct cursor *line, struct machine *machine)
{
	struct cursor word;
	uint8_t i;

	if (next_word(line, &word)) {
		for (i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
			if (word_is(&word, records[i])) {
				machine->record = i;
				return NULL;
			}
		}
	}
	return "record is own, incomplete or upstream";
}

static const char *read_incoming(struct cursor *line, struct machine *machine)
{
	struct cursor word;
	uint32_t bdf, references;

	machine->has_incoming = true;
	while (next_word(line, &word)) {
		if (machine->nr_incoming == MACHINE_MAX_FUNCTIONS)
			return "too many incoming addresses";
		references = 1;
		if (!number(&word, 16, 0xffff, &bdf) ||
		    (skip(&word, "*") && !number(&word, 16, 0xffff, &references)) || !at_end(&word))
			return "incoming is followed by addresses: bus << 8 | devfn";
		machine->references[machine->nr_incoming] = (uint16_t)references;
		machine->incoming[machine->nr_incoming++] = (uint16_t)bdf;
	}
	return NULL;
}

static const char *read_incoming_vfs(struct cursor *line, struct machine *machine)
{
	struct machine_pf *pf = &machine->pfs[machine->nr_pfs];
	uint32_t cells[MACHINE_SRIOV_REGS + 3], nr;
	struct cursor word;

	if (machine->nr_pfs++ == MACHINE_MAX_PFS)
		return "too many physical functions";
	for (nr = 0; nr < MACHINE_SRIOV_REGS + 3; nr++) {
		if (!next_word(line, &word) || !number(&word, 16, 0xffffffff, &cells[nr]) ||
		    !at_end(&word))
			return "incoming-vfs needs BDF, registers, LAST and RESERVED";
	}
	*pf = (struct machine_pf){ .bdf = (uint16_t)cells[0],
				   .last = cells[nr - 2],
				   .reserved = cells[nr - 1] };
	memcpy(pf->regs, cells + 1, sizeof(pf->regs));
	while (next_word(line, &word)) {
		if (pf->nr_kept == MACHINE_MAX_KEPT || !number(&word, 16, 0xffff, &nr) ||
		    !at_end(&word))
			return "incoming-vfs ends with one or two indexes";
		pf->kept[pf->nr_kept++] = (uint16_t)nr;
	}
	return NULL;
}

static const char *read_body(struct topo_reader *reader, struct machine *machine)
{
	uint16_t last[MAX_DEPTH + 1];
	uint32_t depth = 0;
	struct cursor line, word;
	const char *error;

	machine->nr = 0;
	machine->nr_roots = 0;
	machine->record = MACHINE_RECORD_OWN;
	machine->then = false;
	machine->has_incoming = false;
	machine->nr_incoming = 0;
	machine->nr_pfs = 0;
	last[0] = MACHINE_NONE;
	while (next_line(reader, &line)) {
		const uint32_t indent = indent_of(&line);
		struct cursor rest = line;

		if (!next_word(&rest, &word))
			continue;
		if (!indent && word_is(&word, "end"))
			return machine->nr_roots ? NULL : "no root bus";
		if (!indent && word_is(&word, "record") && !machine->nr_roots) {
			error = read_record(&rest, machine);
		} else if (!indent && word_is(&word, "incoming") && !machine->nr_roots) {
			error = read_incoming(&rest, machine);
		} else if (!indent && word_is(&word, "incoming-vfs") && !machine->nr_roots) {
			error = read_incoming_vfs(&rest, machine);
		} else if (!indent && word_is(&word, "root")) {
			if (machine->nr_roots == MACHINE_MAX_ROOTS)
				return "too many root buses";
			error = read_root(&rest, &machine->roots[machine->nr_roots]);
			machine->nr_roots++;
			last[0] = MACHINE_NONE;
			depth = 0;
		} else if (!machine->nr_roots || !indent || indent % 2 ||
			   indent / 2 - 1 > depth + 1 || indent / 2 >= MAX_DEPTH ||
			   (indent / 2 > 1 && last[indent / 2 - 2] == MACHINE_NONE)) {
			error = "neither root nor end nor a function two spaces deeper than its "
				"bus";
		} else if (machine->nr == MACHINE_MAX_FUNCTIONS) {
			error = "too many functions";
		} else {
			depth = indent / 2 - 1;
			error = read_function(&line, &machine->functions[machine->nr]);
			if (!error)
				error = add_function(machine, last, depth);
		}
		if (error)
			return error;
	}
	return "no end";
}

enum topo_result topo_read(struct topo_reader *reader, struct machine *machine, const char **error)
{
	struct cursor line, word;

	*error = NULL;
	while (next_line(reader, &line)) {
		size_t len;

		if (!next_word(&line, &word) || !word_is(&word, "topo"))
			continue;
		if (!next_word(&line, &word)) {
			*error = "no name";
			return TOPO_BAD;
		}
		len = (size_t)(word.end - word.at);
		if (len >= MACHINE_MAX_NAME)
			len = MACHINE_MAX_NAME - 1;
		memcpy(machine->name, word.at, len);
		machine->name[len] = 0;
		*error = read_body(reader, machine);
		if (*error)
			return TOPO_BAD;
		machine_reset(machine);
		return TOPO_OK;
	}
	return TOPO_END;
}

#ifndef __KERNEL__
void topo_print_function(FILE *out, const struct machine_function *function)
{
	uint32_t i;

	fprintf(out, "%02x.%x ", function->devfn >> 3, function->devfn & 7);
	if (machine_is_bridge(function))
		fprintf(out, "%s %02x/%02x-%02x",
			function->header == MACHINE_BRIDGE ? "bridge" : "cardbus",
			function->primary, function->secondary, function->subordinate);
	else
		fprintf(out, "dev");
	if (!machine_is_bridge(function) && function->header != MACHINE_NORMAL)
		fprintf(out, " header=%02x", function->header);
	for (i = 0; i < NR_PCIE_TYPES; i++) {
		if (function->pcie == pcie_types[i].type)
			fprintf(out, " pcie=%s", pcie_types[i].name);
	}
	for (i = 0; i < NR_FLAGS; i++) {
		if (*(const bool *)((const char *)function + flags[i].field))
			fprintf(out, " %s", flags[i].name);
	}
	if (function->ari)
		fprintf(out, " ari=%x", function->ari_next);
	if (function->ea)
		fprintf(out, " ea=%02x-%02x", function->ea_secondary, function->ea_subordinate);
	if (function->sriov) {
		fprintf(out, " sriov=%u,%u,%u", function->vfs, function->vf_offset,
			function->vf_stride);
		if (function->vf_offset_ari != function->vf_offset ||
		    function->vf_stride_ari != function->vf_stride)
			fprintf(out, ",%u,%u", function->vf_offset_ari, function->vf_stride_ari);
	}
	if (function->vfs_on) {
		fprintf(out, " vfs=%u", function->vfs_on);
		for (i = 0; i < function->nr_kept; i++)
			fprintf(out, ",%u", function->kept[i]);
	}
	if (function->has_id)
		fprintf(out, " id=%08x", function->id);
	if (function->was && machine_is_bridge(function))
		fprintf(out, " was=%02x/%02x-%02x", function->was_primary, function->was_secondary,
			function->was_subordinate);
	if (function->flip)
		fprintf(out, " flip=%03x.%u", function->flip_reg, function->flip_bit);
}

static uint32_t depth_of(const struct machine *machine, uint32_t index)
{
	uint32_t depth = 0;

	while (machine->functions[index].parent != MACHINE_NONE) {
		index = machine->functions[index].parent;
		depth++;
	}
	return depth;
}

static void print_incoming(FILE *out, const struct machine *machine)
{
	uint32_t i;

	fprintf(out, "incoming");
	for (i = 0; i < machine->nr_incoming; i++) {
		fprintf(out, " %04x", machine->incoming[i]);
		if (machine->references[i] != 1)
			fprintf(out, "*%x", machine->references[i]);
	}
	fputc('\n', out);
}

static void print_incoming_vfs(FILE *out, const struct machine_pf *pf)
{
	uint32_t i;

	fprintf(out, "incoming-vfs %04x", pf->bdf);
	for (i = 0; i < MACHINE_SRIOV_REGS; i++)
		fprintf(out, " %x", pf->regs[i]);
	fprintf(out, " %x %x", pf->last, pf->reserved);
	for (i = 0; i < pf->nr_kept; i++)
		fprintf(out, " %x", pf->kept[i]);
	fputc('\n', out);
}

void topo_print(FILE *out, const struct machine *machine)
{
	uint32_t root, i;

	fprintf(out, "topo %s\n", machine->name);
	if (machine->record)
		fprintf(out, "record %s\n", records[machine->record]);
	if (machine->has_incoming)
		print_incoming(out, machine);
	for (i = 0; i < machine->nr_pfs; i++)
		print_incoming_vfs(out, &machine->pfs[i]);
	for (root = 0; root < machine->nr_roots; root++) {
		fprintf(out, "root %02x-%02x\n", machine->roots[root].first,
			machine->roots[root].last);
		/* The functions are in the order of the text. */
		for (i = 0; i < machine->nr; i++) {
			if (machine->functions[i].root != root)
				continue;
			fprintf(out, "%*s", (int)(2 * depth_of(machine, i) + 2), "");
			topo_print_function(out, &machine->functions[i]);
			fputc('\n', out);
		}
	}
	fprintf(out, "end\n");
}

void topo_print_path(FILE *out, const struct machine *machine, uint32_t index)
{
	const struct machine_function *function = &machine->functions[index];

	if (function->parent == MACHINE_NONE)
		fprintf(out, "%02x", machine->roots[function->root].first);
	else
		topo_print_path(out, machine, function->parent);
	fprintf(out, "/%02x.%x", function->devfn >> 3, function->devfn & 7);
}
#endif
