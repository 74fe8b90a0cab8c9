// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a memory holds after a write, whatever the write said of itself, and
 * whether it holds an image. Where nothing can be read, the chip is asked to
 * compare, and that is said.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "core.h"
#include "outcome.h"

#define SETTLE_PAUSE_MS	50

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

/* The content is known: the image, what was there before, or neither. */
static void known(struct bridgefw *b, struct bridgefw_mem *m, int wrote, const u8 *now, u32 len,
		  const u8 *old, u32 old_len)
{
	struct bridgefw_job *job = &b->job;
	const char *name = bridgefw_mem_name(m);
	u32 at;

	if (len == job->image_len && !memcmp(now, job->image, len)) {
		if (job->kind == BRIDGEFW_JOB_ERASE)
			bridgefw_status_set(b, BRIDGEFW_REASON_NONE, BRIDGEFW_CONTENT_BLANK, 0,
					    "%s erased, read back blank; the image %*phN is to follow",
					    name, 8, job->follows);
		else
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
		bridgefw_memo_commit(b, m, b->status.content);
}

/* What the chip says when it compares. 0, -EILSEQ if it differs, or an errno. */
static int ask_chip(struct bridgefw *b, struct bridgefw_mem *m)
{
	struct bridgefw_job *job = &b->job;
	u32 chunk = le32_to_cpu(m->rec->read_chunk), at;
	int ret = 0;

	if ((le16_to_cpu(m->rec->flags) & BFP_MEM_WHOLE) || bridgefw_op_loops(b, m->verify))
		chunk = job->image_len;
	for (at = 0; at < job->image_len && !ret; at += chunk) {
		struct bridgefw_io io = {
			.offset = at,
			.length = min(chunk, job->image_len - at),
			.data = job->image + at,
			.image = job->image,
			.total = job->image_len,
		};

		ret = bridgefw_run(b, m->verify, &io);
	}
	/* What it says of itself is worth nothing if it does not start with it. */
	if (!ret && job->moved && bridgefw_chip_state(b) == BFP_STATE(BFP_ROLE_BLANK))
		ret = -EILSEQ;
	/* A chip that compares and disagrees refuses the command, or answers otherwise. */
	return ret == -EPIPE || ret == -EPROTO ? -EILSEQ : ret;
}

/* After a write of what cannot be read. */
static void chip_tells(struct bridgefw *b, struct bridgefw_mem *m, int wrote)
{
	const char *name = bridgefw_mem_name(m);
	int ret = wrote == -ENXIO ? wrote : ask_chip(b, m);

	if (!ret)
		bridgefw_status_set(b, BRIDGEFW_REASON_NONE, BRIDGEFW_CONTENT_NEW, 0,
				    "%s written; it cannot be read back, and the chip says that it holds the image",
				    name);
	else if (ret == -ENXIO)
		bridgefw_status_set(b, BRIDGEFW_REASON_GONE, BRIDGEFW_CONTENT_UNKNOWN, 0,
				    "the bridge vanished during the write; %s may be old, new or a mixture",
				    name);
	else if (wrote)
		bridgefw_status_set(b, bridgefw_errno_reason(wrote), BRIDGEFW_CONTENT_UNKNOWN, 0,
				    "the write of %s ended early (%d); it cannot be read, and the chip does not say that it holds the image",
				    name, wrote);
	else if (ret == -EILSEQ)
		bridgefw_status_set(b, BRIDGEFW_REASON_MISMATCH, BRIDGEFW_CONTENT_UNKNOWN, 0,
				    "%s was written, and the chip says that it does not hold the image; what it holds cannot be read",
				    name);
	else
		bridgefw_status_set(b, bridgefw_errno_reason(ret), BRIDGEFW_CONTENT_UNKNOWN, 0,
				    "%s was written, and the chip could not be asked what it holds (%d)",
				    name, ret);
}

/* After a write of what can be read. */
static void memory_tells(struct bridgefw *b, struct bridgefw_mem *m, int wrote,
			 const u8 *old, u32 old_len)
{
	u32 len;
	u8 *now;
	int ret;

	ret = read_back(b, m, &now, &len);
	if (ret) {
		if (READ_ONCE(b->gone) || ret == -ENXIO)
			bridgefw_status_set(b, BRIDGEFW_REASON_GONE, BRIDGEFW_CONTENT_UNKNOWN, 0,
					    "the bridge vanished during the write; %s may be old, new or a mixture",
					    bridgefw_mem_name(m));
		else
			bridgefw_status_set(b, bridgefw_errno_reason(ret),
					    BRIDGEFW_CONTENT_UNKNOWN, 0,
					    "%s was written (%d) and cannot be read back (%d)",
					    bridgefw_mem_name(m), wrote, ret);
		return;
	}
	known(b, m, wrote, now, len, old, old_len);
	kvfree(now);
}

/**
 * bridgefw_outcome_tell() - how a write that may have changed a memory ends
 * @b: bridge; a job owns and holds it
 * @m: memory
 * @wrote: what the write said of itself
 * @old: what the memory held; NULL if it cannot be read
 * @old_len: bytes
 */
void bridgefw_outcome_tell(struct bridgefw *b, struct bridgefw_mem *m, int wrote,
			   const u8 *old, u32 old_len)
{
	u32 whole = b->job.image_len;

	if (old)
		memory_tells(b, m, wrote, old, old_len);
	else
		chip_tells(b, m, wrote);
	if (!b->status.reason)
		bridgefw_status_progress(b, 2ULL * whole, 2ULL * whole);
}

/* An answer that ends an upload tells of that upload: without one there is none to ask. */
static bool ends_upload(struct bridgefw *b, const struct bfp_operation *op)
{
	const struct bfp_step *s = bfp_steps(&b->profile->p) + le16_to_cpu(op->step_first);
	u32 i;

	for (i = 0; i < le16_to_cpu(op->step_count); i++)
		if (s[i].flags & BFP_STEPF_UNTIL_RESET)
			return true;
	return false;
}

/**
 * bridgefw_outcome_check() - whether a memory can be compared with an image
 * @b: bridge
 * @m: memory
 *
 * Return: BRIDGEFW_REASON_NONE or why not.
 */
u32 bridgefw_outcome_check(struct bridgefw *b, struct bridgefw_mem *m)
{
	const struct bfp_operation *op = m->read ?: m->verify;
	u32 reason = bridgefw_op_usable(b, op);

	if (op && !m->read && ends_upload(b, op))
		return BRIDGEFW_REASON_ABSENT;
	if (!reason && op->evidence < BFP_TRACED && op->evidence < bridgefw_evidence_bar())
		reason = BRIDGEFW_REASON_EVIDENCE;
	return reason;
}

static void verify_by_chip(struct bridgefw *b, struct bridgefw_mem *m)
{
	const char *name = bridgefw_mem_name(m);
	int ret;

	ret = bridgefw_hold_all(b);
	if (!ret) {
		ret = ask_chip(b, m);
		bridgefw_unhold_all(b);
	}
	if (!ret)
		bridgefw_status_set(b, BRIDGEFW_REASON_NONE, BRIDGEFW_CONTENT_NEW, 0,
				    "%s cannot be read; the chip says that it holds the image",
				    name);
	else if (ret == -EILSEQ)
		bridgefw_status_set(b, BRIDGEFW_REASON_CONTENT_DIFFERS, BRIDGEFW_CONTENT_OLD, 0,
				    "%s cannot be read; the chip says that it does not hold the image",
				    name);
	else
		bridgefw_status_set(b, bridgefw_errno_reason(ret), BRIDGEFW_CONTENT_UNKNOWN, 0,
				    "%s could not be compared by the chip (%d)", name, ret);
}

/**
 * bridgefw_outcome_verify() - the job that compares a memory with an image
 * @b: bridge; the job owns it
 * @m: memory
 */
void bridgefw_outcome_verify(struct bridgefw *b, struct bridgefw_mem *m)
{
	struct bridgefw_job *job = &b->job;
	u32 len, i;
	u8 *now;
	int ret;

	if (!m->read) {
		verify_by_chip(b, m);
		return;
	}
	ret = bridgefw_hold_all(b);
	if (!ret) {
		ret = bridgefw_mem_read_whole(m, &now, &len);
		bridgefw_unhold_all(b);
	}
	if (ret) {
		bridgefw_status_set(b, bridgefw_errno_reason(ret), BRIDGEFW_CONTENT_UNKNOWN, 0,
				    "%s could not be read (%d)", bridgefw_mem_name(m), ret);
		return;
	}
	bridgefw_status_progress(b, len, len);
	i = first_difference(now, job->image, min(len, job->image_len));
	if (i < max(len, job->image_len))
		bridgefw_status_set(b, BRIDGEFW_REASON_CONTENT_DIFFERS, BRIDGEFW_CONTENT_OLD, i,
				    "%s differs from the image from offset %u on",
				    bridgefw_mem_name(m), i);
	else
		bridgefw_status_set(b, BRIDGEFW_REASON_NONE, BRIDGEFW_CONTENT_NEW, 0,
				    "%s equals the image", bridgefw_mem_name(m));
	kvfree(now);
}
