// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writing a memory, and what must be true before.
 *
 * The order is fixed: checks, claim, read what is there, remember it, hold the
 * drives, write, read back, tell what the memory holds now.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "core.h"
#include "flash.h"
#include "identify.h"
#include "image.h"
#include "needs.h"
#include "outcome.h"
#include "plan.h"

static u32 evidence_check(struct bridgefw *b, const struct bfp_operation *op)
{
	u32 reason = bridgefw_op_way(b, op);

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

/* What the owner can do about it is his decision, so he is told all of it. */
static void tell_evidence(struct bridgefw *b, struct bridgefw_mem *m,
			  const struct bfp_operation *op)
{
	const struct bfp *p = &b->profile->p;

	dev_warn(&b->dev, "%s of %s is only %s (%s), writing needs %s; the module parameter evidence_bar=%s allows it, and taints\n",
		 bfp_op_name(op->kind), bridgefw_mem_name(m), bfp_evidence_name(op->evidence),
		 bfp_string(p, op->source), bfp_evidence_name(bridgefw_evidence_bar()),
		 bfp_evidence_name(op->evidence));
}

/**
 * bridgefw_write_known() - whether enough is known of writing a memory
 * @m: memory
 *
 * Return: true if all operations are there and at the bar, whatever way to the
 * bridge there is now.
 */
bool bridgefw_write_known(struct bridgefw_mem *m)
{
	const struct bfp *p = &m->b->profile->p;
	const struct bfp_operation *op;
	u32 i;

	if (bfp_write_lacks(p, m->number))
		return false;
	for (i = 0; (op = bfp_write_op(p, m->number, i)); i++)
		if (op->evidence < bridgefw_evidence_bar())
			return false;
	return true;
}

/**
 * bridgefw_write_operations() - whether a write has the operations that it uses
 * @b: bridge
 * @m: memory
 *
 * All must be there, known well enough, before the first step of any.
 *
 * Return: BRIDGEFW_REASON_NONE or why not; with BRIDGEFW_REASON_EVIDENCE the
 * kernel log names the operation.
 */
u32 bridgefw_write_operations(struct bridgefw *b, struct bridgefw_mem *m)
{
	const struct bfp *p = &b->profile->p;
	const struct bfp_operation *op;
	u32 reason, i;

	if (bfp_write_lacks(p, m->number))
		return BRIDGEFW_REASON_ABSENT;
	for (i = 0; (op = bfp_write_op(p, m->number, i)); i++) {
		reason = evidence_check(b, op);
		if (reason == BRIDGEFW_REASON_EVIDENCE)
			tell_evidence(b, m, op);
		if (reason)
			return reason;
	}
	return bfp_write_open(p, m->number, bridgefw_chip_state(b)) ? BRIDGEFW_REASON_NONE :
								      BRIDGEFW_REASON_STATE;
}

/* Its content twice alike; or, where nothing can be read, the owner's word. */
static u32 content_check(struct bridgefw *b, struct bridgefw_mem *m, u32 flags)
{
	u32 reads;
	bool unstable;

	if (!m->read)
		return flags & BRIDGEFW_CONSENT_UNREAD ? BRIDGEFW_REASON_NONE :
							 BRIDGEFW_REASON_UNREAD;
	mutex_lock(&b->lock);
	reads = m->reads;
	unstable = m->unstable;
	mutex_unlock(&b->lock);
	if (reads >= 2)
		return BRIDGEFW_REASON_NONE;
	return unstable ? BRIDGEFW_REASON_UNSTABLE : BRIDGEFW_REASON_NOT_READ;
}

/* What is to be carried over is not known where nothing can be read. */
static bool identity_kept(struct bridgefw *b, struct bridgefw_mem *m)
{
	return m->read && bfp_identity_known(&b->profile->p, m->number);
}

/* An erase leaves a box without firmware by plan: only where that is no end of it. */
static u32 erase_check(struct bridgefw *b, struct bridgefw_mem *m)
{
	/* What cannot be read cannot be seen to be blank. */
	if (!erased_first(m) || !m->read)
		return BRIDGEFW_REASON_ABSENT;
	if (bfp_header(&b->profile->p)->recovery == BFP_RECOVERY_NONE_KNOWN ||
	    m->rec->interrupted == BFP_INTERRUPTED_FINAL)
		return BRIDGEFW_REASON_NO_WAY_BACK;
	return BRIDGEFW_REASON_NONE;
}

/**
 * bridgefw_write_check() - whether a write or an erase may start
 * @b: bridge; the caller owns it
 * @m: memory
 * @kind: BRIDGEFW_JOB_WRITE, _RESTORE (of what the last write replaced) or _ERASE
 * @flags: BRIDGEFW_CONSENT_*
 * @image: image; of an erase, the one that is to follow
 * @len: bytes
 *
 * Sends nothing.
 *
 * Return: BRIDGEFW_REASON_NONE or why not.
 */
u32 bridgefw_write_check(struct bridgefw *b, struct bridgefw_mem *m, u32 kind, u32 flags,
			 const u8 *image, u32 len)
{
	bool restore = kind == BRIDGEFW_JOB_RESTORE;
	const struct bfp *p = &b->profile->p;
	struct bfp_error e;
	u32 reason;

	reason = bridgefw_write_operations(b, m);
	if (!reason && kind == BRIDGEFW_JOB_ERASE)
		reason = erase_check(b, m);
	if (reason)
		return reason;
	if (bridgefw_crowded(b))
		return BRIDGEFW_REASON_ANOTHER_BLANK;
	if (b->profile->local && !bridgefw_local_writes())
		return BRIDGEFW_REASON_LOCAL;
	if (b->match != BRIDGEFW_MATCH_IDS && b->match != BRIDGEFW_MATCH_WRITTEN &&
	    !(flags & BRIDGEFW_CONSENT_ATTACHED))
		return BRIDGEFW_REASON_ATTACHED;

	if (restore && !bridgefw_memo_fits(b, m) && !(flags & BRIDGEFW_CONSENT_ATTACHED))
		return BRIDGEFW_REASON_ATTACHED;

	reason = content_check(b, m, flags);
	if (reason)
		return reason;

	if (len != m->length)
		return BRIDGEFW_REASON_IMAGE_SIZE;
	if (bfp_image_check(p, m->number, image, len, NULL, 0, &e)) {
		dev_warn(&b->dev, "image refused: %s\n", e.text);
		return BRIDGEFW_REASON_IMAGE_RULE;
	}
	if (!restore && !identity_kept(b, m) && !(flags & BRIDGEFW_CONSENT_IDENTITY))
		return BRIDGEFW_REASON_IDENTITY;
	return BRIDGEFW_REASON_NONE;
}

/*
 * The image with the box's own identity in it, unless the owner wants another. A
 * write that was interrupted may have taken that from the memory: then it is in what
 * was there before. -ENODATA if it is nowhere.
 */
static int identity_keep(struct bridgefw *b, struct bridgefw_mem *m, const u8 *old)
{
	const struct bfp *p = &b->profile->p;
	struct bridgefw_job *job = &b->job;
	struct bridgefw_memo *memo;
	int ret = 0;

	if (job->kind == BRIDGEFW_JOB_RESTORE || (job->flags & BRIDGEFW_CONSENT_IDENTITY))
		return 0;
	memo = bridgefw_memo_of(b, m);
	if (memo && memo->open && memo->previous_len == job->image_len &&
	    bridgefw_memo_fits(b, m))
		old = memo->previous;
	if (bfp_identity_blank(p, m->number, old, job->image_len))
		ret = -ENODATA;
	else
		bfp_identity_carry(p, m->number, job->image, old, job->image_len);
	bridgefw_memo_put(memo);
	return ret;
}

/* What an erase writes; the image that is to follow has been looked at and goes. */
static void blank_instead(struct bridgefw *b, struct bridgefw_mem *m)
{
	struct bridgefw_job *job = &b->job;

	bridgefw_hash(job->image, job->image_len, job->follows);
	memset(job->image, le32_to_cpu(m->rec->erase_value), job->image_len);
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

/* Opens the memory if it has a lock, sends the image, and closes it again. */
static int send(struct bridgefw *b, struct bridgefw_mem *m, const u8 *old, bool doubtful,
		bool *started)
{
	const struct bfp *p = &b->profile->p;
	const struct bfp_operation *unlock = bfp_unlock_first(p, m->number,
							      bridgefw_chip_state(b));
	const struct bfp_operation *lock = bfp_lock_op(p, BFP_OP_LOCK, m->number);
	struct bridgefw_io io = {
		.length = b->job.image_len,
		.data = b->job.image,
		.image = b->job.image,
		.total = b->job.image_len,
	};
	int ret = 0, err;

	*started = false;
	if (unlock)
		ret = bridgefw_run(b, unlock, &io);
	if (ret)
		return ret;
	if (erased_first(m)) {
		ret = bridgefw_flash_write(b, m, old, doubtful, started);
	} else {
		*started = true;
		ret = program(b, m);
	}
	if (lock && ret != -ENXIO && lock->states & bridgefw_chip_state(b)) {
		err = bridgefw_run(b, lock, &io);
		if (err)
			dev_warn(&b->dev, "%s could not be locked again (%d)\n",
				 bridgefw_mem_name(m), err);
	}
	return ret;
}

static void untouched(struct bridgefw *b, u32 reason, const char *why)
{
	bridgefw_status_set(b, reason, BRIDGEFW_CONTENT_OLD, 0, "%s; nothing was written", why);
}

/*
 * Reads what is there; it must be what was read before. Returns whether to go on;
 * @old stays NULL for what cannot be read.
 */
static bool look(struct bridgefw *b, struct bridgefw_mem *m, u8 **old, u32 *old_len)
{
	u8 seen[BRIDGEFW_HASH_SIZE], hash[BRIDGEFW_HASH_SIZE];
	int ret;

	if (!m->read)
		return true;
	memcpy(seen, m->seen, sizeof(seen));
	ret = bridgefw_mem_read_whole(m, old, old_len);
	if (ret) {
		bridgefw_status_set(b, bridgefw_errno_reason(ret), BRIDGEFW_CONTENT_OLD, 0,
				    "%s could not be read (%d); nothing was written",
				    bridgefw_mem_name(m), ret);
		return false;
	}
	bridgefw_hash(*old, *old_len, hash);
	if (memcmp(hash, seen, sizeof(hash))) {
		bridgefw_status_set(b, BRIDGEFW_REASON_UNSTABLE, BRIDGEFW_CONTENT_OLD, 0,
				    "%s reads differently than before; nothing was written",
				    bridgefw_mem_name(m));
		return false;
	}
	if (*old_len == b->job.image_len && identity_keep(b, m, *old)) {
		bridgefw_status_set(b, BRIDGEFW_REASON_IDENTITY, BRIDGEFW_CONTENT_OLD, 0,
				    "%s holds no serial or GUID of this box that could be kept; nothing was written",
				    bridgefw_mem_name(m));
		return false;
	}
	return true;
}

static void nothing_to_do(struct bridgefw *b, struct bridgefw_mem *m)
{
	if (b->job.kind == BRIDGEFW_JOB_ERASE)
		bridgefw_status_set(b, BRIDGEFW_REASON_NONE, BRIDGEFW_CONTENT_BLANK, 0,
				    "%s is blank already; nothing was erased",
				    bridgefw_mem_name(m));
	else
		bridgefw_status_set(b, BRIDGEFW_REASON_NONE, BRIDGEFW_CONTENT_NEW, 0,
				    "%s holds the image already; nothing was written",
				    bridgefw_mem_name(m));
}

/* Whether the image may take the place of what is there. */
static bool image_fits(struct bridgefw *b, struct bridgefw_mem *m, const u8 *old, u32 old_len)
{
	const struct bfp *p = &b->profile->p;
	struct bridgefw_job *job = &b->job;
	struct bfp_error e;
	bool valid;

	/* What must stay as it is on the device must be valid there: a mixture is no model. */
	valid = old && !bfp_content_check(p, m->number, old, old_len, &e);
	if (bfp_image_check(p, m->number, job->image, job->image_len, valid ? old : NULL,
			    valid ? old_len : 0, &e)) {
		untouched(b, BRIDGEFW_REASON_IMAGE_RULE, e.text);
		return false;
	}
	if (job->kind == BRIDGEFW_JOB_ERASE)
		blank_instead(b, m);
	else
		bridgefw_hash(job->image, job->image_len, job->follows);
	if (old && old_len == job->image_len && !memcmp(old, job->image, old_len)) {
		nothing_to_do(b, m);
		return false;
	}
	if (!(job->flags & BRIDGEFW_CONSENT_FINAL) && may_be_final(b, m, old)) {
		untouched(b, BRIDGEFW_REASON_FINAL,
			  "a power cut during this write may be the end of the chip, and nobody agreed to that");
		return false;
	}
	return true;
}

/* From here on there is no way back, and `previous` is of this write. */
static u32 commit(struct bridgefw *b, struct bridgefw_mem *m, const u8 *old, u32 old_len)
{
	struct bridgefw_job *job = &b->job;

	if (READ_ONCE(b->cancel))
		return READ_ONCE(b->gone) ? BRIDGEFW_REASON_GONE : BRIDGEFW_REASON_CANCELLED;
	if (!old)
		return BRIDGEFW_REASON_NONE;
	return bridgefw_errno_reason(bridgefw_memo_set(b, m, old, old_len, job->follows));
}

/*
 * A chip that had to become another device to be written becomes what it was,
 * unless what it holds now has to be repaired first: that is done from here.
 */
static void go_back(struct bridgefw *b, struct bridgefw_mem *m)
{
	const struct bfp_operation *reset = bfp_return_op(&b->profile->p, m->number);
	struct bridgefw_io io = { };
	u32 content = b->status.content;
	int ret;

	if (!reset || !b->job.moved || READ_ONCE(b->gone) ||
	    !(reset->states & bridgefw_chip_state(b)) ||
	    (content != BRIDGEFW_CONTENT_NEW && content != BRIDGEFW_CONTENT_OLD))
		return;
	ret = bridgefw_run(b, reset, &io);
	/* It is back, and somebody uses the drive already: he may. */
	if (ret == -EBUSY)
		ret = 0;
	if (ret && content == BRIDGEFW_CONTENT_NEW)
		bridgefw_status_set(b, bridgefw_errno_reason(ret), content, 0,
				    "%s holds the image, and the chip did not come back from its reset (%d); plug it in again",
				    bridgefw_mem_name(m), ret);
	else if (ret)
		dev_warn(&b->dev, "did not come back from its reset (%d)\n", ret);
}

/* Whether the chip says twice that it is what it is. */
static bool identified(struct bridgefw *b)
{
	int ret = bridgefw_identify_same(b);

	if (ret == -EUCLEAN)
		untouched(b, BRIDGEFW_REASON_ID_CHANGES,
			  "the chip identifies itself differently each time");
	else if (ret)
		bridgefw_status_set(b, bridgefw_errno_reason(ret), BRIDGEFW_CONTENT_OLD, 0,
				    "the chip does not say what it is (%d); nothing was written",
				    ret);
	return !ret;
}

/* All that is done while the drives are held. */
static void write_held(struct bridgefw *b, struct bridgefw_mem *m, u8 **old)
{
	bool doubtful, started;
	u32 old_len = 0, reason;
	int ret;

	if (!identified(b) || !look(b, m, old, &old_len) || !image_fits(b, m, *old, old_len))
		return;
	doubtful = bridgefw_memo_doubtful(b, m);
	reason = commit(b, m, *old, old_len);
	if (reason) {
		untouched(b, reason, bridgefw_reason_word(reason));
		return;
	}
	b->job.committed = true;
	mutex_lock(&b->lock);
	b->erased = false;
	mutex_unlock(&b->lock);
	bridgefw_mem_changed(m);
	ret = send(b, m, *old, doubtful, &started);
	if (started) {
		bridgefw_outcome_tell(b, m, ret, *old, old_len);
	} else {
		bridgefw_memo_drop(b, m);
		bridgefw_status_set(b, bridgefw_errno_reason(ret), BRIDGEFW_CONTENT_OLD, 0,
				    "the write of %s could not begin (%d); nothing was written",
				    bridgefw_mem_name(m), ret);
	}
	go_back(b, m);
}

/**
 * bridgefw_write_run() - the job that writes or erases
 * @b: bridge; the job owns and claims it
 * @m: memory
 */
void bridgefw_write_run(struct bridgefw *b, struct bridgefw_mem *m)
{
	u8 *old = NULL;
	int ret;

	ret = bridgefw_hold_all(b);
	if (ret) {
		bridgefw_status_set(b, bridgefw_errno_reason(ret), BRIDGEFW_CONTENT_OLD, 0,
				    "the drive behind the bridge could not be stopped (%d); nothing was written",
				    ret);
		return;
	}
	write_held(b, m, &old);
	bridgefw_unhold_all(b);
	kvfree(old);
}
