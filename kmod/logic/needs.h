/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which operations of a profile a write of a memory uses. */
#ifndef BRIDGEFW_LOGIC_NEEDS_H
#define BRIDGEFW_LOGIC_NEEDS_H

#include "profile.h"

const struct bfp_operation *bfp_lock_op(const struct bfp *p, enum bfp_op_kind kind, u32 memory);
const struct bfp_operation *bfp_return_op(const struct bfp *p, u32 memory);
const struct bfp_operation *bfp_write_op(const struct bfp *p, u32 memory, u32 i);
u8 bfp_write_lacks(const struct bfp *p, u32 memory);

u8 bfp_states_shown(const struct bfp *p);
const struct bfp_operation *bfp_unlock_first(const struct bfp *p, u32 memory, u8 state);
bool bfp_write_open(const struct bfp *p, u32 memory, u8 state);

#endif
