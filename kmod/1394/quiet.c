// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Our own bus resets and the disks on FireWire.
 *
 * What is under way when a bus is reset fails, and the SCSI layer sends it again: that
 * costs retries, and on some bridges a file system. So the disks hold still while we make
 * a reset: what was under way ends, nothing new begins, and it goes on when firewire-sbp2
 * has found its way back. No disk, no delay.
 */
#include <linux/delay.h>
#include <linux/slab.h>
#include <scsi/scsi_device.h>
#include <scsi/scsi_host.h>

#include "fw.h"

#define DISKS_MAX	64
#define FREE_MS		1000	/* until somebody else lets a disk go on */
#define RESET_MS	3000	/* firewire-core keeps two resets apart by 2 s */
#define RECONNECT_MS	3000
#define SETTLED_MS	250	/* the bus manager may add a reset of its own */
#define POLL_MS		10

struct disk {
	struct scsi_device *sdev;
	struct fw_card *card;
	int generation;
};

/**
 * struct fwquiet - disks that hold still
 * @count: how many
 * @disks: each referenced, with its card
 */
struct fwquiet {
	unsigned int count;
	struct disk disks[DISKS_MAX];
};

static void disk_add(struct fwquiet *q, struct scsi_device *sdev, struct fw_card *card)
{
	unsigned long until = jiffies + msecs_to_jiffies(FREE_MS);
	struct disk *d = &q->disks[q->count];

	if (q->count == DISKS_MAX || scsi_device_get(sdev))
		return;
	while (READ_ONCE(sdev->quiesced_by) && time_before(jiffies, until))
		msleep(POLL_MS);
	/* One that is not yet up, offline, or stopped by somebody else, is in no danger. */
	if (READ_ONCE(sdev->quiesced_by) || !scsi_device_online(sdev) ||
	    scsi_device_quiesce(sdev)) {
		scsi_device_put(sdev);
		return;
	}
	d->sdev = sdev;
	d->card = fw_card_get(card);
	q->count++;
}

struct unit_walk {
	struct fwquiet *q;
	struct fw_card *card;
};

/* A SCSI host below a unit is that of firewire-sbp2. */
static int host_add(struct device *dev, void *data)
{
	struct unit_walk *walk = data;
	struct scsi_device *sdev;
	struct Scsi_Host *shost;

	if (!scsi_is_host_device(dev))
		return 0;
	shost = scsi_host_get(dev_to_shost(dev));
	if (!shost)
		return 0;
	shost_for_each_device(sdev, shost)
		disk_add(walk->q, sdev, walk->card);
	scsi_host_put(shost);
	return 0;
}

/* Nodes and their units are both on this bus; a unit's parent is a node. */
static int unit_add(struct device *dev, void *data)
{
	struct unit_walk walk = { .q = data };

	if (!dev->parent || dev->parent->bus != &fw_bus_type)
		return 0;
	walk.card = fw_device(dev->parent)->card;
	device_for_each_child(dev, &walk, host_add);
	return 0;
}

/**
 * bridgefw_fwquiet_begin() - all disks on FireWire hold still
 *
 * Return: what bridgefw_fwquiet_end() needs; NULL if there are none.
 */
struct fwquiet *bridgefw_fwquiet_begin(void)
{
	struct fwquiet *q = kzalloc(sizeof(*q), GFP_KERNEL);
	unsigned int i;

	if (!q)
		return NULL;
	bus_for_each_dev(&fw_bus_type, NULL, q, unit_add);
	if (!q->count) {
		kfree(q);
		return NULL;
	}
	/* What was under way may have come to its end over a reset. */
	for (i = 0; i < q->count; i++)
		q->disks[i].generation = READ_ONCE(q->disks[i].card->generation);
	return q;
}

static bool all_reset(const struct fwquiet *q)
{
	unsigned int i;

	for (i = 0; i < q->count; i++)
		if (READ_ONCE(q->disks[i].card->generation) == q->disks[i].generation)
			return false;
	return true;
}

/* Whether nothing moves: no host waits for its reconnection, no generation changes. */
static bool all_connected(struct fwquiet *q)
{
	bool ok = true;
	unsigned int i;

	for (i = 0; i < q->count; i++) {
		struct disk *d = &q->disks[i];
		int generation = READ_ONCE(d->card->generation);

		if (generation != d->generation || d->sdev->host->host_self_blocked)
			ok = false;
		d->generation = generation;
	}
	return ok;
}

static void reconnect_wait(struct fwquiet *q)
{
	unsigned long until = jiffies + msecs_to_jiffies(RESET_MS), since;

	while (!all_reset(q) && time_before(jiffies, until))
		msleep(POLL_MS);
	since = jiffies;
	until = jiffies + msecs_to_jiffies(RECONNECT_MS);
	while (time_before(jiffies, until)) {
		if (!all_connected(q))
			since = jiffies;
		else if (time_after(jiffies, since + msecs_to_jiffies(SETTLED_MS)))
			return;
		msleep(POLL_MS);
	}
}

/**
 * bridgefw_fwquiet_end() - they go on, when the bus is up again after the reset
 * @q: from bridgefw_fwquiet_begin(); NULL is harmless
 *
 * Waits RESET_MS for the reset and RECONNECT_MS for firewire-sbp2 at most.
 */
void bridgefw_fwquiet_end(struct fwquiet *q)
{
	if (!q)
		return;
	reconnect_wait(q);
	while (q->count--) {
		struct disk *d = &q->disks[q->count];

		scsi_device_resume(d->sdev);
		scsi_device_put(d->sdev);
		fw_card_put(d->card);
	}
	kfree(q);
}
