// SPDX-License-Identifier: GPL-2.0-or-later
/* The chip's model takes quadlets as it takes CDBs: by the profile alone. */
#include "model_node.h"

#define VERSION		0xfffff0050000ull
#define ROM		0xfffff0000400ull
#define NAME		0xfffff0090020ull

static bool matches(enum bfp_step_kind kind, const u8 *bytes, u32 size)
{
	struct model_txn txn;

	return model_chip_match(&node, kind, bytes, size, 4, &txn);
}

static void registers_are_those_of_the_profile(void)
{
	static const u8 version[12] = { 0, 0, 0xff, 0xff, 0xf0, 0x05, 0x00, 0x00 };
	u32 word;

	node_open("lab-oxfw911");
	EXPECT_EQ(node_read(VERSION, &word), 0);
	EXPECT_EQ(word, 0x09110400);
	EXPECT_EQ(node_read(VERSION + 4, &word), -ENXIO);
	EXPECT_EQ(node_write(VERSION, 0), -ENXIO);
	/* A request of another shape is none of the profile's. */
	EXPECT(matches(BFP_STEP_QUADLET_READ, version, 8));
	EXPECT(!matches(BFP_STEP_QUADLET_READ, version, 12));
	EXPECT(!matches(BFP_STEP_QUADLET_READ, version, 4));
	EXPECT(!matches(BFP_STEP_QUADLET_WRITE, version, 8));
	EXPECT(!matches(BFP_STEP_CDB, version, 8));
	EXPECT(!matches(BFP_STEP_CONTROL, version, 8));
	node_close();
}

static void node_number_does_not_matter(void)
{
	u8 bytes[8] = { 0, 0, 0xff, 0xff, 0xf0, 0x05, 0x00, 0x00 };

	node_open("lab-oxfw911");
	for (bytes[0] = 0; bytes[0] < 0xff; bytes[0] += 51)
		EXPECT(matches(BFP_STEP_QUADLET_READ, bytes, 8));
	node_close();
}

static void operations_are_named_for_faults(void)
{
	static const u8 unlock[12] = {
		0, 0, 0xff, 0xff, 0xf0, 0x09, 0, 0x10, 0x45, 0x64, 0x69, 0x74,
	};
	struct model_txn txn;

	node_open("lab-oxfw911");
	EXPECT(model_chip_match(&node, BFP_STEP_QUADLET_WRITE, unlock, 12, 4, &txn));
	EXPECT(!strcmp(txn.name, "flash.unlock"));
	EXPECT(txn.effect && !txn.astray && txn.dir == BFP_DIR_OUT);
	EXPECT_EQ(model_chip_start(&node, &txn), MODEL_DONE);
	EXPECT_EQ(model_chip_out(&node, &txn, unlock + 8, 4, MODEL_CUT_NONE, 0), MODEL_RESET);
	node_close();
}

/* As long as its node says, which answers nothing behind that. */
static void config_rom_ends_where_the_node_says(void)
{
	struct model_memory *rom;
	u32 word, i;

	node_open("lab-oxfw911");
	rom = model_chip_memory(&node, NULL, BFP_CONFIG_ROM);
	for (i = 0; i < rom->size; i++)
		rom->data[i] = (u8)(3 * i);
	rom->length = 40;
	for (i = 0; i < 40; i += 4) {
		EXPECT_EQ(node_read(ROM + i, &word), 0);
		EXPECT_EQ(word >> 24, (u8)(3 * i));
		EXPECT_EQ((u8)word, (u8)(3 * i + 9));
	}
	EXPECT_EQ(node_read(ROM + 40, &word), -ENXIO);
	EXPECT_EQ(node_read(ROM + 1020, &word), -ENXIO);
	EXPECT_EQ(node_read(ROM + 1024, &word), -EINVAL);
	EXPECT_EQ(node_write(ROM, 0), -ENXIO);
	node_close();
}

/* lab-full reads its config ROM with the lowest address in the lowest byte. */
static void byte_order_is_the_steps(void)
{
	struct model_memory *rom;
	u8 out[8];
	u32 word;

	node_open("lab-full");
	rom = model_chip_memory(&node, "config-rom", 0);
	memcpy(rom->data, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
	EXPECT_EQ(node_read(ROM, &word), 0);
	EXPECT_EQ(word, 0x04030201);
	EXPECT_EQ(node_run(BFP_OP_READ, 2, 0, 8, out), 0);
	EXPECT(!memcmp(out, rom->data, 8));
	node_close();
}

/* Read by its role's own quadlet, and by no other role's. */
static void blank_node_has_a_name(void)
{
	u32 word = 0;

	node_open("lab-oxfw911");
	EXPECT(!model_chip_name(&node, NAME, &word));
	model_chip_start_up(&node);	/* there is nothing in its flash */
	EXPECT_EQ(model_chip_state(&node), BFP_STATE(BFP_ROLE_BLANK));
	EXPECT(model_chip_name(&node, NAME, &word));
	EXPECT_EQ(word, 0x4c393131);
	EXPECT(!model_chip_name(&node, NAME + 4, &word));
	/* What only its firmware answers is gone. */
	EXPECT_EQ(node_read(VERSION, &word), -EACCES);
	EXPECT_EQ(node_read(ROM, &word), -EACCES);
	node_close();
}

int main(void)
{
	RUN(registers_are_those_of_the_profile);
	RUN(node_number_does_not_matter);
	RUN(operations_are_named_for_faults);
	RUN(config_rom_ends_where_the_node_says);
	RUN(byte_order_is_the_steps);
	RUN(blank_node_has_a_name);
	return tap_done();
}
