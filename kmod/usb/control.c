// SPDX-License-Identifier: GPL-2.0-or-later
/* Vendor requests on endpoint 0, beside whatever driver has the interfaces. */
#include <linux/delay.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/usb.h>

#include "control.h"

#define LOCK_PAUSE_MS	5

/**
 * struct control - endpoint 0 of a device
 * @t: the transport
 * @udev: device, referenced
 */
struct control {
	struct bridgefw_transport t;
	struct usb_device *udev;
};

#define to_control(x)	container_of(x, struct control, t)

/*
 * The device lock keeps configuration and interfaces in place. Unplugging
 * holds it while it waits for readers of our files to leave, so whoever is
 * inside must never sleep on it.
 */
static int device_lock_unless_gone(struct control *c, unsigned long end)
{
	while (!usb_trylock_device(c->udev)) {
		if (READ_ONCE(c->t.gone) || c->udev->state == USB_STATE_NOTATTACHED)
			return -ENODEV;
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		msleep(LOCK_PAUSE_MS);
	}
	if (READ_ONCE(c->t.gone) || c->udev->state == USB_STATE_NOTATTACHED) {
		usb_unlock_device(c->udev);
		return -ENODEV;
	}
	return 0;
}

static int control_send(struct control *c, const u8 *setup, void *data, u32 len, u32 timeout_ms)
{
	bool in = setup[0] & USB_DIR_IN;
	unsigned int pipe = in ? usb_rcvctrlpipe(c->udev, 0) : usb_sndctrlpipe(c->udev, 0);

	return usb_control_msg(c->udev, pipe, setup[1], setup[0],
			       setup[2] | setup[3] << 8, setup[4] | setup[5] << 8,
			       data, len, timeout_ms);
}

static int control_control(struct bridgefw_transport *t, const u8 *setup, void *data,
			   u32 len, u32 timeout_ms, u32 *actual)
{
	struct control *c = to_control(t);
	int ret;

	if (len > 0xffff || (setup[6] | setup[7] << 8) != len)
		return -EINVAL;
	timeout_ms = min(timeout_ms, BFP_CONTROL_TIMEOUT_MAX_MS);
	ret = device_lock_unless_gone(c, jiffies + msecs_to_jiffies(timeout_ms));
	if (ret)
		return ret;
	if (!c->udev->actconfig) {
		ret = -ENODEV;
		goto out;
	}
	/* The device, not an interface: one without a driver has no runtime power management. */
	ret = pm_runtime_resume_and_get(&c->udev->dev);
	if (ret < 0)
		goto out;
	ret = control_send(c, setup, data, len, timeout_ms);
	usb_mark_last_busy(c->udev);
	pm_runtime_put_autosuspend(&c->udev->dev);
	if (ret >= 0) {
		*actual = ret;
		ret = 0;
	} else if (c->udev->state == USB_STATE_NOTATTACHED) {
		/* A cable that is pulled looks like noise, or like no answer at all. */
		ret = -ENODEV;
	} else if (ret == -EPROTO || ret == -EILSEQ || ret == -ENOENT || ret == -ECONNRESET) {
		ret = -EIO;
	}
out:
	usb_unlock_device(c->udev);
	return ret;
}

static bool control_unplugged(struct bridgefw_transport *t)
{
	return to_control(t)->udev->state == USB_STATE_NOTATTACHED;
}

static void control_release(struct bridgefw_transport *t)
{
	struct control *c = to_control(t);

	usb_put_dev(c->udev);
	kfree(c);
}

static const struct bridgefw_transport_ops control_ops = {
	.owner = THIS_MODULE,
	.kind = BFP_TRANSPORT_CONTROL,
	.control = control_control,
	.unplugged = control_unplugged,
	.release = control_release,
};

/**
 * bridgefw_control_new() - endpoint 0 of a device as a transport
 * @udev: device
 *
 * Return: the transport with one reference, or NULL.
 */
struct bridgefw_transport *bridgefw_control_new(struct usb_device *udev)
{
	struct usb_host_config *config = udev->actconfig;
	struct control *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return NULL;
	bridgefw_transport_init(&c->t, &control_ops);
	c->udev = usb_get_dev(udev);
	/* The cache of descriptors stays as long as the device; interfaces come and go. */
	if (config && config->intf_cache[0] && config->intf_cache[0]->num_altsetting)
		c->t.interface = config->intf_cache[0]->altsetting[0].desc.bInterfaceNumber;
	return &c->t;
}
