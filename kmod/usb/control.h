/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BRIDGEFW_USB_CONTROL_H
#define BRIDGEFW_USB_CONTROL_H

#include "transport.h"

struct usb_device;

struct bridgefw_transport *bridgefw_control_new(struct usb_device *udev);

#endif
