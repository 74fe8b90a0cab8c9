/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BRIDGEFW_CHARDEV_H
#define BRIDGEFW_CHARDEV_H

#include <linux/types.h>

struct bridgefw;
struct file;

#define BRIDGEFW_MINORS	256

int bridgefw_chardev_init(void);
void bridgefw_chardev_exit(void);
dev_t bridgefw_chardev_devt(unsigned int minor);
int bridgefw_chardev_open(struct bridgefw *b, struct file *file);

#endif
