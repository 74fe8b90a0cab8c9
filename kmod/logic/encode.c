// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a profile's templates to bytes on the wire, and back. A template is a
 * row of bits, most significant first; items stand in it one after another.
 */
#include "encode.h"

static u64 mask(u32 bits)
{
	return bits < 64 ? (1ULL << bits) - 1 : ~0ULL;
}

/* Writes the low @bits of @value from bit @at of @out, most significant first. */
static void put_bits(u8 *out, u32 at, u32 bits, u64 value)
{
	while (bits) {
		u32 room = 8 - at % 8;
		u32 n = bits < room ? bits : room;
		u8 part = (u8)((value >> (bits - n)) & mask(n));

		out[at / 8] = (u8)((out[at / 8] & ~(mask(n) << (room - n))) |
				   (u32)part << (room - n));
		at += n;
		bits -= n;
	}
}

static u64 get_bits(const u8 *in, u32 at, u32 bits)
{
	u64 value = 0;

	while (bits) {
		u32 room = 8 - at % 8;
		u32 n = bits < room ? bits : room;

		value = value << n | ((in[at / 8] >> (room - n)) & mask(n));
		at += n;
		bits -= n;
	}
	return value;
}

/* The same number with its bytes in the opposite order. */
static u64 swap_bytes(u64 value, u32 bits)
{
	u64 out = 0;

	for (; bits; bits -= 8, value >>= 8)
		out = out << 8 | (value & 0xff);
	return out;
}

static void put_item(u8 *out, u32 at, const struct bfp_item *item, u64 value)
{
	if (item->flags & BFP_ITEMF_LE)
		value = swap_bytes(value, item->bits);
	put_bits(out, at, item->bits, value);
}

static u64 get_item(const u8 *in, u32 at, const struct bfp_item *item)
{
	u64 value = get_bits(in, at, item->bits);

	return item->flags & BFP_ITEMF_LE ? swap_bytes(value, item->bits) : value;
}

/**
 * bfp_sum_start() - begin a checksum that is made in parts
 * @algorithm: enum bfp_sum
 *
 * Return: what it is before the first byte.
 */
u32 bfp_sum_start(u8 algorithm)
{
	return algorithm == BFP_CRC16_CCITT ? 0xffff : 0;
}

static u32 sum_byte(u8 algorithm, u32 sum, u8 byte)
{
	u32 i;

	switch (algorithm) {
	case BFP_XOR8:
		return sum ^ byte;
	case BFP_CRC32:
		return bfp_crc32(sum, &byte, 1);
	case BFP_CRC16_CCITT:
		sum ^= (u32)byte << 8;
		for (i = 0; i < 8; i++)
			sum = sum & 0x8000 ? (sum << 1) ^ 0x1021 : sum << 1;
		return sum & 0xffff;
	default:
		return sum + byte;
	}
}

/**
 * bfp_sum_more() - go on with a checksum
 * @algorithm: enum bfp_sum
 * @sum: what it is so far
 * @data: further bytes
 * @len: how many
 *
 * Return: what it is now.
 */
u32 bfp_sum_more(u8 algorithm, u32 sum, const u8 *data, u32 len)
{
	while (len--)
		sum = sum_byte(algorithm, sum, *data++);
	return sum;
}

/**
 * bfp_sum_end() - end a checksum
 * @algorithm: enum bfp_sum
 * @sum: what it is after the last byte
 *
 * Return: the checksum, as bfp_checksum() gives it.
 */
u32 bfp_sum_end(u8 algorithm, u32 sum)
{
	switch (algorithm) {
	case BFP_SUM8:
		return sum & 0xff;
	case BFP_SUM16:
		return sum & 0xffff;
	case BFP_NEG8:
		return -sum & 0xff;
	default:
		return sum;
	}
}

/**
 * bfp_checksum() - one of the checksums that profiles can name
 * @algorithm: enum bfp_sum
 * @data: bytes
 * @len: how many
 *
 * Return: the checksum in the low bits.
 */
u32 bfp_checksum(u8 algorithm, const u8 *data, u32 len)
{
	return bfp_sum_end(algorithm, bfp_sum_more(algorithm, bfp_sum_start(algorithm), data, len));
}

/**
 * bfp_template_size() - bytes that a template makes
 * @p: checked profile
 * @first: index of its first item
 * @count: how many items
 *
 * Return: whole bytes.
 */
u32 bfp_template_size(const struct bfp *p, u32 first, u32 count)
{
	const struct bfp_item *item = bfp_items(p) + first;
	u32 bits = 0;

	while (count--)
		bits += (item++)->bits;
	return bits / 8;
}

static u64 *value_of(struct bfp_values *v, const struct bfp_item *item, u32 **narrow)
{
	*narrow = NULL;
	switch (item->value) {
	case BFP_ADDRESS:
		return &v->address;
	case BFP_LENGTH:
		*narrow = &v->length;
		break;
	case BFP_SECTOR:
		*narrow = &v->sector;
		break;
	case BFP_TOTAL:
		*narrow = &v->total;
		break;
	case BFP_INTERFACE:
		*narrow = &v->interface;
		break;
	default:
		break;
	}
	return NULL;
}

static u64 read_value(const struct bfp_values *v, const struct bfp_item *item)
{
	struct bfp_values copy = *v;
	u32 *narrow;
	u64 *wide = value_of(&copy, item, &narrow);

	return wide ? *wide : narrow ? *narrow : 0;
}

/* Address, length, sector, total or interface: divided, shifted, cut. */
static int encode_value(const struct bfp_values *v, const struct bfp_item *item, u64 *bits)
{
	s32 add = (s32)le32_to_cpu(item->add);
	u64 value = read_value(v, item);

	if (bfp_div(&value, le32_to_cpu(item->divide)))
		return -EINVAL;
	if (add < 0 && value < (u64)-(s64)add)
		return -ERANGE;
	value = (value + (u64)(s64)add) >> item->low;
	if (!(item->flags & BFP_ITEMF_SLICE) && value & ~mask(item->bits))
		return -ERANGE;
	*bits = value & mask(item->bits);
	return 0;
}

/* Bytes of the chunk as a number, the first one most significant. */
static int encode_data(const struct bfp_values *v, const struct bfp_item *item, u64 *bits)
{
	u64 offset = le64_to_cpu(item->literal);
	u32 i;

	if (!v->data || offset + item->bits / 8 > v->data_len)
		return -EINVAL;
	*bits = 0;
	for (i = 0; i < item->bits / 8; i++)
		*bits = *bits << 8 | v->data[offset + i];
	return 0;
}

static int encode_sum(const struct bfp_values *v, const struct bfp_item *item, u64 *bits)
{
	const u8 *data = item->over == BFP_OVER_IMAGE ? v->image : v->data;
	u32 len = item->over == BFP_OVER_IMAGE ? v->image_len : v->data_len;

	*bits = 0;
	if (item->over == BFP_OVER_TEMPLATE)
		return 0;	/* filled in when everything else stands */
	if (!data)
		return -EINVAL;
	*bits = bfp_checksum(item->sum, data, len);
	return 0;
}

static int encode_item(const struct bfp_values *v, const struct bfp_item *item, u64 *bits)
{
	switch (item->value) {
	case BFP_LITERAL:
		*bits = le64_to_cpu(item->literal);
		return 0;
	case BFP_DATA:
		return encode_data(v, item, bits);
	case BFP_CHECKSUM:
		return encode_sum(v, item, bits);
	default:
		return encode_value(v, item, bits);
	}
}

/**
 * bfp_encode() - fills a template
 * @p: checked profile
 * @first: index of its first item
 * @count: how many items
 * @v: what to fill in
 * @out: gets the bytes
 * @room: how many fit there
 *
 * Return: 0; -ENOSPC if @room is too small; -ERANGE if a value does not fit
 * into its item; -EINVAL if it is not a multiple of the item's divisor or the
 * data does not reach far enough. @out is undefined after an error.
 */
int bfp_encode(const struct bfp *p, u32 first, u32 count,
	       const struct bfp_values *v, u8 *out, u32 room)
{
	u32 size = bfp_template_size(p, first, count);
	const struct bfp_item *item = bfp_items(p) + first;
	const struct bfp_item *sum = NULL;
	u32 i, at = 0, sum_at = 0;
	u64 bits;
	int ret;

	if (size > room)
		return -ENOSPC;
	for (i = 0; i < count; i++, item++) {
		ret = encode_item(v, item, &bits);
		if (ret)
			return ret;
		put_item(out, at, item, bits);
		if (item->value == BFP_CHECKSUM && item->over == BFP_OVER_TEMPLATE) {
			sum = item;
			sum_at = at;
		}
		at += item->bits;
	}
	if (sum)
		put_item(out, sum_at, sum, bfp_checksum(sum->sum, out, size));
	return 0;
}

/* Bits of a value that a template has shown so far. */
struct found {
	const struct bfp_item *item;
	u64 bits;
	u64 mask;
};

/* A value that stands in the template twice must be the same both times. */
static bool note_value(struct found *f, const struct bfp_item *item, u64 bits)
{
	u64 covered = item->flags & BFP_ITEMF_SLICE ? mask(item->bits) << item->low : ~0ULL;

	bits <<= item->low;
	if ((f->bits ^ bits) & f->mask & covered)
		return false;
	f->item = item;
	f->bits |= bits;
	f->mask |= covered;
	return true;
}

/* Undoes division and shift; bits that the template does not show stay as they were. */
static bool store_value(struct bfp_values *v, const struct found *f)
{
	u32 divide = le32_to_cpu(f->item->divide);
	s64 add = (s32)le32_to_cpu(f->item->add);
	u64 value = read_value(v, f->item), most = ~0ULL;
	u64 *wide;
	u32 *narrow;

	bfp_div(&value, divide);
	value = add < 0 && value < (u64)-add ? 0 : value + (u64)add;
	value = (value & ~f->mask) | f->bits;
	if (add > 0 && value < (u64)add)
		return false;
	value -= (u64)add;
	bfp_div(&most, divide);
	if (value > most)
		return false;
	value *= divide;
	wide = value_of(v, f->item, &narrow);
	if (wide) {
		*wide = value;
		return true;
	}
	if (!narrow || value >> 32)
		return false;
	*narrow = (u32)value;
	return true;
}

static bool decode_data(struct bfp_values *v, const struct bfp_item *item, u64 bits,
			u8 *data, u32 data_room)
{
	u64 offset = le64_to_cpu(item->literal);
	u32 i, n = item->bits / 8;

	if (!data || offset + n > data_room)
		return false;
	for (i = 0; i < n; i++)
		data[offset + i] = (u8)(bits >> 8 * (n - 1 - i));
	if (v->data_len < offset + n)
		v->data_len = (u32)(offset + n);
	return true;
}

/* The checksum over a template, with its own place counted as zero. */
static bool template_sum_agrees(const struct bfp_item *item, u32 at, const u8 *bytes, u32 size)
{
	u32 sum = bfp_sum_start(item->sum), end = at + item->bits, i, k;

	for (i = 0; i < size; i++) {
		u8 byte = bytes[i];

		for (k = 0; k < 8; k++)
			if (8 * i + k >= at && 8 * i + k < end)
				byte &= (u8)~(0x80 >> k);
		sum = sum_byte(item->sum, sum, byte);
	}
	return get_item(bytes, at, item) == bfp_sum_end(item->sum, sum);
}

/**
 * bfp_decode() - the reverse of bfp_encode(), for models of chips
 * @p: checked profile
 * @first: index of the template's first item
 * @count: how many items
 * @bytes: what came over the wire
 * @size: how many bytes that is
 * @v: gets the values that stand in the template; set by the caller before
 * @data: gets data that stands in the template, may be NULL if none can
 * @data_room: how much fits there
 * @sum: gets a checksum over data that comes separately, may be NULL
 * @sum_item: gets its item, NULL if there is none; may be NULL
 *
 * Return: 1 if @bytes can have come from the template, 0 if not; then @v and
 * @data are undefined.
 */
int bfp_decode(const struct bfp *p, u32 first, u32 count, const u8 *bytes, u32 size,
	       struct bfp_values *v, u8 *data, u32 data_room,
	       u64 *sum, const struct bfp_item **sum_item)
{
	const struct bfp_item *item = bfp_items(p) + first, *later = NULL;
	struct found found[BFP_VALUES] = { 0 };
	u64 bits, later_sum = 0;
	bool has_data = false;
	u32 i, at = 0;

	if (size != bfp_template_size(p, first, count))
		return 0;
	for (i = 0; i < count; i++, at += item->bits, item++) {
		bits = get_item(bytes, at, item);
		switch (item->value) {
		case BFP_LITERAL:
			if (bits != le64_to_cpu(item->literal))
				return 0;
			break;
		case BFP_DATA:
			if (!has_data)
				v->data_len = 0;
			has_data = true;
			if (!decode_data(v, item, bits, data, data_room))
				return 0;
			break;
		case BFP_CHECKSUM:
			if (item->over != BFP_OVER_TEMPLATE) {
				later = item;
				later_sum = bits;
			} else if (!template_sum_agrees(item, at, bytes, size)) {
				return 0;
			}
			break;
		default:
			if (!note_value(&found[item->value], item, bits))
				return 0;
			break;
		}
	}
	for (i = 0; i < BFP_VALUES; i++)
		if (found[i].item && !store_value(v, &found[i]))
			return 0;
	if (later && later->over == BFP_OVER_DATA && has_data) {
		if (later_sum != bfp_checksum(later->sum, data, v->data_len))
			return 0;
		later = NULL;
	}
	if (sum)
		*sum = later_sum;
	if (sum_item)
		*sum_item = later;
	return 1;
}
