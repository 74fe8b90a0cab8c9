/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Carries a plan out on a simple NOR part and holds it against what a plan must
 * be, worked out anew here from the geometry's rows.
 */
#ifndef BRIDGEFW_TESTS_PLAN_CHECK_H
#define BRIDGEFW_TESTS_PLAN_CHECK_H

#include <stdlib.h>

#include "plan.h"

#define PLAN_CHECK_SECTORS	4096

/* What is held against the plan while it runs. */
struct plan_check {
	const struct bfp *p;
	const struct bfp_memory *m;
	struct bfp_plan plan;
	const u8 *present;		/* what the part holds at first */
	const u8 *new;
	u8 *part;			/* what it holds now */
	u32 memory;
	u32 len;
	u8 blank;			/* an erased byte */
	bool known;			/* the plan was told what is present */
	u32 sectors;
	u32 start[PLAN_CHECK_SECTORS + 1];
	bool erased[PLAN_CHECK_SECTORS];
	bool visited[PLAN_CHECK_SECTORS];
	u32 boot;			/* its number, or PLAN_CHECK_SECTORS */
	u32 erases;
	u32 programs;
	u32 bytes;
	const char *wrong;
};

static inline bool plan_is(struct plan_check *c, bool good, const char *what)
{
	if (!good && !c->wrong)
		c->wrong = what;
	return good;
}

/* Bits that cannot get from one content to the other without an erase. */
static inline bool plan_must_erase(const struct plan_check *c, u32 sector)
{
	u32 i;

	if (!(le16_to_cpu(c->m->flags) & BFP_MEM_ERASE_FIRST))
		return false;
	for (i = c->start[sector]; i < c->start[sector + 1]; i++) {
		u8 programmed = c->present[i] ^ c->blank, wanted = c->new[i] ^ c->blank;

		if (programmed & (u8)~wanted)
			return true;
	}
	return !c->known;
}

static inline bool plan_differs(const struct plan_check *c, u32 sector)
{
	u32 at = c->start[sector];

	return memcmp(c->present + at, c->new + at, c->start[sector + 1] - at);
}

/* One row of sectors after another; false for more than fit in here. */
static inline bool plan_lay_out(struct plan_check *c)
{
	const struct bfp_geometry *g = bfp_geometries(c->p) + le16_to_cpu(c->m->geometry_first);
	u32 i, k, at = 0;

	c->boot = PLAN_CHECK_SECTORS;
	for (i = 0; i < le16_to_cpu(c->m->geometry_count); i++) {
		for (k = 0; k < le32_to_cpu(g[i].sectors); k++) {
			if (c->sectors == PLAN_CHECK_SECTORS)
				return false;
			c->start[c->sectors++] = at;
			at += le32_to_cpu(g[i].size);
		}
	}
	if (!c->sectors)
		c->sectors = 1;
	c->start[c->sectors] = c->len;
	for (i = 0; i < c->sectors && c->m->boot_known; i++)
		if (le32_to_cpu(c->m->boot_offset) >= c->start[i] &&
		    le32_to_cpu(c->m->boot_offset) < c->start[i + 1])
			c->boot = i;
	return true;
}

static inline void plan_erase(struct plan_check *c, u32 sector)
{
	plan_is(c, !c->erased[sector], "a sector is erased once");
	memset(c->part + c->start[sector], c->blank, c->start[sector + 1] - c->start[sector]);
	c->erased[sector] = true;
	c->erases++;
}

static inline bool plan_is_blank(const struct plan_check *c, u32 from, u32 len)
{
	u32 i;

	for (i = from; i < from + len; i++)
		if (c->new[i] != c->blank)
			return false;
	return true;
}

static inline void plan_program(struct plan_check *c, u32 sector, u32 from, u32 len)
{
	u32 unit = le32_to_cpu(c->m->unit), chunk = le32_to_cpu(c->m->write_chunk), i;

	plan_is(c, from >= c->start[sector] && from + len <= c->start[sector + 1],
		"a chunk lies inside of its sector");
	plan_is(c, len && len <= chunk && from / chunk == (from + len - 1) / chunk,
		"a chunk is no longer than what can be written, and crosses no page");
	plan_is(c, from % unit == 0 && len % unit == 0, "a chunk has whole units");
	if (c->erased[sector])
		plan_is(c, !plan_is_blank(c, from, len), "what is blank is not programmed");
	else if (c->known)
		plan_is(c, memcmp(c->part + from, c->new + from, len),
			"what is there already is not programmed");
	for (i = from; i < from + len; i++) {
		u8 fixed = c->part[i] ^ c->blank;

		if (!(le16_to_cpu(c->m->flags) & BFP_MEM_ERASE_FIRST))
			fixed = 0;
		plan_is(c, !((c->part[i] ^ c->new[i]) & fixed),
			"no bit is brought back by programming");
		c->part[i] = (c->part[i] & fixed) | (c->new[i] & (u8)~fixed);
	}
	c->bytes += len;
}

/* A step outside of the final part: a power cut there leaves a chip that boots. */
static inline void plan_boots(struct plan_check *c, bool final)
{
	u32 at = c->start[c->boot == PLAN_CHECK_SECTORS ? 0 : c->boot];
	u32 len = c->start[c->boot == PLAN_CHECK_SECTORS ? 0 : c->boot + 1] - at;

	if (c->boot != PLAN_CHECK_SECTORS && !final)
		plan_is(c, !memcmp(c->part + at, c->present + at, len),
			"outside of the final part the boot sector is as it was");
}

static inline void plan_one_sector(struct plan_check *c, const struct bfp_plan_at *at)
{
	u32 n = at->sector.number, from, len, piece, before = c->bytes, end = at->sector.offset;

	if (!plan_is(c, n < c->sectors && at->sector.offset == c->start[n] &&
		     at->sector.size == c->start[n + 1] - c->start[n], "a sector is one") ||
	    !plan_is(c, !c->visited[n], "a sector comes once"))
		return;
	c->visited[n] = true;
	plan_is(c, at->boot == (n == c->boot), "the boot sector is known as such");
	if (at->boot)
		plan_is(c, at->position == c->plan.sectors - 1, "the boot sector comes last");
	if (at->erase)
		plan_erase(c, n);
	from = at->sector.offset;
	for (len = 0; bfp_stretch_next(&c->plan, at, &from, &len);) {
		plan_is(c, len && from >= end, "stretches come in order");
		end = from + len;
		for (; len; len -= piece, from += piece) {
			piece = bfp_chunk_at(c->p, c->memory, from, end);
			plan_program(c, n, from, piece);
		}
		if (c->wrong)
			return;
	}
	plan_is(c, at->erase || c->bytes != before, "each position has something to do");
	c->programs += c->bytes != before;
}

/* The part that the plan calls final is the one that is. */
static inline void plan_check_final(struct plan_check *c, const struct bfp_plan_at *at)
{
	bool no_way = bfp_header(c->p)->recovery == BFP_RECOVERY_NONE_KNOWN &&
		      (c->m->kind == BFP_FLASH || c->m->interrupted == BFP_INTERRUPTED_FINAL);
	bool whole = c->boot == PLAN_CHECK_SECTORS || c->plan.erase_all;

	plan_is(c, at->final == (no_way && (whole || at->boot)),
		"final are the steps on the boot sector, or all, where there is no way back");
	plan_is(c, at->final == (c->plan.final && at->position >= c->plan.final_first &&
				 at->position <= c->plan.final_last), "the plan names them");
}

static inline void plan_run(struct plan_check *c)
{
	struct bfp_plan_at at = { 0 };
	u32 position = 0, last = 0, i;

	for (i = 0; c->plan.erase_all && i < c->sectors; i++)
		plan_erase(c, i);
	while (!c->wrong && bfp_plan_next(&c->plan, &at)) {
		plan_is(c, at.position == position++, "positions are counted");
		plan_is(c, at.boot || !position || at.sector.offset >= last,
			"sectors come in order of address");
		last = at.sector.offset + at.sector.size;
		if (!c->plan.erase_all && !at.boot)
			plan_boots(c, at.final);
		plan_one_sector(c, &at);
		plan_check_final(c, &at);
	}
	plan_is(c, position == c->plan.sectors, "there are as many positions as the plan says");
}

static inline void plan_check_end(struct plan_check *c)
{
	u32 i, needed = 0, same = 0, erased = 0;

	for (i = 0; i < c->sectors; i++) {
		needed += plan_must_erase(c, i);
		same += !c->visited[i] && !c->erased[i];
		erased += c->erased[i] ? c->start[i + 1] - c->start[i] : 0;
		plan_is(c, c->plan.erase_all || c->erased[i] == plan_must_erase(c, i),
			"erased is what has to be");
		plan_is(c, !c->known || c->plan.erase_all || !c->visited[i] || plan_differs(c, i),
			"nothing happens to a sector that stays the same");
	}
	if (c->plan.erase_all)
		plan_is(c, needed && !bfp_find_operation(c->p, BFP_OP_ERASE_SECTOR, (int)c->memory),
			"everything is erased only where single sectors cannot be");
	plan_is(c, !memcmp(c->part, c->new, c->len), "the end is the new content");
	plan_is(c, c->erases == c->plan.erases && erased == c->plan.erase_bytes,
		"erases are counted");
	plan_is(c, c->programs == c->plan.programs && c->bytes == c->plan.program_bytes,
		"programs are counted");
	plan_is(c, same == c->plan.same, "sectors that stay are counted");
	plan_is(c, c->boot == PLAN_CHECK_SECTORS || c->plan.touches_boot ==
		(c->visited[c->boot] || c->erased[c->boot]), "touching the boot sector is told");
}

/**
 * plan_check() - make a plan, carry it out, look at everything
 * @p: checked profile
 * @memory: index of the memory
 * @present: what it holds
 * @known: whether the plan is told that
 * @new: what it is to hold
 * @len: bytes of both; possible for this memory
 *
 * Return: NULL, or the first thing that does not hold.
 */
static inline const char *plan_check(const struct bfp *p, u32 memory, const u8 *present,
				     bool known, const u8 *new, u32 len)
{
	struct plan_check *c = calloc(1, sizeof(*c));
	const char *wrong;
	u32 i, needed = 0;
	int ret;

	c->p = p;
	c->m = bfp_memories(p) + memory;
	c->memory = memory;
	c->present = present;
	c->known = known;
	c->new = new;
	c->len = len;
	c->blank = (u8)le32_to_cpu(c->m->erase_value);
	c->part = malloc(len);
	memcpy(c->part, present, len);
	ret = bfp_plan_make(&c->plan, p, memory, known ? present : NULL, new, len);
	if (plan_lay_out(c)) {
		plan_is(c, bfp_sector_count(p, memory) == c->sectors, "sectors are counted");
		for (i = 0; i < c->sectors; i++)
			needed += plan_must_erase(c, i);
		if (ret) {
			plan_is(c, ret == -EOPNOTSUPP && needed &&
				!bfp_find_operation(p, BFP_OP_ERASE_SECTOR, (int)memory) &&
				!bfp_find_operation(p, BFP_OP_ERASE_ALL, (int)memory),
				"a plan is refused only where an erase is needed and not known");
		} else {
			plan_run(c);
			plan_check_end(c);
		}
	}
	wrong = c->wrong;
	free(c->part);
	free(c);
	return wrong;
}

#endif
