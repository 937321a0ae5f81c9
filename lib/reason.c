// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * reason.c - the table of reasons, and functions that fill a finding.
 */
#include <pcigate/reason.h>
#include <pcigate/text.h>

/* Arrays, because a pointer costs a relocation in the purgatory, which is three times as large. */
#define CODE_SIZE 24
#define SENTENCE_SIZE 40

static const struct {
	char code[CODE_SIZE];
	char sentence[SENTENCE_SIZE];
	bool move;
} reasons[PG_REASON_COUNT] = {
	[PG_OK] = { "ok", "nothing is wrong", false },

	[PG_RECORD_MALFORMED] = { "record-malformed", "record malformed", false },
	[PG_RECORD_VERSION] = { "record-version-unknown", "record version unknown", false },
	[PG_RECORD_INCONSISTENT] = { "record-inconsistent", "record contradicts itself", false },
	[PG_RECORD_LOOP] = { "record-loop", "record contains a loop", false },
	[PG_RECORD_OTHER_MACHINE] = { "record-other-machine", "record of another machine", false },
	[PG_RECORD_OUTSIDE_MEMORY] = { "record-outside-memory",
				       "record points outside the memory map", false },

	[PG_BRIDGE_RESET] = { "bridge-reset", "lost its bus numbers", true },
	[PG_BRIDGE_INVALID] = { "bridge-invalid", "is invalid", true },
	[PG_BRIDGE_CARDBUS] = { "bridge-cardbus", "is a CardBus bridge", true },
	[PG_BUS_OVERLAP] = { "bus-overlap", "overlaps another bridge", true },
	[PG_BUS_EXHAUSTED] = { "bus-exhausted", "gets no bus number: none is left", true },
	[PG_BUS_TAKEN] = { "bus-taken", "another bridge takes its bus number", true },
	[PG_BUS_UNREACHED] = { "bus-unreached", "no bridge leads to its bus", true },

	[PG_DEVICE_ABSENT] = { "device-absent", "nothing answers there", false },
	[PG_DEVICE_NOT_READY] = { "device-not-ready", "it is not ready", false },
	[PG_DEVICE_DIFFERENT] = { "device-different", "another device answers", false },
	[PG_DEVICE_HIDDEN] = { "device-hidden", "Linux does not scan it", false },
	[PG_PATH_DIFFERS] = { "path-differs", "it lies behind other bridges", false },
	[PG_VIRTUAL_FUNCTION] = { "virtual-function", "it is a virtual function", false },
	[PG_VFS_ENABLED] = { "vfs-enabled", "virtual functions are enabled", false },
	[PG_ARI_DIFFERS] = { "ari-differs", "ARI forwarding differs", true },

	[PG_PF_ABSENT] = { "pf-absent", "its physical function is gone", false },
	[PG_VFS_DISABLED] = { "vfs-disabled", "VFs are disabled", false },
	[PG_VF_COUNT_DIFFERS] = { "vf-count-differs", "NumVFs differs", false },
	[PG_VF_OFFSET_DIFFERS] = { "vf-offset-differs", "VF offset or stride differs", true },
	[PG_VF_ARI_DIFFERS] = { "vf-ari-differs", "ARI differs", true },
	[PG_VF_REGISTERS_DIFFER] = { "vf-registers-differ", "its registers differ", false },
	[PG_VF_ABSENT] = { "vf-absent", "it does not answer", false },

	[PG_SEGMENT_ABSENT] = { "segment-absent", "no window to its segment", false },
	[PG_CONFIG_UNREADABLE] = { "config-unreadable", "cannot be read", false },
	[PG_UNVERIFIABLE] = { "unverifiable", "it depends on unreadable state", false },
	[PG_PLAN_BUDGET] = { "plan-budget", "too many steps to predict", false },

	[PG_REASSIGN_BUSSES] = { "reassign-busses", "next kernel has pci=assign-busses", true },
	[PG_NEXT_WITHOUT_PCI] = { "next-without-pci", "next kernel has pci=off", false },
	[PG_NEXT_WITHOUT_ACPI] = { "next-without-acpi", "next kernel without ACPI", false },
	[PG_NEXT_WITHOUT_MMCONFIG] = { "next-without-mmconfig", "without MMCONFIG", false },
	[PG_NEXT_WITHOUT_DOMAINS] = { "next-without-domains", "pci=nodomains is set", false },
	[PG_NEXT_WITHOUT_KHO] = { "next-without-kho", "next kernel has no kho=on", false },
	[PG_NEXT_WITHOUT_LIVEUPDATE] = { "next-without-liveupdate", "no liveupdate=on", false },
	[PG_NEXT_WITHOUT_IOMMU] = { "next-without-iommu", "iommu=off or pt is set", false },
	[PG_NEXT_CRASH_KERNEL] = { "next-crash-kernel", "elfcorehdr= is set", false },
	[PG_NEXT_LOSES_MEMORY] = { "next-loses-memory", "next kernel loses memory handed over",
				   false },
	[PG_NEXT_BLACKLIST] = { "next-blacklist", "initcall_blacklist= is set", false },

	[PG_NEXT_WITHOUT_ARI] = { "next-without-ari", "pci=noari is set", false },

	[PG_NEXT_CANNOT_READ] = { "next-cannot-read", "next kernel cannot read the record", false },
	[PG_NEXT_WITHOUT_SRIOV] = { "next-without-sriov", "next kernel drops VFs", false },

	[PG_WORKSPACE_FULL] = { "workspace-full", "exceeds a limit of pcigate", false },
	[PG_STAGE_FAULT] = { "stage-fault", "an exception inside the stage", false },
	[PG_IMAGE_DAMAGED] = { "image-damaged", "the loaded image was damaged", false },
};

const char *pg_reason_code(enum pg_reason reason)
{
	if ((unsigned int)reason >= PG_REASON_COUNT)
		return "unknown";
	return reasons[reason].code;
}

const char *pg_reason_sentence(enum pg_reason reason)
{
	if ((unsigned int)reason >= PG_REASON_COUNT)
		return "unknown reason";
	return reasons[reason].sentence;
}

bool pg_reason_is_move(enum pg_reason reason)
{
	return (unsigned int)reason < PG_REASON_COUNT && reasons[reason].move;
}

static struct pg_text begin(struct pg_finding *finding, enum pg_reason reason, const char *field,
			    uint64_t at)
{
	struct pg_text text;

	*finding = (struct pg_finding){ .reason = reason, .field = field, .at = at };
	pg_text_begin(&text, finding->text, sizeof(finding->text));
	return text;
}

enum pg_reason pg_note(struct pg_finding *finding, enum pg_reason reason, const char *field,
		       uint64_t value, uint64_t at)
{
	struct pg_text text = begin(finding, reason, field, at);

	pg_text_string(&text, "0x");
	pg_text_hex(&text, value, 1);
	return reason;
}

enum pg_reason pg_note_count(struct pg_finding *finding, enum pg_reason reason, const char *field,
			     uint64_t value, uint64_t at)
{
	struct pg_text text = begin(finding, reason, field, at);

	pg_text_decimal(&text, value);
	return reason;
}

enum pg_reason pg_note_contradiction(struct pg_finding *finding, enum pg_reason reason,
				     const char *field, uint64_t value, uint64_t other,
				     const char *what, uint64_t at)
{
	struct pg_text text = begin(finding, reason, field, at);

	pg_text_decimal(&text, value);
	pg_text_string(&text, ", but ");
	pg_text_decimal(&text, other);
	pg_text_char(&text, ' ');
	pg_text_string(&text, what);
	return reason;
}

enum pg_reason pg_note_bdf(struct pg_finding *finding, enum pg_reason reason, const char *field,
			   struct pg_bdf bdf, uint64_t at)
{
	struct pg_text text = begin(finding, reason, field, at);

	pg_text_bdf(&text, bdf);
	return reason;
}

enum pg_reason pg_note_text(struct pg_finding *finding, enum pg_reason reason, const char *field,
			    const char *string, size_t len, uint64_t at)
{
	struct pg_text text = begin(finding, reason, field, at);

	pg_text_printable(&text, len ? string : "", len);
	if (!text.len)
		pg_text_string(&text, "(empty)");
	if (text.full)
		memset(finding->text + text.len - 3, '.', 3);
	return reason;
}
