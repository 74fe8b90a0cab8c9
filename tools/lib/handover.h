/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handing a box's interface to the kernel module, and back. */
#ifndef BRIDGEFW_LIB_HANDOVER_H
#define BRIDGEFW_LIB_HANDOVER_H

#include "bridge.h"

struct bfw_error;

int handover_take(const struct bridge *b, struct bfw_error *e);
void handover_end(void);
void handover_clean(const struct bridge *b);
bool handover_left(const struct bridge *b);

#endif
