/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * plan.h - third room: what the next kernel will do, from its command line and the topology.
 */
#ifndef PCIGATE_PLAN_H
#define PCIGATE_PLAN_H

#include <pcigate/port.h>
#include <pcigate/reason.h>
#include <pcigate/topology.h>

/**
 * enum pg_mode - pcigate= on the next kernel's command line
 * @PG_MODE_ENFORCE: stop on a no (the default)
 * @PG_MODE_REPORT:  say everything, open anyway
 * @PG_MODE_OFF:     look at nothing, open
 */
enum pg_mode {
	PG_MODE_ENFORCE,
	PG_MODE_REPORT,
	PG_MODE_OFF,
};

/**
 * enum pg_stop - what a stop ends in
 */
enum pg_stop {
	PG_STOP_HALT,
	PG_STOP_RESET,
	PG_STOP_POWEROFF,
};

/* Room for a misspelt value, with its terminating zero. */
#define PG_POLICY_TEXT 24

/**
 * struct pg_policy - what the command line of the next kernel says about the gate and about PCI
 * @mode:           pcigate=
 * @stop:           pcigate.stop=, or what panic= means where that is absent
 * @reset_after_s:  seconds to wait before a reset that panic=N asks for; 0 resets at once
 * @quiet:          `quiet`: devices that keep their address are counted, not listed
 * @assign_busses:  pci=assign-busses holds
 * @pci_off:        pci=off
 * @kho_off:        kho=off
 * @bad_mode:       a value of pcigate= that means nothing, as it was written; "" if there is none
 * @bad_stop:       the same for pcigate.stop=
 */
struct pg_policy {
	enum pg_mode mode;
	enum pg_stop stop;
	uint32_t reset_after_s;
	bool quiet;
	bool assign_busses;
	bool pci_off;
	bool kho_off;
	char bad_mode[PG_POLICY_TEXT];
	char bad_stop[PG_POLICY_TEXT];
};

/**
 * struct pg_argument - one argument of a kernel command line, as lib/cmdline.c of Linux splits it
 * @name:      what stands before the first '='; not terminated
 * @name_len:  its length
 * @value:     what stands behind it, without quotes; NULL if there is no '='; not terminated
 * @value_len: its length
 */
struct pg_argument {
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
};

/**
 * struct pg_cmdline - a command line that is being read
 * @text: the line; it ends at @len or at a zero, whichever comes first
 * @len:  its length in bytes
 * @pos:  where the next argument begins; start with 0
 */
struct pg_cmdline {
	const char *text;
	size_t len;
	size_t pos;
};

/* pg_cmdline_next() - the next argument of @line in @argument; false at the end, and at "--", behind which all is init's. */
bool pg_cmdline_next(struct pg_cmdline *line, struct pg_argument *argument);

/* pg_argument_is() - compares the name as Linux does, '-' and '_' being the same. */
bool pg_argument_is(const struct pg_argument *argument, const char *name);

/* pg_argument_value_is() - true if there is a value and it is exactly @value. */
bool pg_argument_value_is(const struct pg_argument *argument, const char *value);

/* pg_policy_parse() - reads the whole line. @text may be NULL: then every default holds. */
void pg_policy_parse(const char *text, size_t len, struct pg_policy *policy);

/**
 * struct pg_step - the plan for one function of the topology
 * @reason:  PG_OK if the function keeps its address in the next kernel, else why not
 * @culprit: index of the function that the reason is about (a bridge above it, as a rule), or PG_NONE
 */
struct pg_step {
	uint8_t reason;
	uint16_t culprit;
};

/**
 * struct pg_plan - the plan for all functions
 * @nr:    as many as the topology has
 * @steps: one for each function, in the topology's order; owned by the workspace
 */
struct pg_plan {
	uint32_t nr;
	const struct pg_step *steps;
};

/*
 * pg_bridge_fate() - what Linux's first pass does to a bridge of the topology: PG_OK if it keeps the bus numbers, else why
 * it takes them away (drivers/pci/probe.c, pci_scan_bridge_extend(), pass 0). A pure function.
 */
enum pg_reason pg_bridge_fate(const struct pg_function *bridge, const struct pg_policy *policy);

/*
 * pg_plan_make() - which functions keep their address. @steps has room for topology->nr.
 *
 * A pure function of its arguments. A path is sound when every bridge on it has bus numbers that Linux keeps and that
 * overlap with no neighbour's.
 */
void pg_plan_make(const struct pg_topology *topology, const struct pg_policy *policy, struct pg_step *steps,
		  struct pg_plan *plan);

#endif
