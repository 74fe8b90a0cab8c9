/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a memory holds, told after a write and by verify. */
#ifndef BRIDGEFW_CORE_OUTCOME_H
#define BRIDGEFW_CORE_OUTCOME_H

#include <linux/types.h>

struct bridgefw;
struct bridgefw_mem;

void bridgefw_outcome_tell(struct bridgefw *b, struct bridgefw_mem *m, int wrote,
			   const u8 *old, u32 old_len);
void bridgefw_outcome_verify(struct bridgefw *b, struct bridgefw_mem *m);
u32 bridgefw_outcome_check(struct bridgefw *b, struct bridgefw_mem *m);

#endif
