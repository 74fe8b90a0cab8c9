// SPDX-License-Identifier: GPL-2.0-or-later
/* What the box says it is: descriptors, honest and hostile ones. */
#include "bytes.h"
#include "desc.h"

#define DT_DEVICE	1
#define DT_CONFIG	2
#define DT_STRING	3
#define DT_QUALIFIER	6
#define DT_OTHER_SPEED	7

static const char * const hostile_names[HOSTILE_VARIANTS] = {
	[HOSTILE_NONE] = "none",
	[HOSTILE_TOTAL_HUGE] = "total-huge",
	[HOSTILE_TOTAL_SHORT] = "total-short",
	[HOSTILE_ZERO_LENGTH] = "zero-length",
	[HOSTILE_BAD_LENGTH] = "bad-length",
	[HOSTILE_NO_ENDPOINTS] = "no-endpoints",
	[HOSTILE_MANY_INTERFACES] = "many-interfaces",
	[HOSTILE_EP_ZERO_PACKET] = "zero-packet",
	[HOSTILE_DEVICE_SHORT] = "device-short",
	[HOSTILE_STRING_LONG] = "string-long",
	[HOSTILE_STRING_SHORT] = "string-short",
	[HOSTILE_STRING_ODD] = "string-odd",
	[HOSTILE_STRING_MISSING] = "string-missing",
	[HOSTILE_STRING_HUGE] = "string-huge",
	[HOSTILE_STRING_CONTROL] = "string-control",
};

/**
 * hostile_by_name() - a variant of --fault hostile-descriptors
 * @name: its name
 *
 * Return: enum hostile, or -EINVAL.
 */
int hostile_by_name(const char *name)
{
	u32 i;

	for (i = 0; i < HOSTILE_VARIANTS; i++)
		if (!strcmp(name, hostile_names[i]))
			return i;
	return -EINVAL;
}

/**
 * hostile_name() - the other way round
 * @h: the variant
 *
 * Return: its name.
 */
const char *hostile_name(enum hostile h)
{
	return hostile_names[h];
}

/**
 * desc_string_ascii() - a string of a box
 * @s: to fill
 * @text: ASCII
 */
void desc_string_ascii(struct desc_string *s, const char *text)
{
	s->len = 0;
	while (*text && s->len < DESC_STRING_MAX)
		s->unit[s->len++] = (u8)*text++;
}

/**
 * identity_find() - the id that a box shows in a state
 * @profile: of the chip
 * @role: enum bfp_role; 0: any
 *
 * Return: the first USB id with that role, or NULL.
 */
const struct bfp_id *identity_find(const struct bfp *profile, u8 role)
{
	const struct bfp_id *ids = bfp_ids(profile);
	u32 i;

	for (i = 0; i < bfp_count(profile, BFP_IDS); i++)
		if (ids[i].kind == BFP_ID_USB && (!role || ids[i].role == role))
			return &ids[i];
	return NULL;
}

/**
 * identity_from_id() - show an id of the profile
 * @id: what is shown; its strings stay
 * @from: the id
 */
void identity_from_id(struct identity *id, const struct bfp_id *from)
{
	u16 flags = le16_to_cpu(from->flags);

	id->vendor = le32_to_cpu(from->vendor);
	id->product = flags & BFP_ID_HAS_PRODUCT ? le32_to_cpu(from->product) : 0;
	id->bcd = flags & BFP_ID_HAS_REVISION ? le32_to_cpu(from->rev_lo) : 0x0100;
}

/**
 * identity_default() - what the chip's internal ROM says
 * @id: to fill
 * @profile: of the chip; its first USB id of role running is taken
 */
void identity_default(struct identity *id, const struct bfp *profile)
{
	const struct bfp_id *from = identity_find(profile, BFP_ROLE_RUNNING);

	if (!from)
		from = identity_find(profile, 0);
	memset(id, 0, sizeof(*id));
	id->attributes = 0xc0;
	id->max_power = 1;
	if (from)
		identity_from_id(id, from);
	desc_string_ascii(&id->string[DESC_MANUFACTURER],
			  bfp_string(profile, bfp_header(profile)->vendor));
	desc_string_ascii(&id->string[DESC_PRODUCT], "Mass Storage Device");
}

static void string_from_field(struct desc_string *s, const struct bfp_field *f, const u8 *p)
{
	u32 i, n = le32_to_cpu(f->length);

	s->len = 0;
	if (f->type == BFP_TYPE_UTF16LE) {
		for (i = 0; i + 2 <= n && s->len < DESC_STRING_MAX; i += 2) {
			u16 unit = get_le16(p + i);

			if (!unit || unit == 0xffff)
				break;
			s->unit[s->len++] = unit;
		}
		return;
	}
	for (i = 0; i < n && s->len < DESC_STRING_MAX && p[i] && p[i] != 0xff; i++)
		s->unit[s->len++] = p[i];
}

static u32 number_from_field(const struct bfp_field *f, const u8 *p)
{
	u32 i, v = 0, n = le32_to_cpu(f->length);

	switch (f->type) {
	case BFP_TYPE_LE16:
		return get_le16(p);
	case BFP_TYPE_LE32:
		return get_le32(p);
	}
	for (i = 0; i < n && i < 4; i++)
		v = v << 8 | p[i];
	return v;
}

static void take_field(struct identity *id, const char *name,
		       const struct bfp_field *f, const u8 *p)
{
	if (!strcmp(name, "idVendor"))
		id->vendor = number_from_field(f, p);
	else if (!strcmp(name, "idProduct"))
		id->product = number_from_field(f, p);
	else if (!strcmp(name, "bcdDevice"))
		id->bcd = number_from_field(f, p);
	else if (!strcmp(name, "bmAttributes"))
		id->attributes = number_from_field(f, p);
	else if (!strcmp(name, "MaxPower") || !strcmp(name, "bMaxPower"))
		id->max_power = number_from_field(f, p);
	else if (!strcmp(name, "iManufacturer"))
		string_from_field(&id->string[DESC_MANUFACTURER], f, p);
	else if (!strcmp(name, "iProduct"))
		string_from_field(&id->string[DESC_PRODUCT], f, p);
	else if (!strcmp(name, "iSerialNumber"))
		string_from_field(&id->string[DESC_SERIAL], f, p);
}

/**
 * identity_from_memory() - what the chip takes from its memory instead
 * @id: where what the memory says goes; the rest stays
 * @layout: names the fields, and has the rule that makes the content valid
 * @memory: index in @layout
 * @content: of the memory
 * @len: bytes
 *
 * Return: whether the content is valid, and so was taken.
 */
bool identity_from_memory(struct identity *id, const struct bfp *layout, u32 memory,
			  const u8 *content, u32 len)
{
	const struct bfp_rule *rule = bfp_rules(layout);
	const struct bfp_field *f = bfp_fields(layout);
	u32 i, j;

	/* The chip itself looks at the validity word and at nothing else. */
	for (i = 0; i < bfp_count(layout, BFP_RULES); i++) {
		u32 n = le32_to_cpu(rule[i].length), at = le32_to_cpu(rule[i].offset);
		const u8 *bytes = bfp_blob(layout, rule[i].bytes);

		if (rule[i].kind != BFP_RULE_BYTES || rule[i].memory != memory)
			continue;
		if (at > len || n > len - at)
			return false;
		for (j = 0; j < le32_to_cpu(rule[i].alternatives); j++)
			if (!memcmp(content + at, bytes + j * n, n))
				break;
		if (j == le32_to_cpu(rule[i].alternatives))
			return false;
	}
	for (i = 0; i < bfp_count(layout, BFP_FIELDS); i++) {
		u32 at = le32_to_cpu(f[i].offset), n = le32_to_cpu(f[i].length);

		if (f[i].of_memory == memory && at <= len && n <= len - at)
			take_field(id, bfp_string(layout, f[i].name), &f[i], content + at);
	}
	return true;
}

static int device(const struct identity *id, enum hostile lie, u8 *d)
{
	u32 i;

	d[0] = 18;
	d[1] = DT_DEVICE;
	put_le16(d + 2, 0x0200);
	d[7] = 64;
	put_le16(d + 8, id->vendor);
	put_le16(d + 10, id->product);
	put_le16(d + 12, id->bcd);
	for (i = 0; i < DESC_STRINGS; i++)
		d[14 + i] = id->string[i].len || lie == HOSTILE_STRING_MISSING ? i + 1 : 0;
	d[17] = 1;
	return lie == HOSTILE_DEVICE_SHORT ? 8 : 18;
}

static int qualifier(u8 *d)
{
	d[0] = 10;
	d[1] = DT_QUALIFIER;
	put_le16(d + 2, 0x0200);
	d[7] = 64;
	d[8] = 1;
	return 10;
}

static void endpoint(u8 *d, u8 address, u16 max_packet)
{
	d[0] = 7;
	d[1] = 5;
	d[2] = address;
	d[3] = 0x02;
	put_le16(d + 4, max_packet);
}

static int config(const struct identity *id, enum hostile lie, enum model_speed speed,
		  u8 type, u8 *d)
{
	u16 max_packet = speed == MODEL_HIGH_SPEED ? 512 : 64;

	d[0] = 9;
	d[1] = type;
	put_le16(d + 2, 32);
	d[4] = 1;
	d[5] = 1;
	d[7] = id->attributes;
	d[8] = id->max_power;

	d[9] = 9;
	d[10] = 4;
	d[13] = 2;
	d[14] = 0x08;	/* mass storage */
	d[15] = 0x06;	/* SCSI transparent command set */
	d[16] = 0x50;	/* Bulk-Only */
	endpoint(d + 18, USB_EP_IN, max_packet);
	endpoint(d + 25, USB_EP_OUT, max_packet);

	switch (lie) {
	case HOSTILE_TOTAL_HUGE:
		put_le16(d + 2, 0xffff);
		break;
	case HOSTILE_TOTAL_SHORT:
		put_le16(d + 2, 9);
		break;
	case HOSTILE_ZERO_LENGTH:
		d[9] = 0;
		break;
	case HOSTILE_BAD_LENGTH:
		d[9] = 3;
		d[18] = 2;
		break;
	case HOSTILE_NO_ENDPOINTS:
		d[13] = 0;
		put_le16(d + 2, 18);
		return 18;
	case HOSTILE_MANY_INTERFACES:
		d[4] = 255;
		d[13] = 255;
		break;
	case HOSTILE_EP_ZERO_PACKET:
		put_le16(d + 22, 0);
		put_le16(d + 29, 0);
		break;
	default:
		break;
	}
	return 32;
}

static int string(const struct identity *id, enum hostile lie, u8 index, u8 *d)
{
	const struct desc_string *s;
	u32 i;

	d[1] = DT_STRING;
	if (!index) {
		d[0] = 4;
		put_le16(d + 2, 0x0409);
		return 4;
	}
	if (index > DESC_STRINGS || lie == HOSTILE_STRING_MISSING ||
	    !id->string[index - 1].len)
		return -ENOENT;
	s = &id->string[index - 1];
	for (i = 0; i < s->len; i++)
		put_le16(d + 2 + 2 * i, s->unit[i]);
	d[0] = 2 + 2 * s->len;

	switch (lie) {
	case HOSTILE_STRING_LONG:	/* tells of more than it sends */
		i = d[0];
		d[0] = 255;
		return i;
	case HOSTILE_STRING_SHORT:	/* tells of less than a header */
		i = d[0];
		d[0] = 1;
		return i;
	case HOSTILE_STRING_ODD:
		return d[0] - 1;
	case HOSTILE_STRING_HUGE:
		for (i = 0; i < DESC_STRING_MAX; i++)
			put_le16(d + 2 + 2 * i, 'A' + i % 26);
		d[0] = 2 + 2 * DESC_STRING_MAX;
		break;
	case HOSTILE_STRING_CONTROL: {
		/* What a careless user of strings would trip over. */
		static const u16 bad[] = { '.', '.', '/', '\n', '\t', 0x1b, '[', '2', 'J', '%', 's',
					   '"', '\'', '$', '(', ')', 0xd800, 0xffff, ' ', 0x7f };

		for (i = 0; i < ARRAY_SIZE(bad); i++)
			put_le16(d + 2 + 2 * i, bad[i]);
		d[0] = 2 + sizeof(bad);
		break;
	}
	default:
		break;
	}
	return d[0];
}

/**
 * desc_get() - a descriptor
 * @id: what the box shows of itself
 * @lie: in which way it lies
 * @speed: of the bus
 * @value: type << 8 | index
 * @out: gets it, at most DESC_ROOM bytes
 *
 * Return: its length, or -ENOENT.
 */
int desc_get(const struct identity *id, enum hostile lie, enum model_speed speed,
	     u16 value, u8 *out)
{
	enum model_speed other = speed == MODEL_HIGH_SPEED ? MODEL_FULL_SPEED : MODEL_HIGH_SPEED;

	memset(out, 0, DESC_ROOM);
	if ((value >> 8) != DT_STRING && (value & 0xff))
		return -ENOENT;
	switch (value >> 8) {
	case DT_DEVICE:
		return device(id, lie, out);
	case DT_CONFIG:
		return config(id, lie, speed, DT_CONFIG, out);
	case DT_STRING:
		return string(id, lie, value & 0xff, out);
	case DT_QUALIFIER:
		return qualifier(out);
	case DT_OTHER_SPEED:
		return config(id, lie, other, DT_OTHER_SPEED, out);
	}
	return -ENOENT;
}
