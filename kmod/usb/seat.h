/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A way to a device beside endpoint 0. */
#ifndef BRIDGEFW_USB_SEAT_H
#define BRIDGEFW_USB_SEAT_H

#include "transport.h"

struct usb_device;

int bridgefw_seat_open(struct usb_device *udev, struct bridgefw_transport *t);
void bridgefw_seat_close(struct usb_device *udev, struct bridgefw_transport *t);

#endif
