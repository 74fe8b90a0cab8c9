/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BRIDGEFW_USB_BOT_H
#define BRIDGEFW_USB_BOT_H

extern struct usb_driver bridgefw_bot_driver;

#endif
