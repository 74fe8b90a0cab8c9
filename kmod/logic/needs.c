// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a write of a memory uses: it programs; it erases first where that must be;
 * it reads back, or lets the chip compare where nothing can be read; and it opens
 * and closes what has a lock.
 */
#include "needs.h"

static const struct bfp_operation *of(const struct bfp *p, enum bfp_op_kind kind, u32 memory)
{
	return bfp_find_operation(p, kind, (int)memory);
}

static bool erased_first(const struct bfp *p, u32 memory)
{
	return le16_to_cpu(bfp_memories(p)[memory].flags) & BFP_MEM_ERASE_FIRST;
}

/**
 * bfp_lock_op() - what opens or closes a memory for writing
 * @p: checked profile
 * @kind: BFP_OP_UNLOCK or BFP_OP_LOCK
 * @memory: its index
 *
 * Return: that of the memory, else that of the whole chip, else NULL.
 */
const struct bfp_operation *bfp_lock_op(const struct bfp *p, enum bfp_op_kind kind, u32 memory)
{
	const struct bfp_operation *op = of(p, kind, memory);

	return op ? op : bfp_find_operation(p, kind, -1);
}

/**
 * bfp_states_shown() - the states that a chip can be recognised in
 * @p: checked profile
 *
 * Return: BFP_STATE() of each role of its ids; all of them if it has no id.
 */
u8 bfp_states_shown(const struct bfp *p)
{
	const struct bfp_id *id = bfp_ids(p);
	u8 states = 0;
	u32 i;

	for (i = 0; i < bfp_count(p, BFP_IDS); i++)
		states |= BFP_STATE(id[i].role);
	return states ? states : BFP_STATES_ALL;
}

/* The states that an operation can leave the chip in, which was in @state before. */
static u8 leads_to(const struct bfp *p, const struct bfp_operation *op, u8 state)
{
	const struct bfp_step *s = bfp_steps(p) + le16_to_cpu(op->step_first);
	u32 i;

	for (i = 0; i < le16_to_cpu(op->step_count); i++) {
		if (s[i].kind != BFP_STEP_REENUMERATE)
			continue;
		state = le16_to_cpu(s[i].new_id) == BFP_NONE ? bfp_states_shown(p) :
			BFP_STATE(bfp_ids(p)[le16_to_cpu(s[i].new_id)].role);
	}
	return state;
}

/**
 * bfp_unlock_first() - what a write that begins in a state has to send before
 * @p: checked profile
 * @memory: its index
 * @state: BFP_STATE() of the chip
 *
 * A chip without firmware may stand open where a running one has to be opened.
 *
 * Return: the operation that unlocks, NULL if there is none, or none for that state.
 */
const struct bfp_operation *bfp_unlock_first(const struct bfp *p, u32 memory, u8 state)
{
	const struct bfp_operation *op = bfp_lock_op(p, BFP_OP_UNLOCK, memory);

	return op && op->states & state ? op : NULL;
}

/**
 * bfp_return_op() - what ends a state that a memory is written in
 * @p: checked profile
 * @memory: its index
 *
 * Where unlocking makes the chip another device, a reset makes it what it was.
 *
 * Return: the reset, NULL if none is needed or known.
 */
const struct bfp_operation *bfp_return_op(const struct bfp *p, u32 memory)
{
	const struct bfp_operation *unlock = bfp_lock_op(p, BFP_OP_UNLOCK, memory);
	const struct bfp_step *s;
	u32 i;

	if (!unlock)
		return NULL;
	s = bfp_steps(p) + le16_to_cpu(unlock->step_first);
	for (i = 0; i < le16_to_cpu(unlock->step_count); i++)
		if (s[i].kind == BFP_STEP_REENUMERATE)
			return bfp_find_operation(p, BFP_OP_RESET, -1);
	return NULL;
}

/* All at once is for chips that cannot be erased sector by sector. An erase that
 * names no memory is never used: nobody knows what it erases.
 */
static const struct bfp_operation *erase_op(const struct bfp *p, u32 memory)
{
	const struct bfp_operation *op = of(p, BFP_OP_ERASE_SECTOR, memory);

	return op ? op : of(p, BFP_OP_ERASE_ALL, memory);
}

static const struct bfp_operation *check_op(const struct bfp *p, u32 memory)
{
	const struct bfp_operation *op = of(p, BFP_OP_READ, memory);

	return op ? op : of(p, BFP_OP_VERIFY, memory);
}

/* One thing that a write needs; NULL if the memory does without, or nobody knows how. */
static const struct bfp_operation *part(const struct bfp *p, u32 memory, u32 i)
{
	switch (i) {
	case 0:
		return of(p, BFP_OP_PROGRAM, memory);
	case 1:
		return check_op(p, memory);
	case 2:
		return erased_first(p, memory) ? erase_op(p, memory) : NULL;
	case 3:
		return bfp_lock_op(p, BFP_OP_UNLOCK, memory);
	case 4:
		return bfp_lock_op(p, BFP_OP_LOCK, memory);
	default:
		return bfp_return_op(p, memory);
	}
}

#define PARTS	6

/**
 * bfp_write_op() - the operations that a write of a memory uses
 * @p: checked profile
 * @memory: its index
 * @i: 0, 1, ... until NULL is returned
 *
 * Return: an operation that the profile has; what it lacks is told by
 * bfp_write_lacks().
 */
const struct bfp_operation *bfp_write_op(const struct bfp *p, u32 memory, u32 i)
{
	const struct bfp_operation *op;
	u32 k;

	for (k = 0; k < PARTS; k++) {
		op = part(p, memory, k);
		if (op && !i--)
			return op;
	}
	return NULL;
}

/**
 * bfp_write_lacks() - what nobody knows of a write of a memory
 * @p: checked profile
 * @memory: its index
 *
 * Return: the kind of the first operation that is missing, 0 if none is.
 */
u8 bfp_write_lacks(const struct bfp *p, u32 memory)
{
	if (!of(p, BFP_OP_PROGRAM, memory))
		return BFP_OP_PROGRAM;
	if (!check_op(p, memory))
		return BFP_OP_READ;
	if (erased_first(p, memory) && !erase_op(p, memory))
		return BFP_OP_ERASE_SECTOR;
	return 0;
}

/**
 * bfp_write_open() - whether a write can begin in a state of the chip
 * @p: checked profile
 * @memory: its index; bfp_write_lacks() misses nothing
 * @state: BFP_STATE() of the chip
 *
 * It can if everything it sends is permitted in the state that the chip is in by then:
 * as it is, or where unlocking leads. What is read is read before and after.
 *
 * Return: whether it can.
 */
bool bfp_write_open(const struct bfp *p, u32 memory, u8 state)
{
	const struct bfp_operation *unlock = bfp_unlock_first(p, memory, state);
	const struct bfp_operation *op;
	u8 then = unlock ? leads_to(p, unlock, state) : state;
	u32 k;

	for (k = 0; k < 3; k++) {
		op = part(p, memory, k);
		if (!op)
			continue;
		if (then & ~op->states || (op->kind == BFP_OP_READ && !(op->states & state)))
			return false;
	}
	return true;
}
