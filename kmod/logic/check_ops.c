// SPDX-License-Identifier: GPL-2.0-or-later
/* The part of bfp_check() about operations and their steps. */
#include "check_ops.h"

static bool moves_pieces(u8 kind)
{
	return kind == BFP_OP_READ || kind == BFP_OP_PROGRAM || kind == BFP_OP_VERIFY ||
	       kind == BFP_OP_ERASE_SECTOR || kind == BFP_OP_ERASE_ALL;
}

/* Members that a step of this kind does not use are zero (or BFP_NONE). */
static bool unused_clear(const struct bfp_step *step)
{
	struct bfp_step s = *step;

	s.kind = 0;
	switch (step->kind) {
	case BFP_STEP_QUADLET_READ:
	case BFP_STEP_QUADLET_WRITE:
		s.addr_first = 0;
		s.addr_count = 0;
		fallthrough;
	case BFP_STEP_CDB:
	case BFP_STEP_CONTROL:
		s.dir = 0;
		s.carry = 0;
		s.flags = 0;
		s.item_first = 0;
		s.item_count = 0;
		s.timeout_ms = 0;
		if (step->carry == BFP_CARRY_PAYLOAD) {
			s.payload_first = 0;
			s.payload_count = 0;
		}
		if (step->carry == BFP_CARRY_ANSWER) {
			s.payload_first = 0;
			s.payload_count = 0;
			s.length = 0;
			s.expect = 0;
			s.expect_len = 0;
		}
		if (step->flags & BFP_STEPF_POLL) {
			s.wait_us = 0;
			s.wait_max_ms = 0;
		}
		break;
	case BFP_STEP_DELAY:
		s.wait_us = 0;
		break;
	case BFP_STEP_REENUMERATE:
		s.wait_max_ms = 0;
		s.new_id = cpu_to_le16(BFP_NONE);
		break;
	case BFP_STEP_LOOP_CHUNK:
		s.length = 0;
		fallthrough;
	case BFP_STEP_LOOP_SECTOR:
	case BFP_STEP_LOOP_END:
		s.loop_end = cpu_to_le16(BFP_NONE);
		break;
	}
	if (s.new_id != cpu_to_le16(BFP_NONE) || s.loop_end != cpu_to_le16(BFP_NONE))
		return false;
	s.new_id = 0;
	s.loop_end = 0;
	return bfp_zero((const u8 *)&s, sizeof(s));
}

static int open_loop(struct bfp_op_check *o, const struct bfp_step *s, u32 at)
{
	u32 unit = le32_to_cpu(s->length);

	if (o->depth == BFP_LOOP_DEPTH)
		return bfp_bad(o->c, "loops are nested deeper than %u", BFP_LOOP_DEPTH);
	if (!o->memory || !moves_pieces(o->op->kind))
		return bfp_bad(o->c, "%s walks no memory: it has nothing to loop over",
			       bfp_op_name(o->op->kind));
	if (s->kind == BFP_STEP_LOOP_SECTOR) {
		if (o->depth)
			return bfp_bad(o->c, "for-each sector must be the outer loop");
		if (!o->memory->geometry_count)
			return bfp_bad(o->c, "the memory has no sectors to loop over");
		unit = o->sector_max;
	} else if (!unit || unit % le32_to_cpu(o->memory->unit)) {
		return bfp_bad(o->c, "a chunk of %u bytes is not a multiple of the memory's unit",
			       unit);
	}
	o->loop[o->depth].start = at;
	o->loop[o->depth].piece_max = o->piece_max;
	o->depth++;
	if (unit < o->piece_max)
		o->piece_max = unit;
	return 0;
}

static int close_loop(struct bfp_op_check *o, const struct bfp_step *steps, u32 at)
{
	u32 start;

	if (!o->depth)
		return bfp_bad(o->c, "end without for-each");
	o->depth--;
	start = o->loop[o->depth].start;
	o->piece_max = o->loop[o->depth].piece_max;
	if (le16_to_cpu(steps[start].loop_end) != at || le16_to_cpu(steps[at].loop_end) != start)
		return bfp_bad(o->c, "loop and end do not point at each other");
	if (start + 1 == at)
		return bfp_bad(o->c, "the loop is empty");
	return 0;
}

static int check_step(struct bfp_op_check *o, const struct bfp_step *steps, u32 at)
{
	const struct bfp_step *s = &steps[at];
	u32 ids = bfp_count(o->c->p, BFP_IDS);

	if (s->kind < BFP_STEP_CDB || s->kind > BFP_STEP_LOOP_END)
		return bfp_bad(o->c, "step kind %u means nothing", s->kind);
	if (!unused_clear(s))
		return bfp_bad(o->c, "the step has members set that it does not use");
	switch (s->kind) {
	case BFP_STEP_DELAY:
		if (!s->wait_us || le32_to_cpu(s->wait_us) > BFP_DELAY_MAX_US)
			return bfp_bad(o->c, "a delay of %u us is not within 1..%u us",
				       le32_to_cpu(s->wait_us), BFP_DELAY_MAX_US);
		return 0;
	case BFP_STEP_REENUMERATE:
		if (o->depth)
			return bfp_bad(o->c, "a loop cannot wait for the chip to come back");
		if (!s->wait_max_ms || le32_to_cpu(s->wait_max_ms) > BFP_TIMEOUT_MAX_MS)
			return bfp_bad(o->c, "the chip must be back within 1..%u ms",
				       BFP_TIMEOUT_MAX_MS);
		if (le16_to_cpu(s->new_id) != BFP_NONE && le16_to_cpu(s->new_id) >= ids)
			return bfp_bad(o->c, "the chip is to come back with an id that the profile does not have");
		return 0;
	case BFP_STEP_LOOP_SECTOR:
	case BFP_STEP_LOOP_CHUNK:
		return open_loop(o, s, at);
	case BFP_STEP_LOOP_END:
		return close_loop(o, steps, at);
	default:
		return bfp_check_transfer(o, s);
	}
}

/* The most bytes that one run of the steps outside of all loops is about. */
static u32 first_piece(const struct bfp_op_check *o, const struct bfp_step *steps, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (steps[i].kind == BFP_STEP_LOOP_SECTOR || steps[i].kind == BFP_STEP_LOOP_CHUNK)
			return le32_to_cpu(o->memory->size);
	switch (o->op->kind) {
	case BFP_OP_READ:
	case BFP_OP_VERIFY:
		return le32_to_cpu(o->memory->read_chunk);
	case BFP_OP_PROGRAM:
		return le32_to_cpu(o->memory->write_chunk);
	case BFP_OP_ERASE_SECTOR:
		return o->sector_max;
	default:
		return le32_to_cpu(o->memory->size);
	}
}

static int check_memory_use(struct bfp_op_check *o)
{
	const struct bfp_operation *op = o->op;
	const struct bfp_geometry *g;
	u32 i;

	if (op->memory == 0xff) {
		/* What erases, nobody knows what, may be told of; no write ever uses it. */
		if (moves_pieces(op->kind) && op->kind != BFP_OP_ERASE_ALL)
			return bfp_bad(o->c, "%s must name a memory", bfp_op_name(op->kind));
		return 0;
	}
	if (op->memory >= bfp_count(o->c->p, BFP_MEMORIES))
		return bfp_bad(o->c, "the operation names a memory that is not there");
	if (!moves_pieces(op->kind) && op->kind != BFP_OP_UNLOCK && op->kind != BFP_OP_LOCK)
		return bfp_bad(o->c, "%s is about the chip and names no memory",
			       bfp_op_name(op->kind));
	o->memory = bfp_memories(o->c->p) + op->memory;
	g = bfp_geometries(o->c->p) + le16_to_cpu(o->memory->geometry_first);
	for (i = 0; i < le16_to_cpu(o->memory->geometry_count); i++)
		if (le32_to_cpu(g[i].size) > o->sector_max)
			o->sector_max = le32_to_cpu(g[i].size);
	if (op->kind == BFP_OP_ERASE_SECTOR && !o->sector_max)
		return bfp_bad(o->c, "erase-sector needs a memory with sectors");
	return 0;
}

/* Evidence is of a bus that the transports travel over. */
static int check_buses(struct bfp_op_check *o)
{
	const struct bfp_operation *op = o->op;
	u8 can = 0;

	if (op->transports & (BFP_TRANSPORT_SCSI | BFP_TRANSPORT_1394))
		can |= BFP_BUS_1394;
	if (op->transports & ~BFP_TRANSPORT_1394)
		can |= BFP_BUS_USB;
	if (!op->buses || op->buses & ~can)
		return bfp_bad(o->c, "buses 0x%02x are not those that the transports travel over",
			       op->buses);
	if (!op->states || op->states & ~BFP_STATES_ALL)
		return bfp_bad(o->c, "states 0x%02x mean nothing", op->states);
	return 0;
}

static int check_op_head(struct bfp_op_check *o, u32 index)
{
	const struct bfp_operation *op = o->op, *other = bfp_operations(o->c->p);
	u32 i;
	int ret;

	if (op->kind < BFP_OP_IDENTIFY || op->kind >= BFP_OP_KINDS)
		return bfp_bad(o->c, "operation kind %u means nothing", op->kind);
	if (op->flags & ~BFP_OPF_ON_REQUEST || op->pad)
		return bfp_bad(o->c, "the operation has bits set that mean nothing");
	for (i = 0; i < index; i++)
		if (other[i].kind == op->kind && other[i].memory == op->memory)
			return bfp_bad(o->c, "the same operation stands in the profile twice");
	if (!op->transports || op->transports & ~(BFP_TRANSPORT_SCSI | BFP_TRANSPORT_BOT |
						  BFP_TRANSPORT_CONTROL | BFP_TRANSPORT_1394))
		return bfp_bad(o->c, "transports 0x%02x mean nothing", op->transports);
	ret = check_buses(o);
	if (ret)
		return ret;
	ret = bfp_check_evidence(o->c, op->evidence, op->source);
	if (!ret)
		ret = bfp_check_text(o->c, "note", op->note, BFP_TEXT_MAX, false);
	if (!ret)
		ret = check_memory_use(o);
	return ret;
}

/* What was published is what the steps would accept. */
static int check_answer(struct bfp_op_check *o)
{
	u32 len = le32_to_cpu(o->op->answer_len), want, expected, i;
	const u8 *answer, *expect;

	if (!o->op->answer && !len)
		return 0;
	want = o->answer_step ? le32_to_cpu(o->answer_step->length) : 0;
	if (!want || len != want)
		return bfp_bad(o->c, "the published answer has %u bytes, and the step asks for %u",
			       len, want);
	if (bfp_check_blob(o->c, "answer", o->op->answer, len))
		return -EINVAL;
	answer = bfp_blob(o->c->p, o->op->answer);
	expected = le32_to_cpu(o->answer_step->expect_len);
	expect = bfp_blob(o->c->p, o->answer_step->expect);
	for (i = 0; i < expected; i++)
		if ((answer[i] ^ expect[i]) & expect[expected + i])
			return bfp_bad(o->c, "byte %u of the published answer is not what the step expects",
				       i);
	return 0;
}

static int check_op_tail(struct bfp_op_check *o)
{
	const struct bfp_operation *op = o->op;
	int ret;

	if (o->depth)
		return bfp_bad(o->c, "for-each without end");
	if (op->kind == BFP_OP_READ && !o->data_steps)
		return bfp_bad(o->c, "no step of read carries the memory's data");
	if (op->kind == BFP_OP_PROGRAM && !o->data_steps && !o->inline_data)
		return bfp_bad(o->c, "no step of program carries the memory's data");
	if ((op->kind == BFP_OP_IDENTIFY || op->kind == BFP_OP_VERSION) && !o->answer_step)
		return bfp_bad(o->c, "%s gets no answer from the chip", bfp_op_name(op->kind));
	ret = check_answer(o);
	return ret ? ret : bfp_check_coverage(o);
}

static int check_operation(struct bfp_checking *c, u32 index, u32 *next_step, u32 *next_item)
{
	struct bfp_op_check o = {
		.c = c, .op = bfp_operations(c->p) + index, .next_item = *next_item,
	};
	const struct bfp_step *steps = bfp_steps(c->p) + *next_step;
	u32 i, count = le16_to_cpu(o.op->step_count);
	int ret;

	c->table = BFP_OPERATIONS;
	c->index = index;
	ret = check_op_head(&o, index);
	if (ret)
		return ret;
	if (!count)
		return bfp_bad(c, "the operation has no step");
	if (le16_to_cpu(o.op->step_first) != *next_step ||
	    count > bfp_count(c->p, BFP_STEPS) - *next_step)
		return bfp_bad(c, "the steps of the operation are not where they should be");
	if (o.memory)
		o.piece_max = first_piece(&o, steps, count);

	c->table = BFP_STEPS;
	for (i = 0; i < count; i++) {
		c->index = *next_step + i;
		ret = check_step(&o, steps, i);
		if (ret)
			return ret;
	}
	c->table = BFP_OPERATIONS;
	c->index = index;
	*next_step += count;
	*next_item = o.next_item;
	return check_op_tail(&o);
}

/**
 * bfp_check_operations() - the part of bfp_check() about operations
 * @c: the check; ids and memories are known to be good
 *
 * Every step belongs to one operation and every item to one template, in order.
 *
 * Return: 0, or -EINVAL.
 */
int bfp_check_operations(struct bfp_checking *c)
{
	u32 i, next_step = 0, next_item = 0;
	int ret;

	for (i = 0; i < bfp_count(c->p, BFP_OPERATIONS); i++) {
		ret = check_operation(c, i, &next_step, &next_item);
		if (ret)
			return ret;
	}
	c->table = BFP_NTABLES;
	if (next_step != bfp_count(c->p, BFP_STEPS) || next_item != bfp_count(c->p, BFP_ITEMS))
		return bfp_bad(c, "there are steps or items that belong to nothing");
	return 0;
}
