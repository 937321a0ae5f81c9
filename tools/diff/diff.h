/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * diff.h - compares the functions of two machines, or of one machine at two times.
 *
 * A function is matched by its model (IDs, class, revision, subsystem), its serial number and its
 * path, never by its address alone.
 */
#ifndef PCIGATE_DIFF_H
#define PCIGATE_DIFF_H

#include "../cli.h"
#include "../source.h"
#include "../users/users.h"

#include <pcigate/topology.h>

/**
 * struct diff_function - a function of one of the two machines
 * @at:       its address
 * @identity: its identity, with the serial number of function 0 if it has none itself;
 *            ->has_serial is false if the number cannot tell two devices apart
 * @above:    the bridge above it, NULL on a root bus
 * @path:     its path, as lspci -P prints it: "0000:00:1c.0/00.0"
 * @bridge:   it is a bridge, and the two bus numbers are valid
 * @secondary, @subordinate: the buses behind it
 * @nr_vfs: how many virtual functions are enabled, 0 if it is no physical function
 * @first_vf, @last_vf: the addresses of the first one and the last one
 * @doubtful: other functions look the same, so it may be another one than assumed
 * @partner:  the same function, or what replaced it, in the other machine; NULL if there is none
 */
struct diff_function {
	struct pg_bdf at;
	struct pg_identity identity;
	const struct diff_function *above;
	char *path;
	bool bridge;
	uint8_t secondary;
	uint8_t subordinate;
	uint32_t nr_vfs;
	struct pg_bdf first_vf;
	struct pg_bdf last_vf;
	bool doubtful;
	struct diff_function *partner;
};

/**
 * struct diff_side - one of the two machines
 * @path:      the file, NULL for this host
 * @source:    what was read from it
 * @nr:        length of @functions
 * @functions: the functions, sorted by address
 * @blind:     extended config space cannot be read, so no serial number is known
 */
struct diff_side {
	const char *path;
	struct source source;
	uint32_t nr;
	struct diff_function *functions;
	bool blind;
};

/**
 * enum diff_state - what happened to a function, what hurts most first
 * @DIFF_EXCHANGED:  it and another function have each other's address
 * @DIFF_REPLACED:   another model, or another device of the model, is at its path
 * @DIFF_GONE:       it is in the old machine only
 * @DIFF_MOVED:      it has another address
 * @DIFF_REROUTED:   it has the same address, but another path
 * @DIFF_NEW:        it is in the new machine only
 * @DIFF_RENUMBERED: a bridge leads to other buses
 * @DIFF_SAME:       nothing has changed
 */
enum diff_state {
	DIFF_EXCHANGED,
	DIFF_REPLACED,
	DIFF_GONE,
	DIFF_MOVED,
	DIFF_REROUTED,
	DIFF_NEW,
	DIFF_RENUMBERED,
	DIFF_SAME,
	DIFF_STATES,
};

/**
 * struct diff_change - what happened to one function
 * @state:    in one word
 * @old:      the function in the old machine, NULL if it is new
 * @new:      the function in the new machine, NULL if it is gone
 * @taken_by: the function of the new machine that has the old address, if it is another one
 * @cause:    for a function with another address but the same path: the first bridge of the path,
 *            in the old machine, whose secondary bus number is another one now
 * @differs:  @difference is valid
 * @difference: the first field of the identity that differs; ->function is not used
 */
struct diff_change {
	enum diff_state state;
	const struct diff_function *old;
	const struct diff_function *new;
	const struct diff_function *taken_by;
	const struct diff_function *cause;
	bool differs;
	struct pg_difference difference;
};

/**
 * struct diff_twins - devices of one model that nothing tells apart
 * @nr_old, @nr_new: number of them in either machine; one of the two numbers is above 1
 * @old, @new:       the first function of each, sorted by path
 */
struct diff_twins {
	uint32_t nr_old;
	uint32_t nr_new;
	struct diff_function **old;
	struct diff_function **new;
};

/**
 * struct diff - the comparison
 * @old, @new: the two machines
 * @nr:        length of @changes
 * @changes:   all functions, what hurts first
 * @counts:    number of functions for each state
 * @nr_twins:  length of @twins
 * @twins:     what cannot be told apart
 * @cards:     memory for @twins
 * @users:     what depends on addresses, if @new is this host
 * @journal:   --journal
 */
struct diff {
	struct diff_side old;
	struct diff_side new;
	uint32_t nr;
	struct diff_change *changes;
	uint32_t counts[DIFF_STATES];
	uint32_t nr_twins;
	struct diff_twins *twins;
	struct diff_function **cards[2];
	struct users users;
	bool journal;
};

/*
 * diff_read() - reads the machine @side->path. Returns 0, or STATUS_TROUBLE after an error message.
 * It calls diff_take(), which reads the functions of @side->source; false if memory runs out.
 */
int diff_read(struct diff_side *side);
bool diff_take(struct diff_side *side);

/* diff_drop_domains() - leaves out of @side what @other cannot have, if that is a capture. */
void diff_drop_domains(struct diff_side *side, const struct diff_side *other);

/* diff_close() - frees both machines and what was made from them. */
void diff_close(struct diff *diff);

/* diff_find() - the function of @side at @at, or NULL. */
const struct diff_function *diff_find(const struct diff_side *side, struct pg_bdf at);

/*
 * diff_match() finds the partner of each function. diff_judge() makes the changes from that, and
 * diff_find_twins() finds what cannot be told apart. They return false if memory runs out.
 */
bool diff_match(struct diff *diff);
bool diff_judge(struct diff *diff);
bool diff_find_twins(struct diff *diff);

/* diff_is_same_device() - true for two functions of one device of one machine. */
bool diff_is_same_device(const struct diff_function *a, const struct diff_function *b);

/* diff_by_model() - the order of two functions by model and serial number; 0 if these are equal. */
int diff_by_model(const struct diff_function *a, const struct diff_function *b);

/* "exchanged", "moved" and so on. */
const char *diff_state_text(enum diff_state state);

/* "id", "class", "revision", "subsystem", "serial" and a value of such a field. */
const char *diff_field_text(enum pg_field field);
#define DIFF_VALUE_TEXT 32
const char *diff_value_text(enum pg_field field, uint64_t value, char text[DIFF_VALUE_TEXT]);

/* The four kinds of output. diff_json() and diff_journal() return 0 or STATUS_TROUBLE. */
void diff_text(const struct diff *diff, const struct options *options, FILE *out);
void diff_dot(const struct diff *diff, FILE *out);
int diff_json(const struct diff *diff);
int diff_journal(const struct diff *diff, const struct options *options);

/* The parts of diff_text(). */
void diff_text_change(const struct diff *diff, const struct diff_change *change,
		      const struct options *options, FILE *out);
void diff_text_twins(const struct diff_twins *twins, const struct options *options, FILE *out);
void diff_text_summary(const struct diff *diff, FILE *out);

#endif
