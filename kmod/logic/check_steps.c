// SPDX-License-Identifier: GPL-2.0-or-later
/* The part of bfp_check() about steps that send something. */
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

/**
 * bfp_check_transfer() - a step that sends something
 * @o: the operation
 * @s: the step, a CDB, a control request or a quadlet
 *
 * Return: 0, or -EINVAL.
 */
int bfp_check_transfer(struct bfp_op_check *o, const struct bfp_step *s)
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
