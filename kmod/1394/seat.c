// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A place on a bus, and the bridge that is there.
 *
 * Each seat has a work item of its own, so that a node which does not answer keeps
 * nobody waiting but itself. A bridge stays over bus resets as long as the node at its
 * place shows the same identity; it may be addressed again once that was seen.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include <linux/bridgefw.h>

#include "fw.h"

/* When a node that is not ready, or does not answer, is looked at again. */
static const u16 again_ms[] = { 1000, 4000, 30000 };

#define KIN_TRIES	6
#define KIN_FIRST_MS	500

static void seat_look(struct work_struct *work);

static void seat_release(struct kref *ref)
{
	struct fwseat *seat = container_of(ref, struct fwseat, ref);

	bridgefw_fwbus_put(seat->bus);
	kfree(seat);
}

/** bridgefw_fwseat_put() - drop a reference */
void bridgefw_fwseat_put(struct fwseat *seat)
{
	kref_put(&seat->ref, seat_release);
}

/**
 * bridgefw_fwseat_new() - a new place
 * @bus: its bus, whose lock is held
 * @name: "fw0-1.2"
 *
 * Return: the seat, listed; NULL without memory.
 */
struct fwseat *bridgefw_fwseat_new(struct fwbus *bus, const char *name)
{
	struct fwseat *seat = kzalloc(sizeof(*seat), GFP_KERNEL);

	if (!seat)
		return NULL;
	kref_init(&seat->ref);
	kref_get(&bus->ref);
	seat->bus = bus;
	strscpy(seat->name, name, sizeof(seat->name));
	INIT_DELAYED_WORK(&seat->look, seat_look);
	mutex_init(&seat->offers);
	seat->listed = true;
	list_add_tail(&seat->node, &bus->seats);
	return seat;
}

/**
 * bridgefw_fwseat_way() - where the node of a seat is now
 * @seat: seat
 * @epoch: the generation it must be; 0: any
 * @way: out; the caller puts its card
 *
 * Return: 0; -EAGAIN after a bus reset, while it is not yet known again what is there, or
 * for good if that was not @epoch; -ENODEV if no node is there, or the card is gone.
 */
int bridgefw_fwseat_way(struct fwseat *seat, u32 epoch, struct fwway *way)
{
	struct fwbus *bus = seat->bus;
	int ret = -EAGAIN;

	mutex_lock(&bus->lock);
	if (!bus->card || !seat->listed || !seat->present) {
		ret = -ENODEV;
	} else if (READ_ONCE(bus->card->generation) != bus->generation) {
		/* firewire-core tells of it, too, but may take seconds for that. */
		queue_delayed_work(bridgefw_1394_wq, &bus->scan,
				   msecs_to_jiffies(BRIDGEFW_1394_SETTLE_MS));
	} else if (seat->good == bus->epoch && (!epoch || epoch == bus->epoch)) {
		way->card = fw_card_get(bus->card);
		way->generation = bus->generation;
		way->node_id = BRIDGEFW_1394_BUS | seat->phy;
		way->epoch = bus->epoch;
		ret = 0;
	}
	mutex_unlock(&bus->lock);
	return ret;
}

/* What the node was is no more: its bridge leaves; @seat->offers is held. */
static void seat_clear(struct fwseat *seat)
{
	if (!seat->b)
		return;
	mutex_lock(&seat->bus->lock);
	seat->bridge[0] = '\0';
	mutex_unlock(&seat->bus->lock);
	bridgefw_transport_remove(seat->b, seat->t);
	bridgefw_bridge_remove(seat->b);
	bridgefw_transport_put(seat->t);
	seat->b = NULL;
	seat->t = NULL;
	put_device(seat->phys);
	seat->phys = NULL;
}

/* The node was unplugged, or shows nothing any more. */
static void seat_leave(struct fwseat *seat)
{
	mutex_lock(&seat->offers);
	seat_clear(seat);
	seat->offered.kind = FWKIND_NEW;
	bridgefw_bus_left("1394", seat->name);
	mutex_unlock(&seat->offers);
}

static bool seat_taken(struct fwseat *seat)
{
	bool taken;

	mutex_lock(&seat->bus->lock);
	taken = seat->listed && seat->present;
	mutex_unlock(&seat->bus->lock);
	return taken;
}

/* Makes a transport of a bridge that the core has accepted, and the bridge visible. */
static int seat_start(struct fwseat *seat)
{
	int ret;

	seat->t = bridgefw_fwquadlet_new(seat);
	if (!seat->t) {
		bridgefw_bridge_remove(seat->b);
		seat->b = NULL;
		return -ENOMEM;
	}
	mutex_lock(&seat->bus->lock);
	strscpy(seat->bridge, bridgefw_bridge_name(seat->b), sizeof(seat->bridge));
	mutex_unlock(&seat->bus->lock);
	ret = bridgefw_transport_add(seat->b, seat->t);
	if (!ret)
		ret = bridgefw_bridge_start(seat->b);
	if (ret)
		seat_clear(seat);
	return ret;
}

static struct bfp_device_id seen_id(const struct fwseen *seen)
{
	struct bfp_device_id id = { .kind = BFP_ID_1394 };

	if (seen->kind == FWKIND_BLANK) {
		id.kind = BFP_ID_QUADLET;
		id.address = BRIDGEFW_1394_BLANK;
		id.value = seen->value;
	} else {
		id.vendor = seen->rom.vendor;
		id.product = seen->rom.model;
		id.revision = seen->rom.revision;
	}
	return id;
}

/*
 * Offers what a seat shows to the core; @seat->offers is held. Sends nothing. Return: 0,
 * -ENODEV if it is no bridge that is known, or what else the core says.
 */
static int seat_offer(struct fwseat *seat, struct fw_card *card)
{
	const struct fwseen *seen = &seat->offered;
	struct bridgefw_place place = {
		.bus = "1394",
		.bus_id = seat->name,
		.storage = seen->kind == FWKIND_BLANK || seen->rom.sbp2,
		.parent = card->device,
		.owner = THIS_MODULE,
	};
	char guid[17] = "";
	int ret;

	seat_clear(seat);
	/* Whoever takes it from the list clears it afterwards, with the same lock. */
	if (!seat_taken(seat) || (seen->kind != FWKIND_RUNNING && seen->kind != FWKIND_BLANK) ||
	    strlen(seat->name) >= BRIDGEFW_NAME_LEN)
		return -ENODEV;
	place.id = seen_id(seen);
	if (seen->kind == FWKIND_RUNNING)
		snprintf(guid, sizeof(guid), "%016llx", seen->rom.guid);
	place.serial = guid;
	seat->b = bridgefw_bridge_offer(&place);
	if (IS_ERR(seat->b)) {
		ret = PTR_ERR(seat->b);
		seat->b = NULL;
		return ret;
	}
	return seat_start(seat);
}

/* It is known for the present generation what the node is: it may be addressed again. */
static void seat_good(struct fwseat *seat, u32 epoch, const struct fwseen *seen)
{
	struct fwbus *bus = seat->bus;

	mutex_lock(&bus->lock);
	if (bus->epoch == epoch) {
		seat->seen = *seen;
		seat->good = epoch;
	}
	mutex_unlock(&bus->lock);
	bridgefw_fwbus_changed(bus);
}

/* The SCSI devices of a new bridge are to find it. */
static void kin_soon(struct fwbus *bus)
{
	mutex_lock(&bus->lock);
	bus->kin_tries = 0;
	if (bus->card)
		mod_delayed_work(bridgefw_1394_wq, &bus->kin, 0);
	mutex_unlock(&bus->lock);
}

/* The node has an identity: the one that it had, or another. */
static void seat_identified(struct fwseat *seat, const struct fwway *way,
			    const struct fwseen *seen)
{
	struct bfp_device_id id = seen_id(seen);
	int ret = -ENODEV;
	bool same;

	mutex_lock(&seat->offers);
	same = bridgefw_fwseen_same(&seat->offered, seen);
	if (seat->b && (!same || bridgefw_bridge_returns(seat->b, &id))) {
		seat_clear(seat);
		bridgefw_bus_left("1394", seat->name);
		same = false;
	}
	/* Whoever had the old one in his hands finds it gone: now it may be addressed. */
	seat_good(seat, way->epoch, seen);
	if (!same) {
		seat->offered = *seen;
		ret = seat_offer(seat, way->card);
		/* What failed is tried again after the next bus reset. */
		if (ret && ret != -ENODEV)
			seat->offered.kind = FWKIND_NEW;
	}
	mutex_unlock(&seat->offers);
	if (!ret)
		kin_soon(seat->bus);
	else if (ret != -ENODEV)
		dev_warn(way->card->device, "bridgefw: %s cannot be used (%d)\n", seat->name, ret);
}

/* What was found is shown, and it is looked again if that may help. */
static void seat_unidentified(struct fwseat *seat, const struct fwway *way, bool last,
			      const struct fwseen *seen)
{
	bool wait = !last && (seen->kind == FWKIND_BOOTING || seen->kind == FWKIND_SILENT);
	struct fwbus *bus = seat->bus;
	bool current_epoch;

	/* A bridge that has its time still is no other one; one that is out of it is gone. */
	if (!wait)
		seat_leave(seat);
	mutex_lock(&bus->lock);
	current_epoch = bus->epoch == way->epoch;
	if (current_epoch) {
		seat->seen = *seen;
		if (wait && seat->listed)
			queue_delayed_work(bridgefw_1394_wq, &seat->look,
					   msecs_to_jiffies(again_ms[seat->looks - 1]));
	}
	mutex_unlock(&bus->lock);
	bridgefw_fwbus_changed(bus);
}

/*
 * What there is to do for a seat: returns 0 with @way filled in if its node is to be
 * looked at, -ENODEV if the seat is empty, -EAGAIN if there is nothing to do.
 */
static int look_begin(struct fwseat *seat, struct fwway *way, bool *left, bool *last, bool *asked)
{
	struct fwbus *bus = seat->bus;
	int ret = 0;

	mutex_lock(&bus->lock);
	*left = seat->left || (seat->present && !seat->link);
	seat->left = false;
	if (!seat->present || !seat->listed) {
		ret = -ENODEV;
	} else if (!bus->card || !seat->link || seat->good == bus->epoch) {
		ret = -EAGAIN;
	} else {
		if (seat->looked != bus->epoch) {
			seat->looked = bus->epoch;
			seat->looks = 0;
			seat->asked = false;
		}
		*last = ++seat->looks > ARRAY_SIZE(again_ms);
		*asked = seat->asked;
		way->card = fw_card_get(bus->card);
		way->generation = bus->generation;
		way->node_id = BRIDGEFW_1394_BUS | seat->phy;
		way->epoch = bus->epoch;
	}
	mutex_unlock(&bus->lock);
	return ret;
}

/* Nobody sits there any more. */
static void seat_forget(struct fwseat *seat)
{
	struct fwbus *bus = seat->bus;
	bool mine = false;

	mutex_lock(&bus->lock);
	if (seat->listed && !seat->present) {
		seat->listed = false;
		list_del_init(&seat->node);
		/* Whoever queues it does so under the lock, for those on the list. */
		cancel_delayed_work(&seat->look);
		mine = true;
	}
	mutex_unlock(&bus->lock);
	if (mine)
		bridgefw_fwseat_put(seat);
}

static void seat_look(struct work_struct *work)
{
	struct fwseat *seat = container_of(to_delayed_work(work), struct fwseat, look);
	bool left, last, asked;
	struct fwseen seen;
	struct fwway way;
	int ret;

	ret = look_begin(seat, &way, &left, &last, &asked);
	if (left)
		seat_leave(seat);
	if (ret == -ENODEV)
		seat_forget(seat);
	if (ret)
		return;
	ret = bridgefw_fwseat_see(&way, last, &asked, &seen);
	mutex_lock(&seat->bus->lock);
	if (seat->looked == way.epoch)
		seat->asked = asked;
	mutex_unlock(&seat->bus->lock);
	if (!ret && (seen.kind == FWKIND_RUNNING || seen.kind == FWKIND_BLANK))
		seat_identified(seat, &way, &seen);
	else if (!ret)
		seat_unidentified(seat, &way, last, &seen);
	else if (ret != -EAGAIN)
		dev_warn(way.card->device, "bridgefw: %s cannot be looked at (%d)\n",
			 seat->name, ret);
	fw_card_put(way.card);
}

/**
 * bridgefw_fwseat_end() - the bus goes, and its seats with it
 * @seat: seat, not listed any more; the list's reference is dropped
 */
void bridgefw_fwseat_end(struct fwseat *seat)
{
	cancel_delayed_work_sync(&seat->look);
	seat_leave(seat);
	bridgefw_fwseat_put(seat);
}

static struct fwseat *seat_find(const char *bus_id)
{
	struct fwseat *seat, *found = NULL;
	struct fwbus *bus = NULL;

	while ((bus = bridgefw_fwbus_next(bus))) {
		mutex_lock(&bus->lock);
		list_for_each_entry(seat, &bus->seats, node) {
			if (!found && !strcmp(seat->name, bus_id)) {
				kref_get(&seat->ref);
				found = seat;
			}
		}
		mutex_unlock(&bus->lock);
	}
	return found;
}

/**
 * bridgefw_fwseat_offer() - offer the node at a place to the core once more
 * @bus_id: the place
 *
 * Return: 0, -ENODEV if there is no node that shows an identity, or what the core says.
 */
int bridgefw_fwseat_offer(const char *bus_id)
{
	struct fwseat *seat = seat_find(bus_id);
	struct fw_card *card;
	int ret = -ENODEV;

	if (!seat)
		return -ENODEV;
	card = bridgefw_fwbus_card(seat->bus);
	if (card) {
		mutex_lock(&seat->offers);
		ret = seat_offer(seat, card);
		mutex_unlock(&seat->offers);
		fw_card_put(card);
	}
	bridgefw_fwseat_put(seat);
	return ret;
}

/* The device that firewire-core made of a node, if it is there already. */
struct kin {
	const struct fwway *way;
	struct device *found;
};

static int kin_match(struct device *dev, void *data)
{
	struct kin *kin = data;
	struct fw_device *device;
	int generation;

	/* The card's own children on this bus are all nodes. */
	if (dev->bus != &fw_bus_type)
		return 0;
	device = fw_device(dev);
	if (device->card != kin->way->card || device->is_local ||
	    atomic_read(&device->state) == FW_DEVICE_GONE ||
	    atomic_read(&device->state) == FW_DEVICE_SHUTDOWN)
		return 0;
	generation = READ_ONCE(device->generation);
	smp_rmb();	/* the node ID must not be older */
	if (generation != kin->way->generation || device->node_id != kin->way->node_id)
		return 0;
	kin->found = get_device(dev);
	return 1;
}

/* Returns false if the node has a bridge, and it is not yet known what hangs below it. */
static bool seat_kin(struct fwseat *seat)
{
	struct kin kin = { };
	struct fwway way;
	bool ok = true;

	mutex_lock(&seat->offers);
	/* As long as somebody holds it, firewire-core makes no new one of the node. */
	if (seat->phys && fw_device_is_shutdown(fw_device(seat->phys))) {
		bridgefw_bridge_phys(seat->b, NULL);
		put_device(seat->phys);
		seat->phys = NULL;
	}
	if (seat->b && !bridgefw_fwseat_way(seat, 0, &way)) {
		kin.way = &way;
		device_for_each_child(way.card->device, &kin, kin_match);
		if (kin.found) {
			swap(seat->phys, kin.found);
			bridgefw_bridge_phys(seat->b, seat->phys);
			put_device(kin.found);
		}
		ok = seat->phys || seat->offered.kind == FWKIND_BLANK;
		fw_card_put(way.card);
	}
	mutex_unlock(&seat->offers);
	return ok;
}

/**
 * bridgefw_fwbus_kin() - find what firewire-core made of the nodes that are bridges
 * @work: of a bus
 *
 * It takes its time for that: half a second at least, and up to half a minute.
 */
void bridgefw_fwbus_kin(struct work_struct *work)
{
	struct fwbus *bus = container_of(to_delayed_work(work), struct fwbus, kin);
	struct fwseat *seats[BFP_NODES_MAX], *seat;
	unsigned int n = 0;
	bool all = true;

	mutex_lock(&bus->lock);
	list_for_each_entry(seat, &bus->seats, node) {
		if (seat->present && seat->bridge[0] && n < ARRAY_SIZE(seats)) {
			kref_get(&seat->ref);
			seats[n++] = seat;
		}
	}
	mutex_unlock(&bus->lock);
	while (n--) {
		if (!seat_kin(seats[n]))
			all = false;
		bridgefw_fwseat_put(seats[n]);
	}
	mutex_lock(&bus->lock);
	if (!all && bus->card && bus->kin_tries < KIN_TRIES)
		queue_delayed_work(bridgefw_1394_wq, &bus->kin,
				   msecs_to_jiffies(KIN_FIRST_MS << bus->kin_tries++));
	mutex_unlock(&bus->lock);
}
