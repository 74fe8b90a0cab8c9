// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SG_IO on /dev/bridgefwN: programs that talk to a drive talk to the one behind the
 * bridge. The bridge sees their CDBs, too, and a node that is there for its firmware must
 * not be the door through which that is lost: see cdb_guard.c, and the comment in
 * linux/bridgefw.h for what needs which right.
 *
 * Figures and meanings of struct sg_io_hdr: The Linux SCSI Generic HOWTO, and scsi/sg.h.
 */
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <scsi/scsi.h>
#include <scsi/scsi_proto.h>
#include <scsi/scsi_status.h>
#include <scsi/sg.h>

#include "cdb_guard.h"
#include "chardev.h"
#include "core.h"

#define VERSION_NUM		30527	/* what block devices answer, which know SG_IO alone */
#define DRIVER_SENSE		0x08
#define CDB_MIN			6
#define TIMEOUT_DEFAULT_MS	60000
/* Error handling resets the box: not because somebody is impatient. */
#define TIMEOUT_MIN_MS		7000
#define TIMEOUT_MAX_MS		3600000
#define RESERVED_DEFAULT	SZ_32K
#define RESERVED_MAX		SZ_4M
#define TICK_MS			(MSEC_PER_SEC / USER_HZ)

/**
 * struct call - one SG_IO
 * @hdr: what the program gave, and gets back
 * @cdb: a copy that it cannot change any more
 * @sg: what the transport gets
 * @memory: it may change a memory
 */
struct call {
	struct sg_io_hdr hdr;
	u8 cdb[BFP_CDB_MAX];
	struct bridgefw_sg sg;
	bool memory;
};

/** bridgefw_sg_open() - what a new file has set */
void bridgefw_sg_open(struct bridgefw_file *bf)
{
	bf->sg.lun = BRIDGEFW_LUN_LOWEST;
	bf->sg.timeout_ms = TIMEOUT_DEFAULT_MS;
	bf->sg.reserved = RESERVED_DEFAULT;
}

static int call_header(struct call *c, const struct bridgefw_sg_file *sf, void __user *arg)
{
	struct sg_io_hdr *hdr = &c->hdr;
	int ret = get_sg_io_hdr(hdr, arg);

	if (ret)
		return ret;
	if (hdr->interface_id != 'S' || (hdr->flags & SG_FLAG_MMAP_IO))
		return -EINVAL;
	if (!hdr->cmdp || hdr->cmd_len < CDB_MIN || hdr->cmd_len > sizeof(c->cdb))
		return -EMSGSIZE;
	if (copy_from_user(c->cdb, hdr->cmdp, hdr->cmd_len))
		return -EFAULT;
	c->sg.cdb = c->cdb;
	c->sg.cdb_len = hdr->cmd_len;
	c->sg.timeout_ms = clamp_t(u32, hdr->timeout ?: READ_ONCE(sf->timeout_ms),
				   TIMEOUT_MIN_MS, TIMEOUT_MAX_MS);
	if (!hdr->dxfer_len)
		return 0;
	c->sg.len = hdr->dxfer_len;
	switch (hdr->dxfer_direction) {
	case SG_DXFER_TO_DEV:
		c->sg.dir = BFP_DIR_OUT;
		return 0;
	case SG_DXFER_FROM_DEV:
	case SG_DXFER_TO_FROM_DEV:
		c->sg.dir = BFP_DIR_IN;
		return 0;
	default:
		return -EINVAL;
	}
}

static bool named(const struct bridgefw_profile *profile, const struct call *c)
{
	return profile && bfp_cdb_named(&profile->p, c->cdb, c->sg.cdb_len);
}

static int call_allowed(struct bridgefw *b, struct call *c, bool writes)
{
	if (named(b->profile, c) || named(b->also, c))
		return -EPERM;
	c->memory = bfp_cdb_writes_memory(c->cdb, c->sg.cdb_len, c->sg.dir);
	if (c->memory && !capable(CAP_SYS_RAWIO))
		return -EPERM;
	return bridgefw_cmd_allowed(c->cdb, writes) ? 0 : -EPERM;
}

/*
 * The program's buffer, in one piece or many, the length of the data cut to what it has.
 * @one lasts as long as @it; @pieces is to be freed.
 */
static int user_buffer(struct call *c, struct iov_iter *it, struct iovec *one,
		       struct iovec **pieces)
{
	unsigned int dir = c->sg.dir == BFP_DIR_OUT ? ITER_SOURCE : ITER_DEST;
	struct sg_io_hdr *hdr = &c->hdr;
	ssize_t ret;

	*pieces = NULL;
	if (!hdr->iovec_count) {
		one->iov_base = hdr->dxferp;
		one->iov_len = c->sg.len;
		iov_iter_init(it, dir, one, 1, c->sg.len);
		return 0;
	}
	/* A single piece goes where there is room already. */
	*pieces = one;
	ret = import_iovec(dir, hdr->dxferp, hdr->iovec_count, 1, pieces, it);
	if (ret < 0)
		return ret;
	iov_iter_truncate(it, c->sg.len);
	c->sg.len = iov_iter_count(it);
	/* Data were announced, and what the command may do was judged by that. */
	if (!c->sg.len) {
		kfree(*pieces);
		return -EINVAL;
	}
	return 0;
}

/* A transport that is not the SCSI layer's, as if it were. */
static int send_cdb(struct bridgefw_transport *t, struct bridgefw_sg *sg)
{
	u32 actual = 0;
	int ret;

	ret = t->ops->cdb(t, sg->cdb, sg->cdb_len, sg->dir, sg->data, sg->len, sg->timeout_ms,
			  &actual, sg->sense);
	sg->resid = sg->len - min(actual, sg->len);
	switch (ret) {
	case -EPIPE:
		sg->status = SAM_STAT_CHECK_CONDITION;
		if (sg->sense[0])
			sg->sense_len = min_t(u32, 8 + sg->sense[7], sizeof(sg->sense));
		return 0;
	case -ETIMEDOUT:
		sg->host = DID_TIME_OUT;
		return 0;
	case -EIO:
		sg->host = DID_ERROR;
		return 0;
	default:
		return ret;
	}
}

static int call_send(struct bridgefw_transport *t, struct call *c)
{
	struct iovec one, *pieces;
	unsigned long began;
	struct iov_iter it;
	size_t moved;
	int ret;

	/* That much is not asked of the allocator. */
	if (c->sg.len > t->most)
		return -EIO;
	ret = user_buffer(c, &it, &one, &pieces);
	if (ret)
		return ret;
	if (c->sg.len) {
		c->sg.data = t->ops->sg_io ? kvzalloc(c->sg.len, GFP_KERNEL_ACCOUNT) :
					     kzalloc(c->sg.len, GFP_KERNEL_ACCOUNT);
		ret = -ENOMEM;
		if (!c->sg.data)
			goto out;
		ret = -EFAULT;
		if (c->sg.dir == BFP_DIR_OUT &&
		    !copy_from_iter_full(c->sg.data, c->sg.len, &it))
			goto out;
	}
	began = jiffies;
	ret = t->ops->sg_io ? t->ops->sg_io(t, &c->sg) : send_cdb(t, &c->sg);
	c->hdr.duration = jiffies_to_msecs(jiffies - began);
	moved = c->sg.len - c->sg.resid;
	if (!ret && c->sg.dir == BFP_DIR_IN && !(c->hdr.flags & SG_FLAG_NO_DXFER) &&
	    copy_to_iter(c->sg.data, moved, &it) != moved)
		ret = -EFAULT;
out:
	kvfree(c->sg.data);
	kfree(pieces);
	return ret;
}

/* What was read of the memories says nothing any more. */
static void memories_changed(struct bridgefw *b)
{
	u32 i;

	for (i = 0; i < b->nmems; i++)
		bridgefw_mem_changed(&b->mems[i]);
}

/* By somebody who owns the bridge, and so keeps jobs and other people's commands away. */
static int call_claimed(struct bridgefw_file *bf, struct bridgefw_transport *t, struct call *c)
{
	int ret;

	if (!bridgefw_sleep_block())
		return -EBUSY;
	ret = bridgefw_claim_job(bf->b, bf);
	if (!ret) {
		ret = call_send(t, c);
		memories_changed(bf->b);
		bridgefw_release_job(bf->b);
	}
	bridgefw_sleep_unblock();
	return ret;
}

static int call_run(struct bridgefw_file *bf, struct call *c)
{
	struct bridgefw_transport *t;
	int ret;

	ret = bridgefw_own(bf->b, bf);
	if (ret)
		return ret;
	t = bridgefw_transport_by_lun(bf->b, READ_ONCE(bf->sg.lun));
	if (!t) {
		ret = bridgefw_unplugged(bf->b) ? -ENXIO : -ENODEV;
		goto out;
	}
	if (bfp_cdb_blanks(t->type, c->cdb, c->sg.cdb_len))
		ret = -EPERM;
	else if (c->memory)
		ret = call_claimed(bf, t, c);
	else
		ret = call_send(t, c);
	bridgefw_transport_done(t);
	/* Through SCSI a cable that is pulled looks like a transfer that failed. */
	if ((ret == -ENODEV || c->sg.host) && bridgefw_unplugged(bf->b))
		ret = -ENXIO;
out:
	bridgefw_disown(bf->b);
	return ret;
}

static int call_answer(struct call *c, void __user *arg)
{
	struct sg_io_hdr *hdr = &c->hdr;

	hdr->status = c->sg.status;
	hdr->masked_status = (c->sg.status >> 1) & 0x1f;
	hdr->msg_status = 0;
	hdr->host_status = c->sg.host;
	hdr->driver_status = c->sg.status == SAM_STAT_CHECK_CONDITION ? DRIVER_SENSE : 0;
	hdr->info = c->sg.status || c->sg.host ? SG_INFO_CHECK : SG_INFO_OK;
	hdr->resid = hdr->dxfer_len - (c->sg.len - c->sg.resid);
	hdr->sb_len_wr = 0;
	if (hdr->sbp && c->sg.sense_len) {
		hdr->sb_len_wr = min_t(u32, hdr->mx_sb_len, c->sg.sense_len);
		if (copy_to_user(hdr->sbp, c->sg.sense, hdr->sb_len_wr))
			return -EFAULT;
	}
	return put_sg_io_hdr(hdr, arg);
}

static int sg_io(struct bridgefw_file *bf, bool writes, void __user *arg)
{
	struct call *c;
	int ret;

	c = kzalloc(sizeof(*c), GFP_KERNEL_ACCOUNT);
	if (!c)
		return -ENOMEM;
	ret = call_header(c, &bf->sg, arg);
	if (!ret)
		ret = call_allowed(bf->b, c, writes);
	if (!ret)
		ret = call_run(bf, c);
	if (!ret)
		ret = call_answer(c, arg);
	kfree(c);
	return ret;
}

static int set_lun(struct bridgefw_file *bf, void __user *arg)
{
	struct bridgefw_transport *t;
	struct bridgefw_lun l;

	if (copy_from_user(&l, arg, sizeof(l)))
		return -EFAULT;
	if (l.pad)
		return -EINVAL;
	t = bridgefw_transport_by_lun(bf->b, l.lun);
	if (!t)
		return -ENXIO;
	bridgefw_transport_done(t);
	WRITE_ONCE(bf->sg.lun, l.lun);
	return 0;
}

/* sg_scan and the like number what they find by this. */
static int get_address(struct bridgefw_file *bf, unsigned int cmd, u32 __user *arg)
{
	struct bridgefw_transport *t;
	u32 idlun, host;

	t = bridgefw_transport_by_lun(bf->b, READ_ONCE(bf->sg.lun));
	if (!t)
		return -ENODEV;
	idlun = t->idlun;
	host = t->host;
	bridgefw_transport_done(t);
	if (host == BRIDGEFW_HOST_NONE)
		return -ENODEV;
	if (cmd == SCSI_IOCTL_GET_BUS_NUMBER)
		return put_user(host, arg);
	return put_user(idlun, arg) ?: put_user(host, arg + 1);
}

static int set_timeout(struct bridgefw_file *bf, int __user *arg)
{
	int ticks;

	if (get_user(ticks, arg))
		return -EFAULT;
	if (ticks < 0)
		return -EIO;
	/* A default of nothing would be none. */
	WRITE_ONCE(bf->sg.timeout_ms, ticks < TIMEOUT_MAX_MS / TICK_MS ?
				      max(ticks, 1) * TICK_MS : TIMEOUT_MAX_MS);
	return 0;
}

static int set_reserved(struct bridgefw_file *bf, int __user *arg)
{
	int bytes;

	if (get_user(bytes, arg))
		return -EFAULT;
	if (bytes < 0)
		return -EINVAL;
	WRITE_ONCE(bf->sg.reserved, min(bytes, RESERVED_MAX));
	return 0;
}

/**
 * bridgefw_sg_ioctl() - SG_IO, and what programs ask before they use it
 * @bf: open file, its bridge not known to be gone
 * @writes: it was opened for writing
 * @cmd: SG_*, SCSI_IOCTL_GET_*, BRIDGEFW_IOC_SET_LUN
 * @arg: as @cmd says
 *
 * Return: 0 or a negative errno; SG_GET_TIMEOUT: a number; -ENOTTY if @cmd is none of these.
 */
long bridgefw_sg_ioctl(struct bridgefw_file *bf, bool writes, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case SG_IO:
		return sg_io(bf, writes, arg);
	case BRIDGEFW_IOC_SET_LUN:
		return set_lun(bf, arg);
	case SCSI_IOCTL_GET_IDLUN:
	case SCSI_IOCTL_GET_BUS_NUMBER:
		return get_address(bf, cmd, arg);
	case SG_GET_VERSION_NUM:
		return put_user(VERSION_NUM, (int __user *)arg);
	case SG_SET_TIMEOUT:
		return set_timeout(bf, arg);
	case SG_GET_TIMEOUT:
		return READ_ONCE(bf->sg.timeout_ms) / TICK_MS;
	case SG_SET_RESERVED_SIZE:
		return set_reserved(bf, arg);
	case SG_GET_RESERVED_SIZE:
		return put_user((int)READ_ONCE(bf->sg.reserved), (int __user *)arg);
	case SG_EMULATED_HOST:
		return put_user(1, (int __user *)arg);
	default:
		return -ENOTTY;
	}
}
