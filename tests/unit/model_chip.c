// SPDX-License-Identifier: GPL-2.0-or-later
/* The chip's model does what its profile says, and nothing else. */
#include <stdlib.h>

#include "chip.h"
#include "load.h"
#include "model_tap.h"
#include "profile_text.h"

static struct model_clock clock_;
static struct loaded profile;
static struct model_chip chip;

static void open_chip(const char *path)
{
	char err[512];

	memset(&clock_, 0, sizeof(clock_));
	if (load_path(&profile, path, err, sizeof(err))) {
		printf("Bail out! %s\n", err);
		exit(1);
	}
	if (model_chip_init(&chip, &profile.p, &clock_))
		abort();
}

static void close_chip(void)
{
	model_chip_free(&chip);
	load_free(&profile);
}

static bool control(u8 type, u8 request, u16 value, u16 index, u16 length, struct model_txn *txn)
{
	u8 setup[8] = { type, request, value, value >> 8, index, index >> 8, length, length >> 8 };

	return model_chip_match(&chip, BFP_STEP_CONTROL, setup, sizeof(setup), length, txn);
}

static bool cdb(const char *hex, u32 length, struct model_txn *txn)
{
	u8 bytes[16];
	u32 n;

	for (n = 0; n < sizeof(bytes) && sscanf(hex + 3 * n, "%2hhx", &bytes[n]) == 1; n++)
		if (!hex[3 * n + 2]) {
			n++;
			break;
		}
	return model_chip_match(&chip, BFP_STEP_CDB, bytes, n, length, txn);
}

static enum model_result run_in(struct model_txn *txn, u8 *out, u32 room, u32 *actual)
{
	enum model_result r = model_chip_start(&chip, txn);

	*actual = 0;
	return r ? r : model_chip_in(&chip, txn, out, room, actual);
}

static enum model_result run_out(struct model_txn *txn, const u8 *data, u32 len)
{
	enum model_result r = model_chip_start(&chip, txn);

	return r ? r : model_chip_out(&chip, txn, data, len, MODEL_CUT_NONE, 0);
}

static void pl2507_reads_its_table(void)
{
	struct model_txn txn;
	u8 out[512];
	u32 actual;

	open_chip("kmod/profiles/pl2507.profile");
	EXPECT(control(0xc1, 0x06, 0, 0, 255, &txn));
	EXPECT(!strcmp(txn.name, "eeprom.read"));
	EXPECT(txn.effect);
	EXPECT_EQ(run_in(&txn, out, 255, &actual), MODEL_DONE);
	EXPECT_EQ(actual, 255);
	EXPECT_EQ(out[0], 0xff);

	chip.memory[0].length = 64;
	EXPECT(control(0xc1, 0x06, 0, 0, 255, &txn));
	EXPECT_EQ(run_in(&txn, out, 255, &actual), MODEL_DONE);
	EXPECT_EQ(actual, 64);
	EXPECT(control(0xc1, 0x06, 0, 0, 2, &txn));
	EXPECT_EQ(run_in(&txn, out, 2, &actual), MODEL_DONE);
	EXPECT_EQ(actual, 2);
	close_chip();
}

static void pl2507_refuses_more_than_255(void)
{
	struct model_txn txn;
	u32 actual, length;
	u8 out[512] = { 0 };

	open_chip("kmod/profiles/pl2507.profile");
	for (length = 256; length < 65536; length += 255) {
		EXPECT(control(0xc1, 0x06, 0, 0, length, &txn));
		EXPECT_EQ(run_in(&txn, out, sizeof(out), &actual), MODEL_INVALID);
		EXPECT(control(0x41, 0x05, 0, 0, length, &txn));
		EXPECT_EQ(model_chip_start(&chip, &txn), MODEL_INVALID);
	}
	EXPECT_EQ(chip.memory[0].pages, 0);
	close_chip();
}

static void pl2507_stores_a_table(void)
{
	struct model_txn txn;
	u8 in[255], out[255];
	u32 i, actual;

	open_chip("kmod/profiles/pl2507.profile");
	for (i = 0; i < sizeof(in); i++)
		in[i] = i * 3;
	EXPECT(control(0x41, 0x05, 0, 0, sizeof(in), &txn));
	EXPECT(!strcmp(txn.name, "eeprom.program"));
	EXPECT_EQ(run_out(&txn, in, sizeof(in)), MODEL_DONE);
	EXPECT_EQ(chip.memory[0].pages, 32);
	EXPECT_EQ(model_clock_us(&clock_), 160000);
	EXPECT(control(0xc1, 0x06, 0, 0, 255, &txn));
	EXPECT_EQ(run_in(&txn, out, 255, &actual), MODEL_DONE);
	EXPECT(!memcmp(in, out, 255));
	close_chip();
}

/* Every request that is not one of the two is none of the chip's. */
static void pl2507_knows_two_requests(void)
{
	struct model_txn txn;
	u32 type, request, hits = 0;

	open_chip("kmod/profiles/pl2507.profile");
	for (type = 0; type < 256; type++)
		for (request = 0; request < 256; request++)
			hits += control(type, request, 0, 0, 16, &txn);
	EXPECT_EQ(hits, 2);
	EXPECT(!control(0xc1, 0x06, 1, 0, 16, &txn));
	EXPECT(!control(0xc1, 0x06, 0x100, 0, 16, &txn));
	EXPECT(!control(0xc1, 0x06, 0, 1, 16, &txn));
	EXPECT(!control(0x41, 0x05, 0, 0x100, 16, &txn));
	EXPECT(!cdb("12 00 00 00 24 00", 36, &txn));
	close_chip();
}

static void cdb_lengths_are_told_apart(void)
{
	static const struct {
		const char *bytes;
		const char *answer;
		u32 length;
	} cdbs[] = {
		{ "C6 01 02 03 04 06", "LAB06 OK", 8 },
		{ "CB 01 02 03 04 05 06 07 08 09 11", "LAB11 OK", 8 },
		{ "CE 01 02 03 04 05 06 07 08 09 0A 0B 0C 14", "LAB14 OK", 8 },
		{ "D6 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 16",
		  "LAB16 OK\x20\x26\x01\x02\x00\x00\x12\x34", 16 },
	};
	struct model_txn txn;
	u32 i, n, actual;
	char less[64];
	u8 out[64];

	open_chip("tests/lab/profiles/lab-cdb.profile");
	for (i = 0; i < ARRAY_SIZE(cdbs); i++) {
		EXPECT(cdb(cdbs[i].bytes, cdbs[i].length, &txn));
		EXPECT_EQ(run_in(&txn, out, sizeof(out), &actual), MODEL_DONE);
		EXPECT_EQ(actual, cdbs[i].length);
		EXPECT(!memcmp(out, cdbs[i].answer, cdbs[i].length));
		/* One byte less, or one changed, is another command. */
		n = strlen(cdbs[i].bytes);
		memcpy(less, cdbs[i].bytes, n - 3);
		less[n - 3] = 0;
		EXPECT(!cdb(less, cdbs[i].length, &txn));
		strcpy(less, cdbs[i].bytes);
		less[n - 1] = 'F';
		EXPECT(!cdb(less, cdbs[i].length, &txn));
	}
	close_chip();
}

static void pl2773_gives_the_published_answer(void)
{
	static const u8 answer[] = { 0x06, 0x7b, 0x27, 0x73, 0x20, 0x11, 0x05, 0x24,
				     0x08, 0x21, 0x00, 0x01, 0x03, 0x00, 0x04, 0x00 };
	struct model_txn txn;
	u8 out[64];
	u32 actual;

	open_chip("kmod/profiles/pl2773.profile");
	EXPECT(cdb("D0 00 00 00 06 7B 00 00 00 00 00 00", 16, &txn));
	EXPECT(!strcmp(txn.name, "version"));
	EXPECT_EQ(run_in(&txn, out, sizeof(out), &actual), MODEL_DONE);
	EXPECT_EQ(actual, sizeof(answer));
	EXPECT(!memcmp(out, answer, sizeof(answer)));
	/* Fewer, or more than there are. */
	EXPECT(cdb("D0 00 00 00 06 7B 00 00 00 00 00 00", 4, &txn));
	EXPECT_EQ(run_in(&txn, out, sizeof(out), &actual), MODEL_DONE);
	EXPECT_EQ(actual, 4);
	EXPECT(cdb("D0 00 00 00 06 7B 00 00 00 00 00 00", 256, &txn));
	EXPECT_EQ(run_in(&txn, out, sizeof(out), &actual), MODEL_DONE);
	EXPECT_EQ(actual, sizeof(answer));
	EXPECT(!cdb("F4 00 00 00 06 7B", 0, &txn));
	close_chip();
}

static void flash_is_read_by_address(void)
{
	struct model_memory *flash;
	struct model_txn txn;
	u8 out[512];
	u32 actual;

	open_chip("tests/lab/profiles/lab-full.profile");
	flash = model_chip_memory(&chip, "flash", BFP_FLASH);
	EXPECT(flash);
	if (!flash)
		return;
	memcpy(flash->data + 0x1234, "here", 4);
	/* Address 0x11234, 512 bytes: 128 units less one, sector 1. */
	EXPECT(cdb("C2 00 34 12 01 00 7F A1", 512, &txn));
	EXPECT(!strcmp(txn.name, "flash.read"));
	EXPECT_EQ(txn.offset, 0x1234);
	EXPECT_EQ(run_in(&txn, out, sizeof(out), &actual), MODEL_DONE);
	EXPECT_EQ(actual, 512);
	EXPECT(!memcmp(out, "here", 4));
	/* Over the end. */
	EXPECT(cdb("C2 00 FC FF 01 00 7F A1", 512, &txn));
	EXPECT_EQ(run_in(&txn, out, sizeof(out), &actual), MODEL_INVALID);
	close_chip();
}

static void locked_memory_is_protected(void)
{
	struct model_txn txn;

	open_chip("tests/lab/profiles/lab-full.profile");
	EXPECT(cdb("C5 00 00 01 00 5A", 0, &txn));
	EXPECT(!strcmp(txn.name, "flash.erase-all"));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_PROTECTED);
	EXPECT(cdb("C1 55 4E 4C 4F 06 7B 00 00 00 00", 0, &txn));
	EXPECT(!strcmp(txn.name, "flash.unlock"));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_DONE);
	EXPECT(cdb("C5 00 00 01 00 5A", 0, &txn));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_DONE);
	EXPECT(cdb("C1 00 00 00 00 06 7B 00 00 00 00", 0, &txn));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_DONE);
	EXPECT(cdb("C5 00 00 01 00 5A", 0, &txn));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_PROTECTED);
	close_chip();
}

static void data_checksums_are_checked(void)
{
	struct model_txn txn;
	u8 data[4] = { 1, 2, 3, 4 };
	u8 bytes[10] = { 0xc7, 0x00, 0x00, 0x01, 0x00, 0x00, 0x04, 0x00, 0x0a, 0x00 };
	u32 i;

	open_chip("tests/lab/profiles/lab-full.profile");
	memset(chip.locked, 0, sizeof(chip.locked));
	for (i = 0; i < 9; i++)
		bytes[9] -= bytes[i];
	EXPECT(model_chip_match(&chip, BFP_STEP_CDB, bytes, sizeof(bytes), 4, &txn));
	EXPECT(!strcmp(txn.name, "flash.program"));
	EXPECT_EQ(run_out(&txn, data, 4), MODEL_DONE);
	data[0]++;
	EXPECT(model_chip_match(&chip, BFP_STEP_CDB, bytes, sizeof(bytes), 4, &txn));
	EXPECT_EQ(run_out(&txn, data, 4), MODEL_INVALID);
	/* And the one over the command itself. */
	bytes[9]++;
	EXPECT(!model_chip_match(&chip, BFP_STEP_CDB, bytes, sizeof(bytes), 4, &txn));
	close_chip();
}

static void inline_data_is_compared(void)
{
	struct model_memory *flash;
	struct model_txn txn;

	open_chip("tests/lab/profiles/lab-full.profile");
	flash = model_chip_memory(&chip, "flash", 0);
	EXPECT(flash);
	if (!flash)
		return;
	memcpy(flash->data + 8, "\x11\x22\x33\x44", 4);
	EXPECT(cdb("C9 00 01 00 08 11 22 44 33 AA", 0, &txn));
	EXPECT(!strcmp(txn.name, "flash.verify"));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_DONE);
	flash->data[9] ^= 0x40;
	EXPECT(cdb("C9 00 01 00 08 11 22 44 33 AA", 0, &txn));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_MISCOMPARE);
	close_chip();
}

static void eeprom_by_address_over_control(void)
{
	struct model_memory *eeprom;
	struct model_txn txn;
	u8 data[16] = "sixteen bytes in", out[64];
	u32 actual;

	open_chip("tests/lab/profiles/lab-full.profile");
	eeprom = model_chip_memory(&chip, NULL, BFP_EEPROM);
	EXPECT(eeprom);
	/* Address 0x210 goes over as words: 0x108. */
	EXPECT(control(0x40, 0x21, 0x08, 0x01, 16, &txn));
	EXPECT(!strcmp(txn.name, "eeprom.program"));
	EXPECT_EQ(run_out(&txn, data, 16), MODEL_DONE);
	EXPECT(control(0xc0, 0x20, 0x210, 0, 64, &txn));
	EXPECT_EQ(run_in(&txn, out, sizeof(out), &actual), MODEL_DONE);
	EXPECT(!memcmp(out, data, 16));
	EXPECT_EQ(out[16], 0xff);
	close_chip();
}

static void payload_then_polled_answer(void)
{
	struct model_txn txn;
	u8 payload[6] = { 'V', 'E', 'R', 6, 0, 0 }, out[8];
	u32 actual, crc;

	open_chip("tests/lab/profiles/lab-full.profile");
	EXPECT(control(0x40, 0x10, 0x1234, 0x00a5, 6, &txn) ||
	       control(0x40, 0x10, 0x1234, 0xa500, 6, &txn));
	crc = bfp_checksum(BFP_CRC16_CCITT, payload, sizeof(payload));
	payload[4] = crc;
	payload[5] = crc >> 8;
	EXPECT_EQ(run_out(&txn, payload, 6), MODEL_DONE);
	payload[0] = 'X';
	EXPECT_EQ(run_out(&txn, payload, 6), MODEL_INVALID);
	EXPECT(control(0xc0, 0x11, 0, 0, 2, &txn));
	EXPECT_EQ(run_in(&txn, out, 2, &actual), MODEL_DONE);
	EXPECT_EQ(actual, 2);
	EXPECT_EQ(out[0], 0x01);
	EXPECT_EQ(out[1], 0x02);
	close_chip();
}

/* A chip whose program operation begins with what its unlock operation is. */
static const char two_in_one[] =
	"[chip]\nname = two\ntitle = t\nvendor = v\nrecovery = none-known\n"
	"[usb 1209:0009]\nrole = running\nevidence = documented\nsource = s\n"
	"[memory eeprom]\nkind = eeprom\nholds = h\nsize = 256\naccess = offset\n"
	"read-chunk = 64\nwrite-chunk = 64\ninterrupted = mixed\nsettle = 1 ms\n"
	"[operation eeprom.program]\nevidence = documented\nsource = s\ntransports = scsi\n"
	"step = cdb none : F1 01\n"
	"step = for-each chunk 64\nstep = cdb out data : F2 {address:be16} {length:8}\nstep = end\n"
	"[operation eeprom.unlock]\nevidence = documented\nsource = s\ntransports = scsi\n"
	"step = cdb none : F1 01\n";

static bool open_text(const char *name, const char *text)
{
	struct bfp_error e = { .text = "" };
	char err[256] = "";
	size_t len;

	memset(&clock_, 0, sizeof(clock_));
	if (!profile_compile_text(name, text, strlen(text), &profile.data, &len, err,
				  sizeof(err)) &&
	    !bfp_check(&profile.p, profile.data, len, &e) &&
	    !model_chip_init(&chip, &profile.p, &clock_))
		return true;
	printf("# %s %s\n", err, e.text);
	EXPECT(false);
	return false;
}

static void same_bytes_in_two_operations(void)
{
	u8 data[4] = { 1, 2, 3, 4 };
	struct model_txn txn;

	if (!open_text("two", two_in_one))
		return;
	EXPECT(cdb("F2 00 10 04", 4, &txn));
	EXPECT_EQ(run_out(&txn, data, 4), MODEL_PROTECTED);
	EXPECT(cdb("F1 01", 0, &txn));
	EXPECT(!strcmp(txn.name, "eeprom.unlock"));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_DONE);
	EXPECT(cdb("F2 00 10 04", 4, &txn));
	EXPECT_EQ(run_out(&txn, data, 4), MODEL_DONE);
	EXPECT(!memcmp(chip.memory[0].data + 16, data, 4));
	close_chip();
}

/* A flash whose data comes inside of the commands. */
static const char inside[] =
	"[chip]\nname = inside\ntitle = t\nvendor = v\nrecovery = none-known\n"
	"[usb 1209:0009]\nrole = running\nevidence = documented\nsource = s\n"
	"[memory flash]\nkind = flash\nholds = h\nsize = 64 KiB\naccess = offset\n"
	"sectors = 16 x 4 KiB\nread-chunk = 64\nwrite-chunk = 64\nerase-first = yes\n"
	"interrupted = mixed\n"
	"[operation flash.program]\nevidence = documented\nsource = s\ntransports = scsi\n"
	"step = for-each chunk 4\nstep = cdb none : F2 {address:be16} {data:be32}\n"
	"step = cdb in 1 : F3 00, poll every 100 us for 1 s, expect 0?\nstep = end\n"
	"[operation flash.erase-sector]\nevidence = documented\nsource = s\ntransports = scsi\n"
	"step = cdb none : F4 {address:be16}\n"
	"[operation flash.read]\nevidence = documented\nsource = s\ntransports = scsi\n"
	"step = cdb in data : F5 {address:be16} {length:8}\n";

static void inline_data_is_programmed(void)
{
	struct model_txn txn;
	u8 *data;

	if (!open_text("inside", inside))
		return;
	data = chip.memory[0].data;
	EXPECT(cdb("F2 12 34 01 02 03 04", 0, &txn));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_DONE);
	EXPECT(!memcmp(data + 0x1234, "\x01\x02\x03\x04", 4));
	/* Over it, without erasing. */
	EXPECT(cdb("F2 12 34 FE FE FE FE", 0, &txn));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_DONE);
	EXPECT(!memcmp(data + 0x1234, "\x00\x02\x02\x04", 4));
	/* Half of it, and then the supply fails, or the cable is pulled. */
	EXPECT(cdb("F2 20 00 00 00 00 00", 0, &txn));
	EXPECT_EQ(model_chip_start(&chip, &txn), MODEL_DONE);
	EXPECT_EQ(model_chip_out(&chip, &txn, NULL, 0, MODEL_CUT_POWER, MODEL_HALF), MODEL_DONE);
	EXPECT(!memcmp(data + 0x2000, "\x00\x00", 2));
	EXPECT_EQ(data[0x2003], 0xff);
	EXPECT(cdb("F2 30 00 00 00 00 00", 0, &txn));
	EXPECT_EQ(model_chip_start(&chip, &txn), MODEL_DONE);
	EXPECT_EQ(model_chip_out(&chip, &txn, NULL, 0, MODEL_CUT_CABLE, 3), MODEL_DONE);
	EXPECT(!memcmp(data + 0x3000, "\x00\x00\x00\xff", 4));
	close_chip();
}

static void polls_find_the_part_at_work(void)
{
	struct model_txn txn;
	u8 out[64];
	u32 actual;

	if (!open_text("inside", inside))
		return;
	EXPECT(cdb("F2 00 00 01 02 03 04", 0, &txn));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_DONE);
	EXPECT_EQ(model_clock_us(&clock_), 0);
	EXPECT(cdb("F3 00", 1, &txn));
	EXPECT_EQ(run_in(&txn, out, 1, &actual), MODEL_DONE);
	EXPECT_EQ(out[0] & 0xf0, 0xf0);
	/* Four bytes take 56 us, and the host looks again after 100. */
	EXPECT_EQ(model_clock_us(&clock_), 100);
	EXPECT(cdb("F3 00", 1, &txn));
	EXPECT_EQ(run_in(&txn, out, 1, &actual), MODEL_DONE);
	EXPECT_EQ(out[0] & 0xf0, 0);
	EXPECT_EQ(model_clock_us(&clock_), 100);
	/* Who does not poll waits, and so does who is told nothing of it. */
	EXPECT(cdb("F2 00 04 01 02 03 04", 0, &txn));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_DONE);
	EXPECT(cdb("F5 00 04 04", 4, &txn));
	EXPECT_EQ(run_in(&txn, out, 4, &actual), MODEL_DONE);
	EXPECT_EQ(model_clock_us(&clock_), 156);
	EXPECT(cdb("F4 00 00", 0, &txn));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_DONE);
	EXPECT_EQ(model_clock_us(&clock_), 18156);
	close_chip();
}

static void reset_is_told(void)
{
	struct model_txn txn;

	open_chip("tests/lab/profiles/lab-full.profile");
	EXPECT(control(0x40, 0x30, 0, 0, 0, &txn));
	EXPECT_EQ(run_out(&txn, NULL, 0), MODEL_RESET);
	close_chip();
}

/* A step of the profile with random values in it, and perhaps a wrong bit. */
static u32 random_request(u8 *bytes, u32 room, u32 *length)
{
	static const u8 data[16];
	const struct bfp *p = &chip.profile;
	const struct bfp_step *step = bfp_steps(p) + rand() % bfp_count(p, BFP_STEPS);
	u32 first = le16_to_cpu(step->item_first), count = le16_to_cpu(step->item_count);
	u32 size = bfp_template_size(p, first, count);
	struct bfp_values v = {
		.address = rand() & 0x1ffff,
		.length = rand() & 0x3ff,
		.sector = rand() & 31,
		.total = 65536,
		.data = data,
		.data_len = sizeof(data),
		.image = data,
		.image_len = sizeof(data),
	};

	if (!size || size > room || bfp_encode(p, first, count, &v, bytes, room))
		return 0;
	if (rand() & 1)
		bytes[rand() % size] ^= 1 << (rand() & 7);
	*length = rand() & 1 ? v.length : (u32)rand() & 0xffff;
	return size;
}

/* Whatever comes, the model stays within its memories. */
static void random_requests_do_no_harm(void)
{
	static const char * const files[] = {
		"tests/lab/profiles/lab-full.profile", "tests/lab/profiles/lab-cdb.profile",
		"kmod/profiles/pl2507.profile", "kmod/profiles/pl2773.profile",
		"tests/lab/profiles/lab-nor.profile", "tests/lab/profiles/lab-gone.profile",
		"tests/lab/profiles/lab-at49.profile", "tests/lab/profiles/lab-sum.profile",
		"tests/lab/profiles/lab-renum.profile",
	};
	u32 i, f, actual, size, length, hits = 0;
	static u8 data[65536];
	struct model_txn txn;
	u8 bytes[16];

	srand(1);
	for (f = 0; f < ARRAY_SIZE(files); f++) {
		open_chip(files[f]);
		for (i = 0; i < 30000; i++) {
			size = random_request(bytes, sizeof(bytes), &length);
			if (!size || !model_chip_match(&chip, rand() & 1 ? BFP_STEP_CDB :
						       BFP_STEP_CONTROL, bytes, size, length, &txn))
				continue;
			hits++;
			data[rand() & 15] = rand();
			if (txn.dir == BFP_DIR_IN)
				run_in(&txn, data, length, &actual);
			else if (model_chip_start(&chip, &txn) == MODEL_DONE)
				model_chip_out(&chip, &txn, data, txn.length, rand() % 3,
					       rand() % 300);
		}
		close_chip();
	}
	EXPECT(hits > 1000);
}

int main(void)
{
	RUN(pl2507_reads_its_table);
	RUN(pl2507_refuses_more_than_255);
	RUN(pl2507_stores_a_table);
	RUN(pl2507_knows_two_requests);
	RUN(cdb_lengths_are_told_apart);
	RUN(pl2773_gives_the_published_answer);
	RUN(flash_is_read_by_address);
	RUN(locked_memory_is_protected);
	RUN(data_checksums_are_checked);
	RUN(inline_data_is_compared);
	RUN(eeprom_by_address_over_control);
	RUN(payload_then_polled_answer);
	RUN(same_bytes_in_two_operations);
	RUN(inline_data_is_programmed);
	RUN(polls_find_the_part_at_work);
	RUN(reset_is_told);
	RUN(random_requests_do_no_harm);
	return tap_done();
}
