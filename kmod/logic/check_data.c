// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of bfp_check() about memories, image rules and fields. */
#include "check.h"

/**
 * bfp_sum_size() - bytes of a checksum
 * @algorithm: enum bfp_sum
 *
 * Return: how many, 0 for what is no algorithm.
 */
u32 bfp_sum_size(u8 algorithm)
{
	switch (algorithm) {
	case BFP_SUM8:
	case BFP_NEG8:
	case BFP_XOR8:
		return 1;
	case BFP_SUM16:
	case BFP_CRC16_CCITT:
		return 2;
	case BFP_SUM32:
	case BFP_CRC32:
		return 4;
	default:
		return 0;
	}
}

static int check_geometry(struct bfp_checking *c, const struct bfp_memory *m, u32 *next)
{
	u32 first = le16_to_cpu(m->geometry_first), count = le16_to_cpu(m->geometry_count);
	const struct bfp_geometry *g = bfp_geometries(c->p) + first;
	u32 boot = le32_to_cpu(m->boot_offset);
	bool found = !count;
	u64 at = 0;
	u32 i;

	if (first != (count ? *next : 0) || count > bfp_count(c->p, BFP_GEOMETRY) - *next)
		return bfp_bad(c, "its sectors are not where they should be");
	for (i = 0; i < count; i++) {
		u32 size = le32_to_cpu(g[i].size), n = le32_to_cpu(g[i].sectors);
		u64 off = (u64)boot - at;

		if (!n || !size || size > BFP_MEMORY_MAX || n > BFP_MEMORY_MAX)
			return bfp_bad(c, "%u sectors of %u bytes are not possible", n, size);
		if (size % le32_to_cpu(m->unit))
			return bfp_bad(c, "sectors of %u bytes are no multiple of the unit", size);
		if (boot >= at && off < (u64)n * size)
			found = !bfp_div(&off, size);
		at += (u64)n * size;
	}
	if (count && at != le32_to_cpu(m->size))
		return bfp_bad(c, "the sectors make %llu bytes, and the memory has %u",
			       (unsigned long long)at, le32_to_cpu(m->size));
	if (m->boot_known && !found)
		return bfp_bad(c, "no sector begins at boot-sector 0x%x", boot);
	*next += count;
	return 0;
}

static int check_memory_access(struct bfp_checking *c, const struct bfp_memory *m)
{
	u32 flags = le16_to_cpu(m->flags), unit = le32_to_cpu(m->unit);
	u32 size = le32_to_cpu(m->size), least = le32_to_cpu(m->min_size);
	u32 rd = le32_to_cpu(m->read_chunk), wr = le32_to_cpu(m->write_chunk);

	if (!size || size > BFP_MEMORY_MAX)
		return bfp_bad(c, "size %u is not within 1..%u", size, BFP_MEMORY_MAX);
	if (!least || least > size)
		return bfp_bad(c, "min-size %u is not within 1..%u", least, size);
	if (flags & BFP_MEM_LENGTH_DEVICE ? !(flags & BFP_MEM_WHOLE) : least != size)
		return bfp_bad(c, "length = device needs access = whole; any other memory has one size");
	if (!unit || size % unit || least % unit)
		return bfp_bad(c, "unit %u does not divide size and min-size", unit);
	if (flags & BFP_MEM_WHOLE ? rd != size || wr != size :
	    !rd || !wr || rd > size || wr > size || rd % unit || wr % unit)
		return bfp_bad(c, "read-chunk %u and write-chunk %u must be multiples of the unit, at most the size, and the size itself with access = whole",
			       rd, wr);
	if (flags & BFP_MEM_WHOLE && (m->geometry_count || flags & BFP_MEM_ERASE_FIRST))
		return bfp_bad(c, "a memory that is written whole has no sectors and is not erased first");
	if (le64_to_cpu(m->base) >> 48)
		return bfp_bad(c, "base has more than 48 bits");
	return 0;
}

static int check_memory(struct bfp_checking *c, const struct bfp_memory *m, u32 *next)
{
	const char *name;
	int ret;
	u8 k;

	ret = bfp_check_text(c, "holds", m->holds, BFP_TITLE_MAX, true);
	if (ret)
		return ret;
	name = bfp_string(c->p, m->name);
	for (k = 1; k < BFP_OP_KINDS; k++)
		if (!strcmp(name, bfp_op_name(k)))
			return bfp_bad(c, "memory '%s' has the name of an operation", name);
	if (bfp_find_memory(c->p, name) != (int)c->index)
		return bfp_bad(c, "two memories have the name '%s'", name);
	if (m->kind < BFP_FLASH || m->kind > BFP_CONFIG_ROM)
		return bfp_bad(c, "memory kind %u means nothing", m->kind);
	if (c->index && m->kind != BFP_CONFIG_ROM && m[-1].kind == BFP_CONFIG_ROM)
		return bfp_bad(c, "a config ROM stands behind the other memories: on USB there is none");
	if (m->interrupted < BFP_INTERRUPTED_RESTORABLE || m->interrupted > BFP_INTERRUPTED_FINAL)
		return bfp_bad(c, "interrupted %u means nothing", m->interrupted);
	if (le16_to_cpu(m->flags) & ~(BFP_MEM_WHOLE | BFP_MEM_LENGTH_DEVICE |
				      BFP_MEM_ERASE_FIRST) ||
	    m->pad || le32_to_cpu(m->boot_known) > 1 || (!m->boot_known && m->boot_offset))
		return bfp_bad(c, "the memory has bits set that mean nothing");
	ret = check_memory_access(c, m);
	if (ret)
		return ret;
	if (le32_to_cpu(m->settle_ms) > BFP_TIMEOUT_MAX_MS)
		return bfp_bad(c, "settle is longer than %u ms", BFP_TIMEOUT_MAX_MS);
	if (le32_to_cpu(m->erase_value) > 0xff)
		return bfp_bad(c, "erase-value 0x%x is not a byte", le32_to_cpu(m->erase_value));
	if (le32_to_cpu(m->boot_offset) >= le32_to_cpu(m->size))
		return bfp_bad(c, "boot-sector 0x%x is outside of the memory",
			       le32_to_cpu(m->boot_offset));
	return check_geometry(c, m, next);
}

/**
 * bfp_check_memories() - the part of bfp_check() about memories
 * @c: the check
 *
 * Return: 0, or -EINVAL.
 */
int bfp_check_memories(struct bfp_checking *c)
{
	const struct bfp_memory *m = bfp_memories(c->p);
	u32 i, next = 0;
	int ret;

	c->table = BFP_MEMORIES;
	c->index = 0;
	if (bfp_count(c->p, BFP_MEMORIES) > BFP_MEMORIES_MAX)
		return bfp_bad(c, "more than %u memories", BFP_MEMORIES_MAX);
	/* names first: the search for a name looks at all of them */
	for (i = 0; i < bfp_count(c->p, BFP_MEMORIES); i++) {
		c->index = i;
		ret = bfp_check_name(c, "memory name", m[i].name, true);
		if (ret)
			return ret;
	}
	for (i = 0; i < bfp_count(c->p, BFP_MEMORIES); i++) {
		c->index = i;
		ret = check_memory(c, &m[i], &next);
		if (ret)
			return ret;
	}
	if (next != bfp_count(c->p, BFP_GEOMETRY))
		return bfp_bad(c, "there are sectors that belong to no memory");
	return 0;
}

static int check_rule_kind(struct bfp_checking *c, const struct bfp_rule *r, u32 size)
{
	u32 offset = le32_to_cpu(r->offset), length = le32_to_cpu(r->length);
	u32 from = le32_to_cpu(r->range_offset), over = le32_to_cpu(r->range_length);
	u32 alternatives = le32_to_cpu(r->alternatives);

	if (offset > size || length > size - offset)
		return bfp_bad(c, "bytes %u-%llu are not inside of the memory", offset,
			       (unsigned long long)offset + length - 1);
	if (r->kind != BFP_RULE_CHECKSUM && (r->sum || r->flags || from || over))
		return bfp_bad(c, "only a checksum rule has an algorithm and a range");
	if (r->kind != BFP_RULE_BYTES && (r->bytes || alternatives))
		return bfp_bad(c, "only a bytes rule has bytes");
	switch (r->kind) {
	case BFP_RULE_BYTES:
		if (!length || !alternatives || alternatives > 256)
			return bfp_bad(c, "no bytes are given");
		return bfp_check_blob(c, "bytes", r->bytes, (u64)length * alternatives);
	case BFP_RULE_KEEP:
	case BFP_RULE_IDENTITY:
		if (!length)
			return bfp_bad(c, "no length is given");
		return 0;
	case BFP_RULE_NOT_BLANK:
		if (offset || length)
			return bfp_bad(c, "not-blank is about the whole memory");
		return 0;
	case BFP_RULE_CHECKSUM:
		if (!bfp_sum_size(r->sum) || length != bfp_sum_size(r->sum))
			return bfp_bad(c, "a checksum of kind %u is not %u bytes long", r->sum,
				       length);
		if (r->flags & ~BFP_ITEMF_LE)
			return bfp_bad(c, "the rule has bits set that mean nothing");
		if (from >= size || over > size - from)
			return bfp_bad(c, "the checksum reaches past the end of the memory");
		return 0;
	default:
		return bfp_bad(c, "rule kind %u means nothing", r->kind);
	}
}

/**
 * bfp_check_rules() - the part of bfp_check() about image rules
 * @c: the check; memories are known to be good
 *
 * Return: 0, or -EINVAL.
 */
int bfp_check_rules(struct bfp_checking *c)
{
	const struct bfp_rule *r = bfp_rules(c->p);
	u32 i, k;
	int ret;

	c->table = BFP_RULES;
	for (i = 0; i < bfp_count(c->p, BFP_RULES); i++) {
		c->index = i;
		if (r[i].memory >= bfp_count(c->p, BFP_MEMORIES))
			return bfp_bad(c, "the rule is about no memory");
		if (!bfp_zero(r[i].pad, sizeof(r[i].pad)))
			return bfp_bad(c, "the rule has bits set that mean nothing");
		ret = bfp_check_name(c, "rule name", r[i].name, false);
		if (!ret)
			ret = bfp_check_evidence(c, r[i].evidence, r[i].source);
		if (!ret)
			ret = check_rule_kind(c, &r[i],
					      le32_to_cpu(bfp_memories(c->p)[r[i].memory].size));
		if (ret)
			return ret;
		for (k = 0; k < i; k++)
			if (r[k].memory == r[i].memory &&
			    !strcmp(bfp_string(c->p, r[k].name), bfp_string(c->p, r[i].name)))
				return bfp_bad(c, "two rules have the name '%s'",
					       bfp_string(c->p, r[i].name));
	}
	return 0;
}

/* How many bytes a field may reach over: a memory, or the answer of an operation. */
static int field_room(struct bfp_checking *c, const struct bfp_field *f, u32 *room)
{
	u32 op = le16_to_cpu(f->operation), i;
	const struct bfp_operation *o;
	const struct bfp_step *s;

	if (op == BFP_NONE) {
		if (f->of_memory >= bfp_count(c->p, BFP_MEMORIES))
			return bfp_bad(c, "the field is part of nothing");
		*room = le32_to_cpu(bfp_memories(c->p)[f->of_memory].size);
		return 0;
	}
	if (f->of_memory != 0xff || op >= bfp_count(c->p, BFP_OPERATIONS))
		return bfp_bad(c, "the field is part of nothing");
	o = bfp_operations(c->p) + op;
	s = bfp_steps(c->p) + le16_to_cpu(o->step_first);
	*room = 0;
	for (i = 0; i < le16_to_cpu(o->step_count); i++)
		if (s[i].carry == BFP_CARRY_ANSWER)
			*room = le32_to_cpu(s[i].length);
	return 0;
}

static int check_field_type(struct bfp_checking *c, const struct bfp_field *f)
{
	static const u8 wants[BFP_TYPES] = {
		[BFP_TYPE_U8] = 1, [BFP_TYPE_LE16] = 2, [BFP_TYPE_BE16] = 2,
		[BFP_TYPE_LE32] = 4, [BFP_TYPE_BE32] = 4,
	};
	u32 length = le32_to_cpu(f->length);

	if (f->type < BFP_TYPE_HEX || f->type >= BFP_TYPES)
		return bfp_bad(c, "field type %u means nothing", f->type);
	if (!length || length > 256)
		return bfp_bad(c, "length %u is not within 1..256", length);
	if (wants[f->type] && length != wants[f->type])
		return bfp_bad(c, "length %u does not fit the type, which has %u", length,
			       wants[f->type]);
	if (f->type == BFP_TYPE_UTF16LE && length % 2)
		return bfp_bad(c, "length %u is odd, and UTF-16 has two bytes a character",
			       length);
	return 0;
}

static int check_field(struct bfp_checking *c, const struct bfp_field *f)
{
	u32 offset = le32_to_cpu(f->offset), length = le32_to_cpu(f->length);
	u32 room = 0;
	int ret;

	ret = bfp_check_name(c, "field name", f->name, false);
	if (!ret)
		ret = bfp_check_text(c, "title", f->title, BFP_TITLE_MAX, false);
	if (!ret)
		ret = bfp_check_evidence(c, f->evidence, f->source);
	if (!ret)
		ret = check_field_type(c, f);
	if (!ret)
		ret = field_room(c, f, &room);
	if (ret)
		return ret;
	if (f->pad || f->pad2)
		return bfp_bad(c, "the field has bits set that mean nothing");
	if (offset > room || length > room - offset)
		return bfp_bad(c, "bytes %u-%llu are not inside of what has %u bytes", offset,
			       (unsigned long long)offset + length - 1, room);
	return 0;
}

/**
 * bfp_check_fields() - the part of bfp_check() about fields
 * @c: the check; memories and operations are known to be good
 *
 * Return: 0, or -EINVAL.
 */
int bfp_check_fields(struct bfp_checking *c)
{
	const struct bfp_field *f = bfp_fields(c->p);
	u32 i, k;
	int ret;

	c->table = BFP_FIELDS;
	for (i = 0; i < bfp_count(c->p, BFP_FIELDS); i++) {
		c->index = i;
		ret = check_field(c, &f[i]);
		if (ret)
			return ret;
		for (k = 0; k < i; k++)
			if (f[k].of_memory == f[i].of_memory &&
			    f[k].operation == f[i].operation &&
			    !strcmp(bfp_string(c->p, f[k].name), bfp_string(c->p, f[i].name)))
				return bfp_bad(c, "two fields have the name '%s'",
					       bfp_string(c->p, f[i].name));
	}
	return 0;
}

