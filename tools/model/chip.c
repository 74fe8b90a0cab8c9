// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a request's bytes to what it does to the chip's memories, by the
 * profile alone.
 */
#include "chip.h"

/**
 * model_chip_init() - a chip with blank memories
 * @chip: to fill
 * @profile: a checked profile, which must outlive the chip
 * @clock: model time
 *
 * A flash is modelled as a part whose write protection is on: its programming
 * needs a model of its own kind, and none of today's profiles writes one.
 *
 * Return: 0 or -ENOMEM.
 */
int model_chip_init(struct model_chip *chip, const struct bfp *profile,
		    struct model_clock *clock)
{
	const struct bfp_memory *mem = bfp_memories(profile);
	u32 i, count = bfp_count(profile, BFP_MEMORIES);
	int ret;

	memset(chip, 0, sizeof(*chip));
	chip->profile = *profile;
	chip->clock = clock;
	for (i = 0; i < count; i++) {
		struct model_memory *m = &chip->memory[i];

		ret = model_memory_init(m, bfp_string(profile, mem[i].name),
					le32_to_cpu(mem[i].size),
					le32_to_cpu(mem[i].erase_value));
		if (ret) {
			model_chip_free(chip);
			return ret;
		}
		chip->memories++;
		if (mem[i].kind != BFP_EEPROM) {
			m->write_protect = true;
			m->page_us = 0;
		}
	}
	model_chip_power_on(chip);
	return 0;
}

/**
 * model_chip_free() - give back what the chip occupies
 * @chip: the chip
 */
void model_chip_free(struct model_chip *chip)
{
	while (chip->memories)
		model_memory_free(&chip->memory[--chip->memories]);
}

/**
 * model_chip_power_on() - what the chip forgets when it starts
 * @chip: the chip
 *
 * A memory that the profile can unlock starts locked.
 */
void model_chip_power_on(struct model_chip *chip)
{
	u32 i;

	memset(&chip->latch, 0, sizeof(chip->latch));
	for (i = 0; i < chip->memories; i++)
		chip->locked[i] = bfp_find_operation(&chip->profile, BFP_OP_UNLOCK, i) ||
				  bfp_find_operation(&chip->profile, BFP_OP_UNLOCK, 0xff);
}

/**
 * model_chip_memory() - find a part
 * @chip: the chip
 * @name: as the profile calls it; NULL: any name
 * @kind: enum bfp_memory_kind; 0: any kind
 *
 * Return: the first part that agrees, or NULL.
 */
struct model_memory *model_chip_memory(struct model_chip *chip, const char *name, int kind)
{
	const struct bfp_memory *mem = bfp_memories(&chip->profile);
	u32 i;

	for (i = 0; i < chip->memories; i++)
		if ((!name || !strcmp(name, chip->memory[i].name)) &&
		    (!kind || kind == mem[i].kind))
			return &chip->memory[i];
	return NULL;
}

/*
 * Which of an operation's steps does what the operation means: the one that
 * moves its data, the last one that gets an answer, or the first command that
 * asks for nothing.
 */
static bool step_has_effect(const struct bfp *p, const struct bfp_operation *op,
			    const struct bfp_step *step)
{
	const struct bfp_item *item = bfp_items(p) + le16_to_cpu(step->item_first);
	const struct bfp_step *first = bfp_steps(p) + le16_to_cpu(op->step_first);
	u32 i;

	switch (op->kind) {
	case BFP_OP_IDENTIFY:
	case BFP_OP_VERSION:
		for (i = le16_to_cpu(op->step_count); i--;)
			if (first[i].carry == BFP_CARRY_ANSWER)
				return &first[i] == step;
		return false;
	case BFP_OP_READ:
	case BFP_OP_PROGRAM:
	case BFP_OP_VERIFY:
		if (step->carry == BFP_CARRY_DATA)
			return true;
		for (i = 0; i < le16_to_cpu(step->item_count); i++)
			if (item[i].value == BFP_DATA)
				return true;
		return false;
	}
	for (i = 0; i < le16_to_cpu(op->step_count); i++)
		if ((first[i].kind == BFP_STEP_CDB || first[i].kind == BFP_STEP_CONTROL) &&
		    first[i].dir != BFP_DIR_IN)
			return &first[i] == step;
	return false;
}

static bool match_step(struct model_chip *chip, const struct bfp_operation *op,
		       const struct bfp_step *step, const u8 *bytes, u32 size,
		       u32 length, struct model_txn *txn)
{
	const struct bfp *p = &chip->profile;
	const struct bfp_memory *mem = NULL;
	u32 first = le16_to_cpu(step->item_first);
	u32 count = le16_to_cpu(step->item_count);

	memset(txn, 0, sizeof(*txn));
	if (op->memory != 0xff) {
		mem = bfp_memories(p) + op->memory;
		txn->memory = &chip->memory[op->memory];
		txn->memory_index = op->memory;
	}
	txn->v = chip->latch;
	txn->v.length = length;
	txn->v.interface = chip->interface;
	txn->v.data = NULL;
	txn->v.data_len = 0;
	if (mem && (le16_to_cpu(mem->flags) & BFP_MEM_WHOLE))
		txn->v.address = le64_to_cpu(mem->base);
	if (bfp_template_size(p, first, count) != size ||
	    bfp_decode(p, first, count, bytes, size, &txn->v, txn->data,
		       sizeof(txn->data), &txn->sum, &txn->sum_item) != 1)
		return false;
	/* The decoder leaves alone what is not in the template. */
	if (txn->v.interface != chip->interface)
		return false;
	txn->op = op;
	txn->step = step;
	txn->effect = step_has_effect(p, op, step);
	txn->dir = step->dir;
	txn->asked = length;
	if (mem)
		txn->offset = (u32)(txn->v.address - le64_to_cpu(mem->base));
	return true;
}

/**
 * model_chip_match() - recognise a request
 * @chip: the chip
 * @kind: BFP_STEP_CONTROL or BFP_STEP_CDB
 * @bytes: setup packet or CDB
 * @size: how many
 * @length: bytes of the data phase that the host announced
 * @txn: to fill
 *
 * Where the same bytes stand in several operations, the one in which they do
 * what the operation means is the right one.
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
			if (!found || (candidate.effect && !txn->effect))
				*txn = candidate;
			found = true;
		}
	}
	if (!found)
		return false;
	if (txn->memory)
		snprintf(txn->name, sizeof(txn->name), "%s.%s", txn->memory->name,
			 bfp_op_name(txn->op->kind));
	else
		snprintf(txn->name, sizeof(txn->name), "%s", bfp_op_name(txn->op->kind));
	return true;
}

static bool needs_unlock(const struct model_chip *chip, const struct model_txn *txn)
{
	switch (txn->op->kind) {
	case BFP_OP_PROGRAM:
	case BFP_OP_ERASE_SECTOR:
	case BFP_OP_ERASE_ALL:
		return txn->effect && txn->memory && chip->locked[txn->memory_index];
	}
	return false;
}

/**
 * model_chip_start() - the request is in; how much data is to move?
 * @chip: the chip
 * @txn: what model_chip_match() recognised; its length is set
 *
 * Return: MODEL_DONE to go on with the data phase, or why the chip refuses.
 */
enum model_result model_chip_start(struct model_chip *chip, struct model_txn *txn)
{
	chip->latch.address = txn->v.address;
	chip->latch.sector = txn->v.sector;
	chip->latch.total = txn->v.total;

	switch (txn->step->carry) {
	case BFP_CARRY_NOTHING:
		txn->length = 0;
		txn->dir = BFP_DIR_NONE;
		break;
	case BFP_CARRY_DATA:
		txn->length = txn->v.length;
		if (!txn->memory || txn->offset > txn->memory->size ||
		    txn->length > txn->memory->size - txn->offset)
			return MODEL_INVALID;
		if (txn->dir == BFP_DIR_IN && txn->length > txn->memory->length - txn->offset &&
		    txn->offset <= txn->memory->length)
			txn->length = txn->memory->length - txn->offset;
		break;
	case BFP_CARRY_ANSWER:
		/* Nothing but the transport says how much of it the host wants. */
		txn->length = le32_to_cpu(txn->step->length);
		if (txn->length > txn->asked)
			txn->length = txn->asked;
		break;
	case BFP_CARRY_PAYLOAD:
		txn->length = bfp_template_size(&chip->profile,
						le16_to_cpu(txn->step->payload_first),
						le16_to_cpu(txn->step->payload_count));
		break;
	}
	return needs_unlock(chip, txn) ? MODEL_PROTECTED : MODEL_DONE;
}

/* What the profile expects to read here; the model is never in between. */
static void expected_answer(const struct bfp *p, const struct bfp_step *step,
			    u8 *out, u32 len)
{
	const u8 *want = bfp_blob(p, step->expect);
	u32 i, n = le32_to_cpu(step->expect_len);

	for (i = 0; i < n && i < len; i++)
		out[i] = (out[i] & ~want[n + i]) | (want[i] & want[n + i]);
}

/**
 * model_chip_in() - the data phase towards the host
 * @chip: the chip
 * @txn: the request, after model_chip_start()
 * @out: where to put the bytes
 * @room: how many there is room for
 * @actual: how many were put there
 *
 * Return: MODEL_DONE or why not.
 */
enum model_result model_chip_in(struct model_chip *chip, struct model_txn *txn,
				u8 *out, u32 room, u32 *actual)
{
	const struct bfp *p = &chip->profile;
	u32 n = txn->length < room ? txn->length : room;
	u32 known;

	*actual = 0;
	if (txn->step->carry == BFP_CARRY_DATA) {
		*actual = model_memory_read(txn->memory, txn->offset, out, n);
		chip->clock->ns += (u64)*actual * MODEL_EEPROM_READ_NS;
		chip->latch.address = txn->v.address + *actual;
		return MODEL_DONE;
	}
	memset(out, 0, n);
	if (txn->effect) {
		known = le32_to_cpu(txn->op->answer_len);
		memcpy(out, bfp_blob(p, txn->op->answer), known < n ? known : n);
	}
	expected_answer(p, txn->step, out, n);
	*actual = n;
	return MODEL_DONE;
}

static enum model_result program(struct model_chip *chip, struct model_txn *txn,
				 const u8 *data, u32 len, enum model_cut cut, u32 cut_at)
{
	switch (model_memory_program(txn->memory, chip->clock, txn->offset, data, len,
				     cut, cut_at)) {
	case 0:
		chip->latch.address = txn->v.address + len;
		return MODEL_DONE;
	case -ERANGE:
		return MODEL_INVALID;
	}
	return MODEL_BROKEN;
}

static enum model_result erase(struct model_chip *chip, struct model_txn *txn,
			       enum model_cut cut, u32 cut_at)
{
	const struct bfp *p = &chip->profile;
	const struct bfp_memory *mem = bfp_memories(p) + txn->memory_index;
	const struct bfp_geometry *geo = bfp_geometries(p) + le16_to_cpu(mem->geometry_first);
	u32 i, offset = 0, len = txn->memory->size;
	u8 blank[256];

	if (txn->op->kind == BFP_OP_ERASE_SECTOR) {
		u32 start = 0, size = 0;

		/* The sector that the address, or the sector number, lies in. */
		for (i = 0; i < le16_to_cpu(mem->geometry_count); i++) {
			u32 run = le32_to_cpu(geo[i].sectors) * le32_to_cpu(geo[i].size);

			size = le32_to_cpu(geo[i].size);
			if (txn->offset < start + run) {
				start += (txn->offset - start) / size * size;
				break;
			}
			start += run;
		}
		if (!size || start >= txn->memory->size)
			return MODEL_INVALID;
		offset = start;
		len = size;
	}

	memset(blank, le32_to_cpu(mem->erase_value), sizeof(blank));
	for (i = 0; i < len; i += sizeof(blank)) {
		u32 n = len - i < sizeof(blank) ? len - i : (u32)sizeof(blank);
		bool last = cut != MODEL_CUT_NONE && cut_at < i + n;

		if (model_memory_program(txn->memory, chip->clock, offset + i, blank, n,
					 last ? cut : MODEL_CUT_NONE, cut_at - i))
			return MODEL_BROKEN;
		if (last)
			break;
	}
	return MODEL_DONE;
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

static void set_locks(struct model_chip *chip, struct model_txn *txn, bool locked)
{
	u32 i;

	for (i = 0; i < chip->memories; i++)
		if (!txn->memory || txn->memory_index == i)
			chip->locked[i] = locked;
}

static bool payload_agrees(struct model_chip *chip, struct model_txn *txn,
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

/**
 * model_chip_out() - the data phase from the host, or a request without one
 * @chip: the chip
 * @txn: the request, after model_chip_start()
 * @data: what the host sent
 * @len: how much
 * @cut: what ends it early
 * @cut_at: after this many bytes
 *
 * Return: MODEL_DONE, MODEL_RESET or why not.
 */
enum model_result model_chip_out(struct model_chip *chip, struct model_txn *txn,
				 const u8 *data, u32 len,
				 enum model_cut cut, u32 cut_at)
{
	if (txn->step->carry == BFP_CARRY_PAYLOAD && !payload_agrees(chip, txn, data, len))
		return MODEL_INVALID;
	if (txn->sum_item && txn->sum_item->over == BFP_OVER_DATA &&
	    txn->step->carry == BFP_CARRY_DATA) {
		u64 mask = txn->sum_item->bits < 64 ? (1ull << txn->sum_item->bits) - 1 : ~0ull;
		u64 sum = bfp_checksum(txn->sum_item->sum, data, len);

		if (((sum >> txn->sum_item->low) & mask) != txn->sum)
			return MODEL_INVALID;
	}
	if (!txn->effect)
		return MODEL_DONE;
	if (txn->step->carry != BFP_CARRY_DATA && txn->v.data_len) {
		data = txn->data;
		len = txn->v.data_len;
	}

	switch (txn->op->kind) {
	case BFP_OP_PROGRAM:
		return program(chip, txn, data, len, cut, cut_at);
	case BFP_OP_ERASE_SECTOR:
	case BFP_OP_ERASE_ALL:
		return erase(chip, txn, cut, cut_at);
	case BFP_OP_VERIFY:
		return compare(txn, data, len);
	case BFP_OP_UNLOCK:
	case BFP_OP_LOCK:
		set_locks(chip, txn, txn->op->kind == BFP_OP_LOCK);
		return MODEL_DONE;
	case BFP_OP_RESET:
		return cut == MODEL_CUT_NONE ? MODEL_RESET : MODEL_DONE;
	}
	return MODEL_DONE;
}
