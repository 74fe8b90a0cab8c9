// SPDX-License-Identifier: GPL-2.0-or-later
/* The drives behind the bridge, through the Bulk-Only transport. */
#include "model_box.h"

#define PROFILE	"kmod/profiles/pl2507.profile"
#define CMD(in, length, moved, ...) \
	box_command((const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ }), \
		    in, length, moved)

static u32 moved;

static void disk_says_who_it_is(void)
{
	box_open(PROFILE, DRIVE_DISK, 0);
	EXPECT_EQ(CMD(true, 36, &moved, 0x12, 0, 0, 0, 36, 0), 0);
	EXPECT_EQ(moved, 36);
	EXPECT_EQ(box_data[0], 0);
	EXPECT(!memcmp(box_data + 8, "VBRIDGE LAB DISK 64     LAB1", 28));
	EXPECT_EQ(CMD(true, 255, &moved, 0x12, 1, 0x80, 0, 255, 0), 0);
	EXPECT_EQ(moved, 10);
	EXPECT(!memcmp(box_data + 4, "SERIAL", 6));
	EXPECT_EQ(CMD(true, 255, &moved, 0x12, 1, 0x83, 0, 255, 0), 0);
	EXPECT_EQ(moved, 76);
	EXPECT_EQ(CMD(true, 255, &moved, 0x12, 1, 0x77, 0, 255, 0), 1);
	EXPECT_EQ(box_sense(), SENSE_FIELD);
	box_close();
}

static void disk_keeps_blocks(void)
{
	u32 i;

	box_open(PROFILE, DRIVE_DISK, 0);
	EXPECT_EQ(CMD(true, 8, &moved, 0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0);
	EXPECT_EQ(get_be32(box_data), 131071);
	EXPECT_EQ(get_be32(box_data + 4), 512);
	for (i = 0; i < 1024; i++)
		box_data[i] = i * 5;
	EXPECT_EQ(CMD(false, 1024, &moved, 0x2a, 0, 0, 1, 0xff, 0xfe, 0, 0, 2, 0), 0);
	memset(box_data, 0, 1024);
	EXPECT_EQ(CMD(true, 1024, &moved, 0x88, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xfe, 0, 0, 0, 2, 0, 0),
		  0);
	for (i = 0; i < 1024; i++)
		EXPECT_EQ(box_data[i], (u8)(i * 5));
	EXPECT_EQ(CMD(true, 512, &moved, 0xa8, 0, 0, 1, 0xff, 0xff, 0, 0, 0, 1, 0, 0), 0);
	EXPECT_EQ(box_data[0], (u8)(512 * 5));
	EXPECT_EQ(CMD(true, 512, &moved, 0x08, 0, 0, 0, 1, 0), 0);
	EXPECT_EQ(box_data[0], 0);
	box_close();
}

static void disk_ends_where_it_ends(void)
{
	box_open(PROFILE, DRIVE_DISK, 0);
	EXPECT_EQ(CMD(true, 512, &moved, 0x28, 0, 0, 2, 0, 0, 0, 0, 1, 0), 1);
	EXPECT_EQ(moved, 0);
	EXPECT_EQ(box_sense(), SENSE_LBA_RANGE);
	EXPECT_EQ(CMD(false, 1024, &moved, 0x2a, 0, 0, 1, 0xff, 0xff, 0, 0, 2, 0), 1);
	EXPECT_EQ(box_sense(), SENSE_LBA_RANGE);
	EXPECT_EQ(CMD(true, 512, &moved, 0x88, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		      0xff, 0xff, 0xff, 0xff, 0, 0), 1);
	EXPECT_EQ(box_sense(), SENSE_LBA_RANGE);
	EXPECT_EQ(CMD(true, 512, &moved, 0x88, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		      0, 0, 0, 1, 0, 0), 1);
	EXPECT_EQ(box_sense(), SENSE_LBA_RANGE);
	EXPECT_EQ(CMD(false, 0, &moved, 0x2f, 0, 0, 2, 0, 1, 0, 0, 1, 0), 1);
	box_close();
}

static void unknown_commands_are_unknown(void)
{
	box_open(PROFILE, DRIVE_DISK, ATA_SAT);
	EXPECT_EQ(CMD(true, 64, &moved, 0xf4, 0, 0, 0, 0x06, 0x7b), 1);
	EXPECT_EQ(box_sense(), SENSE_OPCODE);
	EXPECT_EQ(CMD(false, 64, &moved, 0xe1, 0, 0, 0, 0x06, 0x7b), 1);
	EXPECT_EQ(box_sense(), SENSE_OPCODE);
	EXPECT_EQ(box_sense(), SENSE_NONE);
	box_close();
}

static void nothing_behind_the_bridge(void)
{
	box_open(PROFILE, DRIVE_NONE, ATA_SAT);
	EXPECT_EQ(CMD(true, 36, &moved, 0x12, 0, 0, 0, 36, 0), 0);
	EXPECT_EQ(box_data[0], 0x7f);
	EXPECT_EQ(CMD(false, 0, &moved, 0x00, 0, 0, 0, 0, 0), 1);
	EXPECT_EQ(box_sense(), SENSE_NO_LUN);
	EXPECT_EQ(CMD(true, 512, &moved, 0x85, 8, 0x0e, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xec, 0),
		  1);
	box_close();
}

static void identify_by(bool expect, const u8 *cdb, u32 len, u32 ata)
{
	u32 i;
	u8 sum = 0;

	box_open(PROFILE, DRIVE_DISK, ata);
	EXPECT_EQ(box_command(cdb, len, true, 512, &moved), expect ? 0 : 1);
	if (expect) {
		EXPECT_EQ(moved, 512);
		EXPECT(!memcmp(box_data + 54, "BVIRGD EAL BIDKS6 4 ", 16));
		for (i = 0; i < 512; i++)
			sum += box_data[i];
		EXPECT_EQ(sum, 0);
	}
	box_close();
}

static void identify_by_every_dialect(void)
{
	static const u8 sat16[16] = { 0x85, 0x08, 0x0e, [6] = 1, [14] = 0xec };
	static const u8 sat12[12] = { 0xa1, 0x08, 0x0e, [4] = 1, [9] = 0xec };
	static const u8 df12[12] = { 0xdf, 0x10, 0, 0x02, 0, 0, 1, 0, 0, 0, 0xa0, 0xec };
	static const u8 df14[14] = { 0xdf, 0x10, 0, 0x02, 0, 0, 1, 0, 0, 0, 0xa0, 0xec,
				     0x06, 0x7b };
	static const u8 d8[16] = { 0xd8, 0x15, 0, 0, 0x06, 0x7b, 0, 0, 2, 0, 1, 0, 0, 0,
				   0xa0, 0xec };
	u8 bad[16];

	identify_by(true, sat16, 16, ATA_SAT);
	identify_by(true, sat12, 12, ATA_SAT);
	identify_by(true, df12, 12, ATA_DF);
	identify_by(true, df14, 14, ATA_DF);
	identify_by(true, d8, 16, ATA_D8);
	/* What the bridge does not translate, or not in this length. */
	identify_by(false, sat16, 16, ATA_DF);
	identify_by(false, df12, 12, ATA_SAT);
	identify_by(false, df14, 13, ATA_DF);
	memcpy(bad, df14, 14);
	bad[13] = 0;
	identify_by(false, bad, 14, ATA_DF);
	identify_by(false, d8, 15, ATA_D8);
	memcpy(bad, d8, 16);
	bad[4] = 0;
	identify_by(false, bad, 16, ATA_D8);
}

static void unknown_ata_commands_abort(void)
{
	box_open(PROFILE, DRIVE_DISK, ATA_DF | ATA_SAT);
	/* JMicron's way to its registers is an ATA command to this bridge. */
	EXPECT_EQ(CMD(true, 16, &moved, 0xdf, 0x10, 0, 0, 1, 0, 0x72, 0x0f, 0, 0, 0, 0xfd), 1);
	EXPECT_EQ(box_sense() >> 16, 0x0b);
	box_close();
}

static void registers_are_told_on_request(void)
{
	box_open(PROFILE, DRIVE_DISK, ATA_SAT);
	EXPECT_EQ(CMD(true, 0, &moved, 0x85, 0x06, 0x2c, 0, 0xda, 0, 0, 0, 0, 0, 0x4f, 0, 0xc2, 0,
		      0xb0, 0), 1);
	EXPECT_EQ(CMD(true, 64, &moved, 0x03, 0, 0, 0, 64, 0), 0);
	EXPECT_EQ(moved, 22);
	EXPECT_EQ(box_data[0], 0x72);
	EXPECT_EQ(box_data[1], 0x01);
	EXPECT_EQ(box_data[17], 0x4f);
	EXPECT_EQ(box_data[19], 0xc2);
	EXPECT_EQ(box_data[21], 0x50);
	box_close();
}

static void write_cache_can_be_switched(void)
{
	static const u8 select[24] = { 0, 0, 0, 0, 0x08, 0x12, 0x00 };

	box_open(PROFILE, DRIVE_DISK, 0);
	EXPECT_EQ(CMD(true, 24, &moved, 0x1a, 0, 0x08, 0, 24, 0), 0);
	EXPECT_EQ(box_data[6] & 0x04, 0x04);
	memcpy(box_data, select, sizeof(select));
	EXPECT_EQ(CMD(false, 24, &moved, 0x15, 0x10, 0, 0, 24, 0), 0);
	EXPECT_EQ(CMD(true, 24, &moved, 0x1a, 0, 0x08, 0, 24, 0), 0);
	EXPECT_EQ(box_data[6] & 0x04, 0x00);
	/* A page that is longer than the list. */
	memcpy(box_data, select, sizeof(select));
	box_data[5] = 0x40;
	EXPECT_EQ(CMD(false, 24, &moved, 0x15, 0x10, 0, 0, 24, 0), 1);
	EXPECT_EQ(box_sense(), SENSE_PARAMETER);
	box_close();
}

/* Both kinds of drives have one; neither takes microcode. */
static void a_buffer(enum drive_type type)
{
	u32 i;

	box_open(PROFILE, type, 0);
	CMD(true, 0, &moved, 0x00, 0, 0, 0, 0, 0);	/* takes away what a DVD has to say first */
	EXPECT_EQ(CMD(true, 4, &moved, 0x3c, 3, 0, 0, 0, 0, 0, 0, 4, 0), 0);
	EXPECT_EQ(get_be32(box_data), 4096);
	for (i = 0; i < 64; i++)
		box_data[i] = i * 3;
	EXPECT_EQ(CMD(false, 64, &moved, 0x3b, 2, 0, 0, 0x0f, 0xc0, 0, 0, 64, 0), 0);
	memset(box_data, 0, 64);
	EXPECT_EQ(CMD(true, 64, &moved, 0x3c, 2, 0, 0, 0x0f, 0xc0, 0, 0, 64, 0), 0);
	for (i = 0; i < 64; i++)
		EXPECT_EQ(box_data[i], i * 3);
	EXPECT_EQ(CMD(true, 64, &moved, 0x3c, 2, 0, 0, 0x10, 0, 0, 0, 64, 0), 0);
	EXPECT_EQ(moved, 0);
	EXPECT_EQ(CMD(true, 64, &moved, 0x3c, 2, 0, 0, 0x10, 1, 0, 0, 64, 0), 1);
	EXPECT_EQ(box_sense(), SENSE_FIELD);
	EXPECT_EQ(CMD(false, 65, &moved, 0x3b, 2, 0, 0, 0x0f, 0xc0, 0, 0, 65, 0), 1);
	EXPECT_EQ(box_sense(), SENSE_FIELD);
	EXPECT_EQ(CMD(false, 64, &moved, 0x3b, 5, 0, 0, 0, 0, 0, 0, 64, 0), 1);
	EXPECT_EQ(box_sense(), SENSE_FIELD);
	box_close();
}

static void buffers(void)
{
	a_buffer(DRIVE_DISK);
	a_buffer(DRIVE_DVD);
}

static void dvd_without_a_disc(void)
{
	box_open(PROFILE, DRIVE_DVD, ATA_SAT);
	EXPECT_EQ(CMD(true, 36, &moved, 0x12, 0, 0, 0, 36, 0), 0);
	EXPECT_EQ(box_data[0], 0x05);
	EXPECT_EQ(box_data[1], 0x80);
	EXPECT_EQ(CMD(false, 0, &moved, 0x00, 0, 0, 0, 0, 0), 1);
	EXPECT_EQ(box_sense(), SENSE_NO_MEDIUM);
	EXPECT_EQ(CMD(true, 8, &moved, 0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0), 1);
	EXPECT_EQ(CMD(true, 64, &moved, 0x43, 0, 0, 0, 0, 0, 0, 0, 64, 0), 1);
	EXPECT_EQ(CMD(true, 8, &moved, 0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8, 0), 0);
	EXPECT_EQ(box_data[5] & 0x02, 0);
	EXPECT_EQ(CMD(true, 128, &moved, 0x46, 0, 0, 0, 0, 0, 0, 0, 128, 0), 0);
	EXPECT_EQ(get_be32(box_data) + 4, moved);
	/* A1 is BLANK to a DVD drive, and a DVD-ROM has none. */
	EXPECT_EQ(CMD(true, 512, &moved, 0xa1, 0x08, 0x0e, 0, 1, 0, 0, 0, 0, 0xec, 0, 0), 1);
	EXPECT_EQ(box_sense(), SENSE_OPCODE);
	box_close();
}

static void every_opcode_with_every_length(void)
{
	u32 opcode, i, round;
	u8 cdb[16];

	srand(2);
	for (round = 0; round < 6; round++) {
		box_open(PROFILE, round % 3, ATA_SAT | ATA_DF | ATA_D8);
		for (opcode = 0; opcode < 256; opcode++) {
			for (i = 0; i < 40; i++) {
				u32 j, len = rand() % 3 ? rand() % 2048 : 0;

				cdb[0] = opcode;
				for (j = 1; j < 16; j++)
					cdb[j] = rand() % 3 ? 0 : rand();
				box_command(cdb, 1 + rand() % 16, rand() & 1, len, &moved);
				bot_reset(&box.bot, "reset");
				box.bot.halt_in = false;
				box.bot.halt_out = false;
			}
		}
		box_close();
	}
	EXPECT(round == 6);
}

int main(void)
{
	RUN(disk_says_who_it_is);
	RUN(disk_keeps_blocks);
	RUN(disk_ends_where_it_ends);
	RUN(unknown_commands_are_unknown);
	RUN(nothing_behind_the_bridge);
	RUN(identify_by_every_dialect);
	RUN(unknown_ata_commands_abort);
	RUN(registers_are_told_on_request);
	RUN(write_cache_can_be_switched);
	RUN(buffers);
	RUN(dvd_without_a_disc);
	RUN(every_opcode_with_every_length);
	return tap_done();
}
