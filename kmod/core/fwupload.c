// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Firmware Upload API: /sys/class/firmware/bridgefwN-MEMORY. An upload is a
 * writing job like any other; this only waits for it.
 *
 * The kernel hands the image over in a worker, which has nobody's capabilities.
 * So an upload is refused unless somebody with CAP_SYS_RAWIO has allowed it before
 * (the word "upload" in the file `command`), with all that the owner agrees to.
 * That counts for one upload, whatever becomes of it.
 *
 * Unregistering waits for the worker, and removal for that: a worker whose bridge
 * is gone leaves at once, and does not wait for the end of the job.
 */
#include <linux/capability.h>
#include <linux/firmware.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "core.h"
#include "fwupload.h"
#include "needs.h"

/**
 * struct bridgefw_upload - a memory's upload device; lasts as long as the bridge
 * @m: memory
 * @fwl: as the kernel knows it; NULL once it leaves
 * @name: unlike that of any other device, as @fwl needs
 * @allowed: the next upload may write, with the consent in @flags
 * @running: an upload is under way
 * @cancelled: it is to end, or will not begin
 * @flags: BRIDGEFW_CONSENT_*
 * @watch: its job
 *
 * The bridge's lock guards all but the first and the third.
 */
struct bridgefw_upload {
	struct bridgefw_mem *m;
	struct fw_upload *fwl;
	char name[2 * BRIDGEFW_NAME_LEN];
	bool allowed;
	bool running;
	bool cancelled;
	u32 flags;
	struct bridgefw_watch watch;
};

/* The API has few words; last_error says what it was. */
static enum fw_upload_err upload_error(u32 reason)
{
	switch (reason) {
	case BRIDGEFW_REASON_NONE:
		return FW_UPLOAD_ERR_NONE;
	case BRIDGEFW_REASON_IMAGE_SIZE:
		return FW_UPLOAD_ERR_INVALID_SIZE;
	case BRIDGEFW_REASON_IMAGE_RULE:
	case BRIDGEFW_REASON_IDENTITY:
		return BRIDGEFW_UPLOAD_INVALID;
	case BRIDGEFW_REASON_IN_USE:
	case BRIDGEFW_REASON_BUSY:
	case BRIDGEFW_REASON_SLEEP:
		return FW_UPLOAD_ERR_BUSY;
	case BRIDGEFW_REASON_TIMEOUT:
		return FW_UPLOAD_ERR_TIMEOUT;
	case BRIDGEFW_REASON_IO:
	case BRIDGEFW_REASON_SHORT:
	case BRIDGEFW_REASON_MISMATCH:
	case BRIDGEFW_REASON_IGNORED:
		return FW_UPLOAD_ERR_RW_ERROR;
	/* What the owner has stopped, or has not yet done or said. */
	case BRIDGEFW_REASON_CANCELLED:
	case BRIDGEFW_REASON_CAPABILITY:
	case BRIDGEFW_REASON_EVIDENCE:
	case BRIDGEFW_REASON_LOCAL:
	case BRIDGEFW_REASON_ATTACHED:
	case BRIDGEFW_REASON_FINAL:
	case BRIDGEFW_REASON_UNREAD:
	case BRIDGEFW_REASON_NOT_READ:
		return FW_UPLOAD_ERR_CANCELED;
	}
	return FW_UPLOAD_ERR_HW_ERROR;
}

static enum fw_upload_err upload_prepare(struct fw_upload *fwl, const u8 *data, u32 size)
{
	struct bridgefw_upload *up = fwl->dd_handle;
	struct bridgefw *b = up->m->b;
	u32 refused = BRIDGEFW_REASON_NONE, flags, reason;
	bool cancelled;

	mutex_lock(&b->lock);
	if (!up->allowed)
		refused = up->cancelled ? BRIDGEFW_REASON_CANCELLED : BRIDGEFW_REASON_CAPABILITY;
	flags = up->flags;
	up->allowed = false;
	up->cancelled = false;
	up->running = true;
	memset(&up->watch, 0, sizeof(up->watch));
	up->watch.len = size;
	mutex_unlock(&b->lock);

	reason = bridgefw_job_upload(up->m, flags, refused, data, size, &up->watch);

	mutex_lock(&b->lock);
	cancelled = up->cancelled;
	if (reason) {
		up->running = false;
		up->cancelled = false;
	}
	mutex_unlock(&b->lock);
	/* The word may have come before there was a job to end. */
	if (!reason && cancelled)
		bridgefw_job_cancel_upload(b, &up->watch);
	return upload_error(reason);
}

/* Waits until the job stands behind @offset, or is over: nobody shall wait for it in vain. */
static enum fw_upload_err upload_wait(struct bridgefw_upload *up, u32 offset, u32 *at)
{
	struct bridgefw *b = up->m->b;
	u32 reason;

	wait_event_idle(b->wait, READ_ONCE(up->watch.at) > offset ||
			READ_ONCE(up->watch.over) || READ_ONCE(b->gone));
	mutex_lock(&b->lock);
	*at = up->watch.at;
	if (up->watch.over) {
		reason = up->watch.reason;
		*at = up->watch.len;
	} else {
		reason = *at > offset ? BRIDGEFW_REASON_NONE : BRIDGEFW_REASON_GONE;
	}
	mutex_unlock(&b->lock);
	return upload_error(reason);
}

/* Writes nothing: the job does. What is left of the image tells how far that is. */
static enum fw_upload_err upload_write(struct fw_upload *fwl, const u8 *data, u32 offset,
				       u32 size, u32 *written)
{
	u32 at;
	enum fw_upload_err err = upload_wait(fwl->dd_handle, offset, &at);

	*written = err == FW_UPLOAD_ERR_NONE ? min(at - offset, size) : 0;
	return err;
}

static enum fw_upload_err upload_poll_complete(struct fw_upload *fwl)
{
	u32 at;

	return upload_wait(fwl->dd_handle, U32_MAX, &at);
}

/*
 * Also called while nothing is uploaded; then it takes back what was allowed. Must
 * not end a job that somebody else has started.
 */
static void upload_cancel(struct fw_upload *fwl)
{
	struct bridgefw_upload *up = fwl->dd_handle;
	struct bridgefw *b = up->m->b;

	mutex_lock(&b->lock);
	if (up->allowed || up->running)
		up->cancelled = true;
	up->allowed = false;
	mutex_unlock(&b->lock);
	bridgefw_job_cancel_upload(b, &up->watch);
}

static void upload_cleanup(struct fw_upload *fwl)
{
	struct bridgefw_upload *up = fwl->dd_handle;
	struct bridgefw *b = up->m->b;

	mutex_lock(&b->lock);
	up->running = false;
	up->cancelled = false;
	mutex_unlock(&b->lock);
}

static const struct fw_upload_ops upload_ops = {
	.prepare = upload_prepare,
	.write = upload_write,
	.poll_complete = upload_poll_complete,
	.cancel = upload_cancel,
	.cleanup = upload_cleanup,
};

static int upload_add(struct bridgefw *b, struct bridgefw_mem *m)
{
	struct bridgefw_upload *up = kzalloc(sizeof(*up), GFP_KERNEL);
	struct fw_upload *fwl;

	if (!up)
		return -ENOMEM;
	up->m = m;
	scnprintf(up->name, sizeof(up->name), "%s-%s", dev_name(&b->dev), bridgefw_mem_name(m));
	fwl = firmware_upload_register(THIS_MODULE, &b->dev, up->name, &upload_ops, up);
	if (IS_ERR(fwl)) {
		kfree(up);
		return PTR_ERR(fwl);
	}
	mutex_lock(&b->lock);
	up->fwl = fwl;
	m->upload = up;
	mutex_unlock(&b->lock);
	return 0;
}

/**
 * bridgefw_uploads_add() - an upload device for each memory that can be written
 * @b: bridge, registered
 *
 * Return: 0 or a negative errno; those that succeeded stay.
 */
int bridgefw_uploads_add(struct bridgefw *b)
{
	int ret = 0;
	u32 i;

	/* Whether the law lets it is seen at each upload. */
	for (i = 0; i < b->nmems && !ret; i++)
		if (!bfp_write_lacks(&b->profile->p, i))
			ret = upload_add(b, &b->mems[i]);
	return ret;
}

/**
 * bridgefw_uploads_remove() - undo bridgefw_uploads_add()
 * @b: bridge that is gone
 *
 * What an upload and its job look at stays until the bridge is freed.
 */
void bridgefw_uploads_remove(struct bridgefw *b)
{
	struct bridgefw_upload *up;
	struct fw_upload *fwl;
	u32 i;

	for (i = 0; i < b->nmems; i++) {
		up = b->mems[i].upload;
		if (!up)
			continue;
		mutex_lock(&b->lock);
		fwl = up->fwl;
		up->fwl = NULL;
		mutex_unlock(&b->lock);
		firmware_upload_unregister(fwl);
	}
}

/**
 * bridgefw_upload_allow() - let the next upload to a memory write
 * @m: memory
 * @flags: BRIDGEFW_CONSENT_*
 *
 * Return: 0; -EPERM without CAP_SYS_RAWIO, -EOPNOTSUPP if nothing can be uploaded
 * to it, -EBUSY during an upload, -ENXIO.
 */
int bridgefw_upload_allow(struct bridgefw_mem *m, u32 flags)
{
	struct bridgefw_upload *up = m->upload;
	struct bridgefw *b = m->b;
	int ret = 0;

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	if (!up)
		return -EOPNOTSUPP;
	mutex_lock(&b->lock);
	if (b->gone) {
		ret = -ENXIO;
	} else if (up->running) {
		ret = -EBUSY;
	} else {
		up->allowed = true;
		up->cancelled = false;
		up->flags = flags;
	}
	mutex_unlock(&b->lock);
	return ret;
}

/** bridgefw_upload_forbid() - take back what was allowed, for all memories */
void bridgefw_upload_forbid(struct bridgefw *b)
{
	struct bridgefw_upload *up;
	u32 i;

	mutex_lock(&b->lock);
	for (i = 0; i < b->nmems; i++) {
		up = b->mems[i].upload;
		if (!up)
			continue;
		up->cancelled |= up->allowed;
		up->allowed = false;
	}
	mutex_unlock(&b->lock);
}

/**
 * bridgefw_upload_emit() - whether an upload would be let in, for sysfs
 * @m: memory
 * @buf: of a page
 *
 * Return: length.
 */
ssize_t bridgefw_upload_emit(struct bridgefw_mem *m, char *buf)
{
	struct bridgefw_upload *up = m->upload;
	int n;

	if (!up)
		return sysfs_emit(buf, "none\n");
	mutex_lock(&m->b->lock);
	if (up->running)
		n = sysfs_emit(buf, "running\n");
	else if (!up->allowed)
		n = sysfs_emit(buf, "closed\n");
	else
		n = sysfs_emit(buf, "open%s%s%s%s\n",
			       up->flags & BRIDGEFW_CONSENT_ATTACHED ? " attached" : "",
			       up->flags & BRIDGEFW_CONSENT_IDENTITY ? " identity" : "",
			       up->flags & BRIDGEFW_CONSENT_FINAL ? " final" : "",
			       up->flags & BRIDGEFW_CONSENT_UNREAD ? " unread" : "");
	mutex_unlock(&m->b->lock);
	return n;
}
