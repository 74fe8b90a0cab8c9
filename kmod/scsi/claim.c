// SPDX-License-Identifier: GPL-2.0-or-later
/* Exclusive hold of a SCSI device: its block device taken, its queue stopped. */
#include <linux/module.h>
#include <linux/slab.h>
#include <scsi/scsi_host.h>

#include "scsi.h"

/**
 * bridgefw_scsi_hold() - let what is under way end, and nobody else start
 * @t: transport of a lun
 *
 * Return: 0; also for a device that is offline or gone, since nothing reaches
 * it either.
 */
int bridgefw_scsi_hold(struct bridgefw_transport *t)
{
	struct lun *lun = to_lun(t);
	int ret = 0;

	mutex_lock(&lun->lock);
	if (!READ_ONCE(t->gone) && !lun->held && scsi_device_online(lun->sdev)) {
		ret = scsi_device_quiesce(lun->sdev);
		if (!ret)
			lun->held = true;
		else if (!scsi_device_online(lun->sdev) || lun->sdev->sdev_state == SDEV_CANCEL)
			ret = 0;
	}
	mutex_unlock(&lun->lock);
	return ret;
}

/** bridgefw_scsi_unhold() - undo bridgefw_scsi_hold() */
void bridgefw_scsi_unhold(struct bridgefw_transport *t)
{
	struct lun *lun = to_lun(t);

	mutex_lock(&lun->lock);
	if (lun->held) {
		scsi_device_resume(lun->sdev);
		lun->held = false;
	}
	mutex_unlock(&lun->lock);
}

static int is_disk(struct device *dev, void *found)
{
	if (!dev->class || strcmp(dev->class->name, "block"))
		return 0;
	*(struct device **)found = get_device(dev);
	return 1;
}

/**
 * bridgefw_scsi_claim() - take the block device exclusively
 * @t: transport of a lun
 *
 * Return: 0; -EBUSY if it, or a partition of it, is mounted or otherwise taken.
 */
int bridgefw_scsi_claim(struct bridgefw_transport *t)
{
	struct lun *lun = to_lun(t);
	struct device *disk = NULL;
	struct bridgefw_bdev *bdev = NULL;
	bool writable, gone;

	mutex_lock(&lun->lock);
	if (lun->claimed || READ_ONCE(t->gone)) {
		mutex_unlock(&lun->lock);
		return 0;
	}
	mutex_unlock(&lun->lock);

	/* Opening may send commands, so not under the lock that removal takes. */
	device_for_each_child(&lun->sdev->sdev_gendev, &disk, is_disk);
	/* An exclusive writer of a CD drive also stops its polling. */
	writable = lun->sdev->type == TYPE_ROM || lun->sdev->type == TYPE_WORM;
	if (disk) {
		bdev = bridgefw_bdev_open(disk->devt, writable, lun);
		put_device(disk);
		if (PTR_ERR_OR_ZERO(bdev) == -EROFS || PTR_ERR_OR_ZERO(bdev) == -EACCES) {
			writable = false;
			disk = NULL;
			device_for_each_child(&lun->sdev->sdev_gendev, &disk, is_disk);
			if (disk) {
				bdev = bridgefw_bdev_open(disk->devt, false, lun);
				put_device(disk);
			}
		}
		if (IS_ERR(bdev)) {
			/* Nobody can use a device that cannot even be opened. */
			if (PTR_ERR(bdev) == -EBUSY || PTR_ERR(bdev) == -ENOMEM)
				return PTR_ERR(bdev);
			bdev = NULL;
		}
	}

	mutex_lock(&lun->lock);
	/* If it went meanwhile, bridgefw_scsi_let_go() has been here before us. */
	gone = READ_ONCE(t->gone);
	if (!gone) {
		lun->claimed = true;
		lun->bdev = bdev;
		lun->writable = writable;
		__module_get(THIS_MODULE);
	}
	mutex_unlock(&lun->lock);
	if (gone && bdev)
		bridgefw_bdev_close(bdev, writable);
	return 0;
}

/** bridgefw_scsi_unclaim() - undo bridgefw_scsi_claim(); harmless otherwise */
void bridgefw_scsi_unclaim(struct bridgefw_transport *t)
{
	struct lun *lun = to_lun(t);
	struct bridgefw_bdev *bdev;
	bool claimed;

	mutex_lock(&lun->lock);
	claimed = lun->claimed;
	bdev = lun->bdev;
	lun->claimed = false;
	lun->bdev = NULL;
	mutex_unlock(&lun->lock);
	if (!claimed)
		return;
	if (bdev)
		bridgefw_bdev_close(bdev, lun->writable);
	module_put(THIS_MODULE);
}

/* What is left of a claim on a device that went: closed outside of its removal. */
struct leftover {
	struct work_struct work;
	struct bridgefw_bdev *bdev;
	bool writable;
};

static void leftover_work(struct work_struct *work)
{
	struct leftover *l = container_of(work, struct leftover, work);

	bridgefw_bdev_close(l->bdev, l->writable);
	kfree(l);
	module_put(THIS_MODULE);
}

/**
 * bridgefw_scsi_let_go() - the device goes: neither hold nor claim stays
 * @lun: device, already marked gone
 */
void bridgefw_scsi_let_go(struct lun *lun)
{
	struct leftover *l;

	bridgefw_scsi_unhold(&lun->t);
	l = kzalloc(sizeof(*l), GFP_KERNEL | __GFP_NOFAIL);
	mutex_lock(&lun->lock);
	l->bdev = lun->bdev;
	l->writable = lun->writable;
	if (!lun->claimed) {
		mutex_unlock(&lun->lock);
		kfree(l);
		return;
	}
	lun->claimed = false;
	lun->bdev = NULL;
	mutex_unlock(&lun->lock);
	if (!l->bdev) {
		kfree(l);
		module_put(THIS_MODULE);
		return;
	}
	/* Closing takes the disk's mutex, and removal, which is under way, needs it too. */
	INIT_WORK(&l->work, leftover_work);
	queue_work(bridgefw_scsi_wq, &l->work);
}
