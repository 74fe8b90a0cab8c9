// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole writes of the lab's chips that are written by quadlets: lab-oxfw912 through a
 * port to its flash, a bus cycle a word.
 */
#include "content.h"
#include "model_node.h"

#define PORT		0xfffff0080000ull
#define FLASH		0
#define SIZE		1024
#define SECTOR		256

static u8 image[LAB_VARIANTS][SIZE];
static struct model_memory *flash;
static u8 got[SIZE];

static void open_running(enum lab_variant v)
{
	char err[512];
	int i;

	node_open("lab-oxfw912");
	flash = &node.memory[FLASH];
	for (i = 0; i < LAB_VARIANTS; i++)
		if (lab_content(&node_profile.p, FLASH, i, image[i], err, sizeof(err))) {
			printf("Bail out! %s\n", err);
			exit(1);
		}
	memcpy(flash->data, image[v], SIZE);
	model_chip_start_up(&node);
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

static void words(const u32 *list, u32 n)
{
	while (n--)
		EXPECT_EQ(node_write(PORT, *list++), 0);
}

#define WORDS(...) \
	do { \
		static const u32 list_[] = { __VA_ARGS__ }; \
		words(list_, ARRAY_SIZE(list_)); \
	} while (0)

static void unlock(void)
{
	EXPECT_EQ(node_run(BFP_OP_UNLOCK, FLASH, 0, 0, NULL), 0);
	EXPECT(!node.locked[FLASH]);
}

/* Those sectors that differ, each erased and programmed, and everything read back. */
static int write_changed(u8 *to)
{
	u32 at;
	int ret;

	ret = node_run(BFP_OP_UNLOCK, FLASH, 0, 0, NULL);
	for (at = 0; at < SIZE && !ret; at += SECTOR) {
		if (!memcmp(flash->data + at, to + at, SECTOR))
			continue;
		ret = node_run(BFP_OP_ERASE_SECTOR, FLASH, at, SECTOR, NULL);
		if (!ret)
			ret = node_run(BFP_OP_PROGRAM, FLASH, at, SECTOR, to + at);
	}
	if (!ret)
		ret = node_run(BFP_OP_LOCK, FLASH, 0, 0, NULL);
	return ret;
}

static void reads_through_the_port(void)
{
	open_running(LAB_A);
	EXPECT_EQ(node_run(BFP_OP_READ, FLASH, 0, SIZE, got), 0);
	EXPECT(!memcmp(got, image[LAB_A], SIZE));
	/* From the middle, after something else. */
	unlock();
	EXPECT_EQ(node_run(BFP_OP_READ, FLASH, 0x308, 8, got), 0);
	EXPECT(!memcmp(got, image[LAB_A] + 0x308, 8));
	EXPECT_EQ(node_run(BFP_OP_READ, FLASH, SIZE - 4, 4, got), 0);
	EXPECT(!memcmp(got, image[LAB_A] + SIZE - 4, 4));
	node_close();
}

static void whole_write(void)
{
	open_running(LAB_A);
	EXPECT_EQ(write_changed(image[LAB_B]), 0);
	EXPECT(holds(image[LAB_B]));
	EXPECT_EQ(flash->erases, 4);
	EXPECT(node.locked[FLASH]);
	EXPECT_EQ(node_run(BFP_OP_READ, FLASH, 0, SIZE, got), 0);
	EXPECT(!memcmp(got, image[LAB_B], SIZE));
	EXPECT_EQ(node_run(BFP_OP_RESET, -1, 0, 0, NULL), 0);
	EXPECT_EQ(model_chip_state(&node), BFP_STATE(BFP_ROLE_RUNNING));
	node_close();
}

static void locked_part_says_nothing_and_does_nothing(void)
{
	open_running(LAB_A);
	EXPECT_EQ(node_run(BFP_OP_ERASE_SECTOR, FLASH, 0, SECTOR, NULL), 0);
	EXPECT_EQ(node_run(BFP_OP_PROGRAM, FLASH, 0, SECTOR, image[LAB_B]), 0);
	EXPECT_EQ(node_run(BFP_OP_ERASE_ALL, FLASH, 0, SIZE, NULL), 0);
	EXPECT(holds(image[LAB_A]));
	unlock();
	EXPECT_EQ(node_run(BFP_OP_LOCK, FLASH, 0, 0, NULL), 0);
	EXPECT_EQ(node_run(BFP_OP_ERASE_SECTOR, FLASH, 0, SECTOR, NULL), 0);
	EXPECT(holds(image[LAB_A]));
	node_close();
}

/* Thirteen of the fourteen words, or one of them elsewhere, are none. */
static void unlocking_takes_all_of_its_reads(void)
{
	open_running(LAB_A);
	WORDS(0x4000308c, 0x6800308c, 0x40003080, 0x68003080, 0x40003088, 0x68003088,
	      0x40000860, 0x68000860, 0x4000086c, 0x6800086c, 0x40000864, 0x68000864,
	      0x40000868);
	EXPECT(node.locked[FLASH]);
	WORDS(0x68000860);
	EXPECT(node.locked[FLASH]);
	WORDS(0x68000868);
	EXPECT(node.locked[FLASH]);
	unlock();
	/* The last of the reads that lock is what tells them from these. */
	WORDS(0x4000308c, 0x6800308c, 0x40003080, 0x68003080, 0x40003088, 0x68003088,
	      0x40000860, 0x68000860, 0x4000086c, 0x6800086c, 0x40000864, 0x68000864,
	      0x40000828);
	EXPECT(!node.locked[FLASH]);
	WORDS(0x68000828);
	EXPECT(node.locked[FLASH]);
	/* And a chip that starts anew is locked. */
	unlock();
	EXPECT_EQ(node_write(PORT, 0x80000000), -ENODEV);
	EXPECT(node.locked[FLASH]);
	node_close();
}

static void erase_takes_one_sector_or_all(void)
{
	open_running(LAB_A);
	unlock();
	WORDS(0x00000020, 0x30000020, 0x400001f0, 0x000000d0);
	EXPECT(holds(image[LAB_A]));
	WORDS(0x300000d0);
	EXPECT(blank(SECTOR, SECTOR));
	EXPECT(!memcmp(flash->data, image[LAB_A], SECTOR));
	EXPECT(!memcmp(flash->data + 2 * SECTOR, image[LAB_A] + 2 * SECTOR, 2 * SECTOR));
	WORDS(0x00000030, 0x30000030, 0x00000030);
	EXPECT(!blank(0, SIZE));
	WORDS(0x30000030);
	EXPECT(blank(0, SIZE));
	EXPECT_EQ(flash->erases, 2);
	node_close();
}

/* What confirms nothing does nothing, and ends what was begun. */
static void commands_need_their_second_half(void)
{
	open_running(LAB_A);
	unlock();
	WORDS(0x40000000, 0x00000020, 0x30000020, 0x00000030, 0x30000030, 0x000000d0, 0x300000d0);
	EXPECT(holds(image[LAB_A]));
	WORDS(0x00000030, 0x30000030, 0x000000d0, 0x300000d0, 0x00000030, 0x30000030);
	EXPECT(holds(image[LAB_A]));
	WORDS(0x000000e0, 0x300000e0, 0x000000e0, 0x300000e0);
	EXPECT(holds(image[LAB_A]));
	node_close();
}

static void program_takes_four_bytes_in_two_halves(void)
{
	open_running(LAB_A);
	unlock();
	WORDS(0x00000020, 0x30000020, 0x40000100, 0x000000d0, 0x300000d0);
	WORDS(0x00000010, 0x30000010, 0x40000104, 0x00011122, 0x30003344);
	EXPECT(blank(SECTOR, 4) && blank(SECTOR + 8, SECTOR - 8));
	EXPECT(!memcmp(flash->data + 0x104, "\x11\x22\x33\x44", 4));
	/* Once: the next value is a command again. */
	WORDS(0x40000108, 0x00015566, 0x30007788);
	EXPECT(blank(0x108, 4));
	/* Bits only go one way. */
	WORDS(0x00000010, 0x30000010, 0x40000104, 0x0001f0f0, 0x3000f0f0);
	EXPECT(!memcmp(flash->data + 0x104, "\x10\x20\x30\x40", 4));
	/* Behind its end there is no flash. */
	WORDS(0x00000010, 0x30000010, 0x40001000, 0x00011122);
	EXPECT_EQ(node_write(PORT, 0x30003344), -EINVAL);
	node_close();
}

static void faults_know_the_operations(void)
{
	u8 bytes[12] = { 0, 0, 0xff, 0xff, 0xf0, 0x08, 0, 0, 0x30, 0x00, 0x33, 0x44 };
	struct model_txn txn;

	open_running(LAB_A);
	unlock();
	WORDS(0x00000010, 0x30000010, 0x40000104, 0x00011122);
	EXPECT(model_chip_match(&node, BFP_STEP_QUADLET_WRITE, bytes, 12, 4, &txn));
	EXPECT(!strcmp(txn.name, "flash.program"));
	EXPECT(txn.effect);
	EXPECT_EQ(txn.offset, 0x104);
	EXPECT_EQ(model_chip_start(&node, &txn), MODEL_DONE);
	EXPECT_EQ(model_chip_out(&node, &txn, bytes + 8, 4, MODEL_CUT_POWER, 2), MODEL_DONE);
	EXPECT_EQ(flash->data[0x107], image[LAB_A][0x107]);
	node_close();
}

static void blank_chip_is_written_through_the_port(void)
{
	u32 word;

	open_running(LAB_A);
	memset(flash->data + 3 * SECTOR, 0xff, SECTOR);
	model_chip_start_up(&node);
	EXPECT(model_chip_name(&node, 0xfffff0090020ull, &word));
	EXPECT_EQ(word, 0x4c393132);
	EXPECT_EQ(write_changed(image[LAB_B]), 0);
	EXPECT(holds(image[LAB_B]));
	EXPECT_EQ(node_run(BFP_OP_RESET, -1, 0, 0, NULL), 0);
	EXPECT_EQ(model_chip_state(&node), BFP_STATE(BFP_ROLE_RUNNING));
	node_close();
}

/* Wherever the supply fails, the same write again brings the image. */
static void power_cut_at_every_transaction(void)
{
	u32 at, whole, torn = 0;
	enum node_cut cut;

	open_running(LAB_A);
	EXPECT_EQ(write_changed(image[LAB_A1]), 0);
	whole = node_txns;
	node_close();
	for (at = 0; at < whole; at++)
		for (cut = NODE_CUT_BEFORE; cut < NODE_CUTS; cut++) {
			open_running(LAB_A);
			node_cut_at = at;
			node_cut = cut;
			EXPECT_EQ(write_changed(image[LAB_A1]), -ENODEV);
			EXPECT(!memcmp(flash->data, image[LAB_A], SECTOR));
			EXPECT(!memcmp(flash->data + 2 * SECTOR, image[LAB_A] + 2 * SECTOR,
				       2 * SECTOR));
			torn += !holds(image[LAB_A]) && !holds(image[LAB_A1]);
			model_chip_power_on(&node);
			model_chip_start_up(&node);
			/* Its boot sector was not touched. */
			EXPECT_EQ(model_chip_state(&node), BFP_STATE(BFP_ROLE_RUNNING));
			node_cut_at = NODE_NEVER;
			EXPECT_EQ(write_changed(image[LAB_A1]), 0);
			EXPECT(holds(image[LAB_A1]));
			node_close();
			if (expect_bad)
				return;
		}
	EXPECT(torn > 500);
}

int main(void)
{
	RUN(reads_through_the_port);
	RUN(whole_write);
	RUN(locked_part_says_nothing_and_does_nothing);
	RUN(unlocking_takes_all_of_its_reads);
	RUN(erase_takes_one_sector_or_all);
	RUN(commands_need_their_second_half);
	RUN(program_takes_four_bytes_in_two_halves);
	RUN(faults_know_the_operations);
	RUN(blank_chip_is_written_through_the_port);
	RUN(power_cut_at_every_transaction);
	return tap_done();
}
