/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BRIDGEFW_CHARDEV_H
#define BRIDGEFW_CHARDEV_H

#include <linux/types.h>

struct bridgefw;
struct file;

/**
 * struct bridgefw_sg_file - what an open file has set for SG_IO
 * @lun: the drive that its CDBs go to; BRIDGEFW_LUN_LOWEST: the first one there is
 * @timeout_ms: of a CDB that has none of its own
 * @reserved: what SG_SET_RESERVED_SIZE asked for, bytes; means nothing here
 */
struct bridgefw_sg_file {
	u32 lun;
	u32 timeout_ms;
	u32 reserved;
};

/**
 * struct bridgefw_file - an open file
 * @b: its bridge
 * @seen: the change of status that it has asked for last
 * @sg: see there
 */
struct bridgefw_file {
	struct bridgefw *b;
	u32 seen;
	struct bridgefw_sg_file sg;
};

#define BRIDGEFW_MINORS	256

int bridgefw_chardev_init(void);
void bridgefw_chardev_exit(void);
dev_t bridgefw_chardev_devt(unsigned int minor);
int bridgefw_chardev_open(struct bridgefw *b, struct file *file);

/* sgio.c */
void bridgefw_sg_open(struct bridgefw_file *bf);
long bridgefw_sg_ioctl(struct bridgefw_file *bf, bool writes, unsigned int cmd, void __user *arg);

#endif
