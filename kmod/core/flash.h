/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing a memory that must be erased first. */
#ifndef BRIDGEFW_FLASH_H
#define BRIDGEFW_FLASH_H

#include <linux/types.h>

struct bridgefw;
struct bridgefw_mem;

int bridgefw_flash_write(struct bridgefw *b, struct bridgefw_mem *m, const u8 *old,
			 bool doubtful, bool *started);

#endif
