// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses arrive as they were sent, whatever was asked for before. */
#include <unistd.h>

#include "model_engine.h"

static u8 content[65536], got[65536];

static void open_full(void)
{
	u32 i;

	box_open("tests/lab/profiles/lab-full.profile", DRIVE_NONE, 0);
	for (i = 0; i < sizeof(content); i++)
		content[i] = (i * 2654435761u) >> 24;
}

static void flash_is_read_over_and_over(void)
{
	u32 i;

	open_full();
	memcpy(box.chip.memory[0].data, content, sizeof(content));
	for (i = 0; i < 3; i++) {
		memset(got, 0, sizeof(got));
		EXPECT_EQ(engine_run(BFP_OP_READ, 0, 0, sizeof(got), got), 0);
		EXPECT(!memcmp(got, content, sizeof(content)));
	}
	/* From the end to the beginning. */
	memset(got, 0, sizeof(got));
	for (i = sizeof(got); i; i -= 512)
		EXPECT_EQ(engine_run(BFP_OP_READ, 0, i - 512, 512, got + i - 512), 0);
	EXPECT(!memcmp(got, content, sizeof(content)));
	box_close();
}

static void every_form_of_address_after_every_other(void)
{
	static const u32 places[] = { 0xff00, 0, 0x8080, 0x2100, 0xf700, 0x1000 };
	struct model_memory *flash;
	u32 i, k, at;

	open_full();
	flash = &box.chip.memory[0];
	EXPECT_EQ(engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL), 0);
	for (k = 0; k < 2; k++) {
		EXPECT_EQ(engine_run(BFP_OP_ERASE_SECTOR, 0, 0, sizeof(content), NULL), 0);
		for (i = 0; i < sizeof(content) && flash->data[i] == 0xff; i++)
			;
		EXPECT_EQ(i, sizeof(content));
		EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 0, sizeof(content), content), 0);
		EXPECT(!memcmp(flash->data, content, sizeof(content)));
		EXPECT_EQ(engine_run(BFP_OP_VERIFY, 0, 0, sizeof(content), content), 0);
		EXPECT_EQ(engine_run(BFP_OP_READ, 0, 0, sizeof(got), got), 0);
		EXPECT(!memcmp(got, content, sizeof(content)));
	}
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		at = places[i];
		EXPECT_EQ(engine_run(BFP_OP_READ, 0, at, 128, got), 0);
		EXPECT(!memcmp(got, content + at, 128));
		EXPECT_EQ(engine_run(BFP_OP_ERASE_SECTOR, 0, at & ~0x7ffu, 0x800, NULL), 0);
		EXPECT_EQ(flash->data[at], 0xff);
		EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, at, 128, content + at), 0);
		EXPECT(!memcmp(flash->data + at, content + at, 128));
		EXPECT_EQ(engine_run(BFP_OP_VERIFY, 0, at, 128, content + at), 0);
	}
	box_close();
}

static void eeprom_by_words_and_by_bytes(void)
{
	struct model_memory *eeprom;
	u32 k;

	open_full();
	eeprom = model_chip_memory(&box.chip, "eeprom", 0);
	for (k = 0; k < 2; k++) {
		EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 1, 0, 1024, content + k), 0);
		EXPECT(!memcmp(eeprom->data, content + k, 1024));
		EXPECT_EQ(engine_run(BFP_OP_READ, 1, 0, 1024, got), 0);
		EXPECT(!memcmp(got, content + k, 1024));
		EXPECT_EQ(engine_run(BFP_OP_READ, 0, 0xfe00, 512, got), 0);
	}
	box_close();
}

/* The status that two operations ask for in the same words is that of the running one. */
static void poll_belongs_to_what_runs(void)
{
	u8 status[6] = { 0xc4, 0, 0, 0, 0, 1 };
	struct model_txn txn;

	open_full();
	EXPECT_EQ(engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL), 0);
	EXPECT_EQ(engine_run(BFP_OP_ERASE_ALL, 0, 0, sizeof(content), NULL), 0);
	EXPECT(model_chip_match(&box.chip, BFP_STEP_CDB, status, 6, 1, &txn));
	EXPECT(!strcmp(txn.name, "flash.erase-all"));
	EXPECT_EQ(engine_run(BFP_OP_ERASE_SECTOR, 0, 0, 4096, NULL), 0);
	EXPECT(model_chip_match(&box.chip, BFP_STEP_CDB, status, 6, 1, &txn));
	EXPECT(!strcmp(txn.name, "flash.erase-sector"));
	box_close();
}

/* High bits of the address in one command, low bits in the other, and none in the third. */
static const char in_parts[] =
	"[chip]\nname = t\ntitle = t\nvendor = v\nrecovery = none-known\n"
	"[usb 1209:0009]\nrole = running\nevidence = traced\nsource = s\n"
	"[memory flash]\nkind = flash\nholds = h\nsize = 64 KiB\naccess = offset\nbase = 0x20000\n"
	"sectors = 16 x 4 KiB\nread-chunk = 256\nwrite-chunk = 256\nerase-first = yes\n"
	"interrupted = mixed\n"
	"[operation flash.read]\nevidence = traced\nsource = s\ntransports = bot\n"
	"step = cdb none : F1 0b000000{address[17:16]} {address[15:8]}\n"
	"step = cdb in data : F2 {address[7:0]} {length:be16}\n"
	"[operation flash.program]\nevidence = traced\nsource = s\ntransports = bot\n"
	"step = cdb none : F3 {address:be24}\n"
	"step = for-each chunk 64\nstep = cdb out data : F4 {length:be16}\nstep = end\n"
	"[operation flash.erase-sector]\nevidence = traced\nsource = s\ntransports = bot\n"
	"step = cdb none : F5 {sector:8}\n";

static void address_in_parts(void)
{
	char path[] = "/tmp/model_address.XXXXXX.profile";
	int fd = mkstemps(path, 8);
	u32 k, i;

	if (fd < 0 || write(fd, in_parts, sizeof(in_parts) - 1) != sizeof(in_parts) - 1)
		abort();
	close(fd);
	open_full();
	box_close();
	box_open(path, DRIVE_NONE, 0);
	for (k = 0; k < 2; k++) {
		for (i = 0; i < 16; i++) {
			box.chip.memory[0].data[i * 4096] = 0;
			EXPECT_EQ(engine_run(BFP_OP_ERASE_SECTOR, 0, i * 4096, 4096, NULL), 0);
			EXPECT_EQ(box.chip.memory[0].data[i * 4096], 0xff);
		}
		EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 0, sizeof(content), content), 0);
		EXPECT(!memcmp(box.chip.memory[0].data, content, sizeof(content)));
		memset(got, 0, sizeof(got));
		EXPECT_EQ(engine_run(BFP_OP_READ, 0, 0, sizeof(got), got), 0);
		EXPECT(!memcmp(got, content, sizeof(content)));
	}
	box_close();
	unlink(path);
}

int main(void)
{
	RUN(flash_is_read_over_and_over);
	RUN(every_form_of_address_after_every_other);
	RUN(eeprom_by_words_and_by_bytes);
	RUN(poll_belongs_to_what_runs);
	RUN(address_in_parts);
	return tap_done();
}
