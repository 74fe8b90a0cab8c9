// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridgefw_scsi.ko: sees every SCSI device beside sd, sr and sg, and makes those
 * behind a bridge a transport of it: CDBs, and exclusive hold.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <scsi/scsi_driver.h>
#include <scsi/scsi_host.h>

#include "scsi.h"

/* A program's buffer is copied, so this is what it may cost. */
#define SG_DATA_MAX	SZ_4M

static DEFINE_MUTEX(luns_lock);
static LIST_HEAD(luns);
struct workqueue_struct *bridgefw_scsi_wq;

static void lun_release(struct bridgefw_transport *t)
{
	struct lun *lun = to_lun(t);

	put_device(&lun->sdev->sdev_gendev);
	kfree(lun);
}

static const struct bridgefw_transport_ops lun_ops = {
	.owner = THIS_MODULE,
	.kind = BFP_TRANSPORT_SCSI,
	.cdb = bridgefw_scsi_cdb,
	.sg_io = bridgefw_scsi_sg_io,
	.hold = bridgefw_scsi_hold,
	.unhold = bridgefw_scsi_unhold,
	.claim = bridgefw_scsi_claim,
	.unclaim = bridgefw_scsi_unclaim,
	.release = lun_release,
};

static void lun_attach(struct work_struct *work);

static void lun_describe(struct lun *lun)
{
	struct scsi_device *sdev = lun->sdev;
	struct bridgefw_transport *t = &lun->t;

	t->lun = min_t(u64, sdev->lun, U32_MAX);
	t->type = sdev->type;
	t->most = min_t(u64, (u64)queue_max_hw_sectors(sdev->request_queue) << SECTOR_SHIFT,
			SG_DATA_MAX);
	t->host = sdev->host->host_no;
	t->idlun = (sdev->id & 0xff) | (t->lun & 0xff) << 8 | (sdev->channel & 0xff) << 16 |
		   t->host << 24;
}

static struct lun *lun_new(struct scsi_device *sdev)
{
	struct lun *lun = kzalloc(sizeof(*lun), GFP_KERNEL);

	if (!lun)
		return NULL;
	bridgefw_transport_init(&lun->t, &lun_ops);
	mutex_init(&lun->lock);
	INIT_WORK(&lun->attach, lun_attach);
	get_device(&sdev->sdev_gendev);
	lun->sdev = sdev;
	lun_describe(lun);
	if (sdev->host->can_queue == 1)
		lun->t.queue = sdev->host;
	return lun;
}

/* Out of the list: nobody else comes to it. Whoever is inside finds that it is gone. */
static void lun_end(struct lun *lun)
{
	WRITE_ONCE(lun->t.gone, true);
	bridgefw_scsi_let_go(lun);
	if (lun->b) {
		bridgefw_transport_remove(lun->b, &lun->t);
		bridgefw_bridge_put(lun->b);
		lun->b = NULL;
	}
	bridgefw_transport_put(&lun->t);
}

/*
 * The bridge we knew has left and another stands for the same device. Its
 * transport is a new one: somebody may still hold the old one in his hands, and
 * what he does with it must come to nothing.
 */
static void lun_renew(struct lun *lun)
{
	struct lun *fresh = lun_new(lun->sdev);

	if (!fresh)
		return;
	mutex_lock(&luns_lock);
	if (list_empty(&lun->node)) {
		/* It is being removed, and waits for us. */
		mutex_unlock(&luns_lock);
		bridgefw_transport_put(&fresh->t);
		return;
	}
	list_replace_init(&lun->node, &fresh->node);
	cancel_work(&lun->attach);
	queue_work(bridgefw_scsi_wq, &fresh->attach);
	mutex_unlock(&luns_lock);
	lun_end(lun);
}

/*
 * Not in the callbacks of the class interface: they run under a mutex that
 * every other SCSI device needs to come or go.
 */
static void lun_attach(struct work_struct *work)
{
	struct lun *lun = container_of(work, struct lun, attach);
	struct bridgefw *b = bridgefw_bridge_find(&lun->sdev->sdev_gendev);

	if (b == lun->b || !b) {
		bridgefw_bridge_put(b);
	} else if (lun->b) {
		bridgefw_bridge_put(b);
		lun_renew(lun);
	} else if (bridgefw_transport_add(b, &lun->t)) {
		bridgefw_bridge_put(b);
	} else {
		lun->b = b;
	}
}

static int lun_add(BRIDGEFW_INTERFACE_ARGS)
{
	struct lun *lun = lun_new(to_scsi_device(dev->parent));

	if (!lun)
		return -ENOMEM;
	mutex_lock(&luns_lock);
	list_add_tail(&lun->node, &luns);
	queue_work(bridgefw_scsi_wq, &lun->attach);
	mutex_unlock(&luns_lock);
	return 0;
}

static struct lun *lun_find(struct scsi_device *sdev)
{
	struct lun *lun;

	list_for_each_entry(lun, &luns, node)
		if (lun->sdev == sdev)
			return lun;
	return NULL;
}

/*
 * The device goes. It must not stay quiesced: removing its disk would wait for
 * ever on a queue that nobody opens again.
 */
static void lun_remove(BRIDGEFW_INTERFACE_ARGS)
{
	struct lun *lun;

	mutex_lock(&luns_lock);
	lun = lun_find(to_scsi_device(dev->parent));
	if (lun)
		list_del_init(&lun->node);
	mutex_unlock(&luns_lock);
	if (!lun)
		return;
	WRITE_ONCE(lun->t.gone, true);
	cancel_work_sync(&lun->attach);
	lun_end(lun);
}

static struct class_interface lun_interface = {
	.add_dev = lun_add,
	.remove_dev = lun_remove,
};

/* A bridge has come, or come anew: one of the devices we know may be its. */
static void bridges_changed(void)
{
	struct lun *lun;

	mutex_lock(&luns_lock);
	list_for_each_entry(lun, &luns, node)
		queue_work(bridgefw_scsi_wq, &lun->attach);
	mutex_unlock(&luns_lock);
}

static struct bridgefw_observer lun_observer = {
	.added = bridges_changed,
};

static int __init bridgefw_scsi_init(void)
{
	int ret;

	bridgefw_scsi_wq = alloc_workqueue("bridgefw_scsi", WQ_UNBOUND, 0);
	if (!bridgefw_scsi_wq)
		return -ENOMEM;
	bridgefw_observer_register(&lun_observer);
	ret = scsi_register_interface(&lun_interface);
	if (ret) {
		bridgefw_observer_unregister(&lun_observer);
		destroy_workqueue(bridgefw_scsi_wq);
	}
	return ret;
}

static void __exit bridgefw_scsi_exit(void)
{
	bridgefw_observer_unregister(&lun_observer);
	scsi_unregister_interface(&lun_interface);
	destroy_workqueue(bridgefw_scsi_wq);
}

module_init(bridgefw_scsi_init);
module_exit(bridgefw_scsi_exit);

MODULE_DESCRIPTION("bridgefw: bridges by their SCSI devices");
MODULE_AUTHOR("The bridgefw developers");
MODULE_LICENSE("GPL");
