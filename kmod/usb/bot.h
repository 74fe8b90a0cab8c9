/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Our own Bulk-Only Transport, and the interface that it works on. */
#ifndef BRIDGEFW_USB_BOT_H
#define BRIDGEFW_USB_BOT_H

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/usb.h>

#include "transport.h"

/**
 * struct bot - an interface that was handed over
 * @ref: one of the driver, one for each transport
 * @udev: device, referenced
 * @intf: interface, referenced
 * @lock: one command at a time; whoever gives the interface back waits for its end
 * @closed: the interface is being given back
 * @in: pipe of the bulk-in endpoint
 * @out: of the bulk-out one
 * @number: of the interface
 * @tag: of the last command
 * @troubled: the last command needed recovery
 * @resetter: the task that resets the port out of a command
 * @wrap: room for CBW and CSW, apart from anything else, since a device writes to it
 */
struct bot {
	struct kref ref;
	struct usb_device *udev;
	struct usb_interface *intf;
	struct mutex lock;		/* one command at a time */
	bool closed;
	unsigned int in;
	unsigned int out;
	u8 number;
	u32 tag;
	bool troubled;
	struct task_struct *resetter;
	u8 *wrap;
};

/* bot.c */
struct bot *bridgefw_bot_open(struct usb_interface *intf, struct usb_host_interface *alt);
void bridgefw_bot_close(struct bot *bot);
void bridgefw_bot_put(struct bot *bot);
void bridgefw_bot_pause(struct bot *bot);
void bridgefw_bot_go_on(struct bot *bot);
struct bridgefw_transport *bridgefw_bot_new(struct bot *bot);

/* handover.c */
struct bot *bridgefw_handover_again(struct usb_device *udev);
void bridgefw_handover_give(struct usb_device *udev);
int bridgefw_handover_init(void);
void bridgefw_handover_exit(void);

/* main.c */
int bridgefw_seat_open(struct usb_device *udev, struct bot *bot);
void bridgefw_seat_close(struct usb_device *udev, struct bot *bot);

#endif
