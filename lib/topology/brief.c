// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * brief.c - compares devices with pcigate's own record by few reads, to open the gate for a machine
 * that is as recorded (PG_SCAN_BRIEF). If anything differs, a scan without PG_SCAN_BRIEF follows.
 */
#include <pcigate/brief.h>

#include "reader.h"

bool pg_scan_may_be_brief(const struct pg_record *record, unsigned int flags)
{
	return record->own.present && record->own.complete && !record->own.partial &&
	       record->own.sriov >= 0 &&
	       !(flags &
		 (PG_SCAN_EVERYTHING | PG_SCAN_ALL_DEVICES | PG_SCAN_NO_ARI | PG_SCAN_NO_EXTENDED));
}

/* True if a register can be read and has this value, which is not all ones. */
static bool is_register(struct pg_reader *reader, const struct pg_function *function, uint32_t reg,
			uint32_t wanted)
{
	uint32_t value;

	return !pg_read(reader, function->at, (uint16_t)reg, &value) && value == wanted;
}

static struct pg_model *find_model(struct pg_models *models, uint32_t id)
{
	uint32_t i;

	for (i = 0; i < models->nr; i++) {
		if (models->models[i].id == id)
			return &models->models[i];
	}
	return NULL;
}

/*
 * Compares the serial number. The first device of a model shows at which offset it is: where that
 * is wrong for another one, the value there differs, too. The upper half of another one is read
 * only if it is not that of the first: else it tells no two of them apart.
 */
static bool is_serial(struct pg_reader *reader, struct pg_function *functions,
		      struct pg_function *function, const struct pg_identity *recorded,
		      struct pg_model *model)
{
	const uint32_t low = (uint32_t)recorded->serial, high = (uint32_t)(recorded->serial >> 32);
	const bool first = !model->serial;

	if (first) {
		pg_read_extended(reader, functions, function);
		model->serial = function->hw.extended.serial;
	}
	return model->serial &&
	       is_register(reader, function, pg_extended_register(model->serial, PG_SERIAL_LOW),
			   low) &&
	       ((!first && high == model->serial_high) ||
		is_register(reader, function, pg_extended_register(model->serial, PG_SERIAL_HIGH),
			    high));
}

/*
 * True if the register that differs between units of a model was compared at another function of
 * the same device, and the record has the same value for both: they are on one card. If the card
 * was exchanged for a recorded one with other values, that function or one at the other address
 * shows it.
 */
static bool is_on_compared_card(const struct pg_models *models, struct pg_bdf at,
				const struct pg_identity *recorded)
{
	return models->nr && pg_bdf_key(models->at) >> 3 == pg_bdf_key(at) >> 3 &&
	       models->identity.subsystem == recorded->subsystem &&
	       (recorded->subsystem || models->identity.class_revision == recorded->class_revision);
}

static bool is_unit(struct pg_reader *reader, const struct pg_function *function,
		    const struct pg_identity *recorded)
{
	return recorded->subsystem
		       ? is_register(reader, function, PG_REG_SUBSYSTEM, recorded->subsystem)
		       : is_register(reader, function, PG_REG_CLASS, recorded->class_revision);
}

bool pg_is_as_recorded(struct pg_reader *reader, struct pg_function *functions,
		       struct pg_function *function, const struct pg_identity *recorded,
		       struct pg_models *models)
{
	struct pg_model *model = find_model(models, recorded->vendor_device);

	if (function->hw.id != recorded->vendor_device)
		return false;
	if (!is_on_compared_card(models, function->at, recorded) &&
	    !is_unit(reader, function, recorded))
		return false;
	models->at = function->at;
	models->identity = *recorded;
	if (!model) {
		if (models->nr == PG_MODELS)
			return false;
		model = &models->models[models->nr++];
		*model = (struct pg_model){
			.id = recorded->vendor_device,
			.class_revision = recorded->class_revision,
			.serial_high = (uint32_t)(recorded->serial >> 32),
			.has_serial = recorded->has_serial,
		};
	}
	/* Only further registers would tell these devices apart. */
	if (model->class_revision != recorded->class_revision ||
	    model->has_serial != recorded->has_serial)
		return false;
	return !recorded->has_serial || is_serial(reader, functions, function, recorded, model);
}

bool pg_scan_is_as_recorded(const struct pg_topology *topology)
{
	uint32_t i;

	if (topology->vfs.differ)
		return false;
	for (i = 0; i < topology->nr_recorded; i++) {
		const struct pg_function *function = &topology->functions[i];
		const struct pg_result *result = &function->result;

		if (function->hw.presence != PG_PRESENT || function->hw.unread ||
		    function->hw.header > PG_HEADER_CARDBUS ||
		    (function->hw.vfs_enabled && !result->vfs_kept) || result->hidden ||
		    result->different || result->rerouted || result->ari_differs ||
		    !(function->rec.device || result->as_recorded))
			return false;
	}
	return true;
}
