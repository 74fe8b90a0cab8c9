/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /dev/bridgefwN: the ioctls, one function each, and the reads made of them. */
#ifndef BRIDGEFW_LIB_DEVICE_H
#define BRIDGEFW_LIB_DEVICE_H

#include <stdbool.h>
#include <linux/bridgefw.h>

#include "port.h"

struct bfw_error;
struct bridge;

/**
 * struct device - an open bridge
 * @fd: of the node
 * @name: "bridgefwN"
 * @place: "usb:1-1", for hints
 * @info: as of opening
 * @on_progress: called while a memory is read; NULL: not
 * @arg: for @on_progress
 */
struct device {
	int fd;
	char name[24];
	char place[80];
	struct bridgefw_info info;
	void (*on_progress)(void *arg, u64 done, u64 total);
	void *arg;
};

int device_open(struct device *d, const struct bridge *b, bool write, struct bfw_error *e);
void device_close(struct device *d);
int device_lock(struct device *d, struct bfw_error *e);
int device_memory(struct device *d, const char *name, struct bridgefw_memory *m,
		  struct bfw_error *e);
int device_read(struct device *d, const struct bridgefw_memory *m, u32 flags,
		u8 **data, u32 *len, struct bfw_error *e);
int device_read_same(struct device *d, const struct bridgefw_memory *m, unsigned int times,
		     u8 **data, u32 *len, struct bfw_error *e);
int device_stage(struct device *d, const struct bridgefw_memory *m, const u8 *data,
		 u32 len, struct bfw_error *e);
int device_start(struct device *d, u32 job, u32 memory, u32 flags, struct bfw_error *e);
int device_status(struct device *d, struct bridgefw_status *s, struct bfw_error *e);
int device_wait(struct device *d, unsigned int ms);
int device_answer(struct device *d, u32 kind, struct bridgefw_answer *a);

#endif
