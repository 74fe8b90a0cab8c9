// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridgefw_1394.ko: finds bridges on FireWire, also those that firewire-core gives up
 * on, and adds quadlet transactions as a transport.
 *
 * Nobody tells a module of bus resets but by a unit. So each local card gets one of ours
 * in its configuration ROM, which costs one bus reset when the module comes and one when
 * it leaves (quiet.c). firewire-core makes the units of a card anew whenever somebody
 * else adds something to that ROM: a card whose unit went is kept for a while.
 */
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "fw.h"

/* An identifier of ours, with the bit of those that are locally administered. */
#define UNIT_SPECIFIER	0x026266
#define UNIT_VERSION	0x000001

#define FAREWELL_MS		10000
#define FAREWELL_STEP_MS	250

static DEFINE_MUTEX(buses_lock);	/* see fw.h */
static LIST_HEAD(buses);
static bool ready;	/* the reset that we made is over; guarded by buses_lock */
static bool leaving;
struct workqueue_struct *bridgefw_1394_wq;

static void bus_release(struct kref *ref)
{
	kfree(container_of(ref, struct fwbus, ref));
}

/** bridgefw_fwbus_put() - drop a reference */
void bridgefw_fwbus_put(struct fwbus *bus)
{
	kref_put(&bus->ref, bus_release);
}

/**
 * bridgefw_fwbus_next() - walk all buses
 * @after: the last one, whose reference is dropped; NULL: from the start
 *
 * Return: a bus, referenced; NULL at the end, or if @after has left meanwhile.
 */
struct fwbus *bridgefw_fwbus_next(struct fwbus *after)
{
	struct fwbus *bus = NULL;

	mutex_lock(&buses_lock);
	if (!after)
		bus = list_first_entry_or_null(&buses, struct fwbus, node);
	else if (!list_empty(&after->node) && !list_is_last(&after->node, &buses))
		bus = list_next_entry(after, node);
	if (bus)
		kref_get(&bus->ref);
	mutex_unlock(&buses_lock);
	if (after)
		bridgefw_fwbus_put(after);
	return bus;
}

/**
 * bridgefw_fwbus_card() - the card of a bus
 * @bus: bus
 *
 * Return: the card, referenced; NULL if it has left.
 */
struct fw_card *bridgefw_fwbus_card(struct fwbus *bus)
{
	struct fw_card *card;

	mutex_lock(&bus->lock);
	card = bus->card ? fw_card_get(bus->card) : NULL;
	mutex_unlock(&bus->lock);
	return card;
}

/** bridgefw_fwbus_changed() - whoever waits for news of the nodes looks again */
void bridgefw_fwbus_changed(struct fwbus *bus)
{
	mutex_lock(&bus->lock);
	WRITE_ONCE(bus->changes, bus->changes + 1);
	mutex_unlock(&bus->lock);
	wake_up_all(&bus->wait);
}

/*
 * The bus goes, and everything on it. Called with the card still there, and without the
 * lock of the list, from which it has been taken.
 */
static void bus_stop(struct fwbus *bus)
{
	struct fwseat *seat, *n;
	struct fw_card *card;
	LIST_HEAD(seats);

	mutex_lock(&bus->lock);
	card = bus->card;
	bus->card = NULL;
	list_splice_init(&bus->seats, &seats);
	list_for_each_entry(seat, &seats, node)
		WRITE_ONCE(seat->listed, false);
	mutex_unlock(&bus->lock);
	bridgefw_fwbus_changed(bus);

	cancel_delayed_work_sync(&bus->scan);
	cancel_delayed_work_sync(&bus->kin);
	list_for_each_entry_safe(seat, n, &seats, node) {
		list_del_init(&seat->node);
		bridgefw_fwseat_end(seat);
	}
	fw_card_put(card);
	bridgefw_fwbus_put(bus);
}

/* The bus's unit has not come back. A card that leaves meanwhile waits for us. */
static void bus_farewell(struct work_struct *work)
{
	struct fwbus *bus = container_of(to_delayed_work(work), struct fwbus, farewell);
	bool stop = false;

	mutex_lock(&buses_lock);
	if (!bus->units && !list_empty(&bus->node)) {
		stop = list_empty_careful(&bus->card->link) || time_after(jiffies, bus->until);
		if (stop)
			list_del_init(&bus->node);
		else
			queue_delayed_work(bridgefw_1394_wq, &bus->farewell,
					   msecs_to_jiffies(FAREWELL_STEP_MS));
	}
	mutex_unlock(&buses_lock);
	if (stop)
		bus_stop(bus);
}

/* The list is in the order of cards, for whoever reads of them all. */
static void bus_list(struct fwbus *bus)
{
	struct fwbus *after;

	list_for_each_entry(after, &buses, node)
		if (after->index > bus->index)
			break;
	list_add_tail(&bus->node, &after->node);
}

static struct fwbus *bus_new(struct fw_card *card)
{
	struct fwbus *bus = kzalloc(sizeof(*bus), GFP_KERNEL);

	if (!bus)
		return NULL;
	kref_init(&bus->ref);
	bus->index = card->index;
	bus->card = fw_card_get(card);
	INIT_DELAYED_WORK(&bus->scan, bridgefw_fwbus_scan);
	INIT_DELAYED_WORK(&bus->kin, bridgefw_fwbus_kin);
	INIT_DELAYED_WORK(&bus->farewell, bus_farewell);
	init_waitqueue_head(&bus->wait);
	mutex_init(&bus->lock);
	INIT_LIST_HEAD(&bus->seats);
	bus_list(bus);
	return bus;
}

/* Those on the list have their card, and so it is no other one at the same address. */
static struct fwbus *bus_find(const struct fw_card *card)
{
	struct fwbus *bus;

	list_for_each_entry(bus, &buses, node)
		if (bus->card == card)
			return bus;
	return NULL;
}

static void bus_scan_soon(struct fwbus *bus)
{
	/* While disks hold still on our behalf, no bridge may come that wants to hold them. */
	if (!READ_ONCE(ready))
		return;
	/* Not put off by the next reset: they may come for ever. */
	queue_delayed_work(bridgefw_1394_wq, &bus->scan,
			   msecs_to_jiffies(BRIDGEFW_1394_SETTLE_MS));
}

static int unit_probe(struct fw_unit *unit, const struct ieee1394_device_id *id)
{
	struct fw_device *device = fw_parent_device(unit);
	struct fwbus *bus;

	/* Another computer has one like it, too. */
	if (!device->is_local)
		return -ENODEV;
	mutex_lock(&buses_lock);
	bus = bus_find(device->card) ?: bus_new(device->card);
	if (bus) {
		bus->units++;
		kref_get(&bus->ref);
		dev_set_drvdata(&unit->device, bus);
		bus_scan_soon(bus);
	}
	mutex_unlock(&buses_lock);
	return bus ? 0 : -ENOMEM;
}

/* After a bus reset; firewire-core's work queue, and all other units, wait for us. */
static void unit_update(struct fw_unit *unit)
{
	bus_scan_soon(dev_get_drvdata(&unit->device));
}

/*
 * firewire-core waits for the references to a card that leaves, of which ours are part,
 * and with the card leaves the device that is the parent of the bridges.
 */
static void unit_remove(struct fw_unit *unit)
{
	struct fwbus *bus = dev_get_drvdata(&unit->device);
	bool stop = false;

	mutex_lock(&buses_lock);
	if (!--bus->units && !list_empty(&bus->node)) {
		stop = leaving || list_empty_careful(&bus->card->link);
		if (stop) {
			list_del_init(&bus->node);
		} else {
			bus->until = jiffies + msecs_to_jiffies(FAREWELL_MS);
			mod_delayed_work(bridgefw_1394_wq, &bus->farewell,
					 msecs_to_jiffies(FAREWELL_STEP_MS));
		}
	}
	mutex_unlock(&buses_lock);
	if (stop) {
		cancel_delayed_work_sync(&bus->farewell);
		bus_stop(bus);
	}
	bridgefw_fwbus_put(bus);
}

static const struct ieee1394_device_id unit_ids[] = {
	{
		.match_flags = IEEE1394_MATCH_SPECIFIER_ID | IEEE1394_MATCH_VERSION,
		.specifier_id = UNIT_SPECIFIER,
		.version = UNIT_VERSION,
	},
	{ }
};

static struct fw_driver unit_driver = {
	.driver = {
		.owner = THIS_MODULE,
		.name = KBUILD_MODNAME,
		.bus = &fw_bus_type,
	},
	.probe = unit_probe,
	.update = unit_update,
	.remove = unit_remove,
	.id_table = unit_ids,
};

/* A unit directory: its length (firewire-core adds the CRC), and two entries. */
static const u32 unit_directory[] = {
	2 << 16,
	CSR_SPECIFIER_ID << 24 | UNIT_SPECIFIER,
	CSR_VERSION << 24 | UNIT_VERSION,
};

static struct fw_descriptor unit_descriptor = {
	.length = ARRAY_SIZE(unit_directory),
	.key = (CSR_DIRECTORY | CSR_UNIT) << 24,
	.data = unit_directory,
};

/*
 * firewire-core has made something of a node, whose SCSI devices may be a bridge's, or
 * has done with it, and wants its references back.
 */
static int device_event(struct notifier_block *nb, unsigned long action, void *data)
{
	struct device *dev = data;
	struct fwbus *bus = NULL;

	if (action != BUS_NOTIFY_ADD_DEVICE && action != BUS_NOTIFY_DEL_DEVICE)
		return NOTIFY_DONE;
	while ((bus = bridgefw_fwbus_next(bus))) {
		mutex_lock(&bus->lock);
		if (bus->card && bus->card->device == dev->parent)
			mod_delayed_work(bridgefw_1394_wq, &bus->kin, 0);
		mutex_unlock(&bus->lock);
	}
	return NOTIFY_DONE;
}

static struct notifier_block device_nb = {
	.notifier_call = device_event,
};

static struct bridgefw_bus fw_bus = {
	.name = "1394",
	.offer = bridgefw_fwseat_offer,
	.nodes = bridgefw_1394_nodes,
	.owner = THIS_MODULE,
};

/* Adds or takes away what makes every local card reset its bus. */
static int descriptor_set(bool on)
{
	struct fwquiet *quiet = bridgefw_fwquiet_begin();
	int ret = 0;

	if (on)
		ret = fw_core_add_descriptor(&unit_descriptor);
	else
		fw_core_remove_descriptor(&unit_descriptor);
	bridgefw_fwquiet_end(quiet);
	return ret;
}

/* Also when the module does not come up. */
static void leave(void)
{
	struct fwbus *bus;

	bus_unregister_notifier(&fw_bus_type, &device_nb);
	bridgefw_bus_unregister(&fw_bus);
	leaving = true;
	driver_unregister(&unit_driver.driver);
	/* Those that are left have no unit, but still some time. */
	for (;;) {
		mutex_lock(&buses_lock);
		bus = list_first_entry_or_null(&buses, struct fwbus, node);
		if (bus)
			list_del_init(&bus->node);
		mutex_unlock(&buses_lock);
		if (!bus)
			break;
		cancel_delayed_work_sync(&bus->farewell);
		bus_stop(bus);
	}
	destroy_workqueue(bridgefw_1394_wq);
}

/* From here on bridges may come. */
static void begin(void)
{
	struct fwbus *bus;

	mutex_lock(&buses_lock);
	WRITE_ONCE(ready, true);
	list_for_each_entry(bus, &buses, node)
		bus_scan_soon(bus);
	mutex_unlock(&buses_lock);
}

static int __init bridgefw_1394_init(void)
{
	int ret;

	/* Freezable: a node that comes back from sleep may not load files yet. */
	bridgefw_1394_wq = alloc_workqueue("bridgefw_1394", WQ_UNBOUND | WQ_FREEZABLE, 0);
	if (!bridgefw_1394_wq)
		return -ENOMEM;
	ret = driver_register(&unit_driver.driver);
	if (ret)
		goto err_wq;
	bridgefw_bus_register(&fw_bus);
	bus_register_notifier(&fw_bus_type, &device_nb);
	ret = descriptor_set(true);
	if (ret)
		leave();
	else
		begin();
	return ret;

err_wq:
	destroy_workqueue(bridgefw_1394_wq);
	return ret;
}

static void __exit bridgefw_1394_exit(void)
{
	leave();
	descriptor_set(false);
}

module_init(bridgefw_1394_init);
module_exit(bridgefw_1394_exit);

MODULE_DESCRIPTION("bridgefw: bridges on FireWire, by quadlet transactions");
MODULE_AUTHOR("The bridgefw developers");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("post: bridgefw_scsi");
