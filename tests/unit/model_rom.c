// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration ROM of an enclosure on FireWire. */
#include "bytes.h"
#include "fw/rom.h"
#include "model_tap.h"

static u8 rom[ROM_SIZE];

static const struct rom_identity honest = {
	.guid = 0x0050770e00071002ull,
	.vendor = 0x005077,
	.model = 0x000001,
	.revision = 0x012804,
	.has_revision = true,
	.vendor_text = "Prolific",
	.model_text = "Prolific PL3507 Combo Device",
	.unit = { 0x0e, 0x05 },
	.units = 2,
	.speed = 2,
};

static u32 at(u32 quadlet)
{
	return get_be32(rom + 4 * quadlet);
}

/* An implementation of its own: bit by bit, from the standard's text. */
static u16 crc_of(u32 from, u32 count)
{
	u16 crc = 0;
	u32 i, j;

	for (i = 4 * from; i < 4 * (from + count); i++)
		for (j = 0; j < 8; j++) {
			bool top = (crc & 0x8000) != 0, bit = rom[i] >> (7 - j) & 1;

			crc <<= 1;
			if (top != bit)
				crc ^= 0x1021;
		}
	return crc;
}

/* The place of a key's first entry in a directory; 0: not there. */
static u32 entry(u32 directory, u8 key)
{
	u32 i, n = at(directory) >> 16;

	for (i = 1; i <= n; i++)
		if (at(directory + i) >> 24 == key)
			return directory + i;
	return 0;
}

static u32 follow(u32 entry_at)
{
	return entry_at + (at(entry_at) & 0xffffff);
}

static void text_of(u32 leaf, char *out)
{
	u32 i, n = 4 * ((at(leaf) >> 16) - 2);

	for (i = 0; i < n; i++)
		out[i] = rom[4 * (leaf + 3) + i];
	out[n] = 0;
}

static u32 unit_directory(void)
{
	return follow(entry(5, 0xd1));
}

static void bus_information(void)
{
	rom_build(&honest, ROM_HONEST, 1, rom);
	EXPECT_EQ(at(0) >> 24, 4);
	EXPECT_EQ(at(0) >> 16 & 0xff, 4);
	EXPECT_EQ(at(0) & 0xffff, crc_of(1, 4));
	EXPECT(!memcmp(rom + 4, "1394", 4));
	EXPECT_EQ(at(2), 0x00ffa002);
	EXPECT_EQ(at(3), 0x0050770e);
	EXPECT_EQ(at(4), 0x00071002);
}

/* A CRC that is known: that of the root directory in the example of IEEE 1212, annex. */
static void crc_of_nothing_is_zero(void)
{
	struct rom_identity zero = { .guid = 0 };

	rom_build(&zero, ROM_BOOTING, 1, rom);
	EXPECT_EQ(crc_of(0, 4), 0);
}

static void root_directory(void)
{
	char text[80];

	rom_build(&honest, ROM_HONEST, 1, rom);
	EXPECT_EQ(at(5) & 0xffff, crc_of(6, at(5) >> 16));
	EXPECT_EQ(at(entry(5, 0x03)), 0x03005077);
	EXPECT_EQ(at(entry(5, 0x0c)), 0x0c0083c0);
	text_of(follow(entry(5, 0x81)), text);
	EXPECT(!strcmp(text, "Prolific"));
}

static void sbp2_unit(void)
{
	char text[80];
	u32 unit;

	rom_build(&honest, ROM_HONEST, 1, rom);
	unit = unit_directory();
	EXPECT_EQ(at(unit) & 0xffff, crc_of(unit + 1, at(unit) >> 16));
	EXPECT_EQ(at(entry(unit, 0x12)), 0x1200609e);
	EXPECT_EQ(at(entry(unit, 0x13)), 0x13010483);
	EXPECT_EQ(at(entry(unit, 0x38)), 0x3800609e);
	EXPECT_EQ(at(entry(unit, 0x39)), 0x390104d8);
	EXPECT_EQ(at(entry(unit, 0x3a)), 0x3a000a09);
	EXPECT_EQ(at(entry(unit, 0x3c)), 0x3c012804);
	EXPECT_EQ(at(entry(unit, 0x54)), 0x54004000);
	EXPECT_EQ(at(entry(unit, 0x14)), 0x140e0000);
	EXPECT_EQ(at(entry(unit, 0x14) + 1), 0x14050001);
	EXPECT_EQ(at(entry(unit, 0x17)), 0x17000001);
	text_of(follow(entry(unit, 0x81)), text);
	EXPECT(!strcmp(text, "Prolific PL3507 Combo Device"));
}

static void what_is_not_known_is_not_told(void)
{
	struct rom_identity id = honest;
	u32 size;

	id.has_revision = false;
	id.vendor_text[0] = 0;
	id.model_text[0] = 0;
	size = rom_build(&id, ROM_HONEST, 1, rom);
	EXPECT_EQ(entry(unit_directory(), 0x3c), 0);
	EXPECT_EQ(entry(unit_directory(), 0x81), 0);
	EXPECT_EQ(entry(5, 0x81), 0);
	EXPECT_EQ(size, 4 * (unit_directory() + 1 + (at(unit_directory()) >> 16)));
}

static void speed_limits_packets(void)
{
	struct rom_identity id = honest;

	id.speed = 0;
	rom_build(&id, ROM_HONEST, 1, rom);
	EXPECT_EQ(at(2), 0x00ff8000);
}

static void each_lie_is_one(void)
{
	u8 truth[ROM_SIZE];
	u32 i, size = rom_build(&honest, ROM_HONEST, 1, truth);
	static const char * const names[] = {
		"random", "loop", "past-end", "ones", "text-empty", "text-huge", "text-control",
		"endless", "unit-last", "bad-crc", "minimal", "booting",
	};

	EXPECT_EQ(ARRAY_SIZE(names), ROM_VARIANTS - 1);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		int lie = rom_hostile_by_name(names[i]);

		EXPECT(lie > 0);
		EXPECT(rom_build(&honest, lie, 1, rom) != size || memcmp(rom, truth, ROM_SIZE));
	}
	EXPECT_EQ(rom_hostile_by_name("none"), ROM_HONEST);
	EXPECT_EQ(rom_hostile_by_name("kind"), -EINVAL);
}

static void lies_in_particular(void)
{
	u32 unit;

	EXPECT_EQ(rom_build(&honest, ROM_MINIMAL, 1, rom), 4);
	EXPECT_EQ(at(0), 0x01005077);
	EXPECT_EQ(rom_build(&honest, ROM_BOOTING, 1, rom), ROM_SIZE);
	EXPECT_EQ(at(0), 0);
	EXPECT_EQ(rom_build(&honest, ROM_ONES, 1, rom), ROM_SIZE);
	EXPECT_EQ(at(0) & at(255), 0xffffffff);
	rom_build(&honest, ROM_LOOP, 1, rom);
	EXPECT_EQ(follow(entry(5, 0xd1)) & 0xff, 5);
	rom_build(&honest, ROM_ENDLESS, 1, rom);
	EXPECT_EQ(at(0) >> 16, 0xffff);
	rom_build(&honest, ROM_BAD_CRC, 1, rom);
	EXPECT((at(0) & 0xffff) != crc_of(1, 4));
	rom_build(&honest, ROM_TEXT_EMPTY, 1, rom);
	unit = unit_directory();
	EXPECT_EQ(at(follow(entry(unit, 0x81))) >> 16, 0);
	rom_build(&honest, ROM_TEXT_HUGE, 1, rom);
	EXPECT_EQ(at(follow(entry(unit, 0x81))) >> 16, 0xffff);
	EXPECT_EQ(rom_build(&honest, ROM_UNIT_LAST, 1, rom),
		  4 * (unit_directory() + 1 + (at(unit_directory()) >> 16)));
}

static void random_follows_its_seed(void)
{
	u8 other[ROM_SIZE];

	rom_build(&honest, ROM_RANDOM, 1, rom);
	rom_build(&honest, ROM_RANDOM, 1, other);
	EXPECT(!memcmp(rom, other, ROM_SIZE));
	rom_build(&honest, ROM_RANDOM, 2, other);
	EXPECT(memcmp(rom, other, ROM_SIZE));
	EXPECT_EQ(at(0) & 0xffff, crc_of(1, 4));
}

int main(void)
{
	RUN(bus_information);
	RUN(crc_of_nothing_is_zero);
	RUN(root_directory);
	RUN(sbp2_unit);
	RUN(what_is_not_known_is_not_told);
	RUN(speed_limits_packets);
	RUN(each_lie_is_one);
	RUN(lies_in_particular);
	RUN(random_follows_its_seed);
	return tap_done();
}
