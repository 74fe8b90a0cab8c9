// SPDX-License-Identifier: GPL-2.0-or-later
/* What must be done to turn a memory's old content into a new one. */
#include "plan.h"

/* How far bfp_plan_next() is, in @state of its position. */
#define AT_BEGIN	0
#define AT_SECTORS	1
#define AT_BOOT		2
#define AT_END		3

static const struct bfp_memory *memory_of(const struct bfp *p, u32 memory)
{
	return bfp_memories(p) + memory;
}

static const struct bfp_geometry *rows_of(const struct bfp *p, const struct bfp_memory *m)
{
	return bfp_geometries(p) + le16_to_cpu(m->geometry_first);
}

/**
 * bfp_sector_count() - how many sectors a memory has
 * @p: profile; the memory's geometry was checked
 * @memory: index of the memory
 *
 * Return: the number; 1 for a memory without sectors.
 */
u32 bfp_sector_count(const struct bfp *p, u32 memory)
{
	const struct bfp_memory *m = memory_of(p, memory);
	const struct bfp_geometry *g = rows_of(p, m);
	u32 i, n = 0;

	for (i = 0; i < le16_to_cpu(m->geometry_count); i++)
		n += le32_to_cpu(g[i].sectors);
	return n ? n : 1;
}

/**
 * bfp_sector_at() - the sector that a byte lies in
 * @p: checked profile
 * @memory: index of the memory
 * @offset: of the byte
 * @s: the sector
 *
 * Return: 0, or -EINVAL if the memory ends before.
 */
int bfp_sector_at(const struct bfp *p, u32 memory, u32 offset, struct bfp_sector *s)
{
	const struct bfp_memory *m = memory_of(p, memory);
	const struct bfp_geometry *g = rows_of(p, m);
	u32 i, in, number = 0, at = 0;

	if (offset >= le32_to_cpu(m->size))
		return -EINVAL;
	for (i = 0; i < le16_to_cpu(m->geometry_count); i++) {
		u32 size = le32_to_cpu(g[i].size), n = le32_to_cpu(g[i].sectors);

		if (offset - at < size * n) {
			in = (offset - at) / size;
			*s = (struct bfp_sector){
				.number = number + in, .offset = at + in * size, .size = size,
				.run = i, .left = n - 1 - in,
			};
			return 0;
		}
		at += size * n;
		number += n;
	}
	*s = (struct bfp_sector){ .size = le32_to_cpu(m->size) };
	return 0;
}

/**
 * bfp_sector_next() - the sector behind a sector
 * @p: checked profile
 * @memory: index of the memory
 * @s: a sector, as bfp_sector_at() gave it; becomes the one behind it
 *
 * Return: false if it was the last.
 */
bool bfp_sector_next(const struct bfp *p, u32 memory, struct bfp_sector *s)
{
	const struct bfp_memory *m = memory_of(p, memory);
	const struct bfp_geometry *g = rows_of(p, m);

	if (!s->left && s->run + 1 >= le16_to_cpu(m->geometry_count))
		return false;
	s->number++;
	s->offset += s->size;
	if (s->left) {
		s->left--;
	} else {
		s->run++;
		s->size = le32_to_cpu(g[s->run].size);
		s->left = le32_to_cpu(g[s->run].sectors) - 1;
	}
	return true;
}

static bool all_are(const u8 *bytes, u32 len, u8 value)
{
	u32 i;

	for (i = 0; i < len; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

/* A bit that is no longer as the erase left it stays so until the next erase. */
static bool reachable(const u8 *old, const u8 *new, u32 len, u8 erased)
{
	u32 i;

	for (i = 0; i < len; i++)
		if ((old[i] ^ new[i]) & (old[i] ^ erased))
			return false;
	return true;
}

/**
 * bfp_sector_change() - what must happen to a sector, looked at by itself
 * @p: checked profile
 * @memory: index of the memory
 * @s: the sector; not longer than the contents reach
 * @old: what the whole memory holds; NULL: not known
 * @new: what the whole memory is to hold
 *
 * Return: the least that brings the new content.
 */
enum bfp_change bfp_sector_change(const struct bfp *p, u32 memory, const struct bfp_sector *s,
				  const u8 *old, const u8 *new)
{
	const struct bfp_memory *m = memory_of(p, memory);
	u8 erased = (u8)le32_to_cpu(m->erase_value);

	if (old && !memcmp(old + s->offset, new + s->offset, s->size))
		return BFP_SAME;
	if (!(le16_to_cpu(m->flags) & BFP_MEM_ERASE_FIRST))
		return BFP_PROGRAM;
	if (old && reachable(old + s->offset, new + s->offset, s->size, erased))
		return BFP_PROGRAM;
	return all_are(new + s->offset, s->size, erased) ? BFP_ERASE : BFP_REWRITE;
}

/**
 * bfp_plan_change() - what happens to a sector in a plan
 * @plan: the plan
 * @s: the sector; not longer than the content reaches
 *
 * Return: as bfp_sector_change(); where everything is erased at once, no sector
 * stays the same.
 */
enum bfp_change bfp_plan_change(const struct bfp_plan *plan, const struct bfp_sector *s)
{
	return bfp_sector_change(plan->p, plan->memory, s, plan->erase_all ? NULL : plan->old,
				 plan->new);
}

/**
 * bfp_chunk_at() - how much one request programs
 * @p: checked profile
 * @memory: index of the memory
 * @from: where it begins
 * @end: where what is to be programmed ends
 *
 * Chunks are counted from the memory's beginning, so that none lies across a
 * page of the part.
 *
 * Return: bytes.
 */
u32 bfp_chunk_at(const struct bfp *p, u32 memory, u32 from, u32 end)
{
	u32 chunk = le32_to_cpu(memory_of(p, memory)->write_chunk);
	u32 n = chunk - from % chunk;

	return n < end - from ? n : end - from;
}

static bool chunk_needed(const struct bfp_plan *plan, enum bfp_change change, u32 from, u32 len)
{
	u8 erased = (u8)le32_to_cpu(memory_of(plan->p, plan->memory)->erase_value);

	switch (change) {
	case BFP_PROGRAM:
		return !plan->old || memcmp(plan->old + from, plan->new + from, len);
	case BFP_REWRITE:
		return !all_are(plan->new + from, len, erased);
	default:
		return false;
	}
}

/**
 * bfp_stretch_next() - the next bytes of a sector that have to be programmed
 * @plan: the plan
 * @at: the position, whose sector was erased if the plan says so
 * @from: where they begin; in the first call the sector's offset
 * @len: how many; in the first call 0
 *
 * Stretches come in order of address and are whole chunks, as many as lie
 * together; bfp_chunk_at() cuts them for who has to send each by itself.
 * Chunks are left out if they are as they should be without being programmed.
 *
 * Return: false if there are no more.
 */
bool bfp_stretch_next(const struct bfp_plan *plan, const struct bfp_plan_at *at,
		      u32 *from, u32 *len)
{
	u32 end = at->sector.offset + at->sector.size, start, n;

	for (start = *from + *len; start < end; start += n) {
		n = bfp_chunk_at(plan->p, plan->memory, start, end);
		if (chunk_needed(plan, at->change, start, n))
			break;
	}
	*from = start;
	while (start < end) {
		n = bfp_chunk_at(plan->p, plan->memory, start, end);
		if (!chunk_needed(plan, at->change, start, n))
			break;
		start += n;
	}
	*len = start - *from;
	return *len;
}

/* A sector as far as the content reaches. */
static void cut(const struct bfp_plan *plan, struct bfp_sector *s)
{
	if (s->size > plan->len - s->offset)
		s->size = plan->len - s->offset;
}

static bool is_boot(const struct bfp_plan *plan, const struct bfp_sector *s)
{
	return plan->boot.size && plan->boot.offset == s->offset;
}

/* Whether there is something to do with a sector; then it is the next position. */
static bool take(const struct bfp_plan *plan, struct bfp_plan_at *at, const struct bfp_sector *s)
{
	struct bfp_sector part = *s;
	enum bfp_change change;

	cut(plan, &part);
	change = bfp_plan_change(plan, &part);
	/* erased with all the others, and blank: that was it */
	if (change == BFP_SAME || (plan->erase_all && change == BFP_ERASE))
		return false;
	at->sector = part;
	at->change = change;
	at->erase = !plan->erase_all && change != BFP_PROGRAM;
	at->boot = is_boot(plan, s);
	at->final = plan->final && at->position >= plan->final_first &&
		    at->position <= plan->final_last;
	return true;
}

/* The sector behind the one in @at->next, if the content reaches it. */
static bool step(const struct bfp_plan *plan, struct bfp_plan_at *at)
{
	if (at->state == AT_BEGIN) {
		at->state = AT_SECTORS;
		return plan->len && !bfp_sector_at(plan->p, plan->memory, 0, &at->next);
	}
	return bfp_sector_next(plan->p, plan->memory, &at->next) && at->next.offset < plan->len;
}

/**
 * bfp_plan_next() - the next sector to work on
 * @plan: the plan
 * @at: the position before; all zero to begin
 *
 * In order of address, but the sector that makes the chip boot comes last.
 *
 * Return: false if there are no more.
 */
bool bfp_plan_next(const struct bfp_plan *plan, struct bfp_plan_at *at)
{
	if (at->sector.size)
		at->position++;
	while (at->state <= AT_SECTORS) {
		if (!step(plan, at))
			at->state = AT_BOOT;
		else if (!is_boot(plan, &at->next) && take(plan, at, &at->next))
			return true;
	}
	if (at->state == AT_BOOT) {
		at->state = AT_END;
		return plan->boot.size && take(plan, at, &plan->boot);
	}
	return false;
}

/* Looks at all sectors; an erase of everything is decided upon by then. */
static void count(struct bfp_plan *plan)
{
	u32 from, len, sectors = bfp_sector_count(plan->p, plan->memory);
	struct bfp_plan_at at = { 0 };

	while (bfp_plan_next(plan, &at)) {
		u32 before = plan->program_bytes;

		plan->sectors++;
		plan->touches_boot |= at.boot;
		if (at.erase) {
			plan->erases++;
			plan->erase_bytes += at.sector.size;
		}
		from = at.sector.offset;
		for (len = 0; bfp_stretch_next(plan, &at, &from, &len);)
			plan->program_bytes += len;
		plan->programs += plan->program_bytes != before;
	}
	plan->same = sectors - plan->sectors;
	if (plan->erase_all) {
		plan->same = 0;
		plan->erases = sectors;
		plan->erase_bytes = plan->len;
		plan->touches_boot = plan->boot.size;
	}
}

/*
 * Whether nothing reaches the chip again once the memory holds no valid
 * content. A flash holds the firmware, and so the chip's word for that is
 * enough; of other memories the profile says it by itself.
 */
static bool no_way_back(const struct bfp *p, const struct bfp_memory *m)
{
	return bfp_header(p)->recovery == BFP_RECOVERY_NONE_KNOWN &&
	       (m->kind == BFP_FLASH || m->interrupted == BFP_INTERRUPTED_FINAL);
}

static void find_final(struct bfp_plan *plan)
{
	if (!no_way_back(plan->p, memory_of(plan->p, plan->memory)))
		return;
	if (plan->boot.size && !plan->erase_all) {
		plan->final = plan->touches_boot;
		plan->final_first = plan->sectors ? plan->sectors - 1 : 0;
	} else {
		plan->final = plan->sectors || plan->erase_all;
	}
	plan->final_last = plan->sectors ? plan->sectors - 1 : 0;
}

/**
 * bfp_plan_make() - find out what must be done
 * @plan: filled in; points to @old and @new, which must outlive it
 * @p: checked profile
 * @memory: index of the memory
 * @old: what it holds; NULL: not known
 * @new: what it is to hold
 * @len: bytes of both
 *
 * Return: 0; -EINVAL if the length is not possible, -EOPNOTSUPP if an erase is
 * needed and the profile knows none.
 */
int bfp_plan_make(struct bfp_plan *plan, const struct bfp *p, u32 memory,
		  const u8 *old, const u8 *new, u32 len)
{
	const struct bfp_memory *m = memory_of(p, memory);

	*plan = (struct bfp_plan){ .p = p, .memory = memory, .old = old, .new = new, .len = len };
	if (len < le32_to_cpu(m->min_size) || len > le32_to_cpu(m->size))
		return -EINVAL;
	if (m->boot_known && bfp_sector_at(p, memory, le32_to_cpu(m->boot_offset), &plan->boot))
		return -EINVAL;
	cut(plan, &plan->boot);
	count(plan);
	if (plan->erases && !bfp_find_operation(p, BFP_OP_ERASE_SECTOR, (int)memory)) {
		if (!bfp_find_operation(p, BFP_OP_ERASE_ALL, (int)memory))
			return -EOPNOTSUPP;
		plan->erase_all = true;
		plan->sectors = 0;
		plan->programs = 0;
		plan->program_bytes = 0;
		count(plan);
	}
	find_final(plan);
	return 0;
}
