// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bfp_check(): the one place that looks at every number of a compiled profile,
 * so that nothing after it has to. A profile may come from anybody.
 */
#include "check.h"

/**
 * bfp_bad() - note a fault and where it is
 * @c: the check; tells which record is being looked at
 * @fmt: as printf, a sentence
 *
 * Return: -EINVAL.
 */
int bfp_bad(struct bfp_checking *c, const char *fmt, ...)
{
	va_list args;

	if (c->e) {
		va_start(args, fmt);
		vsnprintf(c->e->text, sizeof(c->e->text), fmt, args);
		va_end(args);
		c->e->table = c->table;
		c->e->index = c->index;
	}
	return -EINVAL;
}

/**
 * bfp_zero() - whether bytes are all zero: padding that a later format may use
 * @bytes: where
 * @len: how many
 *
 * Return: true if they are.
 */
bool bfp_zero(const u8 *bytes, u32 len)
{
	while (len--)
		if (*bytes++)
			return false;
	return true;
}

static u32 blob_size(struct bfp_checking *c)
{
	return bfp_count(c->p, BFP_BLOB);
}

/**
 * bfp_check_blob() - whether bytes lie in the blob
 * @c: the check
 * @what: what the bytes are, for the fault
 * @offset: where they begin
 * @len: how many
 *
 * Return: 0, or -EINVAL.
 */
int bfp_check_blob(struct bfp_checking *c, const char *what, __le32 offset, u64 len)
{
	if (le32_to_cpu(offset) > blob_size(c) ||
	    len > blob_size(c) - le32_to_cpu(offset))
		return bfp_bad(c, "%s reaches past the end of the file", what);
	return 0;
}

/**
 * bfp_printable() - whether a character can be shown on a terminal
 * @s: where it begins
 * @room: bytes there are, at least one
 *
 * Return: its length in bytes if it is well-formed UTF-8, no control
 * character and nothing that turns the direction of writing; 0 otherwise.
 */
u32 bfp_printable(const u8 *s, size_t room)
{
	static const u32 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	u32 len = 1, i, ch = s[0];

	if (ch >= 0xf0 && ch < 0xf8)
		len = 4;
	else if (ch >= 0xe0)
		len = 3;
	else if (ch >= 0xc0)
		len = 2;
	else if (ch >= 0x80)
		return 0;
	if (len == 1)
		return ch >= 0x20 && ch != 0x7f;
	if (ch >= 0xf8 || len > room)
		return 0;
	ch &= 0x7f >> len;
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		ch = ch << 6 | (s[i] & 0x3f);
	}
	if (ch < least[len] || ch > 0x10ffff || (ch >= 0xd800 && ch <= 0xdfff))
		return 0;
	if (ch < 0xa0 || (ch >= 0x200b && ch <= 0x200f) || (ch >= 0x2028 && ch <= 0x202e) ||
	    (ch >= 0x2060 && ch <= 0x206f) || ch == 0xfeff)
		return 0;
	return len;
}

/**
 * bfp_check_text() - a string: ends in the blob, can be shown, is not too long
 * @c: the check
 * @what: what the string is, for the fault
 * @offset: where it begins
 * @most: bytes it may have
 * @needed: it must not be empty
 *
 * Return: 0, or -EINVAL.
 */
int bfp_check_text(struct bfp_checking *c, const char *what, __le32 offset, u32 most,
		   bool needed)
{
	u32 at = le32_to_cpu(offset);
	u32 room, len = 0, n;
	const u8 *s;

	if (at >= blob_size(c))
		return bfp_bad(c, "%s reaches past the end of the file", what);
	s = bfp_blob(c->p, offset);
	room = blob_size(c) - at;
	while (len < room && s[len]) {
		n = bfp_printable(s + len, room - len);
		if (!n)
			return bfp_bad(c, "%s has a character that cannot be shown, at byte %u of it",
				       what, len);
		len += n;
		if (len > most)
			return bfp_bad(c, "%s is longer than %u bytes", what, most);
	}
	if (len >= room)
		return bfp_bad(c, "%s has no end", what);
	if (needed && !len)
		return bfp_bad(c, "%s is empty", what);
	return 0;
}

static bool name_char(char ch, bool first, bool lower)
{
	if ((ch >= 'a' && ch <= 'z') || (!lower && ch >= 'A' && ch <= 'Z'))
		return true;
	return !first && ((ch >= '0' && ch <= '9') || ch == '-' || ch == '_');
}

/**
 * bfp_check_name() - a name: a letter, then letters, digits, - and _
 * @c: the check
 * @what: what the name is of, for the fault
 * @offset: where it begins
 * @lower: small letters only; names of chips and memories become parts of
 *	paths, where not everybody tells capitals from small letters
 *
 * Return: 0, or -EINVAL.
 */
int bfp_check_name(struct bfp_checking *c, const char *what, __le32 offset, bool lower)
{
	const char *s;
	u32 i;
	int ret;

	ret = bfp_check_text(c, what, offset, BFP_NAME_MAX - 1, true);
	if (ret)
		return ret;
	s = bfp_string(c->p, offset);
	for (i = 0; s[i]; i++)
		if (!name_char(s[i], !i, lower))
			return bfp_bad(c, "%s '%s' is not a name: a %sletter, then %sletters, digits, - or _",
				       what, s, lower ? "small " : "", lower ? "small " : "");
	return 0;
}

/**
 * bfp_check_evidence() - nothing is known without somebody who says so
 * @c: the check
 * @evidence: enum bfp_evidence
 * @source: offset of a string
 *
 * Return: 0, or -EINVAL.
 */
int bfp_check_evidence(struct bfp_checking *c, u8 evidence, __le32 source)
{
	if (evidence < BFP_INFERRED || evidence > BFP_DOCUMENTED)
		return bfp_bad(c, "evidence %u is none of inferred, reported, traced, documented",
			       evidence);
	return bfp_check_text(c, "source", source, BFP_TEXT_MAX, true);
}

/* No chip comes near these; they bound what a hostile file makes us do. */
static const u16 record_most[BFP_NTABLES] = {
	[BFP_IDS] = 512,
	[BFP_MEMORIES] = BFP_MEMORIES_MAX,
	[BFP_GEOMETRY] = 256,
	[BFP_OPERATIONS] = 128,
	[BFP_STEPS] = 2048,
	[BFP_ITEMS] = 8192,
	[BFP_RULES] = 256,
	[BFP_FIELDS] = 512,
};

/* The same on every machine: files are made on one and used on another. */
static_assert(sizeof(struct bfp_header) == 112, "header");
static_assert(sizeof(struct bfp_id) == 48, "id");
static_assert(sizeof(struct bfp_memory) == 64, "memory");
static_assert(offsetof(struct bfp_memory, base) == 24, "base of a memory");
static_assert(sizeof(struct bfp_geometry) == 8, "geometry");
static_assert(sizeof(struct bfp_operation) == 28, "operation");
static_assert(sizeof(struct bfp_step) == 44, "step");
static_assert(sizeof(struct bfp_item) == 24, "item");
static_assert(sizeof(struct bfp_rule) == 40, "rule");
static_assert(sizeof(struct bfp_field) == 28, "field");
static_assert(sizeof(struct bfp_index_header) == 24, "header of the index");
static_assert(sizeof(struct bfp_index_entry) == 80, "entry of the index");

static const u8 record_size[BFP_NTABLES] = {
	[BFP_IDS] = sizeof(struct bfp_id),
	[BFP_MEMORIES] = sizeof(struct bfp_memory),
	[BFP_GEOMETRY] = sizeof(struct bfp_geometry),
	[BFP_OPERATIONS] = sizeof(struct bfp_operation),
	[BFP_STEPS] = sizeof(struct bfp_step),
	[BFP_ITEMS] = sizeof(struct bfp_item),
	[BFP_RULES] = sizeof(struct bfp_rule),
	[BFP_FIELDS] = sizeof(struct bfp_field),
	[BFP_BLOB] = 1,
};

/* CRC-32 over a file whose header has a crc member at @at that counts as zero. */
static u32 file_crc(const u8 *data, u32 size, u32 at)
{
	static const u8 zero[4];
	u32 crc = bfp_crc32(0, data, at);

	crc = bfp_crc32(crc, zero, sizeof(zero));
	return bfp_crc32(crc, data + at + 4, size - at - 4);
}

static int check_tables(struct bfp_checking *c, const struct bfp_header *h, u32 size)
{
	u32 t, end = sizeof(*h);

	for (t = 0; t < BFP_NTABLES; t++) {
		u32 offset = le32_to_cpu(h->table[t].offset);
		u32 count = le32_to_cpu(h->table[t].count);

		if (offset % 8 || offset < end || offset > size)
			return bfp_bad(c, "table %u begins at %u, which is not a place for it",
				       t, offset);
		if (count > (size - offset) / record_size[t])
			return bfp_bad(c, "table %u reaches past the end of the file", t);
		if (t != BFP_BLOB && count > record_most[t])
			return bfp_bad(c, "table %u has too many records", t);
		end = offset + count * record_size[t];
	}
	return 0;
}

static int check_header(struct bfp_checking *c, const void *data, size_t size)
{
	const struct bfp_header *h = data;
	int ret;

	if ((unsigned long)data % 8)
		return bfp_bad(c, "the profile does not stand on an address that divides by 8");
	if (size < sizeof(*h))
		return bfp_bad(c, "%zu bytes are too few for a compiled profile", size);
	if (size > BFP_FILE_MAX)
		return bfp_bad(c, "%zu bytes are too many for a compiled profile", size);
	if (le32_to_cpu(h->magic) != BFP_MAGIC)
		return bfp_bad(c, "this is not a compiled profile (no BFWP at its start)");
	if (le16_to_cpu(h->format) != BFP_FORMAT)
		return bfp_bad(c, "format %u, and only %u is understood: compile the profile anew",
			       le16_to_cpu(h->format), BFP_FORMAT);
	if (le32_to_cpu(h->size) != size)
		return bfp_bad(c, "the file has %zu bytes and says that it has %u", size,
			       le32_to_cpu(h->size));
	if (le32_to_cpu(h->crc) != file_crc(data, (u32)size, offsetof(struct bfp_header, crc)))
		return bfp_bad(c, "the checksum of the file is wrong: it is damaged");
	if (h->flags || !bfp_zero(h->pad, sizeof(h->pad)))
		return bfp_bad(c, "the header has bits set that mean nothing");
	ret = check_tables(c, h, (u32)size);
	if (ret)
		return ret;
	if (!blob_size(c) || *bfp_string(c->p, 0))
		return bfp_bad(c, "the blob does not begin with the empty string");
	if (h->recovery < BFP_RECOVERY_NONE_KNOWN || h->recovery > BFP_RECOVERY_INTERNAL_ROM)
		return bfp_bad(c, "recovery %u means nothing", h->recovery);
	ret = bfp_check_name(c, "name", h->name, true);
	if (!ret)
		ret = bfp_check_text(c, "title", h->title, BFP_TITLE_MAX, true);
	if (!ret)
		ret = bfp_check_text(c, "vendor", h->vendor, BFP_TITLE_MAX, true);
	if (!ret)
		ret = bfp_check_text(c, "note", h->note, BFP_TEXT_MAX, false);
	return ret;
}

static int check_usb_id(struct bfp_checking *c, const struct bfp_id *id, u16 flags)
{
	u32 lo = le32_to_cpu(id->rev_lo), hi = le32_to_cpu(id->rev_hi);

	if ((flags & (BFP_ID_HAS_VENDOR | BFP_ID_HAS_PRODUCT)) !=
	    (BFP_ID_HAS_VENDOR | BFP_ID_HAS_PRODUCT))
		return bfp_bad(c, "a USB id needs vendor and product");
	if (le32_to_cpu(id->vendor) > 0xffff || le32_to_cpu(id->product) > 0xffff)
		return bfp_bad(c, "USB vendor and product have 16 bits");
	if (flags & BFP_ID_HAS_REVISION ? lo > hi || hi > 0xffff : lo || hi)
		return bfp_bad(c, "bcdDevice range %04x-%04x is not a range", lo, hi);
	return 0;
}

static int check_rom_id(struct bfp_checking *c, const struct bfp_id *id, u16 flags)
{
	u32 value = le32_to_cpu(id->rev_lo), mask = le32_to_cpu(id->rev_hi);

	if (!(flags & (BFP_ID_HAS_VENDOR | BFP_ID_HAS_REVISION)))
		return bfp_bad(c, "an IEEE 1394 id needs a vendor or a revision");
	if (le32_to_cpu(id->vendor) > 0xffffff || le32_to_cpu(id->product) > 0xffffff ||
	    value > 0xffffff)
		return bfp_bad(c, "IEEE 1394 vendor, model and revision have 24 bits");
	if (flags & BFP_ID_HAS_REVISION ? !mask || (value & ~mask) : value || mask)
		return bfp_bad(c, "revision 0x%06x has bits outside of its mask 0x%06x",
			       value, mask);
	return 0;
}

static int check_quadlet_id(struct bfp_checking *c, const struct bfp_id *id, u16 flags)
{
	u64 address = le64_to_cpu(id->address);

	if (flags)
		return bfp_bad(c, "a quadlet id has no vendor, product or revision");
	if (address >> 28 != 0xfffff || address % 4)
		return bfp_bad(c, "0x%llx is not the address of a quadlet in register space (0xfffff0000000-0xfffffffffffc)",
			       (unsigned long long)address);
	if (!id->mask || (le32_to_cpu(id->value) & ~le32_to_cpu(id->mask)))
		return bfp_bad(c, "quadlet value 0x%08x has bits outside of its mask 0x%08x",
			       le32_to_cpu(id->value), le32_to_cpu(id->mask));
	return 0;
}

static int check_id_numbers(struct bfp_checking *c, const struct bfp_id *id)
{
	u16 flags = le16_to_cpu(id->flags);

	if (flags & ~(BFP_ID_HAS_PRODUCT | BFP_ID_HAS_REVISION | BFP_ID_HAS_VENDOR) ||
	    id->pad || id->pad2)
		return bfp_bad(c, "the id has bits set that mean nothing");
	if (id->role < BFP_ROLE_RUNNING || id->role > BFP_ROLE_UPLOADER)
		return bfp_bad(c, "role %u means nothing", id->role);
	if (id->kind != BFP_ID_QUADLET && (id->address || id->value || id->mask))
		return bfp_bad(c, "only a quadlet id has an address");
	if (!(flags & BFP_ID_HAS_VENDOR) && id->vendor)
		return bfp_bad(c, "the id has a vendor and says that it has none");
	if (!(flags & BFP_ID_HAS_PRODUCT) && id->product)
		return bfp_bad(c, "the id has a product and says that it has none");
	switch (id->kind) {
	case BFP_ID_USB:
		return check_usb_id(c, id, flags);
	case BFP_ID_1394:
		return check_rom_id(c, id, flags);
	case BFP_ID_QUADLET:
		return check_quadlet_id(c, id, flags);
	default:
		return bfp_bad(c, "id kind %u means nothing", id->kind);
	}
}

/* Two ids of one profile with the same numbers: one of them is a slip. */
static bool same_numbers(const struct bfp_id *a, const struct bfp_id *b)
{
	return a->kind == b->kind && a->flags == b->flags && a->vendor == b->vendor &&
	       a->product == b->product && a->rev_lo == b->rev_lo && a->rev_hi == b->rev_hi &&
	       a->address == b->address && a->value == b->value && a->mask == b->mask;
}

static int check_ids(struct bfp_checking *c)
{
	const struct bfp_id *id = bfp_ids(c->p);
	u32 i, k;
	int ret;

	c->table = BFP_IDS;
	for (i = 0; i < bfp_count(c->p, BFP_IDS); i++) {
		c->index = i;
		ret = check_id_numbers(c, &id[i]);
		if (!ret)
			ret = bfp_check_evidence(c, id[i].evidence, id[i].source);
		if (!ret)
			ret = bfp_check_text(c, "note", id[i].note, BFP_TEXT_MAX, false);
		if (ret)
			return ret;
		for (k = 0; k < i; k++)
			if (same_numbers(&id[i], &id[k]))
				return bfp_bad(c, "the same id stands in the profile twice");
	}
	return 0;
}

/**
 * bfp_check() - looks at everything in a compiled profile
 * @p: set on success; refers to @data, which must outlive it
 * @data: the file, on an address that divides by 8
 * @size: its bytes
 * @e: what is wrong, if something is; may be NULL
 *
 * Return: 0, or -EINVAL.
 */
int bfp_check(struct bfp *p, const void *data, size_t size, struct bfp_error *e)
{
	struct bfp candidate = { .base = data, .size = (u32)size };
	struct bfp_checking c = { .p = &candidate, .e = e, .table = BFP_NTABLES };
	int ret;

	ret = check_header(&c, data, size);
	if (!ret)
		ret = check_ids(&c);
	if (!ret)
		ret = bfp_check_memories(&c);
	if (!ret)
		ret = bfp_check_operations(&c);
	if (!ret)
		ret = bfp_check_states(&c);
	if (!ret)
		ret = bfp_check_rules(&c);
	if (!ret)
		ret = bfp_check_fields(&c);
	if (!ret)
		*p = candidate;
	return ret;
}

static int check_index_entry(struct bfp_checking *c, const struct bfp_index_entry *entry)
{
	u32 i;

	for (i = 0; i < BFP_NAME_MAX && entry->profile[i]; i++)
		if (!name_char(entry->profile[i], !i, true))
			return bfp_bad(c, "entry %u of the index has no proper name", c->index);
	if (!i || i == BFP_NAME_MAX || !bfp_zero((const u8 *)entry->profile + i, BFP_NAME_MAX - i))
		return bfp_bad(c, "entry %u of the index has no proper name", c->index);
	if (entry->id.source || entry->id.note)
		return bfp_bad(c, "entry %u of the index has strings", c->index);
	if (entry->id.evidence < BFP_INFERRED || entry->id.evidence > BFP_DOCUMENTED)
		return bfp_bad(c, "entry %u of the index has no evidence", c->index);
	return check_id_numbers(c, &entry->id);
}

/**
 * bfp_index_check() - looks at everything in an index
 * @data: the file, on an address that divides by 8
 * @size: its bytes
 * @e: what is wrong, if something is; may be NULL
 *
 * Return: 0, or -EINVAL.
 */
int bfp_index_check(const void *data, size_t size, struct bfp_error *e)
{
	const struct bfp_index_header *h = data;
	const struct bfp_index_entry *entry = (const void *)(h + 1);
	struct bfp_checking c = { .e = e, .table = BFP_NTABLES };
	int ret;

	if ((unsigned long)data % 8)
		return bfp_bad(&c, "the index does not stand on an address that divides by 8");
	if (size < sizeof(*h) || le32_to_cpu(h->magic) != BFP_INDEX_MAGIC)
		return bfp_bad(&c, "this is not an index of profiles (no BFWI at its start)");
	if (le16_to_cpu(h->format) != BFP_FORMAT)
		return bfp_bad(&c, "index format %u, and only %u is understood: compile the profiles anew",
			       le16_to_cpu(h->format), BFP_FORMAT);
	if (size > BFP_FILE_MAX || le32_to_cpu(h->size) != size)
		return bfp_bad(&c, "the index has %zu bytes and says that it has %u", size,
			       le32_to_cpu(h->size));
	if (le32_to_cpu(h->crc) !=
	    file_crc(data, (u32)size, offsetof(struct bfp_index_header, crc)))
		return bfp_bad(&c, "the checksum of the index is wrong: it is damaged");
	if (le32_to_cpu(h->count) > BFP_FILE_MAX / sizeof(*entry) ||
	    size != sizeof(*h) + le32_to_cpu(h->count) * sizeof(*entry))
		return bfp_bad(&c, "the index does not have the %u entries that it says",
			       le32_to_cpu(h->count));
	if (h->pad || h->pad2)
		return bfp_bad(&c, "the index has bits set that mean nothing");
	for (c.index = 0; c.index < le32_to_cpu(h->count); c.index++) {
		ret = check_index_entry(&c, &entry[c.index]);
		if (ret)
			return ret;
	}
	return 0;
}
