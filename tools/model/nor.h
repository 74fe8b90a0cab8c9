/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parallel NOR flash, as it stands beside these bridges. */
#ifndef MODEL_NOR_H
#define MODEL_NOR_H

#include "memory.h"

#define MODEL_PART_SIZES	4

/**
 * struct model_part - a type of flash, with its family of sizes
 * @name: of the type whose datasheet was read
 * @sizes: bytes of the members of its family
 * @sector: bytes of the largest sector
 * @program_us: a byte, typically
 * @sector_us: a sector, typically
 * @chip_us: everything at once
 */
struct model_part {
	const char *name;
	u32 sizes[MODEL_PART_SIZES];
	u32 sector;
	u32 program_us;
	u32 sector_us;
	u32 chip_us;
};

const struct model_part *model_part_find(const char *name);
const struct model_part *model_part_usual(u32 size, u32 sector);
u32 model_part_most(const struct model_part *part);
void model_part_names(char *out, size_t room);

void model_nor_init(struct model_memory *m, const struct model_part *part);
int model_nor_program(struct model_memory *m, struct model_clock *clock,
		      u32 offset, const u8 *data, u32 len, enum model_cut cut, u32 cut_at);
int model_nor_erase(struct model_memory *m, struct model_clock *clock,
		    u32 offset, u32 len, enum model_cut cut);

#endif
