// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writing a memory that must be erased first, by a plan of sectors.
 *
 * Each sector is erased, programmed and read back before the next one is
 * touched, and the one that makes the chip boot comes last: whatever goes wrong
 * earlier ends the job while the chip still boots. After an error the sector is
 * read, and what it holds decides what is done next.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "core.h"
#include "flash.h"
#include "plan.h"

#define TRIES		3	/* of a sector that does not become what it should */
#define SETTLE_PAUSE_MS	20

/*
 * @now is what the memory is known to hold; the plan's old content, so that
 * what is still to be done follows from it. @spare has room for a sector.
 */
struct flash {
	struct bridgefw *b;
	struct bridgefw_mem *m;
	struct bfp_plan plan;
	u8 *now;
	u8 *spare;
	u64 done;
	u64 total;
};

static const struct bfp_operation *find(struct bridgefw_mem *m, enum bfp_op_kind kind)
{
	return bfp_find_operation(&m->b->profile->p, kind, m->number);
}

static void advance(struct flash *f, u32 bytes)
{
	f->done += bytes;
	bridgefw_status_progress(f->b, min(f->done, f->total), f->total);
}

/* An operation on @len bytes from @offset; what it programs comes from the image. */
static int run(struct flash *f, const struct bfp_operation *op, u32 offset, u32 len)
{
	struct bridgefw_job *job = &f->b->job;
	struct bridgefw_io io = {
		.offset = offset,
		.length = len,
		.data = job->image + offset,
		.image = job->image,
		.total = job->image_len,
	};

	return bridgefw_run(f->b, op, &io);
}

/* The bytes of one stretch, in the chunks that the profile allows. */
static int program(struct flash *f, u32 from, u32 len)
{
	u32 end = from + len, n;
	int ret = 0;

	for (; from < end && !ret; from += n) {
		n = bridgefw_op_loops(f->b, f->m->program) ? end - from :
		    bfp_chunk_at(f->plan.p, f->m->number, from, end);
		ret = run(f, f->m->program, from, n);
	}
	return ret;
}

static int sector_once(struct flash *f, struct bfp_plan_at *at)
{
	u32 from = at->sector.offset, len = 0;
	int ret = 0;

	if (at->erase) {
		ret = run(f, find(f->m, BFP_OP_ERASE_SECTOR), at->sector.offset, at->sector.size);
		/* Half erased may look erased; see doubt_blank(). */
		at->erase = ret;
	}
	while (!ret && bfp_stretch_next(&f->plan, at, &from, &len))
		ret = program(f, from, len);
	return ret;
}

static int read_into(struct flash *f, const struct bfp_sector *s, u8 *to)
{
	ssize_t n = bridgefw_mem_read_owned(f->m, s->offset, to, s->size);

	if (n < 0)
		return n;
	return n == s->size ? 0 : -EREMOTEIO;
}

static bool as_wanted(struct flash *f, const struct bfp_sector *s)
{
	return !memcmp(f->now + s->offset, f->b->job.image + s->offset, s->size);
}

/*
 * What a sector holds now. If that is not what it should hold, it must at least
 * read alike twice: a memory that reads as it likes is not erased for that.
 */
static int sector_read(struct flash *f, const struct bfp_sector *s)
{
	ktime_t end = ktime_add_ms(ktime_get(), le32_to_cpu(f->m->rec->settle_ms));
	int ret;

	for (;;) {
		ret = read_into(f, s, f->now + s->offset);
		if (!ret && as_wanted(f, s))
			return 0;
		if (READ_ONCE(f->b->gone) || ktime_after(ktime_get(), end))
			break;
		msleep(SETTLE_PAUSE_MS);
	}
	if (!ret)
		ret = read_into(f, s, f->spare);
	if (!ret && memcmp(f->spare, f->now + s->offset, s->size))
		ret = -EUCLEAN;
	return ret;
}

/*
 * One sector, until it holds what it should. 0, or why it does not: -EROFS if
 * the chip says that all went well and nothing changed, -EILSEQ if it holds
 * something else after all tries, -EUCLEAN if it reads differently each time.
 */
static int sector_write(struct flash *f, const struct bfp_plan_at *at)
{
	const struct bfp_sector *s = &at->sector;
	struct bfp_plan_at todo = *at;
	int ret = 0, err, tries;
	bool unchanged;

	/* What cannot be read is not tried again: nobody knows what an error has left. */
	if (!f->now)
		return sector_once(f, &todo);
	for (tries = 0; tries < TRIES; tries++) {
		memcpy(f->spare, f->now + s->offset, s->size);
		ret = sector_once(f, &todo);
		if (ret == -ENXIO)
			return ret;
		if (ret)
			dev_warn(&f->b->dev, "%s: sector at 0x%x: error %d; looking what it holds\n",
				 bridgefw_mem_name(f->m), s->offset, ret);
		err = read_into(f, s, f->now + s->offset);
		unchanged = !err && !memcmp(f->spare, f->now + s->offset, s->size);
		if (err || !as_wanted(f, s))
			err = sector_read(f, s);
		if (err)
			return ret ?: err;
		if (as_wanted(f, s))
			return 0;
		if (!ret && unchanged && !tries)
			return -EROFS;
		/*
		 * What hangs once may hang for ever, and everybody else waits meanwhile. And a
		 * bus that somebody is working at is none to go on with.
		 */
		if (ret == -ETIMEDOUT || ret == -ESTALE)
			return ret;
		todo.change = bfp_sector_change(f->plan.p, f->m->number, s, f->now,
						f->b->job.image);
		if (f->plan.erase_all && todo.change != BFP_PROGRAM)
			break;
		if (todo.erase && todo.change == BFP_PROGRAM)
			todo.change = BFP_REWRITE;
		todo.erase |= todo.change != BFP_PROGRAM;
	}
	return ret ?: -EILSEQ;
}

/* Everything at once; what it holds then decides how it goes on. */
static int erase_everything(struct flash *f)
{
	const struct bfp_memory *rec = f->m->rec;
	struct bfp_sector all = { .size = f->plan.len };
	u32 i;
	int ret;

	ret = run(f, find(f->m, BFP_OP_ERASE_ALL), 0, f->plan.len);
	if (ret)
		return ret;
	if (!f->now)
		goto done;
	ret = read_into(f, &all, f->now);
	if (ret)
		return ret;
	for (i = 0; i < f->plan.len; i++)
		if (f->now[i] != (u8)le32_to_cpu(rec->erase_value))
			return -EILSEQ;
done:
	advance(f, f->plan.len);
	return 0;
}

/* All sectors in the order of the plan. */
static int sectors(struct flash *f)
{
	struct bfp_plan_at at = { };
	int ret = 0;

	if (f->plan.erase_all)
		ret = erase_everything(f);
	while (!ret && bfp_plan_next(&f->plan, &at)) {
		/* Where stopping would be the end of the chip, it is too late to stop. */
		if (READ_ONCE(f->b->cancel) &&
		    !(at.final && (f->plan.erase_all || at.position > f->plan.final_first)))
			return READ_ONCE(f->b->gone) ? -ENXIO : -ECANCELED;
		ret = sector_write(f, &at);
		if (!ret)
			advance(f, 2 * at.sector.size);
	}
	return ret;
}

/* The sector that is read twice into @spare is the largest one. */
static u32 largest_sector(const struct bfp_plan *plan)
{
	struct bfp_sector s;
	u32 most = 0;

	if (bfp_sector_at(plan->p, plan->memory, 0, &s))
		return 0;
	do {
		most = max(most, s.size);
	} while (bfp_sector_next(plan->p, plan->memory, &s));
	return most;
}

/*
 * A sector whose erase was interrupted may read blank and not hold what is then
 * programmed. To the plan it looks like one that was not erased.
 */
static void doubt_blank(struct flash *f)
{
	u8 erased = le32_to_cpu(f->m->rec->erase_value);
	struct bfp_sector s;

	if (bfp_sector_at(f->plan.p, f->m->number, 0, &s))
		return;
	do {
		if (s.size > f->b->job.image_len - s.offset)
			return;
		if (!memchr_inv(f->now + s.offset, erased, s.size))
			memset(f->now + s.offset, ~erased, s.size);
	} while (bfp_sector_next(f->plan.p, f->m->number, &s));
}

/**
 * bridgefw_flash_write() - make a memory that is erased first hold the image
 * @b: bridge; a job owns, claims and holds it
 * @m: memory
 * @old: what it holds; NULL if it cannot be read: then all of it is erased and programmed
 * @doubtful: a write of it was interrupted
 * @started: out: something was sent that may have changed it
 *
 * Return: 0 when every sector was read back and equal, or all was sent to a memory that
 * cannot be read; -ECANCELED, -EROFS
 * (accepted and nothing changed), -EILSEQ (holds something else), -EUCLEAN
 * (reads differently each time), or an errno of bridgefw_run().
 */
int bridgefw_flash_write(struct bridgefw *b, struct bridgefw_mem *m, const u8 *old,
			 bool doubtful, bool *started)
{
	struct bridgefw_job *job = &b->job;
	struct flash f = { .b = b, .m = m };
	int ret;

	*started = false;
	if (old) {
		f.now = kvmalloc(job->image_len, GFP_KERNEL);
		if (!f.now)
			return -ENOMEM;
		memcpy(f.now, old, job->image_len);
	}
	f.plan.p = &b->profile->p;
	if (old && doubtful)
		doubt_blank(&f);
	ret = bfp_plan_make(&f.plan, f.plan.p, m->number, f.now, job->image, job->image_len);
	if (ret)
		goto out;
	/* Nothing that is needed may be missing half-way. */
	f.spare = kvmalloc(largest_sector(&f.plan), GFP_KERNEL);
	if (!f.spare) {
		ret = -ENOMEM;
		goto out;
	}
	f.total = f.plan.erase_bytes + 2ULL * f.plan.len;
	dev_info(&b->dev, "%s: %u sectors to erase, %u bytes to program\n",
		 bridgefw_mem_name(m), f.plan.erases, f.plan.program_bytes);

	*started = true;
	ret = sectors(&f);
out:
	kvfree(f.spare);
	kvfree(f.now);
	return ret;
}
