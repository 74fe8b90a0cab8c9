/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeping the system up while a memory is written. */
#ifndef BRIDGEFW_LIB_INHIBIT_H
#define BRIDGEFW_LIB_INHIBIT_H

#include <stdbool.h>

/**
 * struct inhibit - a lock of logind
 * @fd: holds it; -1: there is none
 * @why_not: why there is none; "" if there is one, or if none was asked for
 */
struct inhibit {
	int fd;
	char why_not[160];
};

#define INHIBIT_NONE	((struct inhibit){ .fd = -1 })

bool inhibit_take(struct inhibit *i, const char *why);
void inhibit_release(struct inhibit *i);

#endif
