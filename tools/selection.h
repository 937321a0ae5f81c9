/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * selection.h - the devices that a command line names.
 */
#ifndef PCIGATE_SELECTION_H
#define PCIGATE_SELECTION_H

#include "machine/machine.h"
#include "selector.h"

/**
 * struct selection - what the command line names, and the devices that it means
 * @nr:        length of @selectors
 * @selectors: the words
 * @nr_chosen: length of @chosen
 * @chosen:    the devices, in the order of the words; valid after selection_resolve()
 */
struct selection {
	uint32_t nr;
	struct selector *selectors;
	uint32_t nr_chosen;
	struct pg_bdf *chosen;
};

/*
 * selection_add() - adds the words of @list, which has commas between them and must exist as long
 * as the selection. Returns NULL, or the part of @list that is no selector; "" if memory runs out.
 */
const char *selection_add(struct selection *selection, const char *list);

/*
 * selection_resolve() - finds the devices on @machine. False with @error filled if a word means no
 * device.
 */
bool selection_resolve(struct selection *selection, const struct machine *machine,
		       struct capture_error *error);

void selection_free(struct selection *selection);

#endif
