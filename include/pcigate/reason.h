/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * reason.h - the reasons for a bad verdict: an enum, a stable code and a sentence for each, and the
 * finding that says where the fault is.
 *
 * The codes are part of the interface: scripts search logs for them, docs/reasons.md has a section
 * for each. A number may change between versions, a code never does.
 */
#ifndef PCIGATE_REASON_H
#define PCIGATE_REASON_H

#include <pcigate/bdf.h>
#include <pcigate/port.h>

/**
 * enum pg_reason - everything that can be wrong; only PG_OK is good
 */
enum pg_reason {
	PG_OK = 0,

	/* The record that the outgoing kernel wrote. The finding names the field and its value. */
	PG_RECORD_MALFORMED,	  /* a field has a value that no kernel writes */
	PG_RECORD_VERSION,	  /* well formed, but of an unknown version */
	PG_RECORD_INCONSISTENT,	  /* two parts of the record contradict each other */
	PG_RECORD_LOOP,		  /* a chain of the record has a loop */
	PG_RECORD_OTHER_MACHINE,  /* user space made the record on another machine */
	PG_RECORD_OUTSIDE_MEMORY, /* an address points outside the next kernel's memory map */

	/* The bridges of the path. The finding names the bridge. */
	PG_BRIDGE_RESET,   /* secondary and subordinate are 0: Linux assigns new numbers */
	PG_BRIDGE_INVALID, /* Linux's sanity check rejects the numbers and assigns new ones */
	PG_BRIDGE_CARDBUS, /* CardBus bridges always get new numbers */
	PG_BUS_OVERLAP,	   /* the bus ranges of two bridges overlap */
	PG_BUS_EXHAUSTED,  /* no bus number is left for a bridge */
	PG_BUS_TAKEN,	   /* another bridge gets the bus number of the path */
	PG_BUS_UNREACHED,  /* no bridge leads to the recorded bus any more */

	/* The device itself. */
	PG_DEVICE_ABSENT,    /* no function answers at the recorded address */
	PG_DEVICE_NOT_READY, /* it still returns Request Retry Status after the wait */
	PG_DEVICE_DIFFERENT, /* the device at this address is not the recorded one */
	PG_DEVICE_HIDDEN,    /* it answers, but Linux does not scan its address */
	PG_PATH_DIFFERS,     /* it is behind other bridges than recorded */
	PG_VIRTUAL_FUNCTION, /* an SR-IOV virtual function: Linux removes it during
			      enumeration */
	PG_VFS_ENABLED,	     /* a physical function whose virtual functions are enabled:
			      Linux removes these */
	PG_ARI_DIFFERS,	     /* ARI forwarding above it is not as it was recorded */

	/* The virtual functions. */
	PG_PF_ABSENT,		/* its physical function is not there, or another one */
	PG_VFS_DISABLED,	/* VF Enable is clear */
	PG_VF_COUNT_DIFFERS,	/* NumVFs is not as recorded */
	PG_VF_OFFSET_DIFFERS,	/* First VF Offset or VF Stride is not as recorded */
	PG_VF_ARI_DIFFERS,	/* ARI Capable Hierarchy, or ARI forwarding, is not as recorded */
	PG_VF_REGISTERS_DIFFER, /* another register of SR-IOV is not as recorded */
	PG_VF_ABSENT,		/* the virtual function does not answer */

	/* Configuration space as a whole. */
	PG_SEGMENT_ABSENT,    /* no window covers the segment */
	PG_CONFIG_UNREADABLE, /* a read of configuration space failed */
	PG_UNVERIFIABLE,      /* the plan depends on something that cannot be read */
	PG_PLAN_BUDGET,	      /* the plan exceeds the budget of steps */

	/* Parameters of the next kernel. */
	PG_REASSIGN_BUSSES,	    /* pci=assign-busses: every bridge gets a new number */
	PG_NEXT_WITHOUT_PCI,	    /* pci=off */
	PG_NEXT_WITHOUT_ACPI,	    /* acpi=off, pci=noacpi */
	PG_NEXT_WITHOUT_MMCONFIG,   /* pci=nommconf, where a device needs it */
	PG_NEXT_WITHOUT_DOMAINS,    /* pci=nodomains, for a device outside segment 0 */
	PG_NEXT_WITHOUT_KHO,	    /* kho= absent or off */
	PG_NEXT_WITHOUT_LIVEUPDATE, /* liveupdate= absent or off */
	PG_NEXT_WITHOUT_IOMMU,	    /* intel_iommu=off, amd_iommu=off, iommu=off or pt,
				       iommu.passthrough=1 */
	PG_NEXT_CRASH_KERNEL,	    /* elfcorehdr= */
	PG_NEXT_LOSES_MEMORY,	    /* mem=, memmap=, cma= or memtest= take preserved memory */
	PG_NEXT_BLACKLIST,	    /* initcall_blacklist= */

	PG_NEXT_WITHOUT_ARI, /* pci=noari, where virtual functions need ARI */

	/* The next kernel's image. */
	PG_NEXT_CANNOT_READ,   /* it does not know the record, or its version */
	PG_NEXT_WITHOUT_SRIOV, /* it is not known to keep virtual functions */

	/* pcigate itself. */
	PG_WORKSPACE_FULL, /* a capacity is exceeded; the finding names it */
	PG_STAGE_FAULT,	   /* an exception inside the stage */
	PG_IMAGE_DAMAGED,  /* the loaded image does not match the digest taken when it was loaded */

	PG_REASON_COUNT
};

/*
 * pg_reason_code() - the stable code of @reason, e.g. "bridge-reset"; "unknown" for a number out of
 * range.
 */
const char *pg_reason_code(enum pg_reason reason);

/* pg_reason_sentence() - what @reason means, in one clause without a full stop; never NULL. */
const char *pg_reason_sentence(enum pg_reason reason);

/*
 * True if @reason means that a device would get another address, false if it means that the device
 * could not be verified.
 */
bool pg_reason_is_move(enum pg_reason reason);

/*
 * Size of a string value in a finding, with its terminating zero. A longer string is truncated and
 * ends in "...".
 */
#define PG_FINDING_TEXT 40

/**
 * struct pg_finding - a reason, and where the fault is
 * @reason:  the reason; PG_OK if nothing is wrong
 * @field:   static text: the name of the field at fault, as in docs/ ("luo_ser.flbs_pa"), or NULL
 * @at:      physical address of @field, 0 if it has none
 * @text:    its value as printable text, e.g. "0x7ff0000", "kho-v1" or "5, but 4 are used"; "" if
 * it has none
 */
struct pg_finding {
	enum pg_reason reason;
	const char *field;
	uint64_t at;
	char text[PG_FINDING_TEXT];
};

/*
 * The functions below fill @finding and return @reason, so that a check can note a finding and
 * return in one line. They differ in the type of the value.
 */

/* The value is an address or a size: hexadecimal. */
enum pg_reason pg_note(struct pg_finding *finding, enum pg_reason reason, const char *field,
		       uint64_t value, uint64_t at);

/* The value is a number: decimal. */
enum pg_reason pg_note_count(struct pg_finding *finding, enum pg_reason reason, const char *field,
			     uint64_t value, uint64_t at);

/* A number @value that contradicts @other, which @what describes: "5, but 4 are used". */
enum pg_reason pg_note_contradiction(struct pg_finding *finding, enum pg_reason reason,
				     const char *field, uint64_t value, uint64_t other,
				     const char *what, uint64_t at);

/* The value is the address of a function. */
enum pg_reason pg_note_bdf(struct pg_finding *finding, enum pg_reason reason, const char *field,
			   struct pg_bdf bdf, uint64_t at);

/*
 * The value is a string of at most @len bytes, which may be untrusted. The string ends at a zero,
 * and '?' replaces each byte that is not printable ASCII.
 */
enum pg_reason pg_note_text(struct pg_finding *finding, enum pg_reason reason, const char *field,
			    const char *text, size_t len, uint64_t at);

#endif
