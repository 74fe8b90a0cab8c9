// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The transport: quadlets to one node, and what a bus reset means for them.
 *
 * A node may be addressed once it is known for the present generation what it is. What
 * changes nothing is sent again in a later generation; everything else belongs to the
 * generation that the caller began in. After a bus reset it is said whether it can have
 * arrived.
 */
#include <linux/delay.h>
#include <linux/slab.h>

#include "fw.h"

#define AGAIN_MAX	3
#define REACH_MS	5000	/* until it is known again what the node is */
#define SETTLE_MS	1000	/* until it is known whether it is there at all */
#define NEWS_MS		100
#define RESET_MS	20	/* a cable that is pulled makes a bus reset in less */

/**
 * struct quad - a node as a transport
 * @t: the transport
 * @seat: its place, referenced
 */
struct quad {
	struct bridgefw_transport t;
	struct fwseat *seat;
};

#define to_quad(x)	container_of(x, struct quad, t)

/* The way to the node, as soon as there is one; as bridgefw_fwseat_way(). */
static int way_wait(struct quad *q, u32 epoch, u32 wait_ms, struct fwway *way)
{
	unsigned long until = jiffies + msecs_to_jiffies(wait_ms);
	struct fwbus *bus = q->seat->bus;
	u32 seen;
	int ret;

	for (;;) {
		seen = READ_ONCE(bus->changes);
		ret = bridgefw_fwseat_way(q->seat, epoch, way);
		/*
		 * Another device may have come to this place: it is addressed by nobody
		 * who means the old one, which was marked before.
		 */
		if (READ_ONCE(q->t.gone)) {
			if (!ret)
				fw_card_put(way->card);
			return -ENODEV;
		}
		if (ret != -EAGAIN || time_after(jiffies, until))
			return ret;
		wait_event_timeout(bus->wait, READ_ONCE(bus->changes) != seen,
				   msecs_to_jiffies(NEWS_MS));
	}
}

/* Whether an error means that the node has left: that is known after the next look. */
static int gone_or(struct quad *q, int err)
{
	struct fwway way;
	int ret;

	msleep(RESET_MS);
	ret = way_wait(q, 0, SETTLE_MS, &way);
	if (!ret)
		fw_card_put(way.card);
	return ret == -ENODEV ? -ENODEV : err;
}

/* What the end of a transaction means, as struct bridgefw_transport_ops has it. */
static int meaning(const struct fwway *way, int rcode)
{
	if (rcode < 0)
		return rcode;
	switch (rcode) {
	case RCODE_COMPLETE:
		return 0;
	case RCODE_GENERATION:
		return -EAGAIN;
	case RCODE_ADDRESS_ERROR:
	case RCODE_TYPE_ERROR:
		return -EPIPE;
	case RCODE_BUSY:
	case RCODE_CONFLICT_ERROR:
		/* It was not taken, however often it was sent. */
		return bridgefw_fw_stale(way) ? -EAGAIN : -ETIMEDOUT;
	case RCODE_DATA_ERROR:
		return -EIO;
	}
	if (bridgefw_fw_stale(way))
		return -ESTALE;
	return rcode == RCODE_CANCELLED ? -ETIMEDOUT : -EIO;
}

/* Sends it once, in the generation @epoch if that is not 0; tells in which it was sent. */
static int send_once(struct quad *q, struct bridgefw_quadlet *x, u32 epoch)
{
	struct fwway way;
	int ret, rcode;

	/* In a generation that is over nothing is sent any more. */
	ret = way_wait(q, epoch, epoch ? 0 : REACH_MS, &way);
	if (ret)
		return ret;
	rcode = bridgefw_fw_ask(&way, x->write, x->address, x->data, x->timeout_ms);
	ret = meaning(&way, rcode);
	if (ret != -EAGAIN)
		x->generation = way.epoch;
	fw_card_put(way.card);
	return ret;
}

static int quad_quadlet(struct bridgefw_transport *t, struct bridgefw_quadlet *x)
{
	struct quad *q = to_quad(t);
	u32 epoch = x->generation, tries = 0;
	int ret;

	if (x->address >> 28 != 0xfffff || x->address % 4)
		return -EINVAL;
	do {
		ret = send_once(q, x, epoch);
	} while (++tries < AGAIN_MAX && !epoch &&
		 (ret == -EAGAIN || (ret == -ESTALE && x->again)));
	switch (ret) {
	case -EAGAIN:
	case -ESTALE:
	case -EIO:
	case -ETIMEDOUT:
		return gone_or(q, ret);
	}
	return ret;
}

static bool quad_crowded(struct bridgefw_transport *t)
{
	struct fwbus *bus = to_quad(t)->seat->bus;
	const struct fwseat *seat;
	u32 blank = 0;

	mutex_lock(&bus->lock);
	list_for_each_entry(seat, &bus->seats, node)
		if (seat->present && seat->link && seat->seen.kind == FWKIND_BLANK)
			blank++;
	mutex_unlock(&bus->lock);
	return blank > 1;
}

static bool quad_unplugged(struct bridgefw_transport *t)
{
	struct fwseat *seat = to_quad(t)->seat;

	return !READ_ONCE(seat->listed) || !READ_ONCE(seat->present) || !READ_ONCE(seat->link);
}

static void quad_release(struct bridgefw_transport *t)
{
	struct quad *q = to_quad(t);

	bridgefw_fwseat_put(q->seat);
	kfree(q);
}

static const struct bridgefw_transport_ops quad_ops = {
	.owner = THIS_MODULE,
	.kind = BFP_TRANSPORT_1394,
	.quadlet = quad_quadlet,
	.crowded = quad_crowded,
	.unplugged = quad_unplugged,
	.release = quad_release,
};

/**
 * bridgefw_fwquadlet_new() - the node at a place as a transport
 * @seat: place
 *
 * Return: the transport with one reference, or NULL.
 */
struct bridgefw_transport *bridgefw_fwquadlet_new(struct fwseat *seat)
{
	struct quad *q = kzalloc(sizeof(*q), GFP_KERNEL);

	if (!q)
		return NULL;
	bridgefw_transport_init(&q->t, &quad_ops);
	kref_get(&seat->ref);
	q->seat = seat;
	return &q->t;
}
