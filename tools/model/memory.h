/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memories of a bridge, as the parts on its board behave. */
#ifndef MODEL_MEMORY_H
#define MODEL_MEMORY_H

#include "clock.h"

#define MODEL_STUCK_MAX		16
#define MODEL_GUARDS_MAX	8
#define MODEL_PAGE_DEFAULT	8	/* AT24C02 */
#define MODEL_PAGE_US_DEFAULT	5000

/* What ends a write before all of its bytes have arrived. */
enum model_cut {
	MODEL_CUT_NONE,
	MODEL_CUT_CABLE,	/* no more bytes come, the part keeps its supply */
	MODEL_CUT_POWER,	/* the supply fails while the part is at work */
};

/* A cell that reads as @value whatever is programmed. */
struct model_stuck {
	u32 address;
	u8 bit;
	u8 value;
};

/* Bytes from @from up to @to that do not change; with @erase_only only by erasing. */
struct model_guard {
	u32 from;
	u32 to;
	bool erase_only;
};

struct model_part;

/**
 * struct model_memory - one part
 * @name: as the profile calls it
 * @part: which NOR flash it is; NULL: an EEPROM
 * @data: what its cells hold, @size bytes
 * @size: of the part
 * @length: bytes up to the last one that was ever programmed; the file's size
 * @blank: what an erased cell holds
 * @page: bytes that are programmed at once, of an EEPROM
 * @page_us: how long that takes
 * @read_ns: how long it takes to read a byte
 * @overwrites: a flash that the bridge erases by itself where it has to
 * @fd: file that holds the content between two plug-ins; -1: none
 * @write_protect: programs and erases are accepted and change nothing
 * @guard: parts of it of which the same is true
 * @guards: how many
 * @stuck: cells that do not change
 * @stuck_count: how many
 * @seed: what an interruption leaves follows from this
 * @busy_until: model time, in ns, up to which it programs or erases
 * @pages: how many page writes an EEPROM has seen
 * @programmed: how many bytes a flash has programmed
 * @erases: how many times a sector, or all of it, was erased
 */
struct model_memory {
	char name[32];
	const struct model_part *part;
	u8 *data;
	u32 size;
	u32 length;
	u8 blank;
	u32 page;
	u32 page_us;
	u32 read_ns;
	bool overwrites;
	int fd;
	bool write_protect;
	struct model_guard guard[MODEL_GUARDS_MAX];
	u32 guards;
	struct model_stuck stuck[MODEL_STUCK_MAX];
	u32 stuck_count;
	u32 seed;
	u64 busy_until;
	u64 pages;
	u64 programmed;
	u64 erases;
};

/* memory.c */
int model_memory_init(struct model_memory *m, const char *name, u32 size, u8 blank);
int model_memory_load(struct model_memory *m, const char *path);
void model_memory_free(struct model_memory *m);

int model_memory_stick(struct model_memory *m, u32 address, u8 bit, u8 value);
int model_memory_guard(struct model_memory *m, u32 offset, u32 len, bool erase_only);
u32 model_memory_read(const struct model_memory *m, u32 offset, u8 *out, u32 len);
int model_memory_save(struct model_memory *m, u32 offset, u32 len);

int model_memory_program(struct model_memory *m, struct model_clock *clock,
			 u32 offset, const u8 *data, u32 len,
			 enum model_cut cut, u32 cut_at);
int model_memory_erase(struct model_memory *m, struct model_clock *clock,
		       u32 offset, u32 len, enum model_cut cut, u32 cut_at);

/* eeprom.c */
int model_eeprom_program(struct model_memory *m, struct model_clock *clock,
			 u32 offset, const u8 *data, u32 len,
			 enum model_cut cut, u32 cut_at);

static inline u32 model_random(u32 *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

#endif
