// SPDX-License-Identifier: GPL-2.0-or-later
/* The part of bfp_check() about the states in which operations may be sent. */
#include "check.h"
#include "needs.h"

/* Some state of the chip from which a write of the memory gets to its end. */
static bool written_somehow(const struct bfp *p, u32 memory)
{
	u8 shown = bfp_states_shown(p), role;

	for (role = BFP_ROLE_RUNNING; role <= BFP_ROLE_UPLOADER; role++)
		if (shown & BFP_STATE(role) && bfp_write_open(p, memory, BFP_STATE(role)))
			return true;
	return false;
}

/**
 * bfp_check_states() - the part of bfp_check() about states
 * @c: the check; ids, memories and operations are known to be good
 *
 * Each operation can be sent in a state that the chip is recognised in, and what a
 * write needs can be sent in one go.
 *
 * Return: 0, or -EINVAL.
 */
int bfp_check_states(struct bfp_checking *c)
{
	const struct bfp_operation *op = bfp_operations(c->p);
	u8 shown = bfp_states_shown(c->p);

	c->table = BFP_OPERATIONS;
	for (c->index = 0; c->index < bfp_count(c->p, BFP_OPERATIONS); c->index++, op++) {
		if (!(op->states & shown))
			return bfp_bad(c, "no id of the profile has a state in which %s may be sent",
				       bfp_op_name(op->kind));
		if (op->kind == BFP_OP_PROGRAM && !bfp_write_lacks(c->p, op->memory) &&
		    !written_somehow(c->p, op->memory))
			return bfp_bad(c, "there is no state from which a write gets to its end: what it sends is permitted in others than those that the chip is in by then");
	}
	return 0;
}
