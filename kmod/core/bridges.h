/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of bridges. Its lock is the outermost of the core and never held over I/O. */
#ifndef BRIDGEFW_CORE_BRIDGES_H
#define BRIDGEFW_CORE_BRIDGES_H

#include <linux/list.h>
#include <linux/mutex.h>

extern struct mutex bridgefw_bridges_lock;
extern struct list_head bridgefw_bridges;

#endif
