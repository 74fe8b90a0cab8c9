// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of bfp_check() about templates: that every value may stand where it
 * stands, and that no value it can take is cut short on its way to the chip.
 */
#include "check_ops.h"
#include "plan.h"

/* What a value can be at one place of an operation. */
struct range {
	u64 least;
	u64 most;
	u32 step;	/* it is a multiple of this */
};

static bool moves_pieces(const struct bfp_op_check *o)
{
	return o->memory && (o->op->kind == BFP_OP_READ || o->op->kind == BFP_OP_PROGRAM ||
			     o->op->kind == BFP_OP_VERIFY ||
			     o->op->kind == BFP_OP_ERASE_SECTOR ||
			     o->op->kind == BFP_OP_ERASE_ALL);
}

static bool writes(const struct bfp_op_check *o)
{
	return o->op->kind == BFP_OP_PROGRAM || o->op->kind == BFP_OP_VERIFY;
}

static u32 payload_bytes(const struct bfp_op_check *o, const struct bfp_step *s)
{
	const struct bfp_item *item = bfp_items(o->c->p);
	u32 first = le16_to_cpu(s->payload_first), i, bits = 0;

	for (i = 0; i < le16_to_cpu(s->payload_count); i++) {
		if (first + i >= bfp_count(o->c->p, BFP_ITEMS))
			return 0;
		bits += item[first + i].bits;
	}
	return bits / 8;
}

static int length_range(struct bfp_op_check *o, const struct bfp_step *s, struct range *r)
{
	const struct bfp_memory *m = o->memory;

	if (s->carry == BFP_CARRY_ANSWER || s->carry == BFP_CARRY_PAYLOAD) {
		r->most = s->carry == BFP_CARRY_ANSWER ? le32_to_cpu(s->length) :
							 payload_bytes(o, s);
		r->least = r->most;
		r->step = r->most ? (u32)r->most : 1;
		return 0;
	}
	if (!moves_pieces(o))
		return bfp_bad(o->c, "{length} is of nothing: the step has no data");
	r->most = o->piece_max;
	r->least = le16_to_cpu(m->flags) & BFP_MEM_WHOLE && !o->depth ?
		   le32_to_cpu(m->min_size) : le32_to_cpu(m->unit);
	r->step = le32_to_cpu(m->unit);
	/* a whole read asks for everything that there can be */
	if (o->op->kind == BFP_OP_READ && le16_to_cpu(m->flags) & BFP_MEM_WHOLE && !o->depth)
		r->least = r->most;
	return 0;
}

static int value_range(struct bfp_op_check *o, const struct bfp_step *s, u8 value,
		       struct range *r)
{
	const struct bfp_memory *m = o->memory;

	r->least = 0;
	r->most = 0;
	r->step = 1;
	switch (value) {
	case BFP_ADDRESS:
		if (!moves_pieces(o))
			return bfp_bad(o->c, "{address} has no meaning in %s",
				       bfp_op_name(o->op->kind));
		if (le16_to_cpu(m->flags) & BFP_MEM_WHOLE && !o->depth)
			return bfp_bad(o->c, "{address} has no meaning with access = whole, but in a loop");
		r->least = le64_to_cpu(m->base);
		r->most = r->least + le32_to_cpu(m->size) - 1;
		r->step = le32_to_cpu(m->unit);
		return 0;
	case BFP_LENGTH:
		return length_range(o, s, r);
	case BFP_INTERFACE:
		if (s->kind != BFP_STEP_CONTROL)
			return bfp_bad(o->c, "{interface} has a meaning in control requests only");
		r->most = 0xff;
		return 0;
	case BFP_SECTOR:
		if (!moves_pieces(o) || !m->geometry_count)
			return bfp_bad(o->c, "{sector} has no meaning without sectors");
		r->most = bfp_sector_count(o->c->p, o->op->memory) - 1;
		return 0;
	case BFP_TOTAL:
		if (!moves_pieces(o))
			return bfp_bad(o->c, "{total} has no meaning in %s",
				       bfp_op_name(o->op->kind));
		r->least = le32_to_cpu(m->min_size);
		r->most = le32_to_cpu(m->size);
		r->step = le32_to_cpu(m->unit);
		return 0;
	default:
		return bfp_bad(o->c, "item of kind %u means nothing", value);
	}
}

/* How many bits it takes to write @value. */
static u32 width(u64 value)
{
	u32 n = 0;

	for (; value; value >>= 1)
		n++;
	return n;
}

static u64 mask(u32 bits)
{
	return bits < 64 ? (1ULL << bits) - 1 : ~0ULL;
}

/* Notes which bits a slice sends; what all slices together miss is found at the end. */
static int note_slice(struct bfp_op_check *o, const struct bfp_item *item, const struct range *r)
{
	struct bfp_slices *s = &o->slices[item->value];

	if (s->used && (s->divide != le32_to_cpu(item->divide) ||
			s->add != (s32)le32_to_cpu(item->add)))
		return bfp_bad(o->c, "slices of one value must divide and add alike");
	s->used = true;
	s->divide = le32_to_cpu(item->divide);
	s->add = (s32)le32_to_cpu(item->add);
	s->bits |= mask(item->bits) << item->low;
	if (r->most > s->most)
		s->most = r->most;
	if (s->divide == 1 && !s->add && !(r->step & (r->step - 1)) && !(r->least % r->step))
		s->idle = r->step - 1;
	return 0;
}

static int check_value(struct bfp_op_check *o, const struct bfp_step *s,
		       const struct bfp_item *item)
{
	u32 divide = le32_to_cpu(item->divide);
	s32 add = (s32)le32_to_cpu(item->add);
	struct range r;
	u64 least;
	int ret;

	if (item->sum || item->over || item->literal)
		return bfp_bad(o->c, "the item has members set that it does not use");
	ret = value_range(o, s, item->value, &r);
	if (ret)
		return ret;
	if (!divide || add < -(1 << 24) || add > 1 << 24)
		return bfp_bad(o->c, "a value cannot be divided by %u and shifted by %d", divide,
			       add);
	least = r.least;
	if (divide > 1 && (r.step % divide || bfp_div(&least, divide)))
		return bfp_bad(o->c, "the value is not always a multiple of %u", divide);
	bfp_div(&r.most, divide);
	if (add < 0 && least < (u64)-(s64)add)
		return bfp_bad(o->c, "the value can fall below zero");
	r.most += (u64)(s64)add;
	r.least = least + (u64)(s64)add;

	if (item->flags & BFP_ITEMF_SLICE)
		return note_slice(o, item, &r);
	if (item->low)
		return bfp_bad(o->c, "the item has members set that it does not use");
	if (width(r.most) > item->bits)
		return bfp_bad(o->c, "the value can be 0x%llx, which does not fit into %u bits",
			       (unsigned long long)r.most, item->bits);
	return 0;
}

/* An item whose value is not a number that is divided, shifted or cut. */
static bool plain(const struct bfp_item *item)
{
	return le32_to_cpu(item->divide) == 1 && !item->add && !item->low &&
	       !(item->flags & BFP_ITEMF_SLICE);
}

/**
 * bfp_pieces_even() - whether every piece is as long as the longest
 * @o: the operation; its memory is known
 *
 * Data that is taken from fixed places of a piece must be there in the last
 * one, too.
 *
 * Return: true if the pieces divide the memory and each of its sectors.
 */
bool bfp_pieces_even(const struct bfp_op_check *o)
{
	const struct bfp_memory *m = o->memory;
	const struct bfp_geometry *g = bfp_geometries(o->c->p) + le16_to_cpu(m->geometry_first);
	u32 i;

	if (le32_to_cpu(m->size) % o->piece_max || le32_to_cpu(m->min_size) % o->piece_max)
		return false;
	for (i = 0; i < le16_to_cpu(m->geometry_count); i++)
		if (le32_to_cpu(g[i].size) % o->piece_max)
			return false;
	return true;
}

static int check_data_item(struct bfp_op_check *o, const struct bfp_item *item)
{
	u64 offset = le64_to_cpu(item->literal);

	if (!writes(o))
		return bfp_bad(o->c, "{data} has no meaning in %s", bfp_op_name(o->op->kind));
	if (!plain(item) || item->sum || item->over || item->bits % 8)
		return bfp_bad(o->c, "{data} is whole bytes as they are");
	if (offset > o->piece_max || offset + item->bits / 8 > o->piece_max)
		return bfp_bad(o->c, "{data} reaches past the %u bytes of the chunk",
			       o->piece_max);
	if (!bfp_pieces_even(o))
		return bfp_bad(o->c, "{data} needs chunks that divide the memory and each of its sectors: %u does not",
			       o->piece_max);
	o->inline_data = true;
	return 0;
}

static int check_sum_item(struct bfp_op_check *o, const struct bfp_item *item)
{
	u32 size = bfp_sum_size(item->sum);

	if (!size || item->over >= BFP_OVERS)
		return bfp_bad(o->c, "checksum %u over %u means nothing", item->sum, item->over);
	if (item->over != BFP_OVER_TEMPLATE && !writes(o))
		return bfp_bad(o->c, "a checksum of the data has no meaning in %s",
			       bfp_op_name(o->op->kind));
	if (!plain(item) || item->literal || item->bits < 8 * size)
		return bfp_bad(o->c, "the checksum needs at least %u bits and goes in as it is",
			       8 * size);
	return 0;
}

static int check_item(struct bfp_op_check *o, const struct bfp_step *s,
		      const struct bfp_item *item, u32 at)
{
	if (!item->bits || item->bits > 64 || item->low + item->bits > 64)
		return bfp_bad(o->c, "an item has 1 to 64 bits, not %u from bit %u", item->bits,
			       item->low);
	if (item->flags & ~(BFP_ITEMF_LE | BFP_ITEMF_SLICE) ||
	    !bfp_zero(item->pad, sizeof(item->pad)))
		return bfp_bad(o->c, "the item has bits set that mean nothing");
	if ((item->flags & BFP_ITEMF_LE) && (item->bits % 8 || at % 8))
		return bfp_bad(o->c, "little-endian needs whole bytes that begin at a byte");
	switch (item->value) {
	case BFP_LITERAL:
		if (!plain(item) || item->flags || item->sum || item->over ||
		    le64_to_cpu(item->literal) & ~mask(item->bits))
			return bfp_bad(o->c, "a fixed item is more than its %u bits", item->bits);
		return 0;
	case BFP_DATA:
		return check_data_item(o, item);
	case BFP_CHECKSUM:
		return check_sum_item(o, item);
	default:
		return check_value(o, s, item);
	}
}

/**
 * bfp_check_template() - one template; they use up the items in order
 * @o: the operation
 * @s: the step
 * @first: its first item
 * @count: how many
 * @bits: gets its length
 *
 * Return: 0, or -EINVAL.
 */
int bfp_check_template(struct bfp_op_check *o, const struct bfp_step *s, u32 first,
		       u32 count, u32 *bits)
{
	const struct bfp_item *item = bfp_items(o->c->p) + first;
	u32 i, sums[2] = { 0, 0 };
	int ret;

	*bits = 0;
	if (first != (count ? o->next_item : 0) ||
	    count > bfp_count(o->c->p, BFP_ITEMS) - o->next_item)
		return bfp_bad(o->c, "the items of a template are not where they should be");
	for (i = 0; i < count; i++, item++) {
		ret = check_item(o, s, item, *bits);
		if (ret)
			return ret;
		if (item->value == BFP_CHECKSUM && sums[item->over == BFP_OVER_TEMPLATE]++)
			return bfp_bad(o->c, "a template can have one checksum over data or image and one over itself, not two");
		*bits += item->bits;
	}
	if (sums[1] && *bits % 8)
		return bfp_bad(o->c, "a checksum over a template needs whole bytes");
	o->next_item += count;
	return 0;
}

/**
 * bfp_check_coverage() - whether the slices of each value together send all of it
 * @o: the operation, when all of its steps were checked
 *
 * Return: 0, or -EINVAL.
 */
int bfp_check_coverage(struct bfp_op_check *o)
{
	static const char *const names[BFP_VALUES] = {
		[BFP_ADDRESS] = "address", [BFP_LENGTH] = "length",
		[BFP_INTERFACE] = "interface", [BFP_SECTOR] = "sector", [BFP_TOTAL] = "total",
	};
	u32 v;

	for (v = 0; v < BFP_VALUES; v++) {
		const struct bfp_slices *s = &o->slices[v];
		u64 missing = mask(width(s->most)) & ~s->bits & ~s->idle;

		if (s->used && missing)
			return bfp_bad(o->c, "bit %u of {%s}, which can be 0x%llx, is sent in no step",
				       width(missing) - 1, names[v],
				       (unsigned long long)s->most);
	}
	return 0;
}
