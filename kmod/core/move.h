/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bridge whose job makes the device leave the bus and come back. */
#ifndef BRIDGEFW_CORE_MOVE_H
#define BRIDGEFW_CORE_MOVE_H

#include <linux/types.h>

struct bridgefw;
struct bridgefw_place;

/* For whoever finds devices. */
struct bridgefw *bridgefw_move_back(const struct bridgefw_place *place);
bool bridgefw_move_ended(struct bridgefw *b);
bool bridgefw_move_away(struct bridgefw *b);

/* For the job. */
void bridgefw_move_expect(struct bridgefw *b, u16 id);
int bridgefw_move_wait(struct bridgefw *b, u32 timeout_ms);
void bridgefw_move_forget(struct bridgefw *b);

#endif
