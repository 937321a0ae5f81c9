// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * vga.c - writes into the VGA text buffer.
 */
#include "vga.h"

#include <string.h>

#include "cpu.h"
#include "paging.h"
#include "state.h"

#define TEXT_BUFFER 0xb8000u
#define TEXT_BUFFER_SIZE 0x8000u
#define CRTC_INDEX 0x3d4
#define CRTC_DATA 0x3d5
/* Pairs of registers, high byte first: the first character that is shown, and the cursor. */
#define CRTC_START 0x0c
#define CRTC_CURSOR 0x0e
#define LIGHT_GREY 0x07

static struct vga_state {
	uint16_t *screen;
	unsigned int cols;
	unsigned int lines;
	unsigned int row;
} the_vga;

STAGE_STATE(vga_state, struct vga_state, the_vga)
#define vga (*vga_state())

static uint16_t crtc_pair(uint8_t index)
{
	uint16_t value;

	outb(CRTC_INDEX, index);
	value = (uint16_t)(inb(CRTC_DATA) << 8);
	outb(CRTC_INDEX, (uint8_t)(index + 1));
	return value | inb(CRTC_DATA);
}

bool vga_start(const struct boot_params *params)
{
	uint16_t start, cursor;
	unsigned int cells;
	uint8_t index;

	vga.screen = NULL;
	vga.cols = params->video_cols;
	vga.lines = params->video_lines;
	cells = vga.cols * vga.lines;
	/*
	 * Modes 2 and 3 are colour text. The other modes that Linux' vgacon.c accepts do not have
	 * their buffer at 0xb8000.
	 */
	if (params->video_is_vga != 1 || params->video_mode > 3 || !cells ||
	    2 * cells > TEXT_BUFFER_SIZE)
		return false;
	if (!paging_map(TEXT_BUFFER, TEXT_BUFFER_SIZE, PAGING_UNCACHED))
		return false;

	/*
	 * vgacon scrolls by moving the start, so the screen need not begin at the start of the
	 * buffer.
	 */
	index = inb(CRTC_INDEX);
	start = crtc_pair(CRTC_START);
	cursor = crtc_pair(CRTC_CURSOR);
	outb(CRTC_INDEX, index);
	if (2 * (start + cells) > TEXT_BUFFER_SIZE)
		start = 0;
	vga.screen = (uint16_t *)(uintptr_t)(TEXT_BUFFER + 2u * start);
	vga.row = cursor >= start && cursor < start + cells ? (cursor - start) / vga.cols + 1 : 0;
	return true;
}

void vga_line(const char *text)
{
	uint16_t *row;

	if (!vga.screen || !paging_map(TEXT_BUFFER, TEXT_BUFFER_SIZE, PAGING_UNCACHED))
		return;
	if (vga.row >= vga.lines) {
		memmove(vga.screen, vga.screen + vga.cols, 2u * vga.cols * (vga.lines - 1));
		vga.row = vga.lines - 1;
	}
	row = vga.screen + vga.row++ * vga.cols;
	for (unsigned int col = 0; col < vga.cols; col++)
		row[col] = (uint16_t)(LIGHT_GREY << 8 | (uint8_t)(*text ? *text++ : ' '));
}
