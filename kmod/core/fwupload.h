/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memories as devices of the kernel's Firmware Upload API, where it has that. */
#ifndef BRIDGEFW_FWUPLOAD_H
#define BRIDGEFW_FWUPLOAD_H

#include <linux/errno.h>
#include <linux/kconfig.h>
#include <linux/sysfs.h>
#include <linux/types.h>

struct bridgefw;
struct bridgefw_mem;

#if IS_ENABLED(CONFIG_FW_UPLOAD)
int bridgefw_uploads_add(struct bridgefw *b);
void bridgefw_uploads_remove(struct bridgefw *b);
int bridgefw_upload_allow(struct bridgefw_mem *m, u32 flags);
void bridgefw_upload_forbid(struct bridgefw *b);
ssize_t bridgefw_upload_emit(struct bridgefw_mem *m, char *buf);
#else
static inline int bridgefw_uploads_add(struct bridgefw *b)
{
	return 0;
}

static inline void bridgefw_uploads_remove(struct bridgefw *b)
{
}

static inline int bridgefw_upload_allow(struct bridgefw_mem *m, u32 flags)
{
	return -EOPNOTSUPP;
}

static inline void bridgefw_upload_forbid(struct bridgefw *b)
{
}

static inline ssize_t bridgefw_upload_emit(struct bridgefw_mem *m, char *buf)
{
	return sysfs_emit(buf, "none\n");
}
#endif

#endif
