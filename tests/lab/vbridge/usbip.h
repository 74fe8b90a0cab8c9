/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's virtual host controller: URBs by the USB/IP protocol. */
#ifndef VBRIDGE_USBIP_H
#define VBRIDGE_USBIP_H

#include "box.h"
#include "wall.h"

enum queue {
	QUEUE_CONTROL,
	QUEUE_IN,
	QUEUE_OUT,
	QUEUES
};

struct urb;

/**
 * struct usbip - the device's end of the cable
 * @box: what hangs on it
 * @fd: socket; -1: not plugged in
 * @head: URBs that wait, by endpoint, oldest first
 * @not_before_ms: wall time before which the running command says no more
 * @urbs: how many have come
 */
struct usbip {
	struct box *box;
	int fd;
	struct urb *head[QUEUES];
	u64 not_before_ms;
	u64 urbs;
};

void usbip_init(struct usbip *u, struct box *box);
void usbip_plug(struct usbip *u, int fd);
void usbip_unplug(struct usbip *u);
int usbip_receive(struct usbip *u);
void usbip_pump(struct usbip *u);
void usbip_hurry(struct usbip *u);
int usbip_timeout_ms(const struct usbip *u);

#endif
