/* SPDX-License-Identifier: GPL-2.0-or-later */
/* USB devices, whether a bridge represents them or not, and the drives behind them. */
#ifndef BRIDGEFW_LIB_BOXES_H
#define BRIDGEFW_LIB_BOXES_H

#include <stdbool.h>
#include <stddef.h>

#include "bridge.h"
#include "port.h"

struct bfw_error;

/**
 * struct box - one USB device
 * @port: where it is plugged in, "1-1.4"
 * @path_id: the same in words that survive a reboot; "" if unknown
 * @vid: idVendor
 * @pid: idProduct
 * @bcd: bcdDevice
 * @product: what it calls itself
 * @serial: its serial; "" if none
 * @configured: whether its interfaces are there
 * @storage: whether one of them is mass storage
 */
struct box {
	char port[64];
	char path_id[PATH_ID_LEN];
	u16 vid;
	u16 pid;
	u16 bcd;
	char product[128];
	char serial[160];
	bool configured;
	bool storage;
};

struct box_list {
	struct box *v;
	size_t n;
};

/**
 * struct drive - a block device behind a bridge
 * @name: "sda"
 * @model: as the drive calls itself
 * @serial: the drive's own serial; "" if it is not known
 * @size: bytes
 */
struct drive {
	char name[64];
	char model[128];
	char serial[128];
	u64 size;
};

struct drive_list {
	struct drive *v;
	size_t n;
};

void usb_path_id(const char *syspath, char *out, size_t room);
int box_list_read(struct box_list *l, struct bfw_error *e);
void box_list_free(struct box_list *l);
const struct box *box_at(const struct box_list *l, const char *port);
void drive_list_read(struct drive_list *l, const struct bridge *b);
void drive_list_free(struct drive_list *l);

#endif
