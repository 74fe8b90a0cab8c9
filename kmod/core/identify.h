/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the chip says that it is, when it is asked. */
#ifndef BRIDGEFW_CORE_IDENTIFY_H
#define BRIDGEFW_CORE_IDENTIFY_H

#include <linux/types.h>

struct bridgefw;

u32 bridgefw_identify_check(struct bridgefw *b);
void bridgefw_identify_run(struct bridgefw *b);
int bridgefw_identify_same(struct bridgefw *b);

#endif
