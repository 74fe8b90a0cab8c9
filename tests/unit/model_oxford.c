// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole writes of the lab's chips that are written by quadlets: lab-oxfw911 by uploads,
 * as Oxford's register map tells of them.
 */
#include "content.h"
#include "model_node.h"

#define ERASE		0xfffff0090000ull
#define UPLOAD		0xfffff0090004ull
#define START		0xfffff0090008ull
#define MODE		0xfffff0090010ull
#define EDIT		0x45646974u
#define FLASH		0
#define SIZE		1024
#define SECTOR		256

static u8 image[LAB_VARIANTS][SIZE];
static struct model_memory *flash;

static void open_running(enum lab_variant v)
{
	char err[512];
	int i;

	node_open("lab-oxfw911");
	flash = &node.memory[FLASH];
	for (i = 0; i < LAB_VARIANTS; i++)
		if (lab_content(&node_profile.p, FLASH, i, image[i], err, sizeof(err))) {
			printf("Bail out! %s\n", err);
			exit(1);
		}
	memcpy(flash->data, image[v], SIZE);
	model_chip_start_up(&node);
	EXPECT_EQ(model_chip_state(&node), BFP_STATE(BFP_ROLE_RUNNING));
}

static bool holds(const u8 *content)
{
	return !memcmp(flash->data, content, SIZE);
}

static bool blank(u32 from, u32 len)
{
	while (len--)
		if (flash->data[from++] != 0xff)
			return false;
	return true;
}

static u8 state(void)
{
	return model_chip_state(&node);
}

static void enter(void)
{
	EXPECT_EQ(node_write(MODE, EDIT), -ENODEV);
	EXPECT_EQ(state(), BFP_STATE(BFP_ROLE_UPLOADER));
}

/* Everything that a write sends, as the module sends it: from whatever state it is in. */
static int write_all(u8 *to)
{
	int ret = 0;

	if (state() == BFP_STATE(BFP_ROLE_RUNNING))
		ret = node_run(BFP_OP_UNLOCK, FLASH, 0, 0, NULL);
	if (!ret)
		ret = node_run(BFP_OP_PROGRAM, FLASH, 0, SIZE, to);
	if (!ret)
		ret = node_run(BFP_OP_VERIFY, FLASH, 0, SIZE, to);
	return ret;
}

static void whole_write(void)
{
	open_running(LAB_A);
	EXPECT_EQ(write_all(image[LAB_B]), 0);
	EXPECT(holds(image[LAB_B]));
	/* Reading the checksum ended the upload, and restarted it. */
	EXPECT_EQ(state(), BFP_STATE(BFP_ROLE_RUNNING));
	EXPECT(node_polls >= 4);
	EXPECT_EQ(flash->erases, 4);
	EXPECT_EQ(flash->programmed, SIZE);
	EXPECT_EQ(write_all(image[LAB_A]), 0);
	EXPECT(holds(image[LAB_A]));
	node_close();
}

static void nothing_changes_without_the_mode(void)
{
	u32 word;

	open_running(LAB_A);
	EXPECT_EQ(node_write(ERASE, 0), -EACCES);
	EXPECT_EQ(node_write(ERASE, 0xffffffff), -EACCES);
	EXPECT_EQ(node_write(START, 0), -EACCES);
	EXPECT_EQ(node_write(UPLOAD, 0), -EACCES);
	EXPECT_EQ(node_read(ERASE, &word), -EACCES);
	EXPECT_EQ(node_write(MODE, EDIT + 1), -ENXIO);
	EXPECT(holds(image[LAB_A]));
	EXPECT_EQ(state(), BFP_STATE(BFP_ROLE_RUNNING));
	/* And the mode cannot be entered twice. */
	enter();
	EXPECT_EQ(node_write(MODE, EDIT), -EACCES);
	node_close();
}

static void restart_leaves_the_mode(void)
{
	open_running(LAB_A);
	enter();
	model_chip_start_up(&node);
	EXPECT_EQ(state(), BFP_STATE(BFP_ROLE_RUNNING));
	EXPECT_EQ(node_write(ERASE, 0), -EACCES);
	EXPECT(holds(image[LAB_A]));
	node_close();
}

static void start_address_is_latched_and_counts_on(void)
{
	open_running(LAB_A);
	enter();
	EXPECT_EQ(node_write(ERASE, 0xffffffff), 0);
	EXPECT(blank(0, SIZE));
	/* Nobody has said where it goes. */
	EXPECT_EQ(node_write(UPLOAD, 0x11223344), -EINVAL);
	EXPECT_EQ(node_write(START, 0x104), 0);
	EXPECT_EQ(node_write(UPLOAD, 0x11223344), 0);
	EXPECT_EQ(node_write(UPLOAD, 0x55667788), 0);
	EXPECT(!memcmp(flash->data + 0x104, "\x44\x33\x22\x11\x88\x77\x66\x55", 8));
	EXPECT_EQ(node_write(START, 0x20), 0);
	EXPECT_EQ(node_write(UPLOAD, 0), 0);
	EXPECT(!memcmp(flash->data + 0x20, "\0\0\0", 4));
	EXPECT(blank(0, 0x20) && blank(0x24, 0xe0) && blank(0x10c, SIZE - 0x10c));
	/* Behind its end there is nothing. */
	EXPECT_EQ(node_write(START, SIZE - 4), 0);
	EXPECT_EQ(node_write(UPLOAD, 0), 0);
	EXPECT_EQ(node_write(UPLOAD, 0), -EINVAL);
	node_close();
}

static void programming_needs_an_erase(void)
{
	open_running(LAB_A);
	enter();
	memset(flash->data, 0x0f, 4);
	EXPECT_EQ(node_write(START, 0), 0);
	EXPECT_EQ(node_write(UPLOAD, 0x5a5a5a5a), 0);
	EXPECT_EQ(flash->data[0], 0x0a);
	node_close();
}

static void erase_takes_the_sector_addressed(void)
{
	u32 word = 9;

	open_running(LAB_A);
	enter();
	EXPECT_EQ(node_write(ERASE, 0x120), 0);
	EXPECT(blank(SECTOR, SECTOR));
	EXPECT(!memcmp(flash->data, image[LAB_A], SECTOR));
	EXPECT(!memcmp(flash->data + 2 * SECTOR, image[LAB_A] + 2 * SECTOR, 2 * SECTOR));
	EXPECT_EQ(node_read(ERASE, &word), 0);
	EXPECT(word != 1);
	EXPECT_EQ(node_read(ERASE, &word), 0);
	EXPECT_EQ(word, 1);
	EXPECT_EQ(node_write(ERASE, SIZE), -EINVAL);
	EXPECT_EQ(flash->erases, 1);
	node_close();
}

/* Over what was uploaded last, whatever the part made of it. */
static void checksum_is_over_the_upload(void)
{
	u32 word;

	open_running(LAB_A);
	enter();
	EXPECT_EQ(node_write(START, 0), 0);
	EXPECT_EQ(node_write(UPLOAD, 0x01010101), 0);
	EXPECT_EQ(node_write(START, 0x40), 0);
	EXPECT_EQ(node_write(UPLOAD, 0x000000ff), 0);
	EXPECT_EQ(node_write(UPLOAD, 0x01020300), 0);
	EXPECT_EQ(node_read(UPLOAD, &word), -ENODEV);
	EXPECT_EQ(word, 0x105);
	node_close();
}

static void a_bit_that_arrives_wrong_is_told(void)
{
	open_running(LAB_A);
	node_flip_at = 100;
	EXPECT_EQ(write_all(image[LAB_B]), -EILSEQ);
	EXPECT(!holds(image[LAB_B]));
	EXPECT_EQ(write_all(image[LAB_B]), 0);
	EXPECT(holds(image[LAB_B]));
	node_close();
}

static void reading_the_checksum_restarts_whoever_reads_it(void)
{
	u32 word = 1;

	open_running(LAB_A);
	EXPECT_EQ(node_read(UPLOAD, &word), -ENODEV);
	EXPECT_EQ(word, 0);
	EXPECT_EQ(state(), BFP_STATE(BFP_ROLE_RUNNING));
	EXPECT(holds(image[LAB_A]));
	/* In the middle of an upload it is the end of it. */
	enter();
	EXPECT_EQ(node_write(ERASE, 0x300), 0);
	EXPECT_EQ(node_write(START, 0), 0);
	EXPECT_EQ(node_read(UPLOAD, &word), -ENODEV);
	EXPECT_EQ(state(), BFP_STATE(BFP_ROLE_BLANK));
	EXPECT_EQ(node_write(UPLOAD, 0), -EINVAL);
	node_close();
}

static void blank_chip_takes_an_upload(void)
{
	open_running(LAB_A);
	memset(flash->data, 0xff, SIZE);
	model_chip_start_up(&node);
	EXPECT_EQ(state(), BFP_STATE(BFP_ROLE_BLANK));
	EXPECT_EQ(node_write(MODE, EDIT), -EACCES);
	EXPECT_EQ(write_all(image[LAB_B]), 0);
	EXPECT(holds(image[LAB_B]));
	EXPECT_EQ(state(), BFP_STATE(BFP_ROLE_RUNNING));
	node_close();
}

/* Wherever the supply fails: it runs or it is blank, and the image can be written then. */
static void power_cut_at_every_transaction(void)
{
	u32 at, whole, wrecks = 0, runs = 0, done = 0;
	enum node_cut cut;
	int ret;

	open_running(LAB_A);
	EXPECT_EQ(write_all(image[LAB_B]), 0);
	whole = node_txns;
	node_close();
	for (at = 0; at < whole; at++)
		for (cut = NODE_CUT_BEFORE; cut < NODE_CUTS; cut++) {
			open_running(LAB_A);
			node_cut_at = at;
			node_cut = cut;
			ret = write_all(image[LAB_B]);
			EXPECT_EQ(ret, -ENODEV);
			model_chip_power_on(&node);
			model_chip_start_up(&node);
			EXPECT_EQ(state(), model_chip_boots(&node) ? BFP_STATE(BFP_ROLE_RUNNING) :
								      BFP_STATE(BFP_ROLE_BLANK));
			wrecks += state() == BFP_STATE(BFP_ROLE_BLANK);
			runs += state() == BFP_STATE(BFP_ROLE_RUNNING);
			done += holds(image[LAB_B]);
			node_cut_at = NODE_NEVER;
			EXPECT_EQ(write_all(image[LAB_B]), 0);
			EXPECT(holds(image[LAB_B]));
			node_close();
			if (expect_bad)
				return;
		}
	EXPECT(wrecks > 700);
	EXPECT(runs > 10);
	EXPECT(done > 2);
}

int main(void)
{
	RUN(whole_write);
	RUN(nothing_changes_without_the_mode);
	RUN(restart_leaves_the_mode);
	RUN(start_address_is_latched_and_counts_on);
	RUN(programming_needs_an_erase);
	RUN(erase_takes_the_sector_addressed);
	RUN(checksum_is_over_the_upload);
	RUN(a_bit_that_arrives_wrong_is_told);
	RUN(reading_the_checksum_restarts_whoever_reads_it);
	RUN(blank_chip_takes_an_upload);
	RUN(power_cut_at_every_transaction);
	return tap_done();
}
