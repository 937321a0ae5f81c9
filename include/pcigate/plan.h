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

/**
 * enum pg_fact - something about the next kernel's image that its command line does not tell
 */
enum pg_fact {
	PG_FACT_UNKNOWN,
	PG_FACT_NO,
	PG_FACT_YES,
};

/*
 * Room for the ranges of memory that words take away; with more of them all memory counts as taken.
 */
#define PG_POLICY_RANGES 8u

/* COMMAND_LINE_SIZE of x86, less the terminating zero: Linux sees no more of a command line. */
#define PG_CMDLINE_MAX 2047u

/* Capacities. One more of anything is a verdict (PG_WORKSPACE_FULL), never a truncation. */
#define PG_MAX_RECORDED 6144u			  /* 4,096 devices and 2,048 bridges above them */
#define PG_MAX_FUNCTIONS (PG_MAX_RECORDED + 256u) /* with those that are only neighbours */

/* Room for a misspelt value, with its terminating zero. */
#define PG_POLICY_TEXT 24

/**
 * struct pg_policy - what the command line of the next kernel says about the gate and about PCI
 * @mode:           pcigate=
 * @stop:           pcigate.stop=, or what panic= means where that is absent
 * @reset_after_s:  seconds to wait before a reset that panic=N asks for; 0 resets at once
 * @quiet:          `quiet`: devices that keep their address are counted, not listed
 * @assign_busses:  pci=assign-busses holds
 * @hotplug_buses:  pci=hpbussize=N, the least number of buses behind a hotplug bridge (Linux:
 * pci_hotplug_bus_size)
 * @all_devices:    pci=pcie_scan_all: Linux looks for more than device 0 behind a link
 * @no_ari:         pci=noari: and not for function numbers above 7 there
 * @no_mmconfig:    pci=nommconf, conf1: no segment but 0, and no register above 255
 * @no_domains:     pci=nodomains: no segment but 0
 * @pci_off:        pci=off, or pci=conf2, which no machine of 64 bits has
 * @acpi_off:       acpi=off, or pci=noacpi as the whole argument: host bridges are guessed, no
 * IOMMU is found
 * @kho_default:    CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT of the next kernel; always unknown today
 * @kho_off:        the next kernel is not known to read the record: kho= is off, or absent and
 * @kho_default is not known to be on; false where there is no command line to judge
 * @liveupdate_off: liveupdate= is off or absent, which is the same to Linux; false where there is
 * no command line to judge
 * @changes_acs:    pci=config_acs= or disable_acs_redir=: what of it holds for preserved devices is
 * not judged, but told
 * @iommu_off:      the IOMMU is off, or begins with an identity mapping
 * @crash_kernel:   elfcorehdr=: Linux switches KHO off
 * @blacklist:      initcall_blacklist=
 * @booted:         firmware boots the next kernel: the machine may have changed since the record
 * was made
 * @nr_taken:       number of @taken
 * @taken:          memory that the next kernel does not use, or overwrites
 * @cut:            the line is longer than PG_CMDLINE_MAX: what is behind that is not parsed
 * @unknown:        the name of a word that begins with "pcigate" and is not known, as it was
 * written; "" if there is none
 * @bad_mode:       a value of pcigate= that means nothing, as it was written; "" if there is none
 * @bad_stop:       the same for pcigate.stop=
 */
struct pg_policy {
	enum pg_mode mode;
	enum pg_stop stop;
	uint32_t reset_after_s;
	bool quiet;
	bool assign_busses;
	uint32_t hotplug_buses;
	bool all_devices;
	bool no_ari;
	bool no_mmconfig;
	bool no_domains;
	bool pci_off;
	bool acpi_off;
	enum pg_fact kho_default;
	bool kho_off;
	bool liveupdate_off;
	bool changes_acs;
	bool iommu_off;
	bool crash_kernel;
	bool blacklist;
	bool booted;
	bool cut;
	uint32_t nr_taken;
	struct pg_memory_range taken[PG_POLICY_RANGES];
	char unknown[PG_POLICY_TEXT];
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

/*
 * pg_cmdline_next() - the next argument of @line in @argument; false at the end, and at "--",
 * behind which all is init's.
 */
bool pg_cmdline_next(struct pg_cmdline *line, struct pg_argument *argument);

/* pg_argument_is() - compares the name as Linux does, '-' and '_' being the same. */
bool pg_argument_is(const struct pg_argument *argument, const char *name);

/* pg_argument_value_is() - true if there is a value and it is exactly @value. */
bool pg_argument_value_is(const struct pg_argument *argument, const char *value);

/* pg_scan_flags() - what @policy means to pg_scan(). */
static inline unsigned int pg_scan_flags(const struct pg_policy *policy)
{
	return (policy->all_devices ? PG_SCAN_ALL_DEVICES : 0) |
	       (policy->no_ari ? PG_SCAN_NO_ARI : 0) |
	       (policy->no_mmconfig ? PG_SCAN_NO_EXTENDED : 0);
}

/* pg_policy_parse() - reads the whole line. @text may be NULL: then every default holds. */
void pg_policy_parse(const char *text, size_t len, struct pg_policy *policy);

/*
 * pg_policy_booted() - firmware boots the next kernel, which gets no record: the words about KHO,
 * Live Update and the IOMMU do not count, and the caller decides what a stop ends in.
 */
void pg_policy_booted(struct pg_policy *policy);

/**
 * struct pg_step - the plan for one function of the topology
 * @reason:      PG_OK if the function keeps its address in the next kernel, and is never without
 * it; else why not
 * @culprit:     index of the function that the reason is about (a bridge above it, as a rule), or
 * PG_NONE
 * @above:       index of the bridge that the next kernel finds it below, PG_NONE on a root bus;
 * valid if @found
 * @bus:         the bus the next kernel finds it on; device and function number do not change
 * @primary:     for bridges: the numbers it will have; while the simulation runs, those it has at
 * that moment
 * @secondary:   the same
 * @subordinate: the same
 * @found:       the next kernel finds it
 * @ari:         for bridges: ARI forwarding at that moment
 * @certain:     what is said about where is certain; false if the scan came by something unknown
 * before it
 * @secondary_certain: for bridges: so is @secondary
 * @subordinate_certain: for bridges: so is @subordinate, which depends on what is below it
 */
struct pg_step {
	uint16_t culprit;
	uint16_t above;
	uint8_t reason;
	uint8_t bus;
	uint8_t primary;
	uint8_t secondary;
	uint8_t subordinate;
	bool found : 1;
	bool certain : 1;
	bool secondary_certain : 1;
	bool subordinate_certain : 1;
	bool ari : 1;
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
 * pg_bridge_fate() - what Linux's first pass does to a bridge of the topology: PG_OK if it keeps
 * the bus numbers, else why it takes them away (drivers/pci/probe.c, pci_scan_bridge_extend(), pass
 * 0). A pure function.
 */
enum pg_reason pg_bridge_fate(const struct pg_function *bridge, const struct pg_policy *policy);

/*
 * pg_plan_needs_everything() - true if some bridge will get other numbers than it has, or is not
 * where it was: then what the paths show is not enough, and the plan needs a topology with
 * everything in it, and its details.
 */
bool pg_plan_needs_everything(const struct pg_topology *topology, const struct pg_policy *policy);

struct pg_simulation;

/*
 * pg_plan_make() - where every function will be. @steps has room for topology->nr; @sim is working
 * space.
 *
 * A pure function of topology and policy. A function keeps its address if the simulation finds it
 * there, and if every bridge above it has bus numbers that Linux keeps all the time and that
 * overlap with no neighbour's: a bridge that is given the same numbers anew is without them for a
 * moment, and DMA does not wait.
 */
void pg_plan_make(const struct pg_topology *topology, const struct pg_policy *policy,
		  struct pg_simulation *sim, struct pg_step *steps, struct pg_plan *plan);

#endif
