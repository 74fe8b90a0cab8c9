// SPDX-License-Identifier: GPL-2.0-or-later
/* The part of bfp_check() about operations and their steps. */
#include "check_ops.h"

#define CDB_TRANSPORTS	(BFP_TRANSPORT_SCSI | BFP_TRANSPORT_BOT)

/*
 * Commands that change what is on the drive's medium, or hand the drive a
 * command of its own. No operation of a bridge is one of them.
 */
static const u8 drive_commands[] = {
	0x04, 0x0a, 0x19, 0x2a, 0x2c, 0x2e, 0x3f, 0x41, 0x42, 0x48,
	0x7f, 0x85, 0x89, 0x8a, 0x8e, 0x93, 0xa1, 0xaa, 0xac, 0xae,
};

static bool writes(u8 kind)
{
	return kind == BFP_OP_PROGRAM || kind == BFP_OP_VERIFY;
}

static bool moves_pieces(u8 kind)
{
	return kind == BFP_OP_READ || writes(kind) || kind == BFP_OP_ERASE_SECTOR ||
	       kind == BFP_OP_ERASE_ALL;
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

static int check_carry(struct bfp_op_check *o, const struct bfp_step *s)
{
	u8 want = BFP_DIR_NONE;

	switch (s->carry) {
	case BFP_CARRY_NOTHING:
		break;
	case BFP_CARRY_DATA:
		if (o->op->kind != BFP_OP_READ && !writes(o->op->kind))
			return bfp_bad(o->c, "only read, program and verify carry the memory's data");
		want = writes(o->op->kind) ? BFP_DIR_OUT : BFP_DIR_IN;
		break;
	case BFP_CARRY_ANSWER:
		if (!s->length || le32_to_cpu(s->length) > BFP_ANSWER_MAX)
			return bfp_bad(o->c, "an answer of %u bytes is not within 1..%u",
				       le32_to_cpu(s->length), BFP_ANSWER_MAX);
		want = BFP_DIR_IN;
		break;
	case BFP_CARRY_PAYLOAD:
		want = BFP_DIR_OUT;
		break;
	default:
		return bfp_bad(o->c, "carry %u means nothing", s->carry);
	}
	/* a quadlet's own 4 bytes always travel */
	if (s->kind == BFP_STEP_QUADLET_WRITE && s->carry == BFP_CARRY_NOTHING)
		want = BFP_DIR_OUT;
	if (s->dir != want)
		return bfp_bad(o->c, "the data goes in the wrong direction for %s",
			       bfp_op_name(o->op->kind));
	if (want == BFP_DIR_OUT &&
	    (o->op->kind == BFP_OP_IDENTIFY || o->op->kind == BFP_OP_VERSION) &&
	    !(o->op->flags & BFP_OPF_ON_REQUEST))
		return bfp_bad(o->c, "%s sends data to the chip, so it must be on-request",
			       bfp_op_name(o->op->kind));
	return 0;
}

static int check_expect(struct bfp_op_check *o, const struct bfp_step *s)
{
	u32 len = le32_to_cpu(s->expect_len), i;
	const u8 *bytes;
	int ret;

	if (s->flags & BFP_STEPF_POLL) {
		if (!len)
			return bfp_bad(o->c, "poll needs an expect: when is it over?");
		if (!s->wait_max_ms || le32_to_cpu(s->wait_max_ms) > BFP_TIMEOUT_MAX_MS)
			return bfp_bad(o->c, "poll must end within %u ms", BFP_TIMEOUT_MAX_MS);
		if (le32_to_cpu(s->wait_us) < 100 || le32_to_cpu(s->wait_us) > BFP_DELAY_MAX_US)
			return bfp_bad(o->c, "poll must pause at least 100 us and at most %u s",
				       BFP_DELAY_MAX_US / 1000000);
	}
	if (!len)
		return s->expect ? bfp_bad(o->c, "expect has no bytes") : 0;
	if (s->payload_count)
		return bfp_bad(o->c, "an answer is expected in one way, not in two");
	if (len > le32_to_cpu(s->length))
		return bfp_bad(o->c, "%u bytes are expected of an answer of %u", len,
			       le32_to_cpu(s->length));
	ret = bfp_check_blob(o->c, "expect", s->expect, 2 * (u64)len);
	if (ret)
		return ret;
	bytes = bfp_blob(o->c->p, s->expect);
	for (i = 0; i < len; i++)
		if (bytes[i] & ~bytes[len + i])
			return bfp_bad(o->c, "byte %u of expect has bits outside of its mask", i);
	return 0;
}

static int check_timeout(struct bfp_op_check *o, const struct bfp_step *s)
{
	u32 most = s->kind == BFP_STEP_CONTROL ? BFP_CONTROL_TIMEOUT_MAX_MS : BFP_TIMEOUT_MAX_MS;

	if (!s->timeout_ms || le32_to_cpu(s->timeout_ms) > most)
		return bfp_bad(o->c, "timeout %u ms is not within 1..%u ms",
			       le32_to_cpu(s->timeout_ms), most);
	return 0;
}

static int check_flags(struct bfp_op_check *o, const struct bfp_step *s)
{
	u32 memory = o->memory ? le16_to_cpu(o->memory->flags) : 0;
	bool data_in = s->carry == BFP_CARRY_DATA && s->dir == BFP_DIR_IN;
	bool quadlet = s->kind == BFP_STEP_QUADLET_READ || s->kind == BFP_STEP_QUADLET_WRITE;

	if (s->flags & ~(BFP_STEPF_LE | BFP_STEPF_SHORT_OK | BFP_STEPF_POLL |
			 BFP_STEPF_UNTIL_RESET))
		return bfp_bad(o->c, "the step has bits set that mean nothing");
	if ((s->flags & BFP_STEPF_LE) && (!quadlet || s->carry != BFP_CARRY_DATA))
		return bfp_bad(o->c, "le is for quadlets that carry data");
	if ((s->flags & BFP_STEPF_SHORT_OK) && !(data_in && (memory & BFP_MEM_LENGTH_DEVICE)))
		return bfp_bad(o->c, "short-ok is for reading a memory with length = device");
	if (data_in && (memory & BFP_MEM_LENGTH_DEVICE) && !(s->flags & BFP_STEPF_SHORT_OK))
		return bfp_bad(o->c, "reading a memory with length = device needs short-ok");
	if ((s->flags & BFP_STEPF_POLL) && s->carry != BFP_CARRY_ANSWER)
		return bfp_bad(o->c, "poll needs an answer of fixed length");
	return 0;
}

/* Bits of the setup packet's first byte: direction, and whose request it is. */
static int check_setup(struct bfp_op_check *o, const struct bfp_step *s)
{
	const struct bfp_item *first = bfp_items(o->c->p) + le16_to_cpu(s->item_first);
	const struct bfp_item *last = first + le16_to_cpu(s->item_count) - 1;
	u8 type;

	if (first->value != BFP_LITERAL || first->bits < 16)
		return bfp_bad(o->c, "request type and request must be fixed bytes");
	type = (u8)(le64_to_cpu(first->literal) >> (first->bits - 8));
	if ((type & 0x60) != 0x40 && (type & 0x60) != 0x20)
		return bfp_bad(o->c, "request type 0x%02x is neither a vendor nor a class request",
			       type);
	if ((type & 0x1f) > 3)
		return bfp_bad(o->c, "request type 0x%02x has no known recipient", type);
	if (s->dir == BFP_DIR_OUT ? type & 0x80 : s->dir == BFP_DIR_IN && !(type & 0x80))
		return bfp_bad(o->c, "request type 0x%02x says the opposite direction", type);
	if (s->dir == BFP_DIR_NONE && (type & 0x80))
		return bfp_bad(o->c, "request type 0x%02x says in, and no data comes in", type);
	if (s->carry == BFP_CARRY_NOTHING)
		return last->value == BFP_LITERAL && last->bits >= 16 &&
		       !(le64_to_cpu(last->literal) & 0xffff) ? 0 :
		       bfp_bad(o->c, "wLength is not zero, and there is no data");
	if (last->value != BFP_LENGTH || last->bits != 16 || last->flags != BFP_ITEMF_LE ||
	    le32_to_cpu(last->divide) != 1 || last->add)
		return bfp_bad(o->c, "wLength is not the length of the data");
	return 0;
}

static int check_cdb(struct bfp_op_check *o, const struct bfp_step *s, u32 bits)
{
	const struct bfp_item *first = bfp_items(o->c->p) + le16_to_cpu(s->item_first);
	u32 i;
	u8 opcode;

	if (bits % 8 || !bits || bits > 8 * BFP_CDB_MAX)
		return bfp_bad(o->c, "the CDB has %u bits: it must be 1 to %u whole bytes", bits,
			       BFP_CDB_MAX);
	if (first->value != BFP_LITERAL || first->bits < 8)
		return bfp_bad(o->c, "the operation code of the CDB must be a fixed byte");
	opcode = (u8)(le64_to_cpu(first->literal) >> (first->bits - 8));
	for (i = 0; i < ARRAY_SIZE(drive_commands); i++)
		if (opcode == drive_commands[i])
			return bfp_bad(o->c, "CDB %02x is a command to the drive, not to the bridge",
				       opcode);
	return 0;
}

static int check_quadlet(struct bfp_op_check *o, const struct bfp_step *s, u32 bits)
{
	const struct bfp_item *first = bfp_items(o->c->p) + le16_to_cpu(s->addr_first);
	u32 addr_bits = 0;
	int ret;

	ret = bfp_check_template(o, s, le16_to_cpu(s->addr_first), le16_to_cpu(s->addr_count),
				 &addr_bits);
	if (ret)
		return ret;
	if (addr_bits != 64)
		return bfp_bad(o->c, "the address has %u bits and not 64, of which 48 are the node's",
			       addr_bits);
	/* no node number, and always above the place where config ROM and registers begin */
	if (first->value != BFP_LITERAL || first->bits < 36 ||
	    le64_to_cpu(first->literal) >> (first->bits - 36) != 0xfffff)
		return bfp_bad(o->c, "the address must begin with the fixed digits FFFFF: only the node's own registers may be addressed");
	if (first->bits == 64 && le64_to_cpu(first->literal) % 4)
		return bfp_bad(o->c, "the address is not that of a quadlet: it must divide by 4");
	if (s->carry == BFP_CARRY_DATA && (o->piece_max != 4 || !bfp_pieces_even(o)))
		return bfp_bad(o->c, "a quadlet carries 4 bytes: put it into 'for-each chunk 4', in a memory of whole quadlets");
	if (s->carry == BFP_CARRY_ANSWER && le32_to_cpu(s->length) != 4)
		return bfp_bad(o->c, "the answer of a quadlet has 4 bytes");
	if (s->carry == BFP_CARRY_PAYLOAD)
		return bfp_bad(o->c, "a quadlet has no payload");
	if (s->kind == BFP_STEP_QUADLET_READ ? s->dir != BFP_DIR_IN : s->dir != BFP_DIR_OUT)
		return bfp_bad(o->c, "the data goes in the wrong direction for a quadlet");
	if (s->dir == BFP_DIR_OUT && s->carry == BFP_CARRY_NOTHING ? bits != 32 : bits)
		return bfp_bad(o->c, "the value of the quadlet has %u bits and not 32", bits);
	return 0;
}

static int check_transport(struct bfp_op_check *o, const struct bfp_step *s)
{
	u8 needs = s->kind == BFP_STEP_CDB ? CDB_TRANSPORTS :
		   s->kind == BFP_STEP_CONTROL ? BFP_TRANSPORT_CONTROL : BFP_TRANSPORT_1394;

	if (o->op->transports & ~needs)
		return bfp_bad(o->c, "this kind of step does not travel over every transport of its operation");
	return 0;
}

/* An answer that is computed sends nothing: what stands in it is not told to the chip. */
static int check_computed(struct bfp_op_check *o, const struct bfp_step *s)
{
	struct bfp_slices slices[BFP_VALUES];
	bool inline_data = o->inline_data;
	u32 bits = 0;
	int ret;

	memcpy(slices, o->slices, sizeof(slices));
	ret = bfp_check_template(o, s, le16_to_cpu(s->payload_first),
				 le16_to_cpu(s->payload_count), &bits);
	memcpy(o->slices, slices, sizeof(slices));
	o->inline_data = inline_data;
	if (!ret && (bits % 8 || bits > 8 * le32_to_cpu(s->length)))
		ret = bfp_bad(o->c, "%u bits are expected of an answer of %u bytes: they must be whole bytes of it",
			      bits, le32_to_cpu(s->length));
	return ret;
}

static int check_transfer(struct bfp_op_check *o, const struct bfp_step *s)
{
	u32 bits = 0, payload = 0;
	int ret;

	ret = check_transport(o, s);
	if (!ret)
		ret = check_carry(o, s);
	if (!ret)
		ret = check_flags(o, s);
	if (!ret)
		ret = check_timeout(o, s);
	if (!ret && s->carry == BFP_CARRY_ANSWER)
		ret = check_expect(o, s);
	if (ret)
		return ret;
	if (s->carry == BFP_CARRY_DATA && ++o->data_steps > 1)
		return bfp_bad(o->c, "one step of an operation carries the data, not two");
	if (s->carry == BFP_CARRY_ANSWER)
		o->answer_step = s;

	ret = bfp_check_template(o, s, le16_to_cpu(s->item_first), le16_to_cpu(s->item_count),
				 &bits);
	if (ret)
		return ret;
	if (s->kind == BFP_STEP_CDB)
		ret = check_cdb(o, s, bits);
	else if (s->kind != BFP_STEP_CONTROL)
		ret = check_quadlet(o, s, bits);
	else if (bits != 8 * BFP_SETUP_SIZE)
		ret = bfp_bad(o->c, "the setup packet has %u bits and not 64", bits);
	else
		ret = check_setup(o, s);
	if (!ret && s->carry == BFP_CARRY_ANSWER)
		return check_computed(o, s);
	if (ret || s->carry != BFP_CARRY_PAYLOAD)
		return ret;

	ret = bfp_check_template(o, s, le16_to_cpu(s->payload_first),
				 le16_to_cpu(s->payload_count), &payload);
	if (!ret && (!payload || payload % 8 || payload > 8 * BFP_ANSWER_MAX))
		ret = bfp_bad(o->c, "the payload has %u bits: it must be 1 to %u whole bytes",
			      payload, BFP_ANSWER_MAX);
	return ret;
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
		return check_transfer(o, s);
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
	if (!op->transports || op->transports & ~(CDB_TRANSPORTS | BFP_TRANSPORT_CONTROL |
						  BFP_TRANSPORT_1394))
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
