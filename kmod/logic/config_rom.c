// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A configuration ROM, walked. An entry points forward only, from its own place, so
 * one sweep from the lowest to the highest address meets every directory after all
 * that point to it, each once: no ROM can make the walk go in circles or grow.
 */
#include "config_rom.h"

#include "crc1212.h"

#define BUS_NAME_1394		0x31333934	/* "1394" */
#define BUS_INFO_LENGTH		4		/* quadlets that IEEE 1394 defines */
#define SBP2_SPECIFIER		0x00609e
#define SBP2_VERSION		0x010483
#define OUI_OXFORD		0x0030e0

/* An entry of a directory: what it is in two bits, its key in six, then its value. */
#define ENTRY_KEY(q)		((q) >> 24)
#define ENTRY_TYPE(q)		((q) >> 30)
#define ENTRY_VALUE(q)		((q) & 0xffffff)
#define TYPE_LEAF		2
#define TYPE_DIRECTORY		3

/* Keys with their type. */
#define KEY_VENDOR		0x03
#define KEY_SPECIFIER		0x12
#define KEY_VERSION		0x13
#define KEY_LOGICAL_UNIT	0x14
#define KEY_MODEL		0x17
#define KEY_REVISION		0x3c
#define KEY_TEXT_LEAF		0x81
#define KEY_TEXT_DIRECTORY	0xc1
#define KEY_UNIT_DIRECTORY	0xd1
#define KEY_LOGICAL_UNIT_DIR	0xd4

#define TEXT_HEADER		2	/* quadlets of a text leaf before its text */

/* A directory or a leaf: where its first quadlet behind the header is, and how many. */
struct block {
	u32 first;
	u32 count;
};

/* Directories found so far, one bit for each place where one can start. */
struct found {
	u32 bits[BFP_ROM_QUADLETS / 32];
};

static void mark(struct found *f, u32 at)
{
	f->bits[at / 32] |= 1u << at % 32;
}

static bool marked(const struct found *f, u32 at)
{
	return f->bits[at / 32] >> at % 32 & 1;
}

/* Whether a general ROM of IEEE 1394 begins like this, as far as it was read. */
static bool is_general(const u32 *rom, u32 have)
{
	if (have && rom[0] >> 24 < BUS_INFO_LENGTH)
		return false;
	return have < 2 || rom[1] == BUS_NAME_1394;
}

static u32 root_at(const u32 *rom)
{
	return 1 + (rom[0] >> 24);
}

/* The block that starts at @at; false if not all of it is there. */
static bool block_at(const u32 *rom, u32 have, u32 at, struct block *b)
{
	if (at >= have)
		return false;
	b->first = at + 1;
	b->count = rom[at] >> 16;
	return b->count <= have - b->first;
}

/* The block that the entry at @entry points to. One that points to itself points nowhere. */
static bool block_of(const u32 *rom, u32 have, u32 entry, struct block *b)
{
	u32 value = ENTRY_VALUE(rom[entry]);

	return value && value < have && block_at(rom, have, entry + value, b);
}

/* How far what starts at @at reaches: at least its header. 0: past any ROM. */
static u32 end_of(const u32 *rom, u32 have, u32 at)
{
	u32 end;

	if (at >= BFP_ROM_QUADLETS)
		return 0;
	end = at + 1;
	if (at < have)
		end += rom[at] >> 16;
	return end <= BFP_ROM_QUADLETS ? end : 0;
}

/* Notes the directories that one points to. Returns how far its leaves and they reach. */
static u32 follow(const u32 *rom, u32 have, const struct block *dir, struct found *f)
{
	u32 i, end, target, type, reach = 0;

	for (i = dir->first; i < dir->first + dir->count; i++) {
		type = ENTRY_TYPE(rom[i]);
		if ((type != TYPE_LEAF && type != TYPE_DIRECTORY) || !ENTRY_VALUE(rom[i]))
			continue;
		target = i + ENTRY_VALUE(rom[i]);
		end = end_of(rom, have, target);
		if (end > reach)
			reach = end;
		if (end && type == TYPE_DIRECTORY)
			mark(f, target);
	}
	return reach;
}

/*
 * How far everything reaches that can be got to through what is there; it may be more
 * than that. @f gets the directories.
 */
static u32 sweep(const u32 *rom, u32 have, struct found *f)
{
	u32 at, end, reach = root_at(rom);
	struct block dir;

	memset(f, 0, sizeof(*f));
	end = end_of(rom, have, reach);
	if (!end)
		return reach < BFP_ROM_QUADLETS ? reach : BFP_ROM_QUADLETS;
	mark(f, reach);
	reach = end;
	for (at = root_at(rom); at < have; at++) {
		if (!marked(f, at) || !block_at(rom, have, at, &dir))
			continue;
		end = follow(rom, have, &dir, f);
		if (end > reach)
			reach = end;
	}
	return reach;
}

u32 bfp_rom_reach(const u32 *rom, u32 have)
{
	struct found f;

	if (have > BFP_ROM_QUADLETS)
		have = BFP_ROM_QUADLETS;
	if (!is_general(rom, have))
		return 0;
	/* a ROM of one quadlet ends there, so the first tells whether to go on */
	if (!have)
		return 1;
	if (have < 1 + BUS_INFO_LENGTH)
		return 1 + BUS_INFO_LENGTH;
	return sweep(rom, have, &f);
}

/* The value of the first entry with a key; false if there is none. */
static bool value_of(const u32 *rom, const struct block *dir, u32 key, u32 *value)
{
	u32 i;

	for (i = dir->first; i < dir->first + dir->count; i++) {
		if (ENTRY_KEY(rom[i]) != key)
			continue;
		*value = ENTRY_VALUE(rom[i]);
		return true;
	}
	return false;
}

/* Text of a leaf: minimal ASCII, up to the first byte that nobody can print. */
static bool leaf_text(const u32 *rom, const struct block *leaf, char *out)
{
	u32 i, n = 0;
	char ch;

	/* neither another kind of descriptor, nor another character set */
	if (leaf->count <= TEXT_HEADER || rom[leaf->first] || rom[leaf->first + 1])
		return false;
	for (i = 0; i < 4 * (leaf->count - TEXT_HEADER) && n < BFP_ROM_TEXT - 1; i++) {
		ch = (char)(rom[leaf->first + TEXT_HEADER + i / 4] >> (24 - 8 * (i % 4)) & 0xff);
		if (ch < 0x20 || ch > 0x7e)
			break;
		out[n++] = ch;
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = 0;
	return n;
}

/* Text that an entry points to: a leaf's, or the first good one's of a directory of leaves. */
static bool entry_text(const u32 *rom, u32 have, u32 entry, char *out)
{
	u32 i, key = ENTRY_KEY(rom[entry]);
	struct block b, leaf;

	if (!block_of(rom, have, entry, &b))
		return false;
	if (key == KEY_TEXT_LEAF)
		return leaf_text(rom, &b, out);
	if (key != KEY_TEXT_DIRECTORY)
		return false;
	for (i = b.first; i < b.first + b.count; i++)
		if (ENTRY_KEY(rom[i]) == KEY_TEXT_LEAF && block_of(rom, have, i, &leaf) &&
		    leaf_text(rom, &leaf, out))
			return true;
	return false;
}

/* A text stands right behind the entry that it describes. */
static void text_of(const u32 *rom, u32 have, const struct block *dir, u32 key, char *out)
{
	u32 i;

	for (i = dir->first; i + 1 < dir->first + dir->count; i++)
		if (ENTRY_KEY(rom[i]) == key && entry_text(rom, have, i + 1, out))
			return;
}

static bool is_sbp2(const u32 *rom, const struct block *unit)
{
	u32 specifier, version;

	return value_of(rom, unit, KEY_SPECIFIER, &specifier) && specifier == SBP2_SPECIFIER &&
	       value_of(rom, unit, KEY_VERSION, &version) && version == SBP2_VERSION;
}

/* The first unit of SBP-2, or else the first at all; false if there is none. */
static bool find_unit(const u32 *rom, u32 have, const struct block *root, struct block *unit,
		      struct bfp_rom *out)
{
	bool any = false;
	struct block b;
	u32 i;

	for (i = root->first; i < root->first + root->count; i++) {
		if (ENTRY_KEY(rom[i]) != KEY_UNIT_DIRECTORY || !block_of(rom, have, i, &b))
			continue;
		if (!any) {
			*unit = b;
			value_of(rom, &b, KEY_SPECIFIER, &out->specifier);
			value_of(rom, &b, KEY_VERSION, &out->version);
		}
		any = true;
		if (is_sbp2(rom, &b)) {
			*unit = b;
			out->sbp2 = true;
			return true;
		}
	}
	return any;
}

/* The first logical unit stands in the unit directory itself, or in one of its own. */
static void read_type(const u32 *rom, u32 have, const struct block *unit, struct bfp_rom *out)
{
	struct block b;
	u32 i, value;

	for (i = unit->first; i < unit->first + unit->count; i++) {
		if (ENTRY_KEY(rom[i]) == KEY_LOGICAL_UNIT)
			value = ENTRY_VALUE(rom[i]);
		else if (ENTRY_KEY(rom[i]) != KEY_LOGICAL_UNIT_DIR ||
			 !block_of(rom, have, i, &b) ||
			 !value_of(rom, &b, KEY_LOGICAL_UNIT, &value))
			continue;
		out->type = (u8)(value >> 16 & 0x1f);
		out->has_type = true;
		return;
	}
}

static void read_unit(const u32 *rom, u32 have, const struct block *unit, struct bfp_rom *out)
{
	u32 model;

	if (value_of(rom, unit, KEY_MODEL, &model)) {
		out->model = model;
		out->has_model = true;
	}
	if (out->sbp2) {
		value_of(rom, unit, KEY_REVISION, &out->revision);
		read_type(rom, have, unit, out);
	}
	text_of(rom, have, unit, KEY_MODEL, out->model_text);
}

/* Wrong ones are told, not refused; one over more than was read cannot be told. */
static bool has_bad_crc(const u32 *rom, u32 have, const struct found *f)
{
	u32 at, covered = rom[0] >> 16 & 0xff;
	struct block dir;

	if (covered < have && bfp_crc1212(rom + 1, covered) != (rom[0] & 0xffff))
		return true;
	for (at = 0; at < have; at++)
		if (marked(f, at) && block_at(rom, have, at, &dir) &&
		    bfp_crc1212(rom + dir.first, dir.count) != (rom[at] & 0xffff))
			return true;
	return false;
}

int bfp_rom_read(const u32 *rom, u32 quadlets, struct bfp_rom *out)
{
	struct block root, unit;
	struct found f;

	memset(out, 0, sizeof(*out));
	if (quadlets > BFP_ROM_QUADLETS)
		quadlets = BFP_ROM_QUADLETS;
	if (quadlets < 1 + BUS_INFO_LENGTH || !is_general(rom, quadlets))
		return -EINVAL;
	out->quadlets = sweep(rom, quadlets, &f);
	if (out->quadlets > quadlets)
		out->quadlets = quadlets;
	out->crc_bad = has_bad_crc(rom, quadlets, &f);
	out->guid = (u64)rom[3] << 32 | rom[4];
	out->max_rec = (u8)(rom[2] >> 12 & 0xf);
	out->link_speed = (u8)(rom[2] & 7);
	if (!block_at(rom, quadlets, root_at(rom), &root))
		return 0;
	value_of(rom, &root, KEY_VENDOR, &out->vendor);
	text_of(rom, quadlets, &root, KEY_VENDOR, out->vendor_text);
	if (find_unit(rom, quadlets, &root, &unit, out))
		read_unit(rom, quadlets, &unit, out);
	if (!out->has_model)
		out->has_model = value_of(rom, &root, KEY_MODEL, &out->model);
	if (!out->model_text[0])
		text_of(rom, quadlets, &root, KEY_MODEL, out->model_text);
	return 0;
}

int bfp_guid_type(u64 guid)
{
	if (guid >> 40 != OUI_OXFORD)
		return -1;
	return (int)(guid >> 28 & 0xf);
}
