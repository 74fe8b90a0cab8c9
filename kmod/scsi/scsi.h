/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BRIDGEFW_SCSI_H
#define BRIDGEFW_SCSI_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>
#include <scsi/scsi_device.h>

#include "compat.h"
#include "transport.h"

/**
 * struct lun - a SCSI device that may stand behind a bridge
 * @t: transport; its references keep this
 * @node: in the list of all
 * @sdev: device, its memory referenced; use only while !@t.gone
 * @attach: looks for the bridge
 * @b: bridge it was added to; NULL if none
 * @lock: guards what follows
 * @held: we quiesced it
 * @claimed: we hold its block device
 * @bdev: that block device; NULL if it has none
 * @writable: how it was opened
 */
struct lun {
	struct bridgefw_transport t;
	struct list_head node;
	struct scsi_device *sdev;
	struct work_struct attach;
	struct bridgefw *b;
	struct mutex lock;		/* guards held, claimed, bdev, writable */
	bool held;
	bool claimed;
	struct bridgefw_bdev *bdev;
	bool writable;
};

#define to_lun(x)	container_of(x, struct lun, t)

/* main.c */
extern struct workqueue_struct *bridgefw_scsi_wq;

/**
 * struct outcome - how a command ended
 * @result: of the SCSI layer, 0 if all went well
 * @resid: bytes that were not moved
 * @sense: of the device, zero if none
 * @sense_len: bytes in there
 */
struct outcome {
	int result;
	u32 resid;
	u8 sense[BRIDGEFW_SENSE_SIZE];
	u32 sense_len;
};

/* cdb.c */
int bridgefw_scsi_execute(struct lun *lun, const struct bridgefw_sg *sg, struct outcome *o);
int bridgefw_scsi_cdb(struct bridgefw_transport *t, const u8 *cdb, u32 cdb_len,
		      enum bfp_dir dir, void *data, u32 len, u32 timeout_ms,
		      u32 *actual, u8 *sense);

/* sgio.c */
int bridgefw_scsi_sg_io(struct bridgefw_transport *t, struct bridgefw_sg *sg);

/* claim.c */
int bridgefw_scsi_hold(struct bridgefw_transport *t);
void bridgefw_scsi_unhold(struct bridgefw_transport *t);
int bridgefw_scsi_claim(struct bridgefw_transport *t);
void bridgefw_scsi_unclaim(struct bridgefw_transport *t);
void bridgefw_scsi_let_go(struct lun *lun);

#endif
