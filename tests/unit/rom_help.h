/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration ROMs to read: published ones, and what a test puts together. */
#ifndef BRIDGEFW_TESTS_ROM_HELP_H
#define BRIDGEFW_TESTS_ROM_HELP_H

#include "config_rom.h"
#include "crc1212.h"

#define KEY_VENDOR	0x03
#define KEY_SPECIFIER	0x12
#define KEY_VERSION	0x13
#define KEY_LUN		0x14
#define KEY_MODEL	0x17
#define KEY_REVISION	0x3c
#define KEY_TEXT	0x81
#define KEY_TEXTS	0xc1
#define KEY_UNIT	0xd1
#define KEY_LUN_DIR	0xd4

#define ROM_ROOT	5	/* behind a bus information block of IEEE 1394 */

/*
 * An OXFW911 with a CD/DVD drive, as far as http://ookumaneko.s1005.xrea.com/conf_rom.htm
 * is at hand: its texts lie behind.
 */
__attribute__((__unused__))
static const u32 rom_oxfw911[] = {
	0x04392524, 0x31333934, 0x00ff5000, 0x0030e000, 0x000001fa,
	0x0006f1b3, 0x0c0083c0, 0x030030e0, 0x81000014, 0x0400f911, 0x8100001d, 0xd1000001,
	0x000c829d, 0x1200609e, 0x13010483, 0x3c000025, 0x5400c000, 0x3a003c08, 0x3800609e,
	0x390104d8, 0x3b000000, 0x3d000003, 0x14450000, 0x17000001, 0x81000015,
	0, 0, 0,
};

/* One that grows: directories are made with their entries empty, and filled in later. */
struct rom {
	u32 q[BFP_ROM_QUADLETS + 1];
	u32 n;
};

static inline u32 rom_dir(struct rom *r, u32 entries)
{
	u32 at = r->n;

	r->q[at] = entries << 16;
	r->n += 1 + entries;
	return at;
}

static inline void rom_value(struct rom *r, u32 dir, u32 entry, u32 key, u32 value)
{
	r->q[dir + 1 + entry] = key << 24 | value;
}

static inline void rom_point(struct rom *r, u32 dir, u32 entry, u32 key, u32 target)
{
	rom_value(r, dir, entry, key, target - (dir + 1 + entry));
}

/* A text leaf at the end; returns where it is. */
static inline u32 rom_text(struct rom *r, const char *text)
{
	u32 i, len = (u32)strlen(text), at = rom_dir(r, 2 + (len + 3) / 4);

	for (i = 0; i < len; i++)
		r->q[at + 3 + i / 4] |= (u32)(u8)text[i] << (24 - 8 * (i % 4));
	return at;
}

static inline void rom_seal_block(struct rom *r, u32 at)
{
	u32 count = r->q[at] >> 16;

	r->q[at] = count << 16 | bfp_crc1212(&r->q[at + 1], count);
}

/* The bus information block: OUI and the rest of the GUID, packets of 2^(max_rec + 1). */
static inline void rom_begin(struct rom *r, u64 guid, u32 max_rec)
{
	memset(r, 0, sizeof(*r));
	r->q[1] = 0x31333934;
	r->q[2] = 0x00ff0000 | max_rec << 12 | 2;
	r->q[3] = (u32)(guid >> 32);
	r->q[4] = (u32)guid;
	r->q[0] = 0x04040000 | bfp_crc1212(&r->q[1], 4);
	r->n = ROM_ROOT;
}

/*
 * A bridge: root directory with vendor, node capabilities and one unit directory of
 * SBP-2 with model, revision and a logical unit. Returns where the unit directory is.
 */
static inline u32 rom_bridge(struct rom *r, u64 guid, u32 max_rec, u32 vendor,
			     const char *vendor_text, u32 model, const char *model_text,
			     u32 revision, u32 type)
{
	u32 root, unit;

	rom_begin(r, guid, max_rec);
	root = rom_dir(r, 4);
	unit = rom_dir(r, 7);
	rom_value(r, root, 0, KEY_VENDOR, vendor);
	if (vendor_text)
		rom_point(r, root, 1, KEY_TEXT, rom_text(r, vendor_text));
	rom_value(r, root, 2, 0x0c, 0x0083c0);
	rom_point(r, root, 3, KEY_UNIT, unit);
	rom_value(r, unit, 0, KEY_SPECIFIER, 0x00609e);
	rom_value(r, unit, 1, KEY_VERSION, 0x010483);
	rom_value(r, unit, 2, 0x54, 0x00c000);
	rom_value(r, unit, 3, KEY_REVISION, revision);
	rom_value(r, unit, 4, KEY_LUN, type << 16);
	rom_value(r, unit, 5, KEY_MODEL, model);
	if (model_text)
		rom_point(r, unit, 6, KEY_TEXT, rom_text(r, model_text));
	rom_seal_block(r, root);
	rom_seal_block(r, unit);
	return unit;
}

/* Facts of an inXtron box of 2003, put together (linux-kernel, 2003-06-02). */
static inline u32 rom_inxtron(struct rom *r)
{
	return rom_bridge(r, 0x0001d20000000001, 5, 0x0001d2, "Oxford Semiconductor Ltd.", 0x42a258,
			  "OXFORD IDE Device LUN 0", 0, 0x0e);
}

/* Facts of PL-3507 boxes, put together (Ubuntu forums; FusionInventory's sample). */
static inline u32 rom_pl3507(struct rom *r)
{
	return rom_bridge(r, 0x0050770e0000043e, 8, 0x005077, "Prolific PL3507 Combo Device", 1,
			  NULL, 0x012804, 0x0e);
}

#endif
