/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * pe.h - the PE header of a kernel image.
 */
#ifndef PCIGATE_PE_H
#define PCIGATE_PE_H

#include "kernel_image.h"

/*
 * pe_adapt() - adapts the PE header of an image that grew to @size bytes: one section from the end
 * of the headers to the end of the file, the EFI entry at @entry, no signature. Does nothing if the
 * image has no PE header. False with @error filled if the header is damaged.
 */
bool pe_adapt(uint8_t *image, size_t size, size_t entry, struct capture_error *error);

#endif
