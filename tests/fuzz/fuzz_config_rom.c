// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configuration ROMs of any kind, read bit by bit as from a device: that ends, nothing
 * outside is touched, and what is told is the same as if all had been read at once.
 */
#include "../unit/rom_help.h"
#include "config_rom.h"
#include "fuzz.h"

#define FORCE_GENERAL	0x01	/* else nearly nothing gets past the first quadlets */
#define SHORT_LENGTHS	0x02
#define SHORT_OFFSETS	0x04
#define ALTERED		0x08	/* the input is what is wrong with the ROM of a good bridge */

static void check_text(const char *text)
{
	size_t i, len = strnlen(text, BFP_ROM_TEXT);

	fuzz_assert(len < BFP_ROM_TEXT, "a text ends");
	for (i = 0; i < len; i++)
		fuzz_assert(text[i] >= 0x20 && text[i] < 0x7f, "a text can be printed");
	fuzz_assert(!len || text[len - 1] != ' ', "a text ends in no blank");
}

/* In a place of exactly its length: a sanitizer sees any look beyond. */
static u32 *copy_of(const u32 *rom, u32 n)
{
	u32 *copy = malloc(n ? n * sizeof(*copy) : 1);

	memcpy(copy, rom, n * sizeof(*copy));
	return copy;
}

static int read_copy(const u32 *rom, u32 n, struct bfp_rom *out)
{
	u32 *copy = copy_of(rom, n);
	int ret = bfp_rom_read(copy, n, out);

	free(copy);
	if (ret) {
		fuzz_assert(!out->quadlets && !out->guid, "nothing is told of no ROM");
		return ret;
	}
	fuzz_assert(out->quadlets <= n && out->quadlets <= BFP_ROM_QUADLETS,
		    "it reaches no further");
	fuzz_assert(out->guid == ((u64)rom[3] << 32 | rom[4]), "the GUID is the block's");
	fuzz_assert(out->max_rec < 16 && out->link_speed < 8 && out->type < 32, "fields fit");
	fuzz_assert(!((out->vendor | out->model | out->revision | out->specifier |
		       out->version) >> 24), "values have 24 bits");
	fuzz_assert(out->has_model || !out->model, "no model is none");
	fuzz_assert(out->sbp2 || (!out->revision && !out->has_type), "only SBP-2 has them");
	check_text(out->vendor_text);
	check_text(out->model_text);
	return 0;
}

/* Reads what it is told to; returns how much that was, 0 for no general ROM. */
static u32 approach(const u32 *rom, u32 n)
{
	u32 have = 0, reach, rounds = 0, *copy;

	for (;;) {
		copy = copy_of(rom, have);
		reach = bfp_rom_reach(copy, have);
		free(copy);
		fuzz_assert(reach <= BFP_ROM_QUADLETS, "no ROM is longer");
		fuzz_assert(rounds++ <= BFP_ROM_QUADLETS, "reading comes to an end");
		if (reach <= have || reach > n)
			return reach;
		have = reach;
	}
}

/* The ROM that the input stands for; returns its quadlets. */
static u32 make_rom(const u8 *data, size_t size, u32 *rom, u32 room)
{
	u32 n = size / 4 < room ? (u32)(size / 4) : room, i, k;
	u8 how = data[0];
	struct rom good;

	memset(rom, 0, room * sizeof(*rom));
	for (i = 0; i < n; i++)
		for (k = 0; k < 4; k++)
			rom[i] = rom[i] << 8 | data[4 * i + k];
	rom[0] &= 0xffffff;
	for (i = 5; i < n; i++) {
		if ((how & SHORT_LENGTHS) && !(rom[i] >> 24))
			rom[i] &= 0x1fffff;
		if ((how & SHORT_OFFSETS) && rom[i] >> 31)
			rom[i] &= 0xff00003f;
	}
	if (how & ALTERED) {
		rom_inxtron(&good);
		for (i = 0; i < good.n; i++)
			rom[i] ^= good.q[i];
		n = n > good.n ? n : good.n;
	}
	if (how & FORCE_GENERAL) {
		rom[0] = 0x04040000 | (rom[0] & 0xffff);
		rom[1] = 0x31333934;
	}
	return n;
}

int fuzz_one(const uint8_t *data, size_t size)
{
	static u32 rom[BFP_ROM_QUADLETS + 16];
	struct bfp_rom whole, part;
	u32 n, reach;

	if (!size)
		return 0;
	n = make_rom(data, size, rom, ARRAY_SIZE(rom));
	reach = approach(rom, n);
	if (read_copy(rom, n, &whole)) {
		fuzz_assert(!reach || n < 5, "what is worth reading can be read");
		return 0;
	}
	fuzz_assert(reach, "what can be read is worth reading");
	if (reach > n)
		return 0;
	fuzz_assert(!read_copy(rom, reach, &part), "what was told is enough");
	/* the block's CRC may reach over more than anything points to */
	part.crc_bad = whole.crc_bad;
	fuzz_assert(!memcmp(&part, &whole, sizeof(part)), "and is all that there is to tell");
	return 0;
}
