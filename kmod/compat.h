/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where supported kernels (6.1 and later) differ. Each HAVE_ macro is the
 * outcome of a test that kmod/Kbuild makes on the kernel's own headers, so
 * that a distribution's backports are seen as well.
 */
#ifndef BRIDGEFW_COMPAT_H
#define BRIDGEFW_COMPAT_H

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/device/class.h>
#include <linux/sysfs.h>
#include <crypto/sha2.h>
#include <scsi/scsi_ioctl.h>

#ifdef HAVE_HEX_H	/* hex2bin() moved there */
#include <linux/hex.h>
#endif

#ifdef HAVE_CLASS_INTERFACE_ONE_ARG
#define BRIDGEFW_INTERFACE_ARGS	struct device *dev
#else
#define BRIDGEFW_INTERFACE_ARGS	struct device *dev, struct class_interface *unused
#endif

#ifdef HAVE_CONST_CLASS
#define BRIDGEFW_CONST_CLASS	const
#else
#define BRIDGEFW_CONST_CLASS
#endif

#ifdef HAVE_CONST_DEV_UEVENT
#define BRIDGEFW_CONST_DEV	const
#else
#define BRIDGEFW_CONST_DEV
#endif

#ifdef HAVE_CONST_BIN_ATTRIBUTE
#define BRIDGEFW_CONST_BIN	const
#else
#define BRIDGEFW_CONST_BIN
#endif

static inline int bridgefw_rq_map_kern(struct request *rq, void *buf, unsigned int len, gfp_t gfp)
{
#ifdef HAVE_RQ_MAP_KERN_QUEUE
	return blk_rq_map_kern(rq->q, rq, buf, len, gfp);
#else
	return blk_rq_map_kern(rq, buf, len, gfp);
#endif
}

static inline bool bridgefw_cmd_allowed(u8 *cdb, bool writes)
{
#ifdef HAVE_CMD_ALLOWED_BOOL
	return scsi_cmd_allowed(cdb, writes);
#else
	return scsi_cmd_allowed(cdb, writes ? FMODE_READ | FMODE_WRITE : FMODE_READ);
#endif
}

#ifdef HAVE_SHA256_CTX
#define bridgefw_sha256	sha256_ctx
#else
#define bridgefw_sha256	sha256_state
#endif

/* Also where the API is not built in: then nothing uses it. */
#ifndef HAVE_FW_UPLOAD_INVALID
#define BRIDGEFW_UPLOAD_INVALID	FW_UPLOAD_ERR_HW_ERROR
#else
#define BRIDGEFW_UPLOAD_INVALID	FW_UPLOAD_ERR_FW_INVALID
#endif

/* An exclusive hold of a block device, opened whether or not a medium is in. */
#ifdef HAVE_BDEV_FILE_OPEN
#define bridgefw_bdev	file

static inline struct file *bridgefw_bdev_open(dev_t devt, bool write, void *holder)
{
	return bdev_file_open_by_dev(devt, BLK_OPEN_READ | BLK_OPEN_NDELAY |
				     (write ? BLK_OPEN_WRITE : 0), holder, NULL);
}

static inline void bridgefw_bdev_close(struct file *bdev, bool write)
{
	bdev_fput(bdev);
}
#else
#define bridgefw_bdev	block_device

static inline fmode_t bridgefw_bdev_mode(bool write)
{
	return FMODE_READ | FMODE_EXCL | FMODE_NDELAY | (write ? FMODE_WRITE : 0);
}

static inline struct block_device *bridgefw_bdev_open(dev_t devt, bool write, void *holder)
{
	return blkdev_get_by_dev(devt, bridgefw_bdev_mode(write), holder);
}

static inline void bridgefw_bdev_close(struct block_device *bdev, bool write)
{
	blkdev_put(bdev, bridgefw_bdev_mode(write));
}
#endif

#endif
