// SPDX-License-Identifier: GPL-2.0-or-later
/* Which step of which operation a request is, and what stands in it. */
#include "chip.h"

static bool has_item(const struct bfp *p, __le16 first, __le16 count, u8 value)
{
	const struct bfp_item *item = bfp_items(p) + le16_to_cpu(first);
	u32 i;

	for (i = 0; i < le16_to_cpu(count); i++)
		if (item[i].value == value)
			return true;
	return false;
}

/**
 * model_step_sends() - whether a step tells the chip a value
 * @p: the profile
 * @step: the step
 * @value: enum bfp_value
 *
 * Return: true if it does.
 */
bool model_step_sends(const struct bfp *p, const struct bfp_step *step, u8 value)
{
	return has_item(p, step->item_first, step->item_count, value) ||
	       has_item(p, step->addr_first, step->addr_count, value) ||
	       (step->carry == BFP_CARRY_PAYLOAD &&
		has_item(p, step->payload_first, step->payload_count, value));
}

/**
 * model_op_sends() - whether an operation tells the chip a value
 * @p: the profile
 * @op: the operation
 * @value: enum bfp_value
 *
 * Return: true if one of its steps does.
 */
bool model_op_sends(const struct bfp *p, const struct bfp_operation *op, u8 value)
{
	const struct bfp_step *step = bfp_steps(p) + le16_to_cpu(op->step_first);
	u32 i;

	for (i = 0; i < le16_to_cpu(op->step_count); i++)
		if (model_step_sends(p, &step[i], value))
			return true;
	return false;
}

/* A checksum over what the memory holds: the chip compares without getting the data. */
static bool sends_sum(const struct bfp *p, const struct bfp_step *step)
{
	const struct bfp_item *item = bfp_items(p) + le16_to_cpu(step->item_first);
	u32 i;

	for (i = 0; i < le16_to_cpu(step->item_count); i++)
		if (item[i].value == BFP_CHECKSUM && item[i].over != BFP_OVER_TEMPLATE)
			return true;
	return false;
}

/*
 * Which of an operation's steps does what the operation means: the one that
 * moves its data, the last one that gets an answer, or the first command that
 * asks for nothing.
 */
static bool step_has_effect(const struct bfp *p, const struct bfp_operation *op,
			    const struct bfp_step *step)
{
	const struct bfp_step *first = bfp_steps(p) + le16_to_cpu(op->step_first);
	u32 i;

	switch (op->kind) {
	case BFP_OP_IDENTIFY:
	case BFP_OP_VERSION:
		for (i = le16_to_cpu(op->step_count); i--;)
			if (first[i].carry == BFP_CARRY_ANSWER)
				return &first[i] == step;
		return false;
	case BFP_OP_VERIFY:
		if (sends_sum(p, step) || (step->carry == BFP_CARRY_ANSWER && step->payload_count))
			return true;
		fallthrough;
	case BFP_OP_READ:
	case BFP_OP_PROGRAM:
		return step->carry == BFP_CARRY_DATA ||
		       has_item(p, step->item_first, step->item_count, BFP_DATA);
	}
	for (i = 0; i < le16_to_cpu(op->step_count); i++)
		if (first[i].kind <= BFP_STEP_QUADLET_WRITE && first[i].dir != BFP_DIR_IN)
			return &first[i] == step;
	return false;
}

/* Notes which bits of a value, as it goes over the wire, some items send. */
static void add_bits(const struct bfp *p, __le16 first, __le16 count, u8 value, u64 *bits,
		     const struct bfp_item **like)
{
	const struct bfp_item *item = bfp_items(p) + le16_to_cpu(first);
	u32 i;

	for (i = 0; i < le16_to_cpu(count); i++) {
		u64 mask = item[i].bits < 64 ? (1ull << item[i].bits) - 1 : ~0ull;

		if (item[i].value != value)
			continue;
		*bits |= mask << item[i].low;
		*like = &item[i];
	}
}

/*
 * What a value is before a request is decoded. A request that tells the value,
 * or some bits of it, tells it anew: only bits that other steps of the same
 * operation send are those that came with them.
 */
static u64 start_value(const struct bfp *p, const struct bfp_operation *op,
		       const struct bfp_step *step, u8 value, u64 latch)
{
	const struct bfp_step *other = bfp_steps(p) + le16_to_cpu(op->step_first);
	const struct bfp_item *like = NULL;
	u64 bits = 0, add;
	u32 i;

	if (!model_step_sends(p, step, value))
		return latch;
	for (i = 0; i < le16_to_cpu(op->step_count); i++, other++) {
		if (other == step)
			continue;
		add_bits(p, other->item_first, other->item_count, value, &bits, &like);
		add_bits(p, other->addr_first, other->addr_count, value, &bits, &like);
		if (other->carry == BFP_CARRY_PAYLOAD)
			add_bits(p, other->payload_first, other->payload_count, value, &bits,
				 &like);
	}
	if (!like)
		return 0;
	/* Slices of one value divide and add alike. */
	add = (u64)(s64)(s32)le32_to_cpu(like->add);
	bfp_div(&latch, le32_to_cpu(like->divide));
	latch = (latch + add) & bits;
	return latch < add ? 0 : (latch - add) * le32_to_cpu(like->divide);
}

/* What stands in a CDB or a setup packet, or in the value of a quadlet. */
static bool decode_head(const struct bfp *p, const struct bfp_step *step, const u8 *bytes,
			u32 size, struct model_txn *txn)
{
	return bfp_decode(p, le16_to_cpu(step->item_first), le16_to_cpu(step->item_count), bytes,
			  size, &txn->v, txn->data, sizeof(txn->data), &txn->sum,
			  &txn->sum_item) == 1;
}

/* A register's address, and what is written to it. */
static bool decode_quadlet(const struct bfp *p, const struct bfp_step *step, const u8 *bytes,
			   u32 size, struct model_txn *txn)
{
	u8 where[8] = { 0 };

	if (size != (step->kind == BFP_STEP_QUADLET_WRITE ? 12 : 8))
		return false;
	/* the node's number is not the chip's business */
	memcpy(where + 2, bytes + 2, 6);
	if (bfp_decode(p, le16_to_cpu(step->addr_first), le16_to_cpu(step->addr_count), where, 8,
		       &txn->v, NULL, 0, NULL, NULL) != 1)
		return false;
	if (step->kind != BFP_STEP_QUADLET_WRITE)
		return true;
	if (step->carry == BFP_CARRY_NOTHING)
		return decode_head(p, step, bytes + 8, 4, txn);
	memcpy(txn->data, bytes + 8, 4);
	txn->v.data_len = 4;
	return true;
}

static bool match_step(struct model_chip *chip, const struct bfp_operation *op,
		       const struct bfp_step *step, const u8 *bytes, u32 size,
		       u32 length, struct model_txn *txn)
{
	const struct bfp *p = &chip->profile;
	const struct bfp_memory *mem = NULL;

	memset(txn, 0, sizeof(*txn));
	if (op->memory != 0xff) {
		mem = bfp_memories(p) + op->memory;
		txn->memory = &chip->memory[op->memory];
		txn->memory_index = op->memory;
	}
	txn->v.address = start_value(p, op, step, BFP_ADDRESS, chip->latch.address);
	txn->v.sector = (u32)start_value(p, op, step, BFP_SECTOR, chip->latch.sector);
	txn->v.total = (u32)start_value(p, op, step, BFP_TOTAL, chip->latch.total);
	txn->v.length = length;
	txn->v.interface = chip->interface;
	if (mem && (le16_to_cpu(mem->flags) & BFP_MEM_WHOLE) &&
	    !model_op_sends(p, op, BFP_ADDRESS))
		txn->v.address = le64_to_cpu(mem->base);
	if (step->kind >= BFP_STEP_QUADLET_READ ?
	    !decode_quadlet(p, step, bytes, size, txn) :
	    !decode_head(p, step, bytes, size, txn))
		return false;
	/* The decoder leaves alone what is not in the template. */
	if (txn->v.interface != chip->interface)
		return false;
	txn->op = op;
	txn->step = step;
	txn->astray = !(op->states & model_chip_state(chip));
	txn->effect = step_has_effect(p, op, step);
	txn->dir = step->dir;
	txn->asked = length;
	if (mem)
		txn->offset = (u32)(txn->v.address - le64_to_cpu(mem->base));
	return true;
}

/* Where an address stands for something else, it lies outside of the memory. */
static bool inside(const struct bfp *p, const struct model_txn *txn)
{
	return !txn->memory || !model_step_sends(p, txn->step, BFP_ADDRESS) ||
	       txn->offset < txn->memory->size;
}

/* Of two steps that can both be meant, the likelier one. */
static bool better(const struct model_chip *chip, const struct model_txn *a,
		   const struct model_txn *b)
{
	if (a->astray != b->astray)
		return b->astray;
	if (inside(&chip->profile, a) != inside(&chip->profile, b))
		return inside(&chip->profile, a);
	if (a->effect != b->effect)
		return a->effect;
	return a->op == chip->op && b->op != chip->op;
}

/* What a flash port makes of it. */
static void at_port(struct model_chip *chip, enum bfp_step_kind kind, const u8 *bytes,
		    struct model_txn *txn)
{
	u64 address = 0;
	u32 i, word = 0;

	for (i = 2; i < 8; i++)
		address = address << 8 | bytes[i];
	if (kind == BFP_STEP_QUADLET_READ) {
		if (txn->step->carry == BFP_CARRY_DATA)
			model_port_at(chip, address, txn);
		return;
	}
	for (i = 8; i < 12; i++)
		word = word << 8 | bytes[i];
	model_port_look(chip, address, word, txn);
}

/**
 * model_chip_match() - recognise a request
 * @chip: the chip
 * @kind: BFP_STEP_CONTROL, _CDB, _QUADLET_READ or _QUADLET_WRITE
 * @bytes: setup packet or CDB; of a quadlet 8 bytes of address, the most significant
 *	first, and behind them the 4 bytes that are written, as they came
 * @size: how many
 * @length: bytes of the data phase that the host announced; 4 for a quadlet
 * @txn: to fill
 *
 * Where the same bytes stand in several operations, one that may be sent now is the
 * right one, of those the one in which they do what the operation means, and else the
 * one that is running.
 *
 * Return: whether the profile knows the request.
 */
bool model_chip_match(struct model_chip *chip, enum bfp_step_kind kind,
		      const u8 *bytes, u32 size, u32 length, struct model_txn *txn)
{
	const struct bfp *p = &chip->profile;
	const struct bfp_operation *op = bfp_operations(p);
	u32 i, j, ops = bfp_count(p, BFP_OPERATIONS);
	struct model_txn candidate;
	bool found = false;

	for (i = 0; i < ops; i++) {
		const struct bfp_step *step = bfp_steps(p) + le16_to_cpu(op[i].step_first);

		for (j = 0; j < le16_to_cpu(op[i].step_count); j++) {
			if (step[j].kind != kind ||
			    !match_step(chip, &op[i], &step[j], bytes, size, length, &candidate))
				continue;
			if (!found || better(chip, &candidate, txn))
				*txn = candidate;
			found = true;
		}
	}
	if (!found)
		return false;
	if (kind >= BFP_STEP_QUADLET_READ && !txn->astray)
		at_port(chip, kind, bytes, txn);
	if (txn->memory)
		snprintf(txn->name, sizeof(txn->name), "%s.%s", txn->memory->name,
			 bfp_op_name(txn->op->kind));
	else
		snprintf(txn->name, sizeof(txn->name), "%s", bfp_op_name(txn->op->kind));
	return true;
}

/**
 * model_payload_match() - whether a payload is as the profile has it
 * @chip: the chip; values that stand in the payload are latched
 * @txn: the request
 * @data: what the host sent
 * @len: how much
 *
 * Return: true if it can have come from the step's template.
 */
bool model_payload_match(struct model_chip *chip, struct model_txn *txn,
			 const u8 *data, u32 len)
{
	u32 first = le16_to_cpu(txn->step->payload_first);
	u32 count = le16_to_cpu(txn->step->payload_count);
	u8 inner[MODEL_INLINE];

	if (bfp_decode(&chip->profile, first, count, data, len, &txn->v,
		       inner, sizeof(inner), NULL, NULL) != 1)
		return false;
	chip->latch.address = txn->v.address;
	chip->latch.sector = txn->v.sector;
	chip->latch.total = txn->v.total;
	return true;
}
