/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must be done to turn a memory's old content into a new one: which
 * sectors are erased, which chunks are programmed, in which order.
 *
 *	bfp_plan_make(&plan, p, memory, old, new, len);
 *	if (plan.erase_all)
 *		erase everything;
 *	while (bfp_plan_next(&plan, &at)) {
 *		if (at.erase)
 *			erase at.sector;
 *		from = at.sector.offset;
 *		for (n = 0; bfp_stretch_next(&plan, &at, &from, &n);)
 *			program n bytes at from;
 *	}
 */
#ifndef BRIDGEFW_LOGIC_PLAN_H
#define BRIDGEFW_LOGIC_PLAN_H

#include "profile.h"

/**
 * struct bfp_sector - a sector; a memory without sectors is one
 * @number: counted from 0 in order of address
 * @offset: of its first byte
 * @size: bytes
 * @run: the row of the geometry that it is part of
 * @left: sectors behind it in that row
 */
struct bfp_sector {
	u32 number;
	u32 offset;
	u32 size;
	u32 run;
	u32 left;
};

enum bfp_change {
	BFP_SAME,
	BFP_PROGRAM,		/* programmed as it is: every bit can get there without an erase */
	BFP_ERASE,		/* erased; nothing to program, since the new content is blank */
	BFP_REWRITE,		/* erased, then programmed */
};

/**
 * struct bfp_plan - how a memory gets its new content
 * @p: checked profile
 * @old: what it holds; NULL: not known
 * @new: what it is to hold
 * @memory: its index
 * @len: bytes of both contents
 * @boot: the sector that makes the chip boot; of size 0 if that is not known
 * @sectors: positions in the order of work
 * @same: sectors that nothing happens to
 * @erases: sectors that are erased; with @erase_all all of them
 * @programs: sectors that are programmed
 * @erase_bytes: bytes of the erased sectors
 * @program_bytes: bytes that are sent
 * @erase_all: everything is erased first, at once
 * @touches_boot: the boot sector is erased or programmed
 * @final: for a while nothing would reach the chip again after a power cut
 * @final_first: position whose first step begins that part; with @erase_all
 *	the erase before position 0 is part of it, too
 * @final_last: position whose last step ends it
 */
struct bfp_plan {
	const struct bfp *p;
	const u8 *old;
	const u8 *new;
	u32 memory;
	u32 len;
	struct bfp_sector boot;
	u32 sectors;
	u32 same;
	u32 erases;
	u32 programs;
	u32 erase_bytes;
	u32 program_bytes;
	bool erase_all;
	bool touches_boot;
	bool final;
	u32 final_first;
	u32 final_last;
};

/**
 * struct bfp_plan_at - one position in the order of work; all zero to begin
 * @sector: the sector, within the length of the content
 * @change: what happens to it
 * @position: counted from 0
 * @erase: it is erased by itself, before it is programmed
 * @boot: it makes the chip boot
 * @final: a power cut from its first step to its last is final
 * @next: for bfp_plan_next() alone: the sector to look at next
 * @state: likewise: how far it is
 */
struct bfp_plan_at {
	struct bfp_sector sector;
	enum bfp_change change;
	u32 position;
	bool erase;
	bool boot;
	bool final;
	struct bfp_sector next;
	u32 state;
};

u32 bfp_sector_count(const struct bfp *p, u32 memory);
int bfp_sector_at(const struct bfp *p, u32 memory, u32 offset, struct bfp_sector *s);
bool bfp_sector_next(const struct bfp *p, u32 memory, struct bfp_sector *s);
enum bfp_change bfp_sector_change(const struct bfp *p, u32 memory, const struct bfp_sector *s,
				  const u8 *old, const u8 *new);

int bfp_plan_make(struct bfp_plan *plan, const struct bfp *p, u32 memory,
		  const u8 *old, const u8 *new, u32 len);
enum bfp_change bfp_plan_change(const struct bfp_plan *plan, const struct bfp_sector *s);
bool bfp_plan_next(const struct bfp_plan *plan, struct bfp_plan_at *at);
bool bfp_stretch_next(const struct bfp_plan *plan, const struct bfp_plan_at *at,
		      u32 *from, u32 *len);
u32 bfp_chunk_at(const struct bfp *p, u32 memory, u32 from, u32 end);

#endif
