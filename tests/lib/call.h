/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ioctls of a bridge as functions; each returns 0 or a negative errno. */
#ifndef CALL_H
#define CALL_H

#include <errno.h>
#include <linux/bridgefw.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

static inline int call(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) < 0 ? -errno : 0;
}

static inline int call_info(int fd, struct bridgefw_info *info)
{
	return call(fd, BRIDGEFW_IOC_GET_INFO, info);
}

static inline int call_status(int fd, struct bridgefw_status *status)
{
	return call(fd, BRIDGEFW_IOC_GET_STATUS, status);
}

static inline int call_memory(int fd, __u32 number, struct bridgefw_memory *m)
{
	memset(m, 0, sizeof(*m));
	m->memory = number;
	return call(fd, BRIDGEFW_IOC_GET_MEMORY, m);
}

/* Returns how many bytes came, or a negative errno. */
static inline int call_read(int fd, __u32 flags, __u32 offset, __u32 length, void *data)
{
	struct bridgefw_read rd = {
		.flags = flags, .offset = offset, .length = length, .data = (uintptr_t)data,
	};
	int ret = call(fd, BRIDGEFW_IOC_READ, &rd);

	return ret ? ret : (int)rd.length;
}

static inline int call_stage(int fd, const void *data, __u32 length)
{
	struct bridgefw_stage st = { .length = length, .data = (uintptr_t)data };

	return call(fd, BRIDGEFW_IOC_STAGE, &st);
}

/* @reason tells why not. */
static inline int call_start(int fd, __u32 job, __u32 flags, __u32 *reason)
{
	struct bridgefw_start st = { .job = job, .flags = flags, .reason = 0xdeadbeef };
	int ret = call(fd, BRIDGEFW_IOC_START, &st);

	*reason = st.reason;
	return ret;
}

static inline int call_claim(int fd)
{
	return call(fd, BRIDGEFW_IOC_CLAIM, NULL);
}

static inline int call_release(int fd)
{
	return call(fd, BRIDGEFW_IOC_RELEASE, NULL);
}

#endif
