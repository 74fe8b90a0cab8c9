// SPDX-License-Identifier: GPL-2.0-or-later
/* Configuration ROMs: published ones, each thing that can stand in one, and hostile ones. */
#include "config_rom.h"

#include <stdlib.h>

#include "rom_help.h"
#include "tap.h"

/* Exactly as many quadlets as were read: a sanitizer sees any look beyond. */
static int read_exact(const u32 *q, u32 n, struct bfp_rom *out)
{
	u32 *copy = malloc(n ? n * sizeof(*copy) : 1);
	int ret;

	memcpy(copy, q, n * sizeof(*copy));
	memset(out, 0xa5, sizeof(*out));
	ret = bfp_rom_read(copy, n, out);
	free(copy);
	return ret;
}

static u32 reach_exact(const u32 *q, u32 n)
{
	u32 reach, *copy = malloc(n ? n * sizeof(*copy) : 1);

	memcpy(copy, q, n * sizeof(*copy));
	reach = bfp_rom_reach(copy, n);
	free(copy);
	return reach;
}

/* As a device is read: what is asked for, until no more is. */
static u32 approach(const u32 *q, u32 n, u32 *rounds)
{
	u32 have = 0, reach = 0;

	for (*rounds = 0; *rounds <= BFP_ROM_QUADLETS; ++*rounds) {
		reach = reach_exact(q, have);
		if (reach <= have || reach > n)
			break;
		have = reach;
	}
	return reach;
}

static void approaches(const struct rom *r, u32 want, const char *name)
{
	u32 rounds, reach = approach(r->q, BFP_ROM_QUADLETS, &rounds);

	is_int(reach, want, name);
	ok(rounds < BFP_ROM_QUADLETS, "in %u rounds", rounds);
}

static void test_oxfw911(void)
{
	struct bfp_rom rom;

	is_int(bfp_crc1212(&rom_oxfw911[6], 6), 0xf1b3, "CRC as a real root directory has it");
	is_int(bfp_crc1212(&rom_oxfw911[13], 12), 0x829d, "and as its unit directory has");
	is_int(read_exact(rom_oxfw911, ARRAY_SIZE(rom_oxfw911), &rom), 0, "an OXFW911");
	ok(rom.guid == 0x0030e000000001fa, "its GUID");
	is_int(rom.max_rec, 5, "64 bytes in a packet");
	is_int(rom.link_speed, 0, "speed of IEEE 1394-1995");
	ok(rom.vendor == 0x0030e0 && rom.has_model && rom.model == 1, "vendor and model");
	ok(rom.sbp2 && rom.specifier == 0x00609e && rom.version == 0x010483, "SBP-2");
	is_int(rom.revision, 0x25, "firmware revision");
	ok(rom.has_type && rom.type == 5, "a CD/DVD drive");
	ok(!rom.vendor_text[0] && !rom.model_text[0], "texts that were not read are left out");
	ok(!rom.crc_bad, "no CRC is wrong as far as can be told");
	is_int(rom.quadlets, ARRAY_SIZE(rom_oxfw911), "all that is there");
	is_int(reach_exact(rom_oxfw911, ARRAY_SIZE(rom_oxfw911)), 46, "its texts lie behind");
}

static void test_published(void)
{
	struct bfp_rom rom;
	struct rom r;

	rom_inxtron(&r);
	is_int(read_exact(r.q, r.n, &rom), 0, "inXtron's box");
	ok(rom.guid >> 40 == 0x0001d2 && rom.vendor == 0x0001d2, "inXtron's OUI");
	is_text(rom.vendor_text, "Oxford Semiconductor Ltd.", "vendor");
	is_text(rom.model_text, "OXFORD IDE Device LUN 0", "model");
	is_int(rom.model, 0x42a258, "model's number");
	is_int(rom.max_rec, 5, "64 bytes in a packet");
	ok(rom.sbp2 && !rom.revision && rom.has_type && rom.type == 0x0e && !rom.crc_bad,
	   "the rest");
	is_int(rom.quadlets, r.n, "it reaches to its last leaf");
	approaches(&r, r.n, "and is found so");

	rom_pl3507(&r);
	is_int(read_exact(r.q, r.n, &rom), 0, "a PL-3507");
	ok(rom.guid == 0x0050770e0000043e && rom.vendor == 0x005077, "GUID, vendor");
	ok(rom.has_model && rom.model == 1 && rom.revision == 0x012804, "model, revision");
	is_text(rom.vendor_text, "Prolific PL3507 Combo Device", "vendor's text");
	is_text(rom.model_text, "", "no text of the model");
	is_int(rom.link_speed, 2, "link speed");
}

static void test_beginnings(void)
{
	static const u32 minimal[] = { 0x0100d04b, 0, 0, 0, 0, 0 };
	static const u32 zeros[8], later[] = { 0x00000000, 0x31333934, 0, 0, 0, 0 };
	static const u32 other[] = { 0x04040000, 0x31333935, 0, 0, 0, 0 };
	static const u32 ones[] = { ~0u, ~0u, ~0u, ~0u, ~0u, ~0u };
	static const struct { const char *name; const u32 *q; } bad[] = {
		{ "a minimal ROM", minimal }, { "zeros", zeros }, { "ones", ones },
		{ "a first quadlet of zero: not ready", later }, { "another bus", other },
	};
	struct bfp_rom rom;
	struct rom r;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		ok(read_exact(bad[i].q, 6, &rom) == -EINVAL && !rom.guid && !rom.quadlets, "%s",
		   bad[i].name);
		is_int(reach_exact(bad[i].q, 6), 0, "is not worth reading on");
	}
	is_int(reach_exact(minimal, 0), 1, "the first quadlet tells");
	is_int(reach_exact(minimal, 1), 0, "that there is no second one");
	is_int(reach_exact(other, 2), 0, "nor does another bus need more than two");
	rom_begin(&r, 0x0030e00000000001, 5);
	is_int(reach_exact(r.q, 1), 5, "or that there are more");
	is_int(reach_exact(r.q, 5), 6, "then the root directory's header");
	for (i = 0; i < 5; i++)
		is_int(read_exact(r.q, i, &rom), -EINVAL, "too little for a GUID");
	is_int(read_exact(r.q, 5, &rom), 0, "a GUID, and nothing else");
	ok(rom.guid == 0x0030e00000000001 && rom.quadlets == 5 && !rom.vendor && !rom.crc_bad,
	   "is what is told then");
	for (i = 2; i < 4; i++) {
		r.q[0] = i << 24;
		is_int(read_exact(r.q, 5, &rom), -EINVAL, "a block too short for a GUID");
		is_int(reach_exact(r.q, 5), 0, "is none");
	}
}

/* IEEE 1212 lets the block be longer; the root directory begins behind it. */
static void test_long_block(void)
{
	struct bfp_rom rom;
	struct rom r;
	u32 root;

	rom_begin(&r, 1, 8);
	r.n = 9;
	root = rom_dir(&r, 1);
	rom_value(&r, root, 0, KEY_VENDOR, 0x123456);
	rom_seal_block(&r, root);
	r.q[0] = 0x08080000 | bfp_crc1212(&r.q[1], 8);
	ok(!read_exact(r.q, r.n, &rom) && rom.vendor == 0x123456 && !rom.crc_bad,
	   "a longer bus information block");
	approaches(&r, 11, "reaches as far");
	r.q[0] = 0xff040000;
	ok(!read_exact(r.q, BFP_ROM_QUADLETS, &rom) && !rom.vendor, "one that leaves no room");
	is_int(rom.quadlets, 256, "fills all");
	approaches(&r, 256, "and is found so");
	r.q[0] = 0xfe040000;
	r.q[255] = 0;
	ok(!read_exact(r.q, BFP_ROM_QUADLETS, &rom), "an empty root directory at the very end");
	approaches(&r, 256, "and is found so");
	r.q[255] = 0x00010000;
	ok(!read_exact(r.q, BFP_ROM_QUADLETS, &rom) && !rom.vendor, "one entry too long");
}

static void model_text(const char *what, const char *want, const char *name)
{
	struct bfp_rom rom;
	struct rom r;

	rom_bridge(&r, 1, 5, 1, NULL, 1, what, 0, 0);
	read_exact(r.q, r.n, &rom);
	is_text(rom.model_text, want, name);
}

static void test_texts(void)
{
	static const char long_text[] =
		"0123456789012345678901234567890123456789012345678901234567890123456789";
	char cut[BFP_ROM_TEXT];
	struct bfp_rom rom;
	u32 unit, leaf, dir;
	struct rom r;

	model_text("a", "a", "a text of one letter");
	model_text("abcd", "abcd", "one without a zero at its end");
	model_text("abcdefgh  ", "abcdefgh", "blanks at the end");
	model_text("~ !}", "~ !}", "the first and the last character that can be printed");
	model_text("   ", "", "only blanks");
	model_text("", "", "none");
	model_text("ab\033[2Jcd", "ab", "what steers a terminal");
	model_text("caf\xe9", "caf", "what is not ASCII");
	model_text("a\x7f", "a", "a rubout");
	memcpy(cut, long_text, BFP_ROM_TEXT - 1);
	cut[BFP_ROM_TEXT - 1] = 0;
	model_text(long_text, cut, "a long one is cut");

	unit = rom_bridge(&r, 1, 5, 1, NULL, 1, "text", 0, 0);
	leaf = r.n - 4;
	is_int(r.q[leaf + 3], 0x74657874, "where its text is");
	r.q[leaf + 1] = 0x01000000;
	ok(!read_exact(r.q, r.n, &rom) && !rom.model_text[0], "another kind of descriptor");
	r.q[leaf + 1] = 0;
	r.q[leaf + 2] = 0x00000409;
	ok(!read_exact(r.q, r.n, &rom) && !rom.model_text[0], "another language");
	r.q[leaf + 2] = 0;
	r.q[leaf] = 2 << 16;
	ok(!read_exact(r.q, r.n, &rom) && !rom.model_text[0], "a leaf without text");
	r.q[leaf] = 0;
	ok(!read_exact(r.q, r.n, &rom) && !rom.model_text[0], "an empty leaf");
	r.q[leaf] = 3 << 16;
	ok(!read_exact(r.q, r.n - 1, &rom) && !rom.model_text[0], "a leaf cut short");
	r.q[leaf] = 4 << 16;
	ok(!read_exact(r.q, r.n, &rom) && !rom.model_text[0], "a leaf past the end");
	r.q[leaf] = 3 << 16;
	rom_value(&r, unit, 5, 0x38, 0);
	ok(!read_exact(r.q, r.n, &rom) && !rom.model_text[0], "a text of something else");

	/* the first good text of the first model that has one */
	rom_bridge(&r, 1, 5, 1, NULL, 1, NULL, 0, 0);
	unit = r.n;
	rom_dir(&r, 6);
	rom_point(&r, ROM_ROOT, 3, KEY_UNIT, unit);
	rom_value(&r, unit, 0, KEY_MODEL, 1);
	rom_value(&r, unit, 1, KEY_TEXT, 0xffffff);
	rom_value(&r, unit, 2, KEY_MODEL, 2);
	rom_point(&r, unit, 3, KEY_TEXT, rom_text(&r, "second"));
	rom_value(&r, unit, 4, KEY_MODEL, 3);
	rom_point(&r, unit, 5, KEY_TEXT, rom_text(&r, "third"));
	ok(!read_exact(r.q, r.n, &rom) && rom.model == 1, "several models");
	is_text(rom.model_text, "second", "a text that leads nowhere is passed over");
	rom_point(&r, unit, 1, KEY_TEXTS, r.n);
	dir = rom_dir(&r, 1);
	rom_value(&r, dir, 0, KEY_TEXT, 0xffffff);
	/* what stands behind the directory looks like an entry of it */
	r.q[r.n++] = (u32)KEY_TEXT << 24 | 1;
	rom_text(&r, "nobody's");
	ok(!read_exact(r.q, r.n, &rom), "so is a directory of such");
	is_text(rom.model_text, "second", "and nothing behind it is taken for part of it");
	rom_point(&r, dir, 0, KEY_TEXT, rom_text(&r, "first"));
	ok(!read_exact(r.q, r.n, &rom), "unless it has a good one");
	is_text(rom.model_text, "first", "which comes before all others");
	rom_point(&r, unit, 1, 0x82, dir);
	ok(!read_exact(r.q, r.n, &rom), "an icon instead of a text");
	is_text(rom.model_text, "second", "is passed over, too");

	/* a directory of texts, the first of them in a language that is none */
	unit = rom_bridge(&r, 1, 5, 1, NULL, 1, NULL, 0, 0);
	dir = rom_dir(&r, 3);
	rom_point(&r, unit, 6, KEY_TEXTS, dir);
	leaf = rom_text(&r, "nobody's");
	r.q[leaf + 2] = 0x00010000;
	rom_point(&r, dir, 0, KEY_TEXT, leaf);
	rom_value(&r, dir, 1, KEY_TEXT, 0);
	rom_point(&r, dir, 2, KEY_TEXT, rom_text(&r, "the second"));
	ok(!read_exact(r.q, r.n, &rom), "a directory of texts");
	is_text(rom.model_text, "the second", "its first good one");
	approaches(&r, r.n, "all of which are read");
}

static void test_units(void)
{
	struct bfp_rom rom;
	u32 root, unit, other, dir;
	struct rom r;

	/* the model stands in the root directory, with its text; no unit of SBP-2 */
	rom_begin(&r, 1, 5);
	root = rom_dir(&r, 3);
	other = rom_dir(&r, 4);
	rom_value(&r, root, 0, KEY_MODEL, 0x111111);
	rom_point(&r, root, 1, KEY_TEXT, rom_text(&r, "root's"));
	rom_point(&r, root, 2, KEY_UNIT, other);
	rom_value(&r, other, 0, KEY_SPECIFIER, 0x00a02d);
	rom_value(&r, other, 1, KEY_VERSION, 0x010001);
	rom_value(&r, other, 2, KEY_REVISION, 0x77);
	rom_value(&r, other, 3, KEY_LUN, 0);
	ok(!read_exact(r.q, r.n, &rom) && !rom.sbp2 && rom.specifier == 0x00a02d &&
	   rom.version == 0x010001, "a unit that is no disk");
	ok(!rom.revision && !rom.has_type, "whose revision means something else");
	ok(rom.has_model && rom.model == 0x111111, "the root's model");
	is_text(rom.model_text, "root's", "and its text");

	/* of several units, the one of SBP-2 counts; its model goes before the root's */
	rom_begin(&r, 1, 5);
	root = rom_dir(&r, 3);
	other = rom_dir(&r, 3);
	unit = rom_dir(&r, 5);
	dir = rom_dir(&r, 2);
	rom_value(&r, root, 0, KEY_MODEL, 0x111111);
	rom_point(&r, root, 1, KEY_UNIT, other);
	rom_point(&r, root, 2, KEY_UNIT, unit);
	rom_value(&r, other, 0, KEY_SPECIFIER, 0x00a02d);
	rom_value(&r, other, 1, KEY_VERSION, 0x010001);
	rom_value(&r, other, 2, KEY_MODEL, 0x222222);
	rom_value(&r, unit, 0, KEY_VERSION, 0x010483);
	rom_value(&r, unit, 1, KEY_SPECIFIER, 0x00609e);
	rom_value(&r, unit, 2, KEY_MODEL, 0);
	rom_value(&r, unit, 3, KEY_REVISION, 0xabcdef);
	rom_point(&r, unit, 4, KEY_LUN_DIR, dir);
	rom_value(&r, dir, 1, KEY_LUN, 0x450001);
	ok(!read_exact(r.q, r.n, &rom) && rom.sbp2, "the second unit is a disk");
	ok(rom.specifier == 0x00a02d && rom.version == 0x010001, "the first one is told of");
	ok(rom.has_model && rom.model == 0 && rom.revision == 0xabcdef, "a model of zero is one");
	ok(rom.has_type && rom.type == 5, "a logical unit in a directory of its own");
	r.q[unit] = 4 << 16;
	r.q[unit + 5] = KEY_LUN << 24 | 0x050000;
	ok(!read_exact(r.q, r.n, &rom) && rom.sbp2 && !rom.has_type,
	   "what stands behind a directory is none of it");
	rom_value(&r, unit, 1, KEY_SPECIFIER, 0x00609f);
	ok(!read_exact(r.q, r.n, &rom) && !rom.sbp2 && rom.model == 0x222222,
	   "SBP-2 is told by both numbers");
	rom_value(&r, unit, 0, KEY_VERSION, 0x010482);
	rom_value(&r, unit, 1, KEY_SPECIFIER, 0x00609e);
	ok(!read_exact(r.q, r.n, &rom) && !rom.sbp2, "by both");
}

static void test_crc(void)
{
	struct bfp_rom rom;
	struct rom r;
	u32 unit = rom_pl3507(&r);

	ok(!read_exact(r.q, r.n, &rom) && !rom.crc_bad, "good CRCs");
	r.q[0] ^= 1;
	ok(!read_exact(r.q, r.n, &rom) && rom.crc_bad && rom.vendor == 0x005077, "the block's");
	r.q[0] ^= 1;
	r.q[ROM_ROOT] ^= 1;
	ok(!read_exact(r.q, r.n, &rom) && rom.crc_bad, "the root directory's");
	r.q[ROM_ROOT] ^= 1;
	r.q[unit] ^= 0x8000;
	ok(!read_exact(r.q, r.n, &rom) && rom.crc_bad && rom.sbp2, "a unit directory's");
	r.q[unit] ^= 0x8000;
	/* over the whole ROM, as IEEE 1394-1995 allows */
	r.q[0] = 0x04000000 | (r.n - 1) << 16 | bfp_crc1212(&r.q[1], r.n - 1);
	ok(!read_exact(r.q, r.n, &rom) && !rom.crc_bad, "the block's over everything");
	r.q[0] ^= 0x10;
	ok(!read_exact(r.q, r.n, &rom) && rom.crc_bad, "wrong");
	ok(!read_exact(r.q, r.n - 1, &rom) && !rom.crc_bad, "not told if not all was read");
}

static void test_hostile(void)
{
	struct bfp_rom rom;
	u32 i, k, root, seed = 1, good = 0, n;
	struct rom r;

	rom_begin(&r, 1, 5);
	root = rom_dir(&r, 3);
	rom_value(&r, root, 0, KEY_UNIT, 0);
	rom_value(&r, root, 1, KEY_TEXT, 0);
	rom_value(&r, root, 2, KEY_UNIT, 0xffffff);
	ok(!read_exact(r.q, r.n, &rom) && rom.quadlets == r.n && !rom.specifier,
	   "entries that point to themselves or far away");
	approaches(&r, r.n, "lead nowhere");
	r.q[root] = 0xffff0000;
	ok(!read_exact(r.q, BFP_ROM_QUADLETS, &rom) && !rom.vendor, "a root past everything");
	approaches(&r, 5, "is not read");
	r.q[root] = 0x00fa0000;
	approaches(&r, 256, "a root to the very end");
	r.q[root] = 0x00fb0000;
	approaches(&r, 5, "one more is too many");

	/* a unit directory that ends the ROM, without an entry, or longer than is there */
	rom_begin(&r, 1, 5);
	root = rom_dir(&r, 1);
	rom_point(&r, root, 0, KEY_UNIT, r.n);
	r.q[r.n++] = 0;
	ok(!read_exact(r.q, r.n, &rom) && !rom.sbp2, "an empty unit directory at the end");
	approaches(&r, r.n, "is read");
	r.q[r.n - 1] = 1 << 16;
	ok(!read_exact(r.q, r.n, &rom) && !rom.sbp2, "one that goes on behind the end");
	rom_point(&r, root, 0, KEY_UNIT, r.n);
	ok(!read_exact(r.q, r.n, &rom) && !rom.sbp2, "one that begins there");

	/* every entry a directory: each place begins one, and they lie in each other */
	rom_begin(&r, 1, 5);
	for (i = ROM_ROOT; i < BFP_ROM_QUADLETS; i++)
		r.q[i] = 0xd1000001;
	r.q[ROM_ROOT] = 0x00800000;
	ok(!read_exact(r.q, BFP_ROM_QUADLETS, &rom), "directories without an end");
	for (i = ROM_ROOT; i < BFP_ROM_QUADLETS; i++)
		r.q[i] = (BFP_ROM_QUADLETS - 1 - i) << 16 | 2;
	ok(!read_exact(r.q, BFP_ROM_QUADLETS, &rom), "each to the end");
	approaches(&r, 256, "come to one");
	/* one more quadlet with each look */
	rom_begin(&r, 1, 5);
	for (i = ROM_ROOT; i < BFP_ROM_QUADLETS; i++)
		r.q[i] = i & 1 ? 0x00010000 : 0xc0000001;
	/* the last one would need one quadlet more than there can be */
	approaches(&r, 255, "a ROM that grows with each look");

	/* any bytes behind a good beginning, read like a device and all at once */
	for (i = 0; i < 20000; i++) {
		rom_begin(&r, 1, 5);
		for (k = ROM_ROOT; k < BFP_ROM_QUADLETS; k++) {
			seed = seed * 1664525 + 1013904223;
			r.q[k] = seed & 0xff00003f;
			if (!(seed >> 30))
				r.q[k] = (seed >> 8 & 15) << 16;
		}
		n = approach(r.q, BFP_ROM_QUADLETS, &k);
		good += n && k <= BFP_ROM_QUADLETS && !read_exact(r.q, n, &rom) &&
			rom.quadlets == n;
	}
	is_int(good, 20000, "any bytes");
}

static void test_guid(void)
{
	is_int(bfp_guid_type(0x0030e000e0000b39), 0xe, "a disk behind an Oxford");
	is_int(bfp_guid_type(0x0030e0025010360e), 5, "a CD/DVD");
	is_int(bfp_guid_type(0x0030e000eeadbabe), 0xe, "one that was never given a GUID");
	is_int(bfp_guid_type(0x0050770e00071002), -1, "Prolific's says it elsewhere");
	is_int(bfp_guid_type(0x0130e000e0000b39), -1, "nearly Oxford's");
	is_int(bfp_guid_type(0), -1, "none");
}

int main(void)
{
	test_oxfw911();
	test_published();
	test_beginnings();
	test_long_block();
	test_texts();
	test_units();
	test_crc();
	test_hostile();
	test_guid();
	return tap_done();
}
