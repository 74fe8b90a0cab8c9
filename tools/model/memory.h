/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memories of a bridge, as the parts on its board behave. */
#ifndef MODEL_MEMORY_H
#define MODEL_MEMORY_H

#include "clock.h"

#define MODEL_STUCK_MAX		16
#define MODEL_PAGE_DEFAULT	8	/* AT24C02 */
#define MODEL_PAGE_US_DEFAULT	5000

/* What ends a write before all of its bytes have arrived. */
enum model_cut {
	MODEL_CUT_NONE,
	MODEL_CUT_CABLE,	/* no more bytes come, the part keeps its supply */
	MODEL_CUT_POWER,	/* the supply fails while a page is being programmed */
};

/* A cell that reads as @value whatever is programmed. */
struct model_stuck {
	u32 address;
	u8 bit;
	u8 value;
};

/**
 * struct model_memory - one part
 * @name: as the profile calls it
 * @data: what its cells hold, @size bytes
 * @size: of the part
 * @length: bytes up to the last one that was ever programmed; the file's size
 * @page: bytes that are programmed at once
 * @page_us: how long that takes
 * @fd: file that holds the content between two plug-ins; -1: none
 * @write_protect: programs are accepted and change nothing
 * @stuck: cells that do not change
 * @stuck_count: how many
 * @seed: what a torn page looks like follows from this
 * @pages: how many page writes the part has seen
 */
struct model_memory {
	char name[32];
	u8 *data;
	u32 size;
	u32 length;
	u32 page;
	u32 page_us;
	int fd;
	bool write_protect;
	struct model_stuck stuck[MODEL_STUCK_MAX];
	u32 stuck_count;
	u32 seed;
	u64 pages;
};

int model_memory_init(struct model_memory *m, const char *name, u32 size, u8 blank);
int model_memory_load(struct model_memory *m, const char *path);
void model_memory_free(struct model_memory *m);

int model_memory_stick(struct model_memory *m, u32 address, u8 bit, u8 value);
u32 model_memory_read(const struct model_memory *m, u32 offset, u8 *out, u32 len);

int model_memory_program(struct model_memory *m, struct model_clock *clock,
			 u32 offset, const u8 *data, u32 len,
			 enum model_cut cut, u32 cut_at);

#endif
