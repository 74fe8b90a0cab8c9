// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The configuration ROM of a FireWire node: bus information block and root directory of
 * IEEE 1394-1995 8.3.2 and ISO/IEC 13213, unit directory of SBP-2 chapter 7.
 */
#include "bytes.h"
#include "fw/rom.h"

#define KEY_VENDOR	0x03000000
#define KEY_CAPABILITIES 0x0c000000
#define KEY_SPECIFIER	0x12000000
#define KEY_VERSION	0x13000000
#define KEY_LUN		0x14000000
#define KEY_MODEL	0x17000000
#define KEY_COMMAND_SPEC 0x38000000
#define KEY_COMMAND_SET	0x39000000
#define KEY_UNIT_CHARS	0x3a000000
#define KEY_REVISION	0x3c000000
#define KEY_AGENT	0x54000000
#define KEY_TEXT	0x81000000
#define KEY_UNIT	0xd1000000

#define SBP2_SPECIFIER	0x00609e	/* NCITS */
#define SBP2_VERSION	0x010483
#define SBP2_COMMANDS	0x0104d8	/* SCSI */
#define NODE_CAPABILITIES 0x0083c0	/* as printed of Oxford's bridges */

/* How long a management ORB may take, in units of 500 ms. */
#define MANAGEMENT_TIMEOUT	10

#define BUS_INFO_QUADLETS	4

static const char * const names[ROM_VARIANTS] = {
	[ROM_HONEST] = "none",
	[ROM_RANDOM] = "random",
	[ROM_LOOP] = "loop",
	[ROM_PAST_END] = "past-end",
	[ROM_ONES] = "ones",
	[ROM_TEXT_EMPTY] = "text-empty",
	[ROM_TEXT_HUGE] = "text-huge",
	[ROM_TEXT_CONTROL] = "text-control",
	[ROM_ENDLESS] = "endless",
	[ROM_UNIT_LAST] = "unit-last",
	[ROM_BAD_CRC] = "bad-crc",
	[ROM_MINIMAL] = "minimal",
	[ROM_BOOTING] = "booting",
};

/**
 * rom_hostile_by_name() - a variant of --fault hostile-rom
 * @name: its name
 *
 * Return: enum rom_hostile, or -EINVAL.
 */
int rom_hostile_by_name(const char *name)
{
	u32 i;

	for (i = 0; i < ROM_VARIANTS; i++)
		if (!strcmp(name, names[i]))
			return i;
	return -EINVAL;
}

/* A ROM that grows; what does not fit is left out. */
struct rom {
	u32 q[ROM_QUADLETS];
	u32 n;
};

static u32 add(struct rom *r, u32 quadlet)
{
	if (r->n == ROM_QUADLETS)
		return r->n - 1;
	r->q[r->n] = quadlet;
	return r->n++;
}

/* The CRC-16 of ISO/IEC 13213: polynomial x^16 + x^12 + x^5 + 1, over whole quadlets. */
static u16 crc16(const u32 *q, u32 count)
{
	u32 crc = 0, i, bit;

	for (i = 0; i < count; i++)
		for (bit = 32; bit--;) {
			u32 one = (crc >> 15 ^ q[i] >> bit) & 1;

			crc = (crc << 1 & 0xffff) ^ (one ? 0x1021 : 0);
		}
	return crc;
}

/* The header of what began at @head and ends before @end. */
static void close_block(struct rom *r, u32 head, u32 end)
{
	u32 length = end - head - 1;

	r->q[head] = length << 16 | crc16(r->q + head + 1, length);
}

/* The entry at @entry points to what comes next. */
static void point_here(struct rom *r, u32 entry)
{
	r->q[entry] |= r->n - entry;
}

/* A textual descriptor of minimal ASCII. */
static void add_text(struct rom *r, u32 entry, const char *text)
{
	u32 head, i, n = strlen(text);

	point_here(r, entry);
	head = add(r, 0);
	add(r, 0);
	add(r, 0);
	for (i = 0; i < n; i += 4) {
		u8 four[4] = { 0 };

		memcpy(four, text + i, n - i < 4 ? n - i : 4);
		add(r, get_be32(four));
	}
	close_block(r, head, r->n);
}

static void add_bus_info(struct rom *r, const struct rom_identity *id)
{
	/* 512, 1024 or 2048 bytes: 2 to the power of (max_rec + 1) */
	u32 max_rec = 8 + id->speed;

	add(r, 0);
	add(r, 0x31333934);	/* "1394" */
	/* No manager of bus or resources, no cycle or bus master; clock accuracy unknown. */
	add(r, 0x00ff0000 | max_rec << 12 | id->speed);
	add(r, id->guid >> 32);
	add(r, id->guid);
	r->q[0] = BUS_INFO_QUADLETS << 24 | BUS_INFO_QUADLETS << 16 |
		  crc16(r->q + 1, BUS_INFO_QUADLETS);
}

struct places {
	u32 vendor_text;
	u32 model_text;
	u32 root;
	u32 unit;
	u32 unit_entry;
};

static void add_root(struct rom *r, const struct rom_identity *id, struct places *at)
{
	at->root = add(r, 0);
	add(r, KEY_VENDOR | id->vendor);
	if (*id->vendor_text)
		at->vendor_text = add(r, KEY_TEXT);
	add(r, KEY_CAPABILITIES | NODE_CAPABILITIES);
	at->unit_entry = add(r, KEY_UNIT);
}

static void add_unit(struct rom *r, const struct rom_identity *id, struct places *at)
{
	u32 i;

	point_here(r, at->unit_entry);
	at->unit = add(r, 0);
	add(r, KEY_SPECIFIER | SBP2_SPECIFIER);
	add(r, KEY_VERSION | SBP2_VERSION);
	add(r, KEY_COMMAND_SPEC | SBP2_SPECIFIER);
	add(r, KEY_COMMAND_SET | SBP2_COMMANDS);
	add(r, KEY_UNIT_CHARS | MANAGEMENT_TIMEOUT << 8 | ROM_ORB_QUADLETS);
	if (id->has_revision)
		add(r, KEY_REVISION | id->revision);
	add(r, KEY_AGENT | ROM_MANAGEMENT_AGENT);
	for (i = 0; i < id->units && i < ROM_UNITS; i++)
		add(r, KEY_LUN | (u32)id->unit[i] << 16 | i);
	add(r, KEY_MODEL | id->model);
	if (*id->model_text)
		at->model_text = add(r, KEY_TEXT);
}

static void build(struct rom *r, const struct rom_identity *id, struct places *at)
{
	u32 end;

	add_bus_info(r, id);
	add_root(r, id, at);
	add_unit(r, id, at);
	end = r->n;
	if (at->vendor_text)
		add_text(r, at->vendor_text, id->vendor_text);
	if (at->model_text)
		add_text(r, at->model_text, id->model_text);
	/* Only now is what their entries point to known. */
	close_block(r, at->root, at->unit);
	close_block(r, at->unit, end);
}

/* What a careless reader of directories and leaves would trip over. */
static void spoil(struct rom *r, const struct rom_identity *id, enum rom_hostile lie, u32 seed,
		  const struct places *at)
{
	u32 i, leaf = at->model_text ? at->model_text + (r->q[at->model_text] & 0xffffff) : 0;

	switch (lie) {
	case ROM_RANDOM:
		/* A bus information block that is right, or nobody would read on. */
		for (i = BUS_INFO_QUADLETS + 1; i < ROM_QUADLETS; i++) {
			seed = seed * 1664525u + 1013904223u;
			r->q[i] = seed >> 8 ^ seed << 16;
		}
		r->n = ROM_QUADLETS;
		break;
	case ROM_LOOP:
		/* The root directory is its own unit directory, and so is the unit's. */
		r->q[at->unit_entry] = KEY_UNIT | ((at->root - at->unit_entry) & 0xffffff);
		r->q[at->unit + 1] = KEY_UNIT | 0xffffff;
		break;
	case ROM_PAST_END:
		r->q[at->root] |= 0xffff0000;
		r->q[at->unit] |= 0xffff0000;
		break;
	case ROM_ONES:
		memset(r->q, 0xff, sizeof(r->q));
		r->n = ROM_QUADLETS;
		break;
	case ROM_TEXT_EMPTY:
		if (leaf)
			r->q[leaf] &= 0xffff;
		break;
	case ROM_TEXT_HUGE:
		if (leaf)
			r->q[leaf] |= 0xffff0000;
		break;
	case ROM_TEXT_CONTROL: {
		/* Path separators, line breaks, escapes, quotes. */
		static const u32 bad[] = { 0x2e2e2f0a, 0x1b5b324a, 0x25732224, 0x28602900 };

		for (i = 0; leaf && i < ARRAY_SIZE(bad) && leaf + 3 + i < r->n; i++)
			r->q[leaf + 3 + i] = bad[i];
		break;
	}
	case ROM_ENDLESS:
		/* Whatever is read, there is more of it, and each entry leads further. */
		r->q[0] |= 0xffff0000;
		for (i = BUS_INFO_QUADLETS + 1; i < ROM_QUADLETS; i++)
			r->q[i] = i % 8 == 5 ? 0xffff0000 : KEY_UNIT | 0x000008;
		r->n = ROM_QUADLETS;
		break;
	case ROM_BAD_CRC:
		r->q[0] ^= 0x0001;
		r->q[at->root] ^= 0x0100;
		r->q[at->unit] ^= 0x8000;
		break;
	case ROM_MINIMAL:
		r->q[0] = 0x01000000 | id->vendor;
		r->n = 1;
		break;
	case ROM_BOOTING:
		memset(r->q, 0, sizeof(r->q));
		r->n = ROM_QUADLETS;
		break;
	default:
		break;
	}
}

/**
 * rom_build() - the configuration ROM that a node has
 * @id: what it tells
 * @lie: in which way it lies
 * @seed: of what is random in it
 * @out: gets it as it stands on the wire, ROM_SIZE bytes, zero behind its end
 *
 * Return: its bytes; what is read behind them is no address of the node's.
 */
u32 rom_build(const struct rom_identity *id, enum rom_hostile lie, u32 seed, u8 *out)
{
	struct rom_identity plain = *id;
	struct places at = { .root = 0 };
	struct rom r = { .n = 0 };
	u32 i;

	/* A ROM that ends with its unit directory has no text in it. */
	if (lie == ROM_UNIT_LAST) {
		plain.vendor_text[0] = 0;
		plain.model_text[0] = 0;
	}
	build(&r, &plain, &at);
	spoil(&r, &plain, lie, seed, &at);
	for (i = 0; i < ROM_QUADLETS; i++)
		put_be32(out + 4 * i, i < r.n ? r.q[i] : 0);
	return 4 * r.n;
}
