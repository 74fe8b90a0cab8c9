// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether an image may go into a memory, and what the bytes of it mean. */
#include "image.h"

#include "encode.h"

static const struct bfp_memory *memory_of(const struct bfp *p, u32 memory)
{
	return bfp_memories(p) + memory;
}

static const char *name_of(const struct bfp *p, u32 memory)
{
	return bfp_string(p, memory_of(p, memory)->name);
}

/* Up to 8 bytes as hex, for messages. */
static const char *hex(char out[28], const u8 *bytes, u32 len)
{
	static const char digits[] = "0123456789abcdef";
	u32 i, n = 0;

	for (i = 0; i < len && i < 8; i++) {
		if (i)
			out[n++] = ' ';
		out[n++] = digits[bytes[i] >> 4];
		out[n++] = digits[bytes[i] & 15];
	}
	if (len > 8) {
		out[n++] = '.';
		out[n++] = '.';
		out[n++] = '.';
	}
	out[n] = 0;
	return out;
}

static enum bfp_verdict check_size(const struct bfp *p, u32 memory, u32 len,
				   const u8 *present, u32 present_len, struct bfp_error *e)
{
	const struct bfp_memory *m = memory_of(p, memory);
	u32 least = le32_to_cpu(m->min_size), most = le32_to_cpu(m->size);

	if (present && len != present_len) {
		bfp_error_set(e, "%u bytes, and the %s of this device has %u", len,
			      name_of(p, memory), present_len);
		return BFP_IMAGE_SIZE;
	}
	if (len < least || len > most) {
		if (least == most)
			bfp_error_set(e, "%u bytes, and %s has %u", len, name_of(p, memory), most);
		else
			bfp_error_set(e, "%u bytes, and %s has %u to %u", len, name_of(p, memory),
				      least, most);
		return BFP_IMAGE_SIZE;
	}
	return BFP_IMAGE_OK;
}

/* Whether the rule's bytes are there at all: a table may be shorter than the memory. */
static bool reaches(const struct bfp_rule *r, u32 len)
{
	u32 offset = le32_to_cpu(r->offset);

	return offset <= len && le32_to_cpu(r->length) <= len - offset;
}

static enum bfp_verdict too_short(const struct bfp *p, const struct bfp_rule *r, u32 len,
				  struct bfp_error *e)
{
	bfp_error_set(e, "rule %s: bytes %u-%u are needed, and there are only %u",
		      bfp_string(p, r->name), le32_to_cpu(r->offset),
		      le32_to_cpu(r->offset) + le32_to_cpu(r->length) - 1, len);
	return BFP_IMAGE_SIZE;
}

static bool bytes_stand(const struct bfp *p, const struct bfp_rule *r, const u8 *image)
{
	u32 offset = le32_to_cpu(r->offset), length = le32_to_cpu(r->length), i;
	const u8 *want = bfp_blob(p, r->bytes);

	for (i = 0; i < le32_to_cpu(r->alternatives); i++)
		if (!memcmp(image + offset, want + i * length, length))
			return true;
	return false;
}

static enum bfp_verdict check_bytes(const struct bfp *p, const struct bfp_rule *r,
				    const u8 *image, struct bfp_error *e)
{
	u32 offset = le32_to_cpu(r->offset), length = le32_to_cpu(r->length);
	u32 i = le32_to_cpu(r->alternatives);
	const u8 *want = bfp_blob(p, r->bytes);
	char is[28], should[28], other[28];

	if (bytes_stand(p, r, image))
		return BFP_IMAGE_OK;
	bfp_error_set(e, "rule %s: at offset %u stands %s, and it must be %s%s%s",
		      bfp_string(p, r->name), offset, hex(is, image + offset, length),
		      hex(should, want, length), i > 1 ? " or " : "",
		      i > 1 ? hex(other, want + length, length) : "");
	return BFP_IMAGE_BYTES;
}

/*
 * Whether what is to be kept is worth it: a device whose content is torn there,
 * or that never had any, must be able to get a good one.
 */
static bool worth_keeping(const struct bfp *p, const struct bfp_rule *keep, const u8 *present,
			  u32 len)
{
	u32 from = le32_to_cpu(keep->offset), to = from + le32_to_cpu(keep->length), i;
	const struct bfp_rule *r = bfp_rules(p);

	for (i = 0; i < bfp_count(p, BFP_RULES); i++, r++)
		if (r->memory == keep->memory && r->kind == BFP_RULE_BYTES &&
		    le32_to_cpu(r->offset) < to &&
		    le32_to_cpu(r->offset) + le32_to_cpu(r->length) > from &&
		    !(reaches(r, len) && bytes_stand(p, r, present)))
			return false;
	return true;
}

static enum bfp_verdict check_keep(const struct bfp *p, const struct bfp_rule *r,
				   const u8 *image, u32 len, const u8 *present,
				   struct bfp_error *e)
{
	u32 offset = le32_to_cpu(r->offset), length = le32_to_cpu(r->length);
	char is[28], should[28];

	if (!present || !memcmp(image + offset, present + offset, length) ||
	    !worth_keeping(p, r, present, len))
		return BFP_IMAGE_OK;
	bfp_error_set(e, "rule %s: at offset %u stands %s, and it must stay as it is on the device: %s",
		      bfp_string(p, r->name), offset, hex(is, image + offset, length),
		      hex(should, present + offset, length));
	return BFP_IMAGE_KEEP;
}

static enum bfp_verdict check_blank(const struct bfp *p, const struct bfp_rule *r,
				    const u8 *image, u32 len, struct bfp_error *e)
{
	u32 i;

	for (i = 1; i < len; i++)
		if (image[i] != image[0])
			return BFP_IMAGE_OK;
	bfp_error_set(e, "rule %s: all %u bytes are 0x%02x, so there is nothing in it",
		      bfp_string(p, r->name), len, len ? image[0] : 0);
	return BFP_IMAGE_BLANK;
}

/* The checksum's own bytes count as zero where they lie inside of its range. */
static u32 image_sum(const struct bfp_rule *r, const u8 *image, u32 from, u32 to)
{
	static const u8 zero[4];
	u32 at = le32_to_cpu(r->offset), own = le32_to_cpu(r->length);
	u32 sum;

	if (at >= to || at + own <= from)
		return bfp_checksum(r->sum, image + from, to - from);
	sum = bfp_sum_more(r->sum, bfp_sum_start(r->sum), image + from, at > from ? at - from : 0);
	sum = bfp_sum_more(r->sum, sum, zero,
			   (at + own < to ? at + own : to) - (at > from ? at : from));
	if (at + own < to)
		sum = bfp_sum_more(r->sum, sum, image + at + own, to - at - own);
	return bfp_sum_end(r->sum, sum);
}

static enum bfp_verdict check_sum(const struct bfp *p, const struct bfp_rule *r,
				  const u8 *image, u32 len, struct bfp_error *e)
{
	u32 from = le32_to_cpu(r->range_offset), over = le32_to_cpu(r->range_length);
	u32 own = le32_to_cpu(r->length), is = 0, should, i;
	const u8 *at = image + le32_to_cpu(r->offset);

	if (from > len || over > len - from) {
		bfp_error_set(e, "rule %s: the checksum is over %u bytes from %u, and there are only %u",
			      bfp_string(p, r->name), over, from, len);
		return BFP_IMAGE_SIZE;
	}
	for (i = 0; i < own; i++)
		is |= (u32)at[i] << 8 * (r->flags & BFP_ITEMF_LE ? i : own - 1 - i);
	should = image_sum(r, image, from, over ? from + over : len);
	if (is == should)
		return BFP_IMAGE_OK;
	bfp_error_set(e, "rule %s: the checksum at offset %u is 0x%0*x, and the bytes make 0x%0*x",
		      bfp_string(p, r->name), le32_to_cpu(r->offset), (int)(2 * own), is,
		      (int)(2 * own), should);
	return BFP_IMAGE_CHECKSUM;
}

static enum bfp_verdict check_rule(const struct bfp *p, const struct bfp_rule *r,
				   const u8 *image, u32 len, const u8 *present,
				   struct bfp_error *e)
{
	if (!reaches(r, len))
		return too_short(p, r, len, e);
	switch (r->kind) {
	case BFP_RULE_BYTES:
		return check_bytes(p, r, image, e);
	case BFP_RULE_KEEP:
		return check_keep(p, r, image, len, present, e);
	case BFP_RULE_NOT_BLANK:
		return check_blank(p, r, image, len, e);
	case BFP_RULE_CHECKSUM:
		return check_sum(p, r, image, len, e);
	default:
		return BFP_IMAGE_OK;
	}
}

/**
 * bfp_image_check() - whether an image may go into a memory
 * @p: checked profile
 * @memory: index of the memory
 * @image: what is to be written
 * @len: its bytes
 * @present: what the memory holds now, NULL if that is not known
 * @present_len: its bytes
 * @e: what is wrong, naming rule, offset, what is and what should be; may be NULL
 *
 * Return: BFP_IMAGE_OK, or the first thing that is wrong.
 */
enum bfp_verdict bfp_image_check(const struct bfp *p, u32 memory,
				 const u8 *image, u32 len,
				 const u8 *present, u32 present_len,
				 struct bfp_error *e)
{
	const struct bfp_rule *r = bfp_rules(p);
	enum bfp_verdict verdict;
	u32 i;

	verdict = check_size(p, memory, len, present, present_len, e);
	for (i = 0; !verdict && i < bfp_count(p, BFP_RULES); i++)
		if (r[i].memory == memory)
			verdict = check_rule(p, &r[i], image, len, present, e);
	return verdict;
}

/**
 * bfp_content_check() - whether what was read from a device is a valid content
 * @p: checked profile
 * @memory: index of the memory
 * @content: what was read
 * @len: its bytes
 * @e: what is wrong; may be NULL
 *
 * Return: BFP_IMAGE_OK, or the first thing that is wrong.
 */
enum bfp_verdict bfp_content_check(const struct bfp *p, u32 memory,
				   const u8 *content, u32 len, struct bfp_error *e)
{
	return bfp_image_check(p, memory, content, len, NULL, 0, e);
}

static bool lies_in(u32 at, u32 length, u32 from, u32 size)
{
	return at >= from && at - from <= size && length <= size - (at - from);
}

/**
 * bfp_part_check() - whether a part of a memory, such as a sector, is valid by itself
 * @p: checked profile
 * @memory: index of the memory
 * @content: what the memory holds
 * @len: its bytes
 * @from: first byte of the part
 * @size: its bytes
 * @e: what is wrong; may be NULL
 *
 * Looks at required bytes and checksums that have all of their bytes there.
 *
 * Return: BFP_IMAGE_OK, or the first thing that is wrong.
 */
enum bfp_verdict bfp_part_check(const struct bfp *p, u32 memory, const u8 *content, u32 len,
				u32 from, u32 size, struct bfp_error *e)
{
	const struct bfp_rule *r = bfp_rules(p);
	enum bfp_verdict verdict = BFP_IMAGE_OK;
	u32 i;

	for (i = 0; !verdict && i < bfp_count(p, BFP_RULES); i++, r++) {
		u32 start = le32_to_cpu(r->range_offset), over = le32_to_cpu(r->range_length);

		if (r->memory != memory ||
		    !lies_in(le32_to_cpu(r->offset), le32_to_cpu(r->length), from, size))
			continue;
		if (r->kind == BFP_RULE_CHECKSUM &&
		    !lies_in(start, over ? over : len > start ? len - start : 0, from, size))
			continue;
		if (r->kind == BFP_RULE_BYTES || r->kind == BFP_RULE_CHECKSUM)
			verdict = check_rule(p, r, content, len, NULL, e);
	}
	return verdict;
}

/**
 * bfp_identity_known() - whether the place of the box's own identity is known
 * @p: checked profile
 * @memory: index of the memory
 *
 * Return: true if at least one rule says where GUID or serial lies.
 */
bool bfp_identity_known(const struct bfp *p, u32 memory)
{
	const struct bfp_rule *r = bfp_rules(p);
	u32 i;

	for (i = 0; i < bfp_count(p, BFP_RULES); i++)
		if (r[i].memory == memory && r[i].kind == BFP_RULE_IDENTITY)
			return true;
	return false;
}

/**
 * bfp_identity_blank() - whether a content has lost the box's own identity
 * @p: checked profile
 * @memory: index of the memory
 * @content: what it holds
 * @len: its bytes
 *
 * Return: true if a place where GUID or serial lies is as if erased.
 */
bool bfp_identity_blank(const struct bfp *p, u32 memory, const u8 *content, u32 len)
{
	u8 erased = le32_to_cpu(bfp_memories(p)[memory].erase_value);
	const struct bfp_rule *r = bfp_rules(p);
	u32 i, k, length;

	for (i = 0; i < bfp_count(p, BFP_RULES); i++, r++) {
		if (r->memory != memory || r->kind != BFP_RULE_IDENTITY || !reaches(r, len))
			continue;
		length = le32_to_cpu(r->length);
		for (k = 0; k < length; k++)
			if (content[le32_to_cpu(r->offset) + k] != erased)
				break;
		if (length && k == length)
			return true;
	}
	return false;
}

/**
 * bfp_identity_carry() - puts the box's own identity into an image
 * @p: checked profile
 * @memory: index of the memory
 * @image: gets the identity bytes
 * @present: what the memory holds now
 * @len: bytes of both
 */
void bfp_identity_carry(const struct bfp *p, u32 memory, u8 *image, const u8 *present, u32 len)
{
	const struct bfp_rule *r = bfp_rules(p);
	u32 i;

	for (i = 0; i < bfp_count(p, BFP_RULES); i++, r++)
		if (r->memory == memory && r->kind == BFP_RULE_IDENTITY && reaches(r, len))
			memcpy(image + le32_to_cpu(r->offset), present + le32_to_cpu(r->offset),
			       le32_to_cpu(r->length));
}
