/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of an operation while bfp_check() walks its steps. */
#ifndef BRIDGEFW_LOGIC_CHECK_OPS_H
#define BRIDGEFW_LOGIC_CHECK_OPS_H

#include "check.h"

/**
 * struct bfp_slices - the bits of one value that an operation sends
 * @bits: which, of all its templates
 * @divide: the same in all slices
 * @add: likewise
 * @most: largest value
 * @idle: low bits that are always zero
 * @used: whether there is any slice
 */
struct bfp_slices {
	u64 bits;
	u32 divide;
	s32 add;
	u64 most;
	u64 idle;
	bool used;
};

/**
 * struct bfp_op_check - an operation being checked
 * @c: the check as a whole
 * @op: the operation
 * @memory: its memory, NULL if it names none
 * @next_item: first item that no template has used yet
 * @sector_max: largest sector of @memory, 0 if it has none
 * @piece_max: most bytes that {length} can be where the walk is now
 * @data_steps: how many steps carry memory content
 * @inline_data: whether a template has {data}
 * @answer_step: the last step with an answer, NULL if there is none
 * @depth: open loops
 * @loop: their first steps, and @piece_max around them
 * @slices: by enum bfp_value
 */
struct bfp_op_check {
	struct bfp_checking *c;
	const struct bfp_operation *op;
	const struct bfp_memory *memory;
	u32 next_item;
	u32 sector_max;
	u32 piece_max;
	u32 data_steps;
	bool inline_data;
	const struct bfp_step *answer_step;
	u32 depth;
	struct {
		u32 start;
		u32 piece_max;
	} loop[BFP_LOOP_DEPTH];
	struct bfp_slices slices[BFP_VALUES];
};

int bfp_check_transfer(struct bfp_op_check *o, const struct bfp_step *s);
int bfp_check_template(struct bfp_op_check *o, const struct bfp_step *s, u32 first,
		       u32 count, u32 *bits);
bool bfp_pieces_even(const struct bfp_op_check *o);
int bfp_check_coverage(struct bfp_op_check *o);

#endif
