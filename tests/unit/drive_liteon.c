// SPDX-License-Identifier: GPL-2.0-or-later
/* Lite-On and Sony images: each sign, whole, broken and cut. */
#include "drive_help.h"
#include "liteon.h"

#define SONY_700	"SONY    DVD RW DRU-700A VY082004/12/10 10:30"
#define SONY_710	"SONY    DVD RW DRU-710A BY01Dec10 ,2004 10:3"
#define SET_832		"liteon-812s-832s"
#define SET_1633	"liteon-1213s-1613s-1633s-1653s"
#define SET_SLIM	"liteon-sosw-813s-833s"

/* As recognise(), and the image is dropped. */
static void look(struct made m)
{
	recognise(&m);
	free(m.data);
}

static void test_whole(void)
{
	look(made_liteon(SONY_700, "VY08"));
	is_text(taken(), "liteon", "a Sony image is recognised");
	is_text(verdict(), "good", "and nothing is wrong with it");
	is_text(field("vendor"), "SONY", "vendor");
	is_text(field("product"), "DVD RW DRU-700A", "product");
	is_text(field("revision"), "VY08", "revision");
	is_text(field("internal_revision"), "VY08", "internal revision");
	is_text(field("date"), "2004-12-10", "date");
	is_text(field("form"), "plain", "form");
	has_text(field("models"), "SOHW-832S/822S (Sony DRU-700A", "its drives");
	is_text(field("hardware_set"), SET_832, "its hardware: 832S, not 1633S");
	is_int(evidence_of("models"), BFP_REPORTED, "by the internal revision: reported");
	ok(report->set_sure, "and is sure");
	is_text(report->set ? report->set : "", SET_832, "the set is also what compare uses");
	has_text(notes(IMAGE_NOT_FOR), "1213S/1613S/1633S/1653S (DRU-710A", "not for the 1633S");
	has_text(notes(IMAGE_NOTE), "VY08 is in the list of Sony's own", "stock firmware");
	is_text(notes(IMAGE_WARNING), "", "no warning");
	has_text(notes(IMAGE_UNKNOWN), "checksum over all of it: none is known",
		 "no checksum is claimed");
	is_int(report->nsums, 0, "nor computed");
	is_int(report->nregions, 2, "regions: boot code, bank of the EEPROM's routines");
	is_int(report->regions[1].offset, 0x90000, "that bank");
	ok(all_have_sources(), "everything has its source");
}

static void test_families(void)
{
	static const struct { const char *internal, *models, *set; } cases[] = {
		{ "US0A", "SOHW-812S/802S", SET_832 }, { "VS0A", "SOHW-832S/822S", SET_832 },
		{ "GS0K", "851S/451S", "liteon-451s-851s" },
		{ "gS0K", "851S/451S", "liteon-451s-851s" },
		{ "TS0C", "SOHW-1213S", SET_1633 }, { "AS0P", "SOHW-1613S", SET_1633 },
		{ "BS0S", "SOHW-1633S", SET_1633 }, { "bS43", "SOHW-1633S", SET_1633 },
		{ "CS0T", "SOHW-1653S", SET_1633 },
		{ "JS07", "SOHW-1673S", "liteon-1673s-1693s" },
		{ "KS0A", "SOHW-1693S", "liteon-1673s-1693s" },
		{ "HS0R", "811S", "" }, { "FS0K", "411S", "" }, { "ES0W", "401S", "" },
		{ "XS01", "", "" }, { "uS01", "", "" },
	};
	char name[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		look(made_liteon(NULL, cases[i].internal));
		snprintf(name, sizeof(name), "internal revision %s: drives", cases[i].internal);
		ok(!strncmp(field("models"), cases[i].models, strlen(cases[i].models)) &&
		   !cases[i].models[0] == !field("models")[0], "%s", name);
		snprintf(name, sizeof(name), "internal revision %s: set", cases[i].internal);
		is_text(field("hardware_set"), cases[i].set, name);
	}
}

static void test_internal(void)
{
	struct made m = made_liteon(SONY_700, NULL);
	size_t at, i;

	recognise(&m);
	is_text(field("internal_revision"), "", "without that code there is no internal revision");
	has_text(notes(IMAGE_UNKNOWN), "internal revision", "which is said");
	has_text(field("models"), "SOHW-832S", "then the product's name tells");
	is_int(evidence_of("models"), BFP_INFERRED, "which is a guess");
	is_int(evidence_of("hardware_set"), BFP_INFERRED, "and makes the set one");
	ok(!report->set_sure, "that says nothing for a change");
	put_internal(&m, m.size - 16 * 26, "VS0A");
	m.data[m.size - 16 * 26 + 15 * 24] = 0;
	recognise(&m);
	is_text(field("internal_revision"), "", "fifteen in a row are too few");

	/* another of the three forms: 7B c 7D and 10 to 12 bytes */
	for (i = 0, at = INTERNAL_AT; i < 16; i++) {
		m.data[at] = 0x7b;
		m.data[at + 1] = "BS0SXYZW        "[i];
		m.data[at + 2] = 0x7d;
		at += 3 + 10 + i % 3;
	}
	recognise(&m);
	is_text(field("internal_revision"), "BS0SXYZW", "the second form of that code");
	memset(m.data + INTERNAL_AT, 0x11, 0x200);
	/* and the third: 7D c 7F and 5 to 8 */
	for (i = 0, at = INTERNAL_AT; i < 16; i++) {
		m.data[at] = 0x7d;
		m.data[at + 1] = "JS07    "[i % 8];
		m.data[at + 2] = 0x7f;
		at += 3 + 5 + i % 4;
	}
	recognise(&m);
	is_text(field("internal_revision"), "JS07", "the third");
	memset(m.data + INTERNAL_AT, 0x11, 0x200);
	put_internal(&m, INTERNAL_AT, "\x01\x02\x03\x04");
	recognise(&m);
	is_text(field("internal_revision"), "", "what is no letter is none");
	put_internal(&m, INTERNAL_AT, "V\x1b[2");
	recognise(&m);
	is_text(field("internal_revision"), "V?[2", "nothing steers the terminal");
	/* nothing but heads of links, each of which could go on in five ways */
	memset(m.data, 0x7d, m.size);
	for (i = 2; i < m.size; i += 3)
		m.data[i] = 0x90;
	m.data[0] = 0x02;
	recognise(&m);
	ok(true, "an image that is all such code ends, too");
	free(m.data);
}

static void test_crossflash(void)
{
	look(made_liteon("LITE-ON DVDRW SOHW-832S CG3E2004/12/10 10:30", "VS0A"));
	is_text(field("hardware_set"), SET_832, "CG3E: the internal revision decides");
	has_text(notes(IMAGE_WARNING), "CG3E is a code of the Code Guys' cross-flash firmware",
		 "and the code is explained");
	look(made_liteon("LITE-ON XXXXXXXXXXXXXXXXCG3E2004/12/10 10:30", NULL));
	is_text(field("models"), "", "CG3E without the rest is not taken for a 1653S");
	look(made_liteon("LITE-ON XXXXXXXXXXXXXXXXCG9Z2004/12/10 10:30", NULL));
	has_text(notes(IMAGE_WARNING), "not in their list", "a code that is not in the list");
	look(made_liteon("LITE-ON XXXXXXXXXXXXXXXXCS0T2004/12/10 10:30", NULL));
	has_text(field("models"), "SOHW-1653S", "CS0T is a 1653S");
	is_int(evidence_of("models"), BFP_INFERRED, "by the INQUIRY revision alone: inferred");
	has_text(notes(IMAGE_WARNING), "the family is a guess", "and called a guess");
	look(made_liteon(SONY_710, "VY08"));
	is_text(field("hardware_set"), SET_832, "another name: the internal revision decides");
	has_text(notes(IMAGE_WARNING), "renamed or cross-flashed", "with a warning");
	look(made_liteon(SONY_710, "BY01"));
	is_text(field("hardware_set"), SET_1633, "a DRU-710A is a 1633S");
	is_text(field("date"), "2004-12-10", "its date is written otherwise");
	is_text(notes(IMAGE_WARNING), "", "no warning");
}

static void test_rebanked(void)
{
	struct made m = made_rebanked(SONY_710, "BY01");

	recognise(&m);
	is_text(verdict(), "good", "a rebanked image is whole");
	is_text(field("form"), "rebanked", "and said to be one");
	has_text(field("common_area"), "16384 bytes", "its common area");
	is_text(check_of("tail"), "none", "the tail is asked of slim drives only");
	m.data[0x4000] = 0x03;
	recognise(&m);
	is_text(check_of("banks"), "bad", "the common area begins with a jump");
	free(m.data);

	m = made_rebanked("SONY    DVD RW DW-Q58A  UYS12004/12/10 10:30", "UYS1");
	put_text(&m, m.size - 16, "LITEONIT        ");
	recognise(&m);
	is_text(verdict(), "good", "a slim drive's image is whole");
	is_text(field("hardware_set"), SET_SLIM, "U and rebanked: SOSW-813S, not 812S");
	has_text(field("common_area"), "12288 bytes", "with the smaller common area");
	is_text(check_of("tail"), "ok", "its tail is of capitals");
	m.data[m.size - 1] = 'x';
	recognise(&m);
	is_text(check_of("tail"), "bad", "one that is not is damaged");
	is_text(verdict(), "bad", "so is the image");
	has_text(field("common_area"), "16384 bytes", "and expanded as the others are");
	has_text(notes(IMAGE_NOT_FOR), "any drive: OmniPatcher takes such an image", "for no drive");
	free(m.data);

	m = made_liteon(NULL, "VS0A");
	m.data[m.size - 1] = 'x';
	recognise(&m);
	is_text(check_of("tail"), "none", "plain and V: 832S, whose tail may be anything");
	is_text(field("hardware_set"), SET_832, "and its hardware");
	free(m.data);
}

static void test_broken(void)
{
	struct made m = made_liteon(SONY_700, "VY08");

	m.data[0x50000] = 0x03;
	recognise(&m);
	is_text(check_of("banks"), "bad", "a bank that does not begin with a jump");
	is_text(verdict(), "bad", "makes the image bad");
	m.data[0x50000] = 0x02;
	m.data[0] = 0xff;
	recognise(&m);
	is_text(taken(), "liteon", "the first byte is gone: still recognised");
	is_text(check_of("first-byte"), "bad", "but bad");
	m.data[0] = 0x02;
	m.data[CALL_AT + 5] = 0x01;
	recognise(&m);
	is_text(taken(), "liteon", "without the call: recognised by the answer");
	is_text(check_of("bank-call"), "bad", "but bad");
	memset(m.data + ANSWER_AT, 0x11, 8);
	recognise(&m);
	is_text(taken(), "", "without both: not recognised");
	ok(report_of("liteon") && report_of("liteon")->match == IMAGE_SIZE, "but for its length");
	m.data[0] = 0x03;
	recognise(&m);
	ok(!report_of("liteon"), "without a jump not even that");
	free(m.data);

	m = made_liteon(SONY_700, "VY08");
	put_answer(&m, 0x71000, SONY_710);
	recognise(&m);
	is_text(field("product"), "DVD RW DRU-700A", "of two answers the first counts");
	has_text(notes(IMAGE_WARNING), "1 more INQUIRY answers", "and the other is told of");
	put_answer(&m, 0x71000, SONY_700);
	recognise(&m);
	is_text(notes(IMAGE_WARNING), "", "not if it says the same");
	m.data[ANSWER_AT + 4] = 0x1f;
	recognise(&m);
	is_text(field("product"), "DVD RW DRU-700A", "the older form of the answer");
	m.data[ANSWER_AT + 10] = 0x9b;
	m.data[0x71000 + 10] = 0x9b;
	recognise(&m);
	is_text(field("product"), "", "an answer that is no text is none");
	free(m.data);
}

static void test_sizes(void)
{
	static const size_t sizes[] = { 0x20000, 0x40000, 0x80000 };
	struct made m = made_liteon(SONY_700, "VY08");
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		m.size = sizes[i];
		recognise(&m);
		ok(!strcmp(verdict(), "good") && !field("models")[0],
		   "0x%zx bytes: no family is told", sizes[i]);
	}
	for (n = 0, i = 0x100000 - 1; i; i = i > 0x4100 ? i - 0x3fff : i / 2) {
		m.size = i;
		recognise(&m);
		n += report_of("liteon") && !strcmp(verdict(), "good");
	}
	is_int(n, 0, "no other length is good");
	for (i = 0; i < 0x60; i++) {
		m.size = ANSWER_AT + i;
		recognise(&m);
	}
	for (i = 0; i < 12; i++) {
		m.size = CALL_AT + i;
		recognise(&m);
	}
	m.size = 0;
	recognise(&m);
	ok(!report && said.blank, "nothing is nobody's");
	m.size = 0x100000;
	memset(m.data, 0x02, m.size);
	recognise(&m);
	ok(!report && said.blank, "nor is what is all the same");
	free(m.data);
}

static void test_structure(void)
{
	struct made m = made_liteon(NULL, NULL);
	struct image img = { m.data, m.size };

	ok(liteon_structure(&img), "the structure of a plain image");
	m.data[0xf0000] = 0;
	ok(!liteon_structure(&img), "with one bank wrong");
	m.data[0xf0000] = 2;
	img.size--;
	ok(!liteon_structure(&img), "one byte too short");
	free(m.data);
}

int main(void)
{
	test_whole();
	test_families();
	test_internal();
	test_crossflash();
	test_rebanked();
	test_broken();
	test_sizes();
	test_structure();
	image_result_free(&said);
	return tap_done();
}
