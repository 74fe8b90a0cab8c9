// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridgefw_usb.ko: finds bridges on USB and adds endpoint 0 as a transport.
 *
 * It takes no interface by itself: usb-storage and uas keep theirs, and a bridge
 * whose drive is dead, and which therefore has no SCSI device, is seen as well.
 * Recognition is by descriptors that the USB core has read already. An interface
 * that somebody hands over (handover.c) carries CDBs (bot.c).
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/usb.h>

#include "bot.h"
#include "control.h"
#include "transport.h"

#define LOCK_PAUSE_MS	5

/**
 * struct usb_seat - a plugged-in USB device
 * @node: in seats
 * @work: offers the device to the core
 * @udev: device, referenced
 * @lock: serialises offers
 * @left: unplugged: no more offers
 * @b: the bridge that it is; NULL if it is none
 * @t: endpoint 0 of that bridge
 * @bot: the interface that was handed over; NULL if none
 * @bot_t: the same as a transport of that bridge
 */
struct usb_seat {
	struct list_head node;
	struct work_struct work;
	struct usb_device *udev;
	struct mutex lock;		/* serialises offers */
	bool left;
	struct bridgefw *b;
	struct bridgefw_transport *t;
	struct bot *bot;
	struct bridgefw_transport *bot_t;
};

static DEFINE_MUTEX(seats_lock);
static LIST_HEAD(seats);
static struct workqueue_struct *seats_wq;

static bool is_storage(struct usb_device *udev)
{
	struct usb_host_config *config = udev->actconfig;
	int i;

	for (i = 0; config && i < config->desc.bNumInterfaces; i++) {
		struct usb_interface_cache *cache = config->intf_cache[i];
		unsigned int alt;

		for (alt = 0; cache && alt < cache->num_altsetting; alt++)
			if (cache->altsetting[alt].desc.bInterfaceClass == USB_CLASS_MASS_STORAGE)
				return true;
	}
	return false;
}

/* What was handed over is a way to the bridge that stands for it; @seat->lock is held. */
static int seat_add_bot(struct usb_seat *seat)
{
	int ret;

	if (!seat->bot)
		return 0;
	seat->bot_t = bridgefw_bot_new(seat->bot);
	if (!seat->bot_t)
		return -ENOMEM;
	ret = bridgefw_transport_add(seat->b, seat->bot_t);
	if (ret) {
		bridgefw_transport_put(seat->bot_t);
		seat->bot_t = NULL;
	}
	return ret;
}

static void seat_remove_bot(struct usb_seat *seat)
{
	if (!seat->bot_t)
		return;
	bridgefw_transport_remove(seat->b, seat->bot_t);
	bridgefw_transport_put(seat->bot_t);
	seat->bot_t = NULL;
}

/* The bridge of a seat leaves; @seat->lock is held. */
static void seat_clear(struct usb_seat *seat)
{
	if (seat->b) {
		bridgefw_transport_remove(seat->b, seat->t);
		seat_remove_bot(seat);
		bridgefw_bridge_remove(seat->b);
		bridgefw_transport_put(seat->t);
		seat->b = NULL;
		seat->t = NULL;
	}
}

/* Offers the device to the core; @seat->lock is held. Does no I/O. */
static int seat_offer(struct usb_seat *seat)
{
	struct usb_device *udev = seat->udev;
	struct bridgefw_place place = {
		.bus = "usb",
		.bus_id = dev_name(&udev->dev),
		.id = {
			.kind = BFP_ID_USB,
			.vendor = le16_to_cpu(udev->descriptor.idVendor),
			.product = le16_to_cpu(udev->descriptor.idProduct),
			.revision = le16_to_cpu(udev->descriptor.bcdDevice),
		},
		.serial = udev->serial,
		.storage = is_storage(udev),
		.parent = &udev->dev,
		.phys = &udev->dev,
		.owner = THIS_MODULE,
	};
	int ret;

	if (seat->left)
		return -ENODEV;
	seat_clear(seat);
	seat->b = bridgefw_bridge_offer(&place);
	if (IS_ERR(seat->b)) {
		ret = PTR_ERR(seat->b);
		seat->b = NULL;
		return ret;
	}
	seat->t = bridgefw_control_new(udev);
	if (!seat->t) {
		ret = -ENOMEM;
		goto err_bridge;
	}
	ret = bridgefw_transport_add(seat->b, seat->t);
	if (!ret)
		ret = seat_add_bot(seat);
	if (!ret)
		ret = bridgefw_bridge_start(seat->b);
	if (!ret)
		return 0;
	seat_clear(seat);
	return ret;

err_bridge:
	bridgefw_bridge_remove(seat->b);
	seat->b = NULL;
	return ret;
}

/* Whoever frees the seat holds the device lock, and waits for our work. */
static bool device_lock_unless_left(struct usb_seat *seat)
{
	while (!usb_trylock_device(seat->udev)) {
		if (READ_ONCE(seat->left) || seat->udev->state == USB_STATE_NOTATTACHED)
			return false;
		msleep(LOCK_PAUSE_MS);
	}
	return true;
}

/* Before the core sees the device: no other way to it may be open by then. */
static void seat_take_again(struct usb_seat *seat)
{
	struct bot *bot;

	if (!device_lock_unless_left(seat))
		return;
	bot = bridgefw_handover_again(seat->udev);
	if (bot) {
		mutex_lock(&seat->lock);
		seat->bot = bot;
		mutex_unlock(&seat->lock);
	}
	usb_unlock_device(seat->udev);
}

/* It became no bridge, so nobody else can. */
static void seat_give_back(struct usb_seat *seat)
{
	if (!device_lock_unless_left(seat))
		return;
	bridgefw_handover_give(seat->udev);
	usb_unlock_device(seat->udev);
}

static void seat_work(struct work_struct *work)
{
	struct usb_seat *seat = container_of(work, struct usb_seat, work);
	bool again = bridgefw_bridge_awaited("usb", dev_name(&seat->udev->dev));
	int ret;

	if (again)
		seat_take_again(seat);
	mutex_lock(&seat->lock);
	ret = seat_offer(seat);
	mutex_unlock(&seat->lock);
	if (ret && again)
		seat_give_back(seat);
	if (ret && ret != -ENODEV)
		dev_warn(&seat->udev->dev, "bridgefw: cannot be used (%d)\n", ret);
}

static struct usb_seat *seat_find(struct usb_device *udev)
{
	struct usb_seat *seat;

	list_for_each_entry(seat, &seats, node)
		if (seat->udev == udev)
			return seat;
	return NULL;
}

/* A device that was there already, or has just come; it is locked. */
static void seat_add(struct usb_device *udev)
{
	struct usb_seat *seat;

	/* Hubs have no firmware for us. */
	if (udev->descriptor.bDeviceClass == USB_CLASS_HUB)
		return;
	mutex_lock(&seats_lock);
	if (udev->state == USB_STATE_NOTATTACHED || seat_find(udev))
		goto out;
	seat = kzalloc(sizeof(*seat), GFP_KERNEL);
	if (!seat)
		goto out;
	seat->udev = usb_get_dev(udev);
	mutex_init(&seat->lock);
	INIT_WORK(&seat->work, seat_work);
	list_add_tail(&seat->node, &seats);
	queue_work(seats_wq, &seat->work);
out:
	mutex_unlock(&seats_lock);
}

/*
 * One of those that were there before us. Only the driver of the device as a
 * whole tells that it leaves; the device lock keeps it from being taken away.
 */
static int seat_find_old(struct usb_device *udev, void *unused)
{
	usb_lock_device(udev);
	if (udev->dev.driver)
		seat_add(udev);
	usb_unlock_device(udev);
	return 0;
}

/* Taken out of the list by the caller. */
static void seat_free(struct usb_seat *seat)
{
	mutex_lock(&seat->lock);
	WRITE_ONCE(seat->left, true);
	seat_clear(seat);
	mutex_unlock(&seat->lock);
	cancel_work_sync(&seat->work);
	usb_put_dev(seat->udev);
	kfree(seat);
}

/*
 * Called with the device locked, before the device disappears from sysfs: so
 * the bridge, its child, leaves here and not later. Nobody inside waits for
 * the device lock for long (see control.c).
 */
static void seat_leave(struct usb_device *udev)
{
	struct usb_seat *seat;

	mutex_lock(&seats_lock);
	seat = seat_find(udev);
	if (seat)
		list_del(&seat->node);
	mutex_unlock(&seats_lock);
	if (!seat)
		return;
	seat_free(seat);
	bridgefw_bus_left("usb", dev_name(&udev->dev));
}

/**
 * bridgefw_seat_open() - an interface of a device carries CDBs from now on
 * @udev: device, locked
 * @bot: the interface; the caller's reference lasts until bridgefw_seat_close()
 *
 * Return: 0, -ENODEV if the device is no bridge, -EBUSY if it has one already, -ENOMEM.
 */
int bridgefw_seat_open(struct usb_device *udev, struct bot *bot)
{
	struct usb_seat *seat;
	int ret = -ENODEV;

	mutex_lock(&seats_lock);
	seat = seat_find(udev);
	if (seat) {
		mutex_lock(&seat->lock);
		if (seat->bot) {
			ret = -EBUSY;
		} else if (seat->b) {
			seat->bot = bot;
			ret = seat_add_bot(seat);
			if (ret)
				seat->bot = NULL;
		}
		mutex_unlock(&seat->lock);
	}
	mutex_unlock(&seats_lock);
	return ret;
}

/**
 * bridgefw_seat_close() - undo bridgefw_seat_open()
 * @udev: device, locked
 * @bot: the interface; whoever uses it now finds it gone
 */
void bridgefw_seat_close(struct usb_device *udev, struct bot *bot)
{
	struct usb_seat *seat;

	mutex_lock(&seats_lock);
	seat = seat_find(udev);
	if (seat) {
		mutex_lock(&seat->lock);
		if (seat->bot == bot) {
			seat->bot = NULL;
			seat_remove_bot(seat);
		}
		mutex_unlock(&seat->lock);
	}
	mutex_unlock(&seats_lock);
}

static int usb_notify(struct notifier_block *nb, unsigned long action, void *data)
{
	switch (action) {
	case USB_DEVICE_ADD:
		seat_add(data);
		break;
	case USB_DEVICE_REMOVE:
		seat_leave(data);
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block usb_nb = {
	.notifier_call = usb_notify,
};

/*
 * The core asks for a device to be looked at again, by its place. The list
 * keeps the seat from being freed only under its lock, and a seat's own lock
 * is taken inside of that; seat_free() takes them one after the other.
 */
static int usb_offer(const char *bus_id)
{
	struct usb_seat *seat;
	int ret = -ENODEV;

	mutex_lock(&seats_lock);
	list_for_each_entry(seat, &seats, node) {
		if (strcmp(dev_name(&seat->udev->dev), bus_id))
			continue;
		mutex_lock(&seat->lock);
		ret = seat_offer(seat);
		mutex_unlock(&seat->lock);
		break;
	}
	mutex_unlock(&seats_lock);
	return ret;
}

static struct bridgefw_bus usb_bus = {
	.name = "usb",
	.offer = usb_offer,
	.owner = THIS_MODULE,
};

/* Also when the module does not come up; nobody can have handed anything over then. */
static void usb_leave(void)
{
	struct usb_seat *seat, *n;

	usb_unregister_notify(&usb_nb);
	bridgefw_bus_unregister(&usb_bus);
	list_for_each_entry_safe(seat, n, &seats, node) {
		list_del(&seat->node);
		seat_free(seat);
	}
	destroy_workqueue(seats_wq);
}

static int __init bridgefw_usb_init(void)
{
	int ret;

	/* Freezable: a device that comes back from sleep may not load files yet. */
	seats_wq = alloc_workqueue("bridgefw_usb", WQ_UNBOUND | WQ_FREEZABLE, 0);
	if (!seats_wq)
		return -ENOMEM;
	bridgefw_bus_register(&usb_bus);
	usb_register_notify(&usb_nb);
	usb_for_each_dev(NULL, seat_find_old);
	ret = bridgefw_handover_init();
	if (ret)
		usb_leave();
	return ret;
}

static void __exit bridgefw_usb_exit(void)
{
	bridgefw_handover_exit();
	usb_leave();
}

module_init(bridgefw_usb_init);
module_exit(bridgefw_usb_exit);

MODULE_DESCRIPTION("bridgefw: bridges on USB, by endpoint 0 and Bulk-Only");
MODULE_AUTHOR("The bridgefw developers");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("post: bridgefw_scsi");
