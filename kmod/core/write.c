// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writing a memory, and what must be true before.
 *
 * The order is fixed: checks, claim, read what is there, remember it, hold the
 * drives, write, read back, tell what the memory holds now.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "core.h"
#include "flash.h"
#include "image.h"
#include "plan.h"

#define SETTLE_PAUSE_MS	50

static u32 evidence_check(struct bridgefw *b, const struct bfp_operation *op)
{
	u32 reason = bridgefw_op_usable(b, op);

	if (reason)
		return reason;
	if (op->evidence < bridgefw_evidence_bar())
		return BRIDGEFW_REASON_EVIDENCE;
	return BRIDGEFW_REASON_NONE;
}

static bool erased_first(struct bridgefw_mem *m)
{
	return le16_to_cpu(m->rec->flags) & BFP_MEM_ERASE_FIRST;
}

/* All that a write will need must be there, known well enough, before the first step. */
static u32 operations_check(struct bridgefw *b, struct bridgefw_mem *m)
{
	const struct bfp_operation *op;
	u32 reason, i;

	reason = evidence_check(b, m->program);
	if (!reason)
		reason = evidence_check(b, m->read);
	if (reason || !erased_first(m))
		return reason;
	if (!bridgefw_flash_erases(m))
		return BRIDGEFW_REASON_ABSENT;
	for (i = 0; !reason && (op = bridgefw_flash_op(m, i)); i++)
		reason = evidence_check(b, op);
	return reason;
}

/**
 * bridgefw_write_check() - whether a write may start
 * @b: bridge; the caller owns it
 * @m: memory
 * @flags: BRIDGEFW_CONSENT_*
 * @restore: the image is what the last write replaced
 * @image: image
 * @len: bytes
 *
 * Sends nothing.
 *
 * Return: BRIDGEFW_REASON_NONE or why not.
 */
u32 bridgefw_write_check(struct bridgefw *b, struct bridgefw_mem *m, u32 flags,
			 bool restore, const u8 *image, u32 len)
{
	const struct bfp *p = &b->profile->p;
	struct bfp_error e;
	u32 reason, reads;
	bool unstable;

	reason = operations_check(b, m);
	if (reason)
		return reason;
	if (b->profile->local && !bridgefw_local_writes())
		return BRIDGEFW_REASON_LOCAL;
	if (b->match != BRIDGEFW_MATCH_IDS && b->match != BRIDGEFW_MATCH_WRITTEN &&
	    !(flags & BRIDGEFW_CONSENT_ATTACHED))
		return BRIDGEFW_REASON_ATTACHED;

	if (restore && !bridgefw_memo_fits(b, m) && !(flags & BRIDGEFW_CONSENT_ATTACHED))
		return BRIDGEFW_REASON_ATTACHED;

	mutex_lock(&b->lock);
	reads = m->reads;
	unstable = m->unstable;
	mutex_unlock(&b->lock);
	if (reads < 2)
		return unstable ? BRIDGEFW_REASON_UNSTABLE : BRIDGEFW_REASON_NOT_READ;

	if (len != m->length)
		return BRIDGEFW_REASON_IMAGE_SIZE;
	if (bfp_image_check(p, m->number, image, len, NULL, 0, &e)) {
		dev_warn(&b->dev, "image refused: %s\n", e.text);
		return BRIDGEFW_REASON_IMAGE_RULE;
	}
	if (!restore && !bfp_identity_known(p, m->number) &&
	    !(flags & BRIDGEFW_CONSENT_IDENTITY))
		return BRIDGEFW_REASON_IDENTITY;
	return BRIDGEFW_REASON_NONE;
}

/* The image with the box's own identity in it, unless the owner wants another. */
static void identity_keep(struct bridgefw *b, struct bridgefw_mem *m, const u8 *old)
{
	if (b->job.kind == BRIDGEFW_JOB_WRITE &&
	    !(b->job.flags & BRIDGEFW_CONSENT_IDENTITY))
		bfp_identity_carry(&b->profile->p, m->number, b->job.image, old,
				   b->job.image_len);
}

static u32 first_difference(const u8 *a, const u8 *b, u32 len)
{
	u32 i;

	for (i = 0; i < len && a[i] == b[i]; i++)
		;
	return i;
}

/*
 * Reads back until the content is the image or the memory has had time to
 * settle. Returns 0 with the last content in @now, or the last error.
 */
static int read_back(struct bridgefw *b, struct bridgefw_mem *m, u8 **now, u32 *len)
{
	ktime_t end = ktime_add_ms(ktime_get(), le32_to_cpu(m->rec->settle_ms));
	int ret;

	for (;;) {
		ret = bridgefw_mem_read_whole(m, now, len);
		if (!ret && *len == b->job.image_len &&
		    !memcmp(*now, b->job.image, *len))
			return 0;
		if (READ_ONCE(b->gone) || ktime_after(ktime_get(), end))
			return ret;
		if (!ret)
			kvfree(*now);
		msleep(SETTLE_PAUSE_MS);
	}
}

/* Sends the image: whole, or in the chunks that the profile allows. */
static int program(struct bridgefw *b, struct bridgefw_mem *m)
{
	struct bridgefw_job *job = &b->job;
	u32 chunk = le32_to_cpu(m->rec->write_chunk), at;
	int ret = 0;

	if ((le16_to_cpu(m->rec->flags) & BFP_MEM_WHOLE) || bridgefw_op_loops(b, m->program))
		chunk = job->image_len;
	for (at = 0; at < job->image_len && !ret; at += chunk) {
		struct bridgefw_io io = {
			.offset = at,
			.length = min(chunk, job->image_len - at),
			.data = job->image + at,
			.image = job->image,
			.total = job->image_len,
		};

		ret = bridgefw_run(b, m->program, &io);
		bridgefw_status_progress(b, at + io.length, 2ULL * job->image_len);
	}
	return ret;
}

/* Whether a power cut during the write may be the end of the chip. */
static bool may_be_final(struct bridgefw *b, struct bridgefw_mem *m, const u8 *old)
{
	struct bfp_plan plan;

	if (!erased_first(m) ||
	    bfp_header(&b->profile->p)->recovery != BFP_RECOVERY_NONE_KNOWN)
		return m->rec->interrupted == BFP_INTERRUPTED_FINAL;
	return !bfp_plan_make(&plan, &b->profile->p, m->number, old, b->job.image,
			      b->job.image_len) && plan.final;
}

/* Whether a content that is neither of those expected can at least be read again. */
static bool reads_alike(struct bridgefw_mem *m, const u8 *now, u32 len)
{
	u32 again_len;
	u8 *again;
	bool alike;

	if (bridgefw_mem_read_whole(m, &again, &again_len))
		return false;
	alike = again_len == len && !memcmp(again, now, len);
	kvfree(again);
	return alike;
}

/* What the memory holds now, whatever the write said of itself. */
static void outcome(struct bridgefw *b, struct bridgefw_mem *m, int wrote,
		    const u8 *old, u32 old_len)
{
	struct bridgefw_job *job = &b->job;
	const char *name = bridgefw_mem_name(m);
	u32 len, at;
	u8 *now;
	int ret;

	ret = read_back(b, m, &now, &len);
	if (ret) {
		if (READ_ONCE(b->gone) || ret == -ENXIO)
			bridgefw_status_set(b, BRIDGEFW_REASON_GONE, BRIDGEFW_CONTENT_UNKNOWN, 0,
					    "the bridge vanished during the write; %s may be old, new or a mixture",
					    name);
		else
			bridgefw_status_set(b, bridgefw_errno_reason(ret),
					    BRIDGEFW_CONTENT_UNKNOWN, 0,
					    "%s was written (%d) and cannot be read back (%d)",
					    name, wrote, ret);
		return;
	}
	bridgefw_status_progress(b, 2ULL * job->image_len, 2ULL * job->image_len);
	if (len == job->image_len && !memcmp(now, job->image, len)) {
		bridgefw_status_set(b, BRIDGEFW_REASON_NONE, BRIDGEFW_CONTENT_NEW, 0,
				    "%s written, read back and equal", name);
	} else if (len == old_len && !memcmp(now, old, len)) {
		bridgefw_memo_drop(b, m);
		if (wrote)
			bridgefw_status_set(b, bridgefw_errno_reason(wrote),
					    BRIDGEFW_CONTENT_OLD, 0,
					    "%s was not written (%d); it holds what it held before",
					    name, wrote);
		else
			bridgefw_status_set(b, BRIDGEFW_REASON_IGNORED, BRIDGEFW_CONTENT_OLD, 0,
					    "%s accepted the write and holds what it held before: write-protected?",
					    name);
	} else if (!reads_alike(m, now, len)) {
		bridgefw_status_set(b, BRIDGEFW_REASON_UNSTABLE, BRIDGEFW_CONTENT_UNKNOWN, 0,
				    "%s was written (%d), and reads differently each time", name,
				    wrote);
	} else {
		at = first_difference(now, job->image, min(len, job->image_len));
		bridgefw_status_set(b, wrote ? bridgefw_errno_reason(wrote) :
				    BRIDGEFW_REASON_MISMATCH, BRIDGEFW_CONTENT_MIXED, at,
				    "%s%s holds neither the old nor the new content; it differs from the image from offset %u on",
				    wrote == -ECANCELED ? "the write was cancelled; " : "",
				    name, at);
	}
	if (b->status.content != BRIDGEFW_CONTENT_OLD)
		bridgefw_memo_commit(b, m, b->status.content == BRIDGEFW_CONTENT_NEW);
	kvfree(now);
}

/**
 * bridgefw_write_run() - the job that writes
 * @b: bridge; the job owns and claims it
 * @m: memory
 */
void bridgefw_write_run(struct bridgefw *b, struct bridgefw_mem *m)
{
	struct bridgefw_job *job = &b->job;
	u8 seen[BRIDGEFW_HASH_SIZE], hash[BRIDGEFW_HASH_SIZE];
	struct bfp_error e;
	bool valid, doubtful, started = true;
	u32 old_len, reason;
	u8 *old;
	int ret;

	memcpy(seen, m->seen, sizeof(seen));
	ret = bridgefw_hold_all(b);
	if (ret) {
		bridgefw_status_set(b, bridgefw_errno_reason(ret), BRIDGEFW_CONTENT_OLD, 0,
				    "the drive behind the bridge could not be stopped (%d); nothing was written",
				    ret);
		return;
	}
	ret = bridgefw_mem_read_whole(m, &old, &old_len);
	if (ret) {
		bridgefw_status_set(b, bridgefw_errno_reason(ret), BRIDGEFW_CONTENT_OLD, 0,
				    "%s could not be read (%d); nothing was written",
				    bridgefw_mem_name(m), ret);
		goto unhold;
	}
	bridgefw_hash(old, old_len, hash);
	if (memcmp(hash, seen, sizeof(hash))) {
		bridgefw_status_set(b, BRIDGEFW_REASON_UNSTABLE, BRIDGEFW_CONTENT_OLD, 0,
				    "%s reads differently than before; nothing was written",
				    bridgefw_mem_name(m));
		goto free;
	}
	identity_keep(b, m, old);
	/* What must stay as it is on the device must be valid there: a mixture is no model. */
	valid = !bfp_content_check(&b->profile->p, m->number, old, old_len, &e);
	if (bfp_image_check(&b->profile->p, m->number, job->image, job->image_len,
			    valid ? old : NULL, valid ? old_len : 0, &e)) {
		bridgefw_status_set(b, BRIDGEFW_REASON_IMAGE_RULE, BRIDGEFW_CONTENT_OLD, 0,
				    "%s; nothing was written", e.text);
		goto free;
	}
	if (old_len == job->image_len && !memcmp(old, job->image, old_len)) {
		bridgefw_status_set(b, BRIDGEFW_REASON_NONE, BRIDGEFW_CONTENT_NEW, 0,
				    "%s holds the image already; nothing was written",
				    bridgefw_mem_name(m));
		goto free;
	}
	if (!(job->flags & BRIDGEFW_CONSENT_FINAL) && may_be_final(b, m, old)) {
		bridgefw_status_set(b, BRIDGEFW_REASON_FINAL, BRIDGEFW_CONTENT_OLD, 0,
				    "a power cut during this write may be the end of the chip, and nobody agreed to that; nothing was written");
		goto free;
	}
	/* From here on there is no way back, and `previous` is of this write. */
	doubtful = bridgefw_memo_open(b, m);
	if (READ_ONCE(b->cancel))
		reason = READ_ONCE(b->gone) ? BRIDGEFW_REASON_GONE : BRIDGEFW_REASON_CANCELLED;
	else
		reason = bridgefw_errno_reason(bridgefw_memo_set(b, m, old, old_len, job->image,
								 job->image_len));
	if (reason) {
		bridgefw_status_set(b, reason, BRIDGEFW_CONTENT_OLD, 0, "nothing was written");
		goto free;
	}

	job->committed = true;
	bridgefw_mem_changed(m);
	if (erased_first(m))
		ret = bridgefw_flash_write(b, m, old, doubtful, &started);
	else
		ret = program(b, m);
	if (started) {
		outcome(b, m, ret, old, old_len);
	} else {
		bridgefw_memo_drop(b, m);
		bridgefw_status_set(b, bridgefw_errno_reason(ret), BRIDGEFW_CONTENT_OLD, 0,
				    "the write of %s could not begin (%d); nothing was written",
				    bridgefw_mem_name(m), ret);
	}
free:
	kvfree(old);
unhold:
	bridgefw_unhold_all(b);
}
