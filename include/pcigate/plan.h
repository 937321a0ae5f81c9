/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * plan.h - step plan: predicts which bus numbers the next kernel assigns, from its command line and
 * the topology.
 */
#ifndef PCIGATE_PLAN_H
#define PCIGATE_PLAN_H

#include <pcigate/port.h>
#include <pcigate/reason.h>
#include <pcigate/topology.h>

/**
 * enum pg_mode - pcigate= on the next kernel's command line
 * @PG_MODE_ENFORCE: stop if a device moves or cannot be verified (the default)
 * @PG_MODE_REPORT:  report everything, open in any case
 * @PG_MODE_OFF:     check nothing, open
 */
enum pg_mode {
	PG_MODE_ENFORCE,
	PG_MODE_REPORT,
	PG_MODE_OFF,
};

/**
 * enum pg_stop - what follows a stop
 */
enum pg_stop {
	PG_STOP_HALT,
	PG_STOP_RESET,
	PG_STOP_POWEROFF,
};

/**
 * enum pg_fact - a property of the next kernel's image that its command line does not show
 */
enum pg_fact {
	PG_FACT_UNKNOWN,
	PG_FACT_NO,
	PG_FACT_YES,
};

/*
 * Capacity for memory ranges that parameters take. If there are more, all memory counts as taken.
 */
#define PG_POLICY_RANGES 8u

/* COMMAND_LINE_SIZE of x86, less the terminating zero: Linux ignores the rest of a longer line. */
#define PG_CMDLINE_MAX 2047u

/* Capacities. Exceeding one is a reason (PG_WORKSPACE_FULL), never a truncation. */
#define PG_MAX_RECORDED 6144u			  /* 4,096 devices and 2,048 bridges */
#define PG_MAX_FUNCTIONS (PG_MAX_RECORDED + 256u) /* with functions that were not recorded */

/* Size of an unknown value, with its terminating zero. */
#define PG_POLICY_TEXT 24

/**
 * struct pg_policy - what the command line of the next kernel says about pcigate and PCI
 * @mode:           pcigate=
 * @stop:           pcigate.stop=; if that is absent, from panic=
 * @reset_after_s:  seconds to wait before a reset that panic=N requests; 0 resets at once
 * @verbose:        pcigate=verbose: as enforce, but the stage prints the whole report if it opens
 * @quiet:          Linux hides information on the console (`quiet`, loglevel=): the stage prints
 * nothing if it opens
 * @assign_busses:  pci=assign-busses is given
 * @hotplug_buses:  pci=hpbussize=N, the least number of buses behind a hotplug bridge (Linux:
 * pci_hotplug_bus_size)
 * @all_devices:    pci=pcie_scan_all: Linux scans more than device 0 behind a link
 * @no_ari:         pci=noari: Linux does not scan function numbers above 7
 * @no_mmconfig:    pci=nommconf or conf1: only segment 0 and registers up to 255 can be read
 * @no_domains:     pci=nodomains: only segment 0
 * @pci_off:        pci=off, or pci=conf2, which no 64-bit machine has
 * @acpi_off:       acpi=off, or pci=noacpi as the whole argument: Linux guesses the host bridges
 * and finds no IOMMU
 * @kho_default:    the next kernel has KHO on without kho=on; only its image can tell
 * @liveupdate_default: the same for Live Update and liveupdate=on
 * @keeps_buses:    the next kernel keeps the bus numbers of preserved devices: from its image, or
 * from pcigate.buses=
 * @keeps_vfs:      the next kernel keeps the virtual functions in pcigate's own record: from its
 * image, or from that record
 * @keep_numbers:   no bridge with valid numbers gets others (pg_policy_keep_numbers())
 * @kho_off:        the next kernel is not known to read the record: kho= is off, or absent and
 * @kho_default is not known to be on; false without a command line
 * @liveupdate_off: the same for liveupdate= and @liveupdate_default
 * @changes_acs:    pci=config_acs= or disable_acs_redir=: its effect on preserved devices
 * is not judged, but reported
 * @iommu_off:      the IOMMU is off, or starts with an identity mapping
 * @crash_kernel:   elfcorehdr=: Linux switches KHO off
 * @blacklist:      initcall_blacklist=
 * @booted:         firmware boots the next kernel: the machine may have changed since the record
 * was made
 * @nr_taken:       number of @taken
 * @taken:          memory that the next kernel does not use, or that it overwrites
 * @cut:            the line is longer than PG_CMDLINE_MAX; the rest is not parsed
 * @unknown:        the name of an unknown parameter that begins with "pcigate"; "" if there is none
 * @bad_mode:       an unknown value of pcigate=; "" if there is none
 * @bad_stop:       the same for pcigate.stop=
 * @bad_buses:      the same for pcigate.buses=
 * @buses_contradicted: pcigate.buses= contradicts what the image of the next kernel shows
 */
struct pg_policy {
	enum pg_mode mode;
	enum pg_stop stop;
	uint32_t reset_after_s;
	bool verbose;
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
	enum pg_fact liveupdate_default;
	enum pg_fact keeps_buses;
	enum pg_fact keeps_vfs;
	bool keep_numbers;
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
	char bad_buses[PG_POLICY_TEXT];
	bool buses_contradicted;
};

/**
 * struct pg_argument - one argument of a kernel command line, as lib/cmdline.c of Linux splits it
 * @name:      the text before the first '='; not terminated
 * @name_len:  its length
 * @value:     the text after it, without quotes; NULL if there is no '='; not terminated
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
 * @pos:  offset of the next argument; start with 0
 */
struct pg_cmdline {
	const char *text;
	size_t len;
	size_t pos;
};

/*
 * pg_cmdline_next() - the next argument of @line in @argument; false at the end, and at
 * "--", after which all arguments are for init.
 */
bool pg_cmdline_next(struct pg_cmdline *line, struct pg_argument *argument);

/* pg_argument_is() - compares the name as Linux does: '-' equals '_'. */
bool pg_argument_is(const struct pg_argument *argument, const char *name);

/* pg_argument_value_is() - true if there is a value and it is exactly @value. */
bool pg_argument_value_is(const struct pg_argument *argument, const char *value);

/* pg_scan_flags() - the flags of pg_scan() that follow from @policy. */
static inline unsigned int pg_scan_flags(const struct pg_policy *policy)
{
	return (policy->all_devices ? PG_SCAN_ALL_DEVICES : 0) |
	       (policy->no_ari ? PG_SCAN_NO_ARI : 0) |
	       (policy->no_mmconfig ? PG_SCAN_NO_EXTENDED : 0) |
	       (policy->keep_numbers ? PG_SCAN_MAY_KEEP_ARI : 0);
}

/* pg_policy_parse() - parses the whole line. With @text NULL, @policy has the defaults. */
void pg_policy_parse(const char *text, size_t len, struct pg_policy *policy);

/*
 * pg_policy_without_liveupdate() - ignores parameters about KHO, Live Update and the IOMMU: no
 * device is preserved by Live Update.
 */
void pg_policy_without_liveupdate(struct pg_policy *policy);

/*
 * pg_policy_keep_numbers() - sets ->keep_numbers, and ->keeps_buses and ->keeps_vfs if only the
 * record knows them: the build that wrote virtual functions into it also keeps them. A kernel that
 * keeps bus numbers does so only if it receives @record, and if Live Update preserves a device.
 */
void pg_policy_keep_numbers(struct pg_policy *policy, const struct pg_record *record);

/* True if bridges with valid numbers get others (pcibios_assign_all_busses()). */
static inline bool pg_policy_renumbers(const struct pg_policy *policy)
{
	return policy->assign_busses && !policy->keep_numbers;
}

/*
 * pg_policy_booted() - adapts @policy to a next kernel that firmware boots. That kernel gets no
 * record. The caller decides what follows a stop.
 */
void pg_policy_booted(struct pg_policy *policy);

/**
 * struct pg_step - the plan for one function of the topology
 * @reason:      PG_OK if the function keeps its address throughout the next kernel's scan; else the
 * reason
 * @culprit:     index of the function that the reason is about (a bridge above it, as a rule), or
 * PG_NONE
 * @above:       index of the bridge above it in the next kernel, PG_NONE on a root bus; valid if
 * @found
 * @bus:         its bus in the next kernel; device and function number do not change
 * @primary:     for bridges: the final number; during the simulation, the current number
 * @secondary:   the same
 * @subordinate: the same
 * @found:       the next kernel finds the function
 * @ari:         for bridges: the current state of ARI forwarding
 * @certain:     @found, @above and @bus are certain; false if they may depend on a fact that the
 * topology lacks
 * @secondary_certain: for bridges: @secondary is certain
 * @subordinate_certain: for bridges: @subordinate, which depends on the buses below, is certain
 * @lost:        with @reason: the next kernel gives no bus numbers to @culprit, and does not scan
 * what is behind it
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
	bool lost : 1;
};

/**
 * struct pg_plan - the plan for all functions
 * @nr:    number of functions in the topology
 * @steps: one for each function, in the topology's order; owned by the workspace
 */
struct pg_plan {
	uint32_t nr;
	const struct pg_step *steps;
};

/*
 * pg_bridge_fault() - PG_OK if Linux keeps the bus numbers of a bridge in its first pass, else the
 * reason why not (drivers/pci/probe.c, pci_scan_bridge_extend(), pass 0). A pure function.
 */
enum pg_reason pg_bridge_fault(const struct pg_function *bridge, const struct pg_policy *policy);

/*
 * pg_bridge_gets_none() - true if the next kernel keeps bus numbers and gives none to @bridge: a
 * preserved bridge whose own numbers are lost or invalid.
 */
bool pg_bridge_gets_none(const struct pg_function *bridge, const struct pg_policy *policy);

/*
 * pg_plan_needs_everything() - true if some bridge gets new numbers, or is not where it was
 * recorded. Then the plan needs a topology with all functions, and its details (pg_scan_details()).
 */
bool pg_plan_needs_everything(const struct pg_topology *topology, const struct pg_policy *policy);

struct pg_simulation;

/*
 * pg_plan_make() - predicts the address of every function. @steps has topology->nr elements; @sim
 * is scratch memory.
 *
 * A pure function of topology and policy. A function keeps its address if the simulation finds it
 * there, and if Linux keeps the bus numbers of every bridge above it throughout the scan and no
 * sibling's range overlaps them. Getting the same numbers again is not enough: until then the
 * bridge has none, while DMA continues.
 */
void pg_plan_make(const struct pg_topology *topology, const struct pg_policy *policy,
		  struct pg_simulation *sim, struct pg_step *steps, struct pg_plan *plan);

#endif
