// SPDX-License-Identifier: GPL-2.0-or-later
/* What operations do to the chip's memories. */
#include "chip.h"

/* The operation asks by itself whether the part is ready. */
static bool op_polls(const struct bfp *p, const struct bfp_operation *op)
{
	const struct bfp_step *step = bfp_steps(p) + le16_to_cpu(op->step_first);
	u32 i;

	for (i = 0; i < le16_to_cpu(op->step_count); i++)
		if (step[i].flags & BFP_STEPF_POLL)
			return true;
	return false;
}

/*
 * The part has worked since @before. An operation that polls does so meanwhile;
 * any other one gets its status only when the part is ready.
 */
static void hand_back_time(struct model_chip *chip, struct model_txn *txn, u64 before)
{
	if (!txn->memory->part || !op_polls(&chip->profile, txn->op))
		return;
	txn->memory->busy_until = chip->clock->ns;
	chip->clock->ns = before;
}

static enum model_result result_of(int ret)
{
	return !ret ? MODEL_DONE : ret == -ERANGE ? MODEL_INVALID : MODEL_BROKEN;
}

static enum model_result program(struct model_chip *chip, struct model_txn *txn,
				 const u8 *data, u32 len, enum model_cut cut, u32 cut_at)
{
	u64 before = chip->clock->ns;
	int ret;

	ret = model_memory_program(txn->memory, chip->clock, txn->offset, data, len, cut, cut_at);
	if (!ret)
		chip->latch.address = txn->v.address + len;
	hand_back_time(chip, txn, before);
	return result_of(ret);
}

/* The sector that the request names: by address, or else by number. */
static bool named_sector(struct model_chip *chip, struct model_txn *txn, u32 *start, u32 *size)
{
	u32 n;

	if (model_op_sends(&chip->profile, txn->op, BFP_ADDRESS))
		return model_chip_sector(chip, txn->memory_index, txn->offset, start, size);
	if (!model_op_sends(&chip->profile, txn->op, BFP_SECTOR))
		return false;
	*start = 0;
	for (n = 0;; n++, *start += *size) {
		if (!model_chip_sector(chip, txn->memory_index, *start, start, size))
			return false;
		if (n == txn->v.sector)
			return true;
	}
}

static enum model_result erase(struct model_chip *chip, struct model_txn *txn,
			       enum model_cut cut, u32 cut_at)
{
	u32 start = 0, size;
	u64 before = chip->clock->ns;
	int ret;

	/* of a chip whose memory is not known there is nothing to lose here */
	if (!txn->memory)
		return MODEL_DONE;
	size = txn->memory->size;
	if (txn->op->kind == BFP_OP_ERASE_SECTOR && !named_sector(chip, txn, &start, &size))
		return MODEL_INVALID;
	ret = model_memory_erase(txn->memory, chip->clock, start, size, cut, cut_at);
	hand_back_time(chip, txn, before);
	return result_of(ret);
}

static enum model_result compare(struct model_txn *txn, const u8 *data, u32 len)
{
	u8 cell;
	u32 i;

	for (i = 0; i < len; i++)
		if (model_memory_read(txn->memory, txn->offset + i, &cell, 1) != 1 ||
		    cell != data[i])
			return MODEL_MISCOMPARE;
	return MODEL_DONE;
}

/* The host sent no data, only what its checksum must be. */
static enum model_result compare_sum(struct model_txn *txn)
{
	const struct bfp_item *item = txn->sum_item;
	u32 from = item->over == BFP_OVER_IMAGE ? 0 : txn->offset;
	u32 len = item->over == BFP_OVER_IMAGE ? txn->memory->length : txn->v.length;
	u64 mask = item->bits < 64 ? (1ull << item->bits) - 1 : ~0ull;
	u32 sum = bfp_sum_start(item->sum), i;
	u8 cell;

	if (from > txn->memory->length || len > txn->memory->length - from)
		return MODEL_INVALID;
	for (i = 0; i < len; i++) {
		model_memory_read(txn->memory, from + i, &cell, 1);
		sum = bfp_sum_more(item->sum, sum, &cell, 1);
	}
	return ((bfp_sum_end(item->sum, sum) >> item->low) & mask) == txn->sum ?
	       MODEL_DONE : MODEL_MISCOMPARE;
}

static void set_locks(struct model_chip *chip, struct model_txn *txn, bool locked)
{
	u32 i;

	for (i = 0; i < chip->memories; i++)
		if (!txn->memory || txn->memory_index == i)
			chip->locked[i] = locked;
}

/**
 * model_effect() - do what the operation means
 * @chip: the chip
 * @txn: the request, of which this is the effect
 * @data: what goes into the memory, or is compared with it
 * @len: how much
 * @cut: what ends it early
 * @cut_at: after this many bytes
 *
 * Return: MODEL_DONE or why not.
 */
enum model_result model_effect(struct model_chip *chip, struct model_txn *txn,
			       const u8 *data, u32 len, enum model_cut cut, u32 cut_at)
{
	switch (txn->op->kind) {
	case BFP_OP_PROGRAM:
		return program(chip, txn, data, len, cut, cut_at);
	case BFP_OP_ERASE_SECTOR:
	case BFP_OP_ERASE_ALL:
		return erase(chip, txn, cut, cut_at);
	case BFP_OP_VERIFY:
		return txn->sum_item && !len ? compare_sum(txn) : compare(txn, data, len);
	case BFP_OP_UNLOCK:
	case BFP_OP_LOCK:
		set_locks(chip, txn, txn->op->kind == BFP_OP_LOCK);
		return MODEL_DONE;
	}
	return MODEL_DONE;
}
