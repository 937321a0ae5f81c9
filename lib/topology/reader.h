/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * reader.h - counts config reads, waits for devices that are not ready, and walks the lists of
 * capabilities.
 */
#ifndef PCIGATE_TOPOLOGY_READER_H
#define PCIGATE_TOPOLOGY_READER_H

#include <pcigate/topology.h>

/**
 * struct pg_reader - config space with a counter; the parts of the scan share it
 * @config:    access to config space
 * @reads:     counts every call of @config->read
 * @waited_ms: time spent on devices that were not ready; one budget for all of them, because they
 * become ready in parallel
 * @failed:    a read failed (PG_ACCESS_UNREADABLE) since the caller last cleared this: a
 * capability that the walks below did not find may exist
 * @failed_at: the function of the last failed read
 */
struct pg_reader {
	const struct pg_config *config;
	uint64_t reads;
	uint32_t waited_ms;
	bool failed;
	struct pg_bdf failed_at;
};

/*
 * pg_read_port() - reads a bridge's PCI Express capability: @bridge->capability, ->port, ->acts_as
 * (below @above), ->slot.
 */
void pg_read_port(struct pg_reader *reader, struct pg_function *bridge, uint8_t above);

/*
 * pg_settle_port() - the same for the bridge @index of @functions, and for those above it that
 * determine its type.
 */
void pg_settle_port(struct pg_reader *reader, struct pg_function *functions, uint16_t index);

/*
 * pg_read_ari_forwarding() - reads whether a bridge, whose port was read, can and does forward ARI.
 */
void pg_read_ari_forwarding(struct pg_reader *reader, struct pg_function *bridge);

/*
 * pg_extended_below() - true if Linux reads extended registers below the bridge @index of
 * @functions: below PCI Express ports only (pci_bridge_child_ext_cfg_accessible()).
 */
bool pg_extended_below(struct pg_reader *reader, struct pg_function *functions, uint16_t index);

/*
 * pg_read_extended() - reads the list of extended capabilities of @function. @functions must have
 * its parent, not @function itself. Sets ->extended_read and ->extended, and ->unread if the list
 * cannot be read where Linux would read it. If no window covers the registers
 * (PG_ACCESS_NO_WINDOW), Linux cannot read them either, so there is no list. Reads nothing twice.
 */
void pg_read_extended(struct pg_reader *reader, struct pg_function *functions,
		      struct pg_function *function);

/* pg_read_ari() - reads a function's ARI capability: @function->ari and ->ari_next, or ->unread. */
void pg_read_ari(struct pg_reader *reader, struct pg_function *functions,
		 struct pg_function *function);

enum pg_access pg_read(struct pg_reader *reader, struct pg_bdf at, uint16_t reg, uint32_t *value);

/*
 * pg_read_id() - reads the ID of @at into @id, and returns whether the function answers. Waits for
 * a device that is not ready (config.h).
 */
enum pg_presence pg_read_id(struct pg_reader *reader, struct pg_bdf at, uint32_t *id);

/*
 * pg_presence_of() - converts the result of a read. The register must be one that is never all
 * ones.
 */
enum pg_presence pg_presence_of(enum pg_access access);

/*
 * pg_find_capability() - walks the capability list of @at for @wanted (PCI Local Bus 3.0, 6.7).
 * Returns its offset, or 0 if there is none. If a read fails, returns 0 and sets @reader->failed.
 * Sets @first to the first dword of the capability; its upper half is the first content.
 */
uint8_t pg_find_capability(struct pg_reader *reader, struct pg_bdf at, uint8_t wanted,
			   uint32_t *first);

/*
 * pg_walk_extended() - walks the extended list of @at, from 0x100 on (PCI Express Base 7.6), and
 * notes the capabilities that are used. @id_register is the function's own ID: a bridge that
 * repeats its ordinary registers at 0x100 has this value there. False if a read failed: then a
 * capability that was not found may exist.
 */
bool pg_walk_extended(struct pg_reader *reader, struct pg_bdf at, uint32_t id_register,
		      struct pg_extended *extended);

/*
 * pg_sriov_buses() - how many buses after its own the virtual functions of a physical function
 * extend to: @total of them (not 0), with First VF Offset and VF Stride in @offset_stride
 * (PCI Express Base 9.3.3).
 */
static inline uint8_t pg_sriov_buses(uint8_t devfn, uint32_t total, uint32_t offset_stride)
{
	const uint32_t last =
		devfn + (offset_stride & 0xffff) + (offset_stride >> 16) * (total - 1);

	return last >> 8 > 0xff ? 0xff : (uint8_t)(last >> 8);
}

/*
 * pg_read_identity() - reads the identity of @function, whose extended capabilities must have been
 * read. Skips what @recorded does not have; if @recorded is NULL, reads everything. A register that
 * cannot be read gives all ones.
 */
void pg_read_identity(struct pg_reader *reader, const struct pg_function *function,
		      const struct pg_identity *recorded, struct pg_identity *identity);

/* The brief scan knows at most this many models. With more, it finds a difference. */
#define PG_MODELS 32u

/**
 * struct pg_model - the recorded devices with one vendor and device ID, by the first of them
 * @id:             register 0x00
 * @class_revision: register 0x08
 * @serial_high:    the upper half of the serial number
 * @serial:         offset of the serial number in units of 4 bytes, 0 until it was looked for
 * @has_serial:     the record has a serial number
 */
struct pg_model {
	uint32_t id;
	uint32_t class_revision;
	uint32_t serial_high;
	uint16_t serial;
	bool has_serial;
};

/**
 * struct pg_models - the models of the devices that were compared
 * @nr:       their number
 * @at:       the function that was compared last
 * @identity: its recorded identity
 * @models:   the models
 */
struct pg_models {
	uint32_t nr;
	struct pg_bdf at;
	struct pg_identity identity;
	struct pg_model models[PG_MODELS];
};

/*
 * pg_is_as_recorded() - compares a device, whose ID was read, with its recorded identity, for
 * PG_SCAN_BRIEF. Reads one more register, once for each card: subsystem, or if none was recorded,
 * class and revision. The serial number is read if an earlier device has the same ID. So each
 * exchange of recorded devices that differ is seen at one of the two addresses. Also false if other
 * registers are needed to tell two recorded devices apart.
 */
bool pg_is_as_recorded(struct pg_reader *reader, struct pg_function *functions,
		       struct pg_function *function, const struct pg_identity *recorded,
		       struct pg_models *models);

/*
 * pg_ari_as_recorded() - true if ARI forwarding of the bridge @index is as recorded, or if @index
 * is PG_NONE.
 */
bool pg_ari_as_recorded(struct pg_reader *reader, struct pg_function *functions, uint16_t index);

/*
 * pg_identity_differs() - true if @identity is not the recorded one; @difference then has the first
 * field that differs. A subsystem or serial number that was not recorded is not compared. (The
 * record has 0 as the subsystem of devices that load it late or have none.)
 */
bool pg_identity_differs(const struct pg_identity *recorded, const struct pg_identity *identity,
			 struct pg_difference *difference);

#endif
