// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An interface is taken from its driver, and given back: by the owner's word, which
 * names the interface and the driver, and never otherwise.
 *
 * The driver below has no ids, so that nothing is ever bound to it on plug-in. Taking
 * and giving happen with the device locked: no other driver comes in between, and at
 * no moment the interface is with nobody.
 */
#include <linux/capability.h>
#include <linux/device.h>
#include <linux/module.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/usb.h>
#include <linux/usb/storage.h>

#include "bot.h"

#define NAME_MAX_LEN	39

static DEFINE_MUTEX(door);	/* one at a time, and none while the module leaves */
static bool open;

/**
 * struct follow - a place where a box is to come back whose interface was taken
 * @node: in follows
 * @bus_id: the place
 */
struct follow {
	struct list_head node;
	char bus_id[NAME_MAX_LEN + 1];
};

static DEFINE_SPINLOCK(follows_lock);	/* guards the list */
static LIST_HEAD(follows);

/* Without memory for it the job waits for its way in vain, and says so. */
static void follow(struct usb_device *udev)
{
	struct follow *f = kzalloc(sizeof(*f), GFP_KERNEL);

	if (!f)
		return;
	strscpy(f->bus_id, dev_name(&udev->dev), sizeof(f->bus_id));
	spin_lock(&follows_lock);
	list_add(&f->node, &follows);
	spin_unlock(&follows_lock);
}

/* Forgets the place; NULL: all. Return: whether it was there. */
static bool unfollow(const char *bus_id)
{
	struct follow *f, *n;
	LIST_HEAD(found);

	spin_lock(&follows_lock);
	list_for_each_entry_safe(f, n, &follows, node)
		if (!bus_id || !strcmp(f->bus_id, bus_id))
			list_move(&f->node, &found);
	spin_unlock(&follows_lock);
	if (list_empty(&found))
		return false;
	list_for_each_entry_safe(f, n, &found, node)
		kfree(f);
	return true;
}

static int bot_probe(struct usb_interface *intf, const struct usb_device_id *id)
{
	return -ENODEV;
}

/* Given back, unbound by hand, or unplugged. Transfers have been ended by the USB core. */
static void bot_disconnect(struct usb_interface *intf)
{
	struct bot *bot = usb_get_intfdata(intf);

	if (bot->udev->state == USB_STATE_NOTATTACHED)
		follow(bot->udev);
	bridgefw_seat_close(bot->udev, bot);
	bridgefw_bot_close(bot);
	bridgefw_bot_put(bot);
}

static int bot_pre_reset(struct usb_interface *intf)
{
	bridgefw_bot_pause(usb_get_intfdata(intf));
	return 0;
}

static int bot_post_reset(struct usb_interface *intf)
{
	bridgefw_bot_go_on(usb_get_intfdata(intf));
	return 0;
}

/* Without suspend: when the system sleeps, the interface goes back to its own driver. */
static struct usb_driver bot_driver = {
	.name = "bridgefw_usb",
	.probe = bot_probe,
	.disconnect = bot_disconnect,
	.pre_reset = bot_pre_reset,
	.post_reset = bot_post_reset,
	.no_dynamic_id = 1,
};

static bool is_ours(struct usb_interface *intf)
{
	return intf->dev.driver && to_usb_driver(intf->dev.driver) == &bot_driver;
}

/* As if it had just been plugged in. */
static void to_its_driver(struct usb_interface *intf)
{
	if (device_attach(&intf->dev) < 0)
		dev_warn(&intf->dev, "bridgefw: no driver takes the interface back\n");
}

static int take(struct usb_device *udev, struct usb_interface *intf, struct bot **taken)
{
	struct usb_host_interface *alt = usb_altnum_to_altsetting(intf, 0);
	struct bot *bot;
	int ret;

	if (!alt || alt->desc.bInterfaceClass != USB_CLASS_MASS_STORAGE ||
	    alt->desc.bInterfaceProtocol != USB_PR_BULK)
		return -EOPNOTSUPP;
	bot = bridgefw_bot_open(intf, alt);
	if (IS_ERR(bot))
		return PTR_ERR(bot);
	/* An interface that is claimed keeps its device awake, if it is. */
	ret = pm_runtime_resume_and_get(&udev->dev);
	if (ret < 0) {
		bridgefw_bot_put(bot);
		return ret;
	}
	if (intf->dev.driver)
		usb_driver_release_interface(to_usb_driver(intf->dev.driver), intf);
	/* uas had another setting; the USB core goes back to the first one. */
	ret = intf->cur_altsetting == alt ? 0 : -EIO;
	if (!ret)
		ret = usb_driver_claim_interface(&bot_driver, intf, bot);
	if (ret) {
		bridgefw_bot_put(bot);
		to_its_driver(intf);
	} else {
		*taken = bot;
	}
	pm_runtime_put_autosuspend(&udev->dev);
	return ret;
}

/* By the owner's word, from the driver that he names. */
static int take_from(struct usb_device *udev, struct usb_interface *intf, const char *driver)
{
	struct bot *bot;
	int ret;

	if (is_ours(intf))
		return -EALREADY;
	if (strcmp(intf->dev.driver ? intf->dev.driver->name : "none", driver))
		return -EBUSY;
	ret = take(udev, intf, &bot);
	if (ret)
		return ret;
	ret = bridgefw_seat_open(udev, bot);
	if (ret) {
		usb_driver_release_interface(&bot_driver, intf);
		to_its_driver(intf);
	}
	return ret;
}

static int give(struct usb_interface *intf)
{
	if (!is_ours(intf))
		return -EALREADY;
	usb_driver_release_interface(&bot_driver, intf);
	to_its_driver(intf);
	return 0;
}

struct search {
	const char *name;	/* of an interface, "1-1:1.0" */
	struct usb_device *udev;
};

static int is_device(struct usb_device *udev, void *data)
{
	struct search *s = data;
	size_t len = strlen(dev_name(&udev->dev));

	if (strncmp(s->name, dev_name(&udev->dev), len) || s->name[len] != ':')
		return 0;
	s->udev = usb_get_dev(udev);
	return 1;
}

static struct usb_interface *interface_find(struct usb_device *udev, const char *name)
{
	struct usb_host_config *config = udev->actconfig;
	int i;

	for (i = 0; config && i < config->desc.bNumInterfaces; i++)
		if (config->interface[i] && !strcmp(dev_name(&config->interface[i]->dev), name))
			return config->interface[i];
	return NULL;
}

static struct usb_interface *storage_find(struct usb_device *udev)
{
	struct usb_host_config *config = udev->actconfig;
	struct usb_interface *intf;
	int i;

	for (i = 0; config && i < config->desc.bNumInterfaces; i++) {
		intf = config->interface[i];
		if (intf && intf->altsetting[0].desc.bInterfaceClass == USB_CLASS_MASS_STORAGE)
			return intf;
	}
	return NULL;
}

/**
 * bridgefw_handover_again() - take the interface of a box that a job waits for
 * @udev: device that has come; locked, and not yet offered as a bridge: so nothing was
 *	sent to it by its other driver on our behalf
 *
 * Return: the interface, as for bridgefw_seat_open(); NULL if none was taken before
 * the box left, or nobody waits for it any more, or it cannot be taken.
 */
struct bot *bridgefw_handover_again(struct usb_device *udev)
{
	struct usb_interface *intf;
	struct bot *bot = NULL;
	int ret;

	if (!unfollow(dev_name(&udev->dev)) || udev->state == USB_STATE_NOTATTACHED ||
	    !bridgefw_bridge_awaited("usb", dev_name(&udev->dev)))
		return NULL;
	intf = storage_find(udev);
	ret = intf ? take(udev, intf, &bot) : -ENODEV;
	if (ret)
		dev_warn(&udev->dev, "bridgefw: its interface cannot be taken again (%d)\n", ret);
	return bot;
}

/* Nobody else does I/O to the bridge meanwhile, and its drives are in nobody's use. */
static int hand(struct usb_device *udev, const char *name, const char *driver)
{
	struct bridgefw *b = bridgefw_bridge_find(&udev->dev);
	struct usb_interface *intf;
	int ret;

	if (!b)
		return -ENODEV;
	ret = bridgefw_vacate(b, &door);
	if (ret)
		goto put;
	usb_lock_device(udev);
	intf = udev->state == USB_STATE_NOTATTACHED ? NULL : interface_find(udev, name);
	if (!intf)
		ret = -ENODEV;
	else
		ret = driver[0] ? take_from(udev, intf, driver) : give(intf);
	usb_unlock_device(udev);
	bridgefw_vacated(b, &door);
put:
	bridgefw_bridge_put(b);
	return ret;
}

/*
 * "INTERFACE DRIVER": take it from that driver, which is "none" if it has none.
 * "INTERFACE": give it back.
 */
static int handover_set(const char *text, const struct kernel_param *kp)
{
	char name[NAME_MAX_LEN + 1], driver[NAME_MAX_LEN + 1] = "", more[2];
	struct search s = { .name = name };
	int words, ret = -ENODEV;

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	words = sscanf(text, "%39s %39s %1s", name, driver, more);
	if (words < 1 || words > 2)
		return -EINVAL;
	mutex_lock(&door);
	if (open)
		usb_for_each_dev(&s, is_device);
	if (s.udev) {
		ret = hand(s.udev, name, driver);
		usb_put_dev(s.udev);
	}
	mutex_unlock(&door);
	return ret;
}

static const struct kernel_param_ops handover_ops = {
	.set = handover_set,
};
module_param_cb(handover, &handover_ops, NULL, 0200);
MODULE_PARM_DESC(handover, "interface to take from a driver, or to give back (while running)");

/** bridgefw_handover_init() - interfaces can be handed over from now on; 0 or an errno */
int bridgefw_handover_init(void)
{
	int ret = usb_register(&bot_driver);

	mutex_lock(&door);
	open = !ret;
	mutex_unlock(&door);
	return ret;
}

/** bridgefw_handover_give() - what a device has with us goes back; it is locked */
void bridgefw_handover_give(struct usb_device *udev)
{
	struct usb_host_config *config = udev->actconfig;
	int i;

	for (i = 0; config && i < config->desc.bNumInterfaces; i++)
		if (config->interface[i])
			give(config->interface[i]);
}

static int give_all(struct usb_device *udev, void *unused)
{
	usb_lock_device(udev);
	bridgefw_handover_give(udev);
	usb_unlock_device(udev);
	return 0;
}

/** bridgefw_handover_exit() - all that were handed over are given back */
void bridgefw_handover_exit(void)
{
	mutex_lock(&door);
	open = false;
	mutex_unlock(&door);
	usb_for_each_dev(NULL, give_all);
	usb_deregister(&bot_driver);
	unfollow(NULL);
}
