// SPDX-License-Identifier: GPL-2.0-or-later
/* Image rules, identity and fields. */
#include "encode.h"
#include "image.h"
#include "profile_help.h"

static void expect(enum bfp_verdict is, enum bfp_verdict want, const struct bfp_error *e,
		   const char *says, const char *name)
{
	if (is_int(is, want, name) && want)
		has_text(e->text, says, "what is said of it");
}

static void eeprom_table(void)
{
	u8 table[256] = { 0x06, 0x7b, 1, 2 }, swapped[256] = { 0x7b, 0x06, 1, 2 };
	u8 wrong[256] = { 0x06, 0x7c };
	struct bfp_error e;
	struct bfp p;

	load("kmod/profiles/pl2507.profile", &p);
	expect(bfp_content_check(&p, 0, table, 112, &e), BFP_IMAGE_OK, &e, "", "a good table");
	expect(bfp_content_check(&p, 0, swapped, 112, &e), BFP_IMAGE_OK, &e, "",
	       "with the other byte order");
	expect(bfp_content_check(&p, 0, wrong, 112, &e), BFP_IMAGE_BYTES, &e,
	       "rule validity: at offset 0 stands 06 7c, and it must be 06 7b or 7b 06",
	       "a bad first word");
	expect(bfp_content_check(&p, 0, table, 1, &e), BFP_IMAGE_SIZE, &e,
	       "1 bytes, and eeprom has 2 to 255", "too short");
	expect(bfp_content_check(&p, 0, table, 256, &e), BFP_IMAGE_SIZE, &e,
	       "256 bytes, and eeprom has 2 to 255", "too long");
	expect(bfp_content_check(&p, 0, table, 0, &e), BFP_IMAGE_SIZE, &e, "0 bytes", "empty");
	expect(bfp_image_check(&p, 0, table, 112, table, 112, &e), BFP_IMAGE_OK, &e, "",
	       "the same onto itself");
	expect(bfp_image_check(&p, 0, table, 112, table, 120, &e), BFP_IMAGE_SIZE, &e,
	       "112 bytes, and the eeprom of this device has 120", "another length than the device's");
	expect(bfp_image_check(&p, 0, swapped, 112, table, 112, &e), BFP_IMAGE_KEEP, &e,
	       "rule byte-order: at offset 0 stands 7b 06, and it must stay as it is on the device: 06 7b",
	       "another byte order than the device's");
	expect(bfp_image_check(&p, 0, table, 112, wrong, 112, &e), BFP_IMAGE_OK, &e, "",
	       "onto a device whose first word is torn: nothing there is worth keeping");
	expect(bfp_image_check(&p, 0, wrong, 112, wrong, 112, &e), BFP_IMAGE_BYTES, &e,
	       "it must be 06 7b or 7b 06", "a torn one onto it");
	ok(!bfp_identity_known(&p, 0), "where its identity lies is not known");
	is_int(bfp_content_check(&p, 0, wrong, 112, NULL), BFP_IMAGE_BYTES, "without a message");
	unload(&p);
}

static void seal(u8 *image)
{
	u32 sum = bfp_checksum(BFP_SUM16, image, 0xfffe);

	image[0xfffe] = (u8)sum;
	image[0xffff] = (u8)(sum >> 8);
}

static void flash_image(const struct bfp *p)
{
	int flash = bfp_find_memory(p, "flash");
	u8 *image = malloc(0x10000), *present = malloc(0x10000);
	struct bfp_error e;
	u32 i;

	for (i = 0; i < 0x10000; i++)
		image[i] = (u8)(i ^ i >> 8);
	memcpy(image, "LAB", 3);
	seal(image);
	memcpy(present, image, 0x10000);
	memcpy(present + 0x100, "ABCDEFGH", 8);
	expect(bfp_content_check(p, (u32)flash, image, 0x10000, &e), BFP_IMAGE_OK, &e, "",
	       "a good flash image");
	expect(bfp_content_check(p, (u32)flash, image, 0xffff, &e), BFP_IMAGE_SIZE, &e,
	       "65535 bytes, and flash has 65536", "one byte missing");
	image[0x200] ^= 1;
	expect(bfp_content_check(p, (u32)flash, image, 0x10000, &e), BFP_IMAGE_CHECKSUM, &e,
	       "rule checksum: the checksum at offset 65534 is 0x", "a wrong checksum");
	image[0x200] ^= 1;
	memcpy(image, "BAL", 3);
	seal(image);
	expect(bfp_content_check(p, (u32)flash, image, 0x10000, &e), BFP_IMAGE_OK, &e, "",
	       "the other mark");
	image[1] = 0;
	expect(bfp_content_check(p, (u32)flash, image, 0x10000, &e), BFP_IMAGE_BYTES, &e,
	       "stands 42 00 4c, and it must be 4c 41 42 or 42 41 4c", "no mark");

	ok(bfp_identity_known(p, (u32)flash), "where its identity lies is known");
	bfp_identity_carry(p, (u32)flash, image, present, 0x10000);
	ok(!memcmp(image + 0x100, "ABCDEFGH", 8), "it is carried over");
	ok(image[0xff] == (u8)(0xff ^ 0) && image[0x108] == (u8)(0x08 ^ 1), "and nothing beside it");
	ok(!bfp_identity_blank(p, (u32)flash, image, 0x10000), "and it is there");
	memset(image, 0xff, 0x10000);
	ok(bfp_identity_blank(p, (u32)flash, image, 0x10000), "an erased memory has none");
	image[0x107] = 0xfe;
	ok(!bfp_identity_blank(p, (u32)flash, image, 0x10000), "one bit of it is one");
	image[0x107] = 0xff;
	bfp_identity_carry(p, (u32)flash, image, present, 0x104);
	ok(image[0x100] == 0xff, "not where the image ends before it");
	free(image);
	free(present);
}

/* A rule to keep bytes that no other rule is about binds always. */
static void keep_alone(const struct bfp *p)
{
	int eeprom = bfp_find_memory(p, "eeprom");
	u8 image[1024] = { 0 }, present[1024] = { 0 };
	struct bfp_error e;

	image[20] = 1;
	image[0] = (u8)-1;
	expect(bfp_image_check(p, (u32)eeprom, image, 1024, present, 1024, &e), BFP_IMAGE_OK, &e,
	       "", "nothing to keep was changed");
	image[9] = 1;
	image[0] = (u8)-2;
	expect(bfp_image_check(p, (u32)eeprom, image, 1024, present, 1024, &e), BFP_IMAGE_KEEP, &e,
	       "rule region: at offset 8 stands 00 01", "something to keep was changed");
	expect(bfp_content_check(p, (u32)eeprom, image, 1024, &e), BFP_IMAGE_OK, &e, "",
	       "which nobody can tell without the device's content");
}

static void blank(void)
{
	static const char text[] =
		"[chip]\nname = t\ntitle = T\nvendor = V\nrecovery = none-known\n"
		"[memory m]\nkind = eeprom\nholds = h\nsize = 64\naccess = whole\ninterrupted = final\n"
		"[rule m blank]\nkind = not-blank\nevidence = traced\nsource = s\n";
	u8 image[64];
	struct bfp_error e;
	struct bfp p;

	load_text(text, &p);
	memset(image, 0xff, sizeof(image));
	expect(bfp_content_check(&p, 0, image, 64, &e), BFP_IMAGE_BLANK, &e,
	       "rule blank: all 64 bytes are 0xff", "an erased image");
	memset(image, 0, sizeof(image));
	expect(bfp_content_check(&p, 0, image, 64, &e), BFP_IMAGE_BLANK, &e, "all 64 bytes are 0x00",
	       "an image of zeros");
	image[63] = 1;
	expect(bfp_content_check(&p, 0, image, 64, &e), BFP_IMAGE_OK, &e, "", "one byte that differs");
	unload(&p);
}

/* The checksum's own place inside, at the edges of and outside of its range. */
static void checksum_places(void)
{
	static const struct {
		u32 at, from, to;
	} places[] = { { 0, 4, 15 }, { 12, 0, 11 }, { 4, 0, 15 }, { 0, 0, 15 }, { 12, 0, 15 },
		       { 2, 4, 15 }, { 10, 0, 11 }, { 14, 0, 14 } };
	char text[600], name[80];
	u8 image[16], zeroed[16];
	struct bfp_error e;
	struct bfp p;
	u32 sum;
	size_t i, k;

	for (i = 0; i < sizeof(places) / sizeof(*places); i++) {
		u32 at = places[i].at > 12 ? 12 : places[i].at;

		snprintf(text, sizeof(text),
			 "[chip]\nname = t\ntitle = T\nvendor = V\nrecovery = none-known\n"
			 "[memory m]\nkind = eeprom\nholds = h\nsize = 16\naccess = whole\ninterrupted = final\n"
			 "[rule m sum]\nkind = checksum\nat = %u\nalgorithm = crc32\nbyte-order = big\n"
			 "over = %u..%u\nevidence = traced\nsource = s\n", at, places[i].from,
			 places[i].to);
		load_text(text, &p);
		for (k = 0; k < 16; k++)
			image[k] = (u8)(k * 17 + 3);
		memcpy(zeroed, image, 16);
		memset(zeroed + at, 0, 4);
		sum = bfp_checksum(BFP_CRC32, zeroed + places[i].from,
				   places[i].to - places[i].from + 1);
		for (k = 0; k < 4; k++)
			image[at + k] = (u8)(sum >> (24 - 8 * k));
		snprintf(name, sizeof(name), "a checksum at %u over %u..%u", at, places[i].from,
			 places[i].to);
		expect(bfp_content_check(&p, 0, image, 16, &e), BFP_IMAGE_OK, &e, "", name);
		image[places[i].from] ^= 0x10;
		ok(bfp_content_check(&p, 0, image, 16, &e) == BFP_IMAGE_CHECKSUM, "and a wrong one");
		unload(&p);
	}
}

static void d0_answer(void)
{
	static const struct {
		const char *name, *text;
	} want[] = {
		{ "check_word", "06 7b" }, { "chip", "2773" }, { "firmware_date", "20110524" },
		{ "build", "08 21" }, { "rest", "00 01 03 00 04 00" },
	};
	const struct bfp_operation *op;
	const struct bfp_field *f;
	const u8 *answer;
	char text[64];
	struct bfp p;
	u32 i;

	load("kmod/profiles/pl2773.profile", &p);
	op = op_of(&p, "version");
	answer = bfp_blob(&p, op->answer);
	is_int(op->evidence, BFP_TRACED, "the D0 read of the PL-2773 was traced");
	is_int(op->flags, BFP_OPF_ON_REQUEST, "and is run on request only");
	is_int(le32_to_cpu(op->answer_len), 16, "the published answer has 16 bytes");
	is_bytes(answer, "\x06\x7b\x27\x73\x20\x11\x05\x24\x08\x21\x00\x01\x03\x00\x04\x00", 16,
		 "they are the published ones");
	f = bfp_fields(&p);
	is_int(bfp_count(&p, BFP_FIELDS), 5, "five fields are named in it");
	for (i = 0; i < 5; i++) {
		is_text(bfp_string(&p, f[i].name), want[i].name, "the name of a field");
		bfp_field_format(&p, &f[i], answer, 16, text, sizeof(text));
		is_text(text, want[i].text, "its value");
	}
	is_int(f[2].evidence, BFP_INFERRED, "that it is a date is inferred");
	unload(&p);
}

static void lab_fields(const struct bfp *p)
{
	static const u8 table[128] = {
		[1] = 0x80, [4] = 0xde, 0xad, 0xbe, 0xef, [16] = 0x78, 0x56, 0x34, 0x12,
		[32] = 'A', ' ', 'b', '\\', 0x1b, '[', 0x7f, 0xff,
		[64] = 'B', 0, 0xe9, 0, 0x2e, 0x20, 0x00, 0xd8,
	};
	static const struct {
		const char *name, *text;
	} want[] = {
		{ "counter", "0xdeadbeef" }, { "mask", "0x12345678" }, { "flags", "0x80" },
		{ "model", "A b\\x5c\\x1b[\\x7f" }, { "owner", "B\xc3\xa9\\u202e\\ud800" },
	};
	const struct bfp_field *f = bfp_fields(p);
	char text[256];
	size_t k;
	u32 i;

	for (k = 0; k < sizeof(want) / sizeof(*want); k++) {
		for (i = 0; i < bfp_count(p, BFP_FIELDS); i++)
			if (!strcmp(bfp_string(p, f[i].name), want[k].name))
				break;
		bfp_field_format(p, &f[i], table, sizeof(table), text, sizeof(text));
		is_text(text, want[k].text, want[k].name);
	}
	/* counter: 10 characters, and only what fits is written */
	for (i = 0; strcmp(bfp_string(p, f[i].name), "counter"); i++)
		;
	memset(text, 'x', sizeof(text));
	is_int(bfp_field_format(p, &f[i], table, 128, text, 5), 10, "a value longer than its room");
	is_text(text, "0xde", "is cut");
	is_int(text[5], 'x', "and nothing behind the room is touched");
	is_int(bfp_field_format(p, &f[i], table, 128, text, 0), 10, "no room at all");
	is_int(bfp_field_format(p, &f[i], table, 7, text, 5), -ERANGE, "data that ends before the field");
}

int main(void)
{
	struct bfp p;

	eeprom_table();
	load("tests/lab/profiles/lab-full.profile", &p);
	flash_image(&p);
	keep_alone(&p);
	lab_fields(&p);
	unload(&p);
	blank();
	checksum_places();
	d0_answer();
	return tap_done();
}
