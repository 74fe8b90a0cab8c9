// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is on a bus: the self-IDs of the last bus reset, as the card's own node shows
 * them at TOPOLOGY_MAP. That is the only list with nodes on it whose link is off, or
 * whose ROM nobody can read, and reading it sends nothing over the cable.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "fw.h"

#define TOPOLOGY_MAP	(CSR_REGISTER_BASE + CSR_TOPOLOGY_MAP)
#define MAP_TRIES	5
#define MAP_AGAIN_MS	1000

/*
 * The bus as it is now. The generation is taken under the lock under which
 * firewire-core also updates the map.
 */
static void way_home(struct fw_card *card, struct fwway *way)
{
	spin_lock_irq(&card->lock);
	way->card = card;
	way->generation = card->generation;
	smp_rmb();	/* the node ID must not be older */
	way->node_id = card->node_id;
	spin_unlock_irq(&card->lock);
}

/* Return: 0; -EAGAIN after a bus reset; -EINVAL if it is no map; -EIO, -ENOMEM. */
static int map_read(const struct fwway *way, struct bfp_topology *t)
{
	u32 *map = kcalloc(BFP_TOPOLOGY_QUADLETS, sizeof(*map), GFP_KERNEL);
	u32 i, count = 1;
	int ret = 0;

	if (!map)
		return -ENOMEM;
	for (i = 0; i < count && !ret; i++) {
		ret = bridgefw_fw_read(way, TOPOLOGY_MAP + 4 * i, &map[i]);
		if (!i && !ret)
			count = min_t(u32, 1 + (map[0] >> 16), BFP_TOPOLOGY_QUADLETS);
	}
	if (bridgefw_fw_stale(way))
		ret = -EAGAIN;
	else if (ret > 0)
		ret = -EIO;
	else if (!ret)
		ret = bfp_topology_read(map, count, t);
	kfree(map);
	return ret;
}

static struct fwseat *seat_at(struct fwbus *bus, const char *name)
{
	struct fwseat *seat;

	list_for_each_entry(seat, &bus->seats, node)
		if (!strcmp(seat->name, name))
			return seat;
	return bridgefw_fwseat_new(bus, name);
}

/* A node of the new topology finds its seat; the bus's lock is held. */
static void node_sit(struct fwbus *bus, const struct bfp_topology *t, u32 phy)
{
	char way[FWSEAT_NAME - 16], name[FWSEAT_NAME];
	struct fwseat *seat;

	if (bfp_topology_way(t, bus->local, phy, way, sizeof(way)) < 0) {
		dev_warn(bus->card->device, "bridgefw: node %u is too far away\n", phy);
		return;
	}
	snprintf(name, sizeof(name), "fw%d-%s", bus->index, way);
	seat = seat_at(bus, name);
	if (!seat)
		return;
	seat->present = true;
	seat->link = t->node[phy].link;
	seat->speed = t->node[phy].speed;
	seat->phy = phy;
}

/* The bus's lock is held. */
static void bus_seat(struct fwbus *bus, const struct fwway *way, const struct bfp_topology *t)
{
	struct fwseat *seat;
	u32 i;

	bus->epoch++;
	/* 0 means any. */
	if (!bus->epoch)
		bus->epoch++;
	bus->generation = way->generation;
	bus->count = t->count;
	bus->local = way->node_id & 0x3f;
	bus->local_speed = bus->local < t->count ? t->node[bus->local].speed : 0;

	list_for_each_entry(seat, &bus->seats, node) {
		seat->left |= seat->present;
		seat->present = false;
	}
	for (i = 0; i < t->count; i++)
		if (i != bus->local)
			node_sit(bus, t, i);
	list_for_each_entry(seat, &bus->seats, node) {
		if (seat->present)
			seat->left = false;
		mod_delayed_work(bridgefw_1394_wq, &seat->look, 0);
	}
}

/**
 * bridgefw_fwbus_scan() - see who is on a bus, after a bus reset
 * @work: of a bus
 */
void bridgefw_fwbus_scan(struct work_struct *work)
{
	struct fwbus *bus = container_of(to_delayed_work(work), struct fwbus, scan);
	struct fw_card *card = bridgefw_fwbus_card(bus);
	struct bfp_topology *t;
	struct fwway way;
	int ret = -ENOMEM;

	if (!card)
		return;
	way_home(card, &way);
	t = kmalloc(sizeof(*t), GFP_KERNEL);
	if (t)
		ret = map_read(&way, t);
	mutex_lock(&bus->lock);
	if (!ret) {
		bus->tries = 0;
		if (bus->card && (!bus->epoch || bus->generation != way.generation))
			bus_seat(bus, &way, t);
	} else if (bus->card && bus->tries++ < MAP_TRIES) {
		queue_delayed_work(bridgefw_1394_wq, &bus->scan, msecs_to_jiffies(MAP_AGAIN_MS));
	} else {
		dev_warn(card->device, "bridgefw: what is on the bus cannot be read (%d)\n", ret);
		bus->tries = 0;
	}
	mutex_unlock(&bus->lock);
	bridgefw_fwbus_changed(bus);
	kfree(t);
	fw_card_put(card);
}
