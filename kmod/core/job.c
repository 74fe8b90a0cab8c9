// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Jobs: they belong to the bridge, not to the process that asked. One at a
 * time; a job owns the bridge, pins the modules and keeps the system awake
 * until it has ended.
 */
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "core.h"
#include "identify.h"
#include "image.h"
#include "outcome.h"

/** bridgefw_status_percent() - how far the present or last job has come, 0 to 100 */
u32 bridgefw_status_percent(const struct bridgefw_status *st)
{
	if (st->total)
		return (u32)div64_u64(100 * min(st->done, st->total), st->total);
	return st->state != BRIDGEFW_STATE_BUSY && st->job ? 100 : 0;
}

/*
 * An event says by itself how things are at its moment, since the next job may begin
 * before anybody looks. Without memory for that it goes without. The lock is held.
 */
static void tell_udev(struct bridgefw *b)
{
	const struct bridgefw_status *st = &b->status;
	char *job = kasprintf(GFP_KERNEL, "BRIDGEFW_JOB=%s", bridgefw_job_name(st->job));
	char *progress = kasprintf(GFP_KERNEL, "BRIDGEFW_PROGRESS=%u", bridgefw_status_percent(st));
	char *error = kasprintf(GFP_KERNEL, "BRIDGEFW_ERROR=%s%s%s",
				st->reason ? bridgefw_reason_word(st->reason) : "",
				st->reason ? ": " : "", st->reason ? st->text : "");
	char *all[4] = { NULL };

	if (job && progress && error) {
		all[0] = job;
		all[1] = progress;
		all[2] = error;
		kobject_uevent_env(&b->dev.kobj, KOBJ_CHANGE, all);
	} else {
		kobject_uevent(&b->dev.kobj, KOBJ_CHANGE);
	}
	kfree(error);
	kfree(progress);
	kfree(job);
}

/*
 * The lock is held. Removal sets @gone under it before it takes the files away, so that
 * a bridge that is not gone still has them.
 */
static void tell_changed(struct bridgefw *b, const char *file, bool event)
{
	b->changed++;
	if (b->gone || !device_is_registered(&b->dev))
		return;
	sysfs_notify(&b->dev.kobj, NULL, file);
	if (event)
		tell_udev(b);
}

static void status_notify(struct bridgefw *b, const char *file, bool event)
{
	mutex_lock(&b->lock);
	tell_changed(b, file, event);
	mutex_unlock(&b->lock);
	wake_up_all(&b->wait);
}

/** bridgefw_status_changed() - tell pollers and udev */
void bridgefw_status_changed(struct bridgefw *b)
{
	status_notify(b, "state", true);
}

/** bridgefw_status_get() - the present or last job; never blocks on I/O */
void bridgefw_status_get(struct bridgefw *b, struct bridgefw_status *out)
{
	mutex_lock(&b->lock);
	*out = b->status;
	mutex_unlock(&b->lock);
}

/**
 * bridgefw_status_set() - how the running job ends
 * @b: bridge
 * @reason: BRIDGEFW_REASON_*
 * @content: BRIDGEFW_CONTENT_*
 * @differs_at: first differing offset, 0 if that says nothing
 * @fmt: the sentence for the user, without a full stop
 */
void bridgefw_status_set(struct bridgefw *b, u32 reason, u32 content, u32 differs_at,
			 const char *fmt, ...)
{
	va_list args;
	int len;

	mutex_lock(&b->lock);
	b->status.reason = reason;
	b->status.error = -bridgefw_reason_errno(reason);
	b->status.content = content;
	b->status.differs_at = differs_at;
	va_start(args, fmt);
	len = vscnprintf(b->status.text, sizeof(b->status.text), fmt, args);
	va_end(args);
	if (reason && b->said[0])
		scnprintf(b->status.text + len, sizeof(b->status.text) - len,
			  "; the device says %s", b->said);
	mutex_unlock(&b->lock);
}

/** bridgefw_status_progress() - @done of @total bytes */
void bridgefw_status_progress(struct bridgefw *b, u64 done, u64 total)
{
	struct bridgefw_watch *watch;

	mutex_lock(&b->lock);
	b->status.done = done;
	b->status.total = total;
	watch = b->job.watch;
	if (watch && total)
		WRITE_ONCE(watch->at, div64_u64(watch->len * min(done, total), total));
	mutex_unlock(&b->lock);
	status_notify(b, "progress", false);
}

/* After plug-in: does the box hold what was written to the one on this port? */
static void confirm_run(struct bridgefw *b)
{
	struct bridgefw_mem *m = bridgefw_mem_default(b);
	u8 hash[BRIDGEFW_HASH_SIZE];
	u32 len;
	u8 *now;
	int ret;

	if (!m)
		return;
	ret = bridgefw_hold_all(b);
	if (!ret) {
		ret = bridgefw_mem_read_whole(m, &now, &len);
		bridgefw_unhold_all(b);
	}
	if (ret) {
		bridgefw_status_set(b, bridgefw_errno_reason(ret), BRIDGEFW_CONTENT_UNKNOWN, 0,
				    "a box was written on this port; whether this is it cannot be read (%d)",
				    ret);
		return;
	}
	bridgefw_hash(now, len, hash);
	kvfree(now);
	if (memcmp(hash, b->expect, sizeof(hash))) {
		bridgefw_status_set(b, BRIDGEFW_REASON_NONE, BRIDGEFW_CONTENT_UNKNOWN, 0,
				    "a box was written on this port; this one holds something else");
		return;
	}
	WRITE_ONCE(b->match, BRIDGEFW_MATCH_WRITTEN);
	bridgefw_status_set(b, BRIDGEFW_REASON_NONE, BRIDGEFW_CONTENT_NEW, 0,
			    "this box holds what was written on this port");
}

/* The job is over: @b->status has its outcome. */
static void job_end(struct bridgefw *b)
{
	struct bridgefw_job *job = &b->job;
	struct module *owner = b->owner;

	if (job->claimed)
		bridgefw_release_job(b);
	kvfree(job->image);
	job->image = NULL;
	bridgefw_sleep_unblock();
	mutex_lock(&b->lock);
	b->active = false;
	b->cancel = false;
	if (b->status.content == BRIDGEFW_CONTENT_BLANK)
		b->erased = true;
	if (job->watch) {
		job->watch->reason = b->status.reason;
		WRITE_ONCE(job->watch->over, true);
		job->watch = NULL;
	}
	if (b->gone)
		b->status.state = BRIDGEFW_STATE_GONE;
	else if (b->status.reason)
		b->status.state = BRIDGEFW_STATE_FAILED;
	else if (b->erased || bridgefw_chip_state(b) != BFP_STATE(BFP_ROLE_RUNNING))
		b->status.state = BRIDGEFW_STATE_BLANK;
	else
		b->status.state = BRIDGEFW_STATE_IDLE;
	if (b->status.reason)
		dev_warn(&b->dev, "%s: %s\n", bridgefw_reason_word(b->status.reason),
			 b->status.text);
	/* Told before the next job can begin, so that no end is missed. */
	tell_changed(b, "state", true);
	mutex_unlock(&b->lock);
	wake_up_all(&b->wait);
	module_put(owner);
	bridgefw_bridge_put(b);
	module_put(THIS_MODULE);
}

/**
 * bridgefw_job_work() - runs the job of a bridge
 * @work: of the job
 *
 * The workqueue is flushed before the module's memory goes, so that the
 * module_put() above is not the last thing that holds this code.
 */
void bridgefw_job_work(struct work_struct *work)
{
	struct bridgefw *b = container_of(work, struct bridgefw, job.work);
	struct bridgefw_job *job = &b->job;
	struct bridgefw_mem *m = bridgefw_mem_by_number(b, job->memory);

	bridgefw_status_changed(b);
	if (READ_ONCE(b->cancel)) {
		bridgefw_status_set(b, READ_ONCE(b->gone) ? BRIDGEFW_REASON_GONE :
				    BRIDGEFW_REASON_CANCELLED, BRIDGEFW_CONTENT_OLD, 0,
				    "ended before anything was sent");
	} else if (job->confirm) {
		confirm_run(b);
	} else {
		switch (job->kind) {
		case BRIDGEFW_JOB_IDENTIFY:
			bridgefw_identify_run(b);
			break;
		case BRIDGEFW_JOB_VERIFY:
			bridgefw_outcome_verify(b, m);
			break;
		case BRIDGEFW_JOB_WRITE:
		case BRIDGEFW_JOB_RESTORE:
		case BRIDGEFW_JOB_ERASE:
			bridgefw_write_run(b, m);
			break;
		}
	}
	job_end(b);
}

/*
 * What somebody asks for. @image is what came with it, NULL for what is staged or
 * `previous`. With @watch nobody waits for the answer; @refused: it is known why not.
 */
struct order {
	const void *who;
	u32 kind;
	u32 memory;
	u32 flags;
	const u8 *image;
	u32 image_len;
	struct bridgefw_watch *watch;
	u32 refused;
};

static u32 image_copy(const u8 *from, u32 len, u8 **image)
{
	if (!from || !len)
		return BRIDGEFW_REASON_NO_IMAGE;
	*image = kvmalloc(len, GFP_KERNEL);
	if (!*image)
		return BRIDGEFW_REASON_MEMORY;
	memcpy(*image, from, len);
	return BRIDGEFW_REASON_NONE;
}

/* A copy of what the job works on: what is staged may change, `previous` too. */
static u32 job_image(struct bridgefw *b, struct bridgefw_mem *m, const struct order *o,
		     u8 **image, u32 *len)
{
	struct bridgefw_memo *memo;
	u32 reason;

	if (o->image) {
		*len = o->image_len;
		/* Of any length, as it came. */
		if (*len > le32_to_cpu(m->rec->size))
			return BRIDGEFW_REASON_IMAGE_SIZE;
		return image_copy(o->image, *len, image);
	}
	if (o->kind == BRIDGEFW_JOB_RESTORE) {
		memo = bridgefw_memo_of(b, m);
		*len = memo ? memo->previous_len : 0;
		reason = image_copy(memo ? memo->previous : NULL, *len, image);
		bridgefw_memo_put(memo);
		return reason;
	}
	mutex_lock(&b->lock);
	*len = m->image_len;
	reason = image_copy(m->image, *len, image);
	mutex_unlock(&b->lock);
	return reason;
}

/* Under @lock: from here on the status is that of a new job. */
static void status_begin(struct bridgefw *b, u32 kind, u32 memory)
{
	memset(&b->status, 0, offsetof(struct bridgefw_status, serial));
	b->status.text[0] = '\0';
	b->said[0] = '\0';
	b->status.differs_at = 0;
	b->status.job = kind;
	b->status.memory = memory;
	b->status.serial++;
}

/* Starts what has passed all checks; the caller owns the bridge. */
static void job_queue(struct bridgefw *b, u32 kind, u32 memory, struct bridgefw_watch *watch)
{
	mutex_lock(&b->lock);
	status_begin(b, kind, memory);
	b->status.state = BRIDGEFW_STATE_BUSY;
	b->cancel = b->gone;
	b->job.committed = false;
	b->job.moved = false;
	b->job.watch = watch;
	mutex_unlock(&b->lock);
	wake_up_all(&b->wait);
	bridgefw_bridge_get(b);
	queue_work(bridgefw_wq, &b->job.work);
}

/*
 * Why it was not started is told as the outcome of a job that ended at once, where
 * nobody waits for the answer; the caller owns the bridge.
 */
static void job_refused(struct bridgefw *b, const struct order *o, u32 reason)
{
	struct bridgefw_mem *m = &b->mems[o->memory];

	mutex_lock(&b->lock);
	status_begin(b, o->kind, o->memory);
	b->status.state = b->gone ? BRIDGEFW_STATE_GONE : BRIDGEFW_STATE_FAILED;
	mutex_unlock(&b->lock);
	bridgefw_status_set(b, reason, BRIDGEFW_CONTENT_OLD, 0, "%s was not written%s",
			    bridgefw_mem_name(m), reason == BRIDGEFW_REASON_CAPABILITY ?
			    ": no \"upload\" was written to command before" : "");
	dev_warn(&b->dev, "%s: %s\n", bridgefw_reason_word(reason), b->status.text);
}

static bool job_pin(struct bridgefw *b)
{
	if (!try_module_get(b->owner))
		return false;
	__module_get(THIS_MODULE);
	return true;
}

static void job_unpin(struct bridgefw *b)
{
	module_put(b->owner);
	module_put(THIS_MODULE);
}

/* The checks of a job that need the bridge; @flags and @image as they came. */
static u32 job_check(struct bridgefw *b, struct bridgefw_mem *m, const void *who,
		     u32 kind, u32 flags, const u8 *image, u32 len)
{
	u32 reason;
	int ret;

	if (kind == BRIDGEFW_JOB_IDENTIFY)
		return bridgefw_identify_check(b);
	if (kind == BRIDGEFW_JOB_VERIFY)
		return bridgefw_outcome_check(b, m);
	reason = bridgefw_write_check(b, m, kind, flags, image, len);
	if (reason)
		return reason;
	ret = bridgefw_claim_job(b, who);
	if (ret)
		return ret == -EBUSY ? BRIDGEFW_REASON_IN_USE : bridgefw_errno_reason(ret);
	b->job.claimed = true;
	return BRIDGEFW_REASON_NONE;
}

/* Starts what is asked for, if it may; all that can be checked without sending anything. */
static int job_begin(struct bridgefw *b, const struct order *o, u32 *reason)
{
	struct bridgefw_mem *m = bridgefw_mem_by_number(b, o->memory);
	u8 *image = NULL;
	u32 len = 0;
	int ret;

	ret = bridgefw_own(b, o->who);
	if (ret) {
		*reason = bridgefw_errno_reason(ret);
		return ret;
	}
	b->job.claimed = false;
	*reason = o->refused;
	if (*reason)
		goto err_disown;
	if (!bridgefw_sleep_block()) {
		*reason = BRIDGEFW_REASON_SLEEP;
		goto err_disown;
	}
	if (!job_pin(b)) {
		*reason = BRIDGEFW_REASON_GONE;
		goto err_sleep;
	}
	if (o->kind != BRIDGEFW_JOB_IDENTIFY)
		*reason = job_image(b, m, o, &image, &len);
	if (!*reason)
		*reason = job_check(b, m, o->who, o->kind, o->flags, image, len);
	if (*reason || (o->flags & BRIDGEFW_START_DRY_RUN))
		goto err_unpin;

	b->job.kind = o->kind;
	b->job.memory = o->memory;
	b->job.flags = o->flags;
	b->job.confirm = false;
	b->job.image = image;
	b->job.image_len = len;
	job_queue(b, o->kind, o->memory, o->watch);
	return 0;

err_unpin:
	if (b->job.claimed)
		bridgefw_release_job(b);
	kvfree(image);
	job_unpin(b);
err_sleep:
	bridgefw_sleep_unblock();
err_disown:
	if (o->watch)
		job_refused(b, o, *reason);
	bridgefw_disown(b);
	if (o->watch)
		bridgefw_status_changed(b);
	return bridgefw_reason_errno(*reason);
}

/**
 * bridgefw_job_start() - start a job
 * @b: bridge
 * @who: the open file that asks; NULL for sysfs
 * @kind: BRIDGEFW_JOB_*
 * @memory: number of the memory (0 for IDENTIFY)
 * @flags: BRIDGEFW_CONSENT_*, BRIDGEFW_START_DRY_RUN
 * @reason: out: why not
 *
 * All that can be checked without sending anything is checked here.
 *
 * Return: 0 (with BRIDGEFW_START_DRY_RUN: it would have been), -EINVAL for
 * unknown jobs, memories and flags, or the errno of @reason.
 */
int bridgefw_job_start(struct bridgefw *b, const void *who, u32 kind, u32 memory,
		       u32 flags, u32 *reason)
{
	const u32 known = BRIDGEFW_CONSENT_ATTACHED | BRIDGEFW_CONSENT_IDENTITY |
			  BRIDGEFW_CONSENT_FINAL | BRIDGEFW_CONSENT_UNREAD |
			  BRIDGEFW_START_DRY_RUN;
	struct order o = { .who = who, .kind = kind, .memory = memory, .flags = flags };
	bool writes = kind == BRIDGEFW_JOB_WRITE || kind == BRIDGEFW_JOB_RESTORE ||
		      kind == BRIDGEFW_JOB_ERASE;

	*reason = BRIDGEFW_REASON_NONE;
	if (kind < BRIDGEFW_JOB_IDENTIFY || kind > BRIDGEFW_JOB_ERASE || (flags & ~known))
		return -EINVAL;
	if (kind == BRIDGEFW_JOB_IDENTIFY && memory)
		return -EINVAL;
	if (kind != BRIDGEFW_JOB_IDENTIFY && !bridgefw_mem_by_number(b, memory)) {
		if (b->nmems)
			return -EINVAL;
		*reason = BRIDGEFW_REASON_ABSENT;
		return -EOPNOTSUPP;
	}
	if (writes && !capable(CAP_SYS_RAWIO)) {
		*reason = BRIDGEFW_REASON_CAPABILITY;
		return -EPERM;
	}
	return job_begin(b, &o, reason);
}

/**
 * bridgefw_job_upload() - write an image on behalf of nobody who could be asked
 * @m: memory
 * @flags: BRIDGEFW_CONSENT_*, of somebody who had CAP_SYS_RAWIO
 * @refused: BRIDGEFW_REASON_* if there was nobody, or the owner thought better of it
 * @image: copied
 * @len: bytes
 * @watch: told of progress and end; must last as long as the bridge
 *
 * A refusal is told as the outcome of a job, unless another one runs.
 *
 * Return: BRIDGEFW_REASON_NONE if the job runs, or why not.
 */
u32 bridgefw_job_upload(struct bridgefw_mem *m, u32 flags, u32 refused, const u8 *image,
			u32 len, struct bridgefw_watch *watch)
{
	struct order o = {
		.kind = BRIDGEFW_JOB_WRITE, .memory = m->number, .flags = flags,
		.image = image, .image_len = len, .watch = watch, .refused = refused,
	};
	u32 reason;

	job_begin(m->b, &o, &reason);
	return reason;
}

/**
 * bridgefw_job_confirm() - see whether a box holds what was written on its port
 * @b: bridge that has just been started
 *
 * Return: 0, or a negative errno; the match stays "changed" then.
 */
int bridgefw_job_confirm(struct bridgefw *b)
{
	int ret;

	ret = bridgefw_own(b, NULL);
	if (ret)
		return ret;
	if (!bridgefw_sleep_block()) {
		ret = -EBUSY;
		goto err_disown;
	}
	if (!job_pin(b)) {
		ret = -ENXIO;
		goto err_sleep;
	}
	b->job.claimed = false;
	b->job.confirm = true;
	b->job.image = NULL;
	job_queue(b, BRIDGEFW_JOB_IDENTIFY, 0, NULL);
	return 0;

err_sleep:
	bridgefw_sleep_unblock();
err_disown:
	bridgefw_disown(b);
	return ret;
}

/** bridgefw_job_cancel() - end the job at the next point where that is safe */
void bridgefw_job_cancel(struct bridgefw *b)
{
	mutex_lock(&b->lock);
	if (b->status.state == BRIDGEFW_STATE_BUSY)
		b->cancel = true;
	mutex_unlock(&b->lock);
}

/** bridgefw_job_cancel_upload() - likewise, but only the job that @watch sees */
void bridgefw_job_cancel_upload(struct bridgefw *b, struct bridgefw_watch *watch)
{
	mutex_lock(&b->lock);
	if (b->job.watch == watch)
		b->cancel = true;
	mutex_unlock(&b->lock);
}
