// SPDX-License-Identifier: GPL-2.0-or-later
/* Images of the other families: whole, each field broken, cut at each length that matters. */
#include "drive_help.h"
#include "families.h"

/* Cut to each length, nothing is read behind the end, and nothing is called whole. */
static void cut(const struct made *whole, const char *family, const size_t *lengths, size_t n)
{
	struct made m = *whole;
	size_t i, good = 0;

	for (i = 0; i < n; i++) {
		const struct image_report *r;

		m.size = lengths[i];
		recognise(&m);
		r = report_of(family);
		good += r && r->match == IMAGE_CONTENT && image_verdict(r) == IMAGE_GOOD;
	}
	for (i = 0; i < 0x140; i++) {
		m.size = i;
		recognise(&m);
		good += said.contents && image_verdict(report) == IMAGE_GOOD;
	}
	ok(!good, "%s: cut, it is not called whole", family);
}

static void test_btc(void)
{
	static const size_t lengths[] = { 0x40bb, 0x40c3, 0x40d3, 0x40d7, 0x40d8, 0xfffff };
	struct made m = made_new(0x100000);

	put_text(&m, 0x40bc, "BTC     DRW1008 IM      0129");
	recognise(&m);
	is_text(taken(), "btc", "BTC: recognised");
	is_text(verdict(), "good", "BTC: good");
	is_text(field("product"), "DRW1008 IM", "BTC: product");
	is_text(field("revision"), "0129", "BTC: revision");
	is_int(report->sums[0].computed, bytes_sum(&m, 0, m.size) & 0xffff,
	       "BTC: the sum for the header");
	ok(!report->sums[0].kept, "BTC: which is not kept in the image");
	has_text(notes(IMAGE_NOT_FOR), "any drive but the BTC DRW1008", "BTC: not for others");
	ok(all_have_sources(), "BTC: sources");
	cut(&m, "btc", lengths, ARRAY_SIZE(lengths));
	m.data[0x40c0] = 0x01;
	recognise(&m);
	ok(!said.contents && report_of("btc"), "BTC: without the name only its length is left");
	free(m.data);
}

static struct made made_pioneer(const char *part, size_t size)
{
	struct made m = made_new(size);

	put_text(&m, 0x60, "PIONEER DVD-RW  DVR-107D");
	put_text(&m, 0x90, "1.21");
	put_text(&m, 0xb0, "ATA 0007");
	put_text(&m, 0xd0, "GENERAL ");
	put_text(&m, 0x110, part);
	return m;
}

static void test_pioneer(void)
{
	static const size_t lengths[] = { 0x115, 0x116, 0xffff, 0x10001, 0xfffff };
	struct made m = made_pioneer("Normal", 0x100000);

	recognise(&m);
	is_text(taken(), "pioneer", "Pioneer: recognised");
	is_text(verdict(), "good", "Pioneer: good");
	is_text(field("part"), "normal", "Pioneer: part");
	is_text(field("vendor"), "PIONEER", "Pioneer: vendor");
	is_text(field("product"), "DVD-RW  DVR-107D", "Pioneer: product");
	is_text(field("revision"), "1.21", "Pioneer: revision");
	is_text(field("interface"), "ATA", "Pioneer: interface");
	is_text(field("generation"), "0007", "Pioneer: generation");
	is_text(field("kernel_type"), "GENERAL", "Pioneer: kernel type");
	ok(all_have_sources(), "Pioneer: sources");
	cut(&m, "pioneer", lengths, ARRAY_SIZE(lengths));
	m.data[0x62] = 0x80;
	recognise(&m);
	is_text(check_of("identity"), "bad", "Pioneer: a name that is no text");
	free(m.data);

	m = made_pioneer("Kernel", 0x10000);
	recognise(&m);
	is_text(field("part"), "kernel", "Pioneer: the other part");
	is_text(verdict(), "good", "Pioneer: good, too");
	put_text(&m, 0x110, "kernel");
	recognise(&m);
	ok(!said.contents, "Pioneer: without the word it is not recognised");
	free(m.data);
	m = made_pioneer("Kernel", 0x20000);
	recognise(&m);
	is_text(verdict(), "good", "Pioneer: kernel part of a DVR-109");
	free(m.data);
	m = made_pioneer("Normal", 0x128000);
	recognise(&m);
	is_text(verdict(), "good", "Pioneer: normal part of a DVR-109");
	m.size--;
	recognise(&m);
	is_text(check_of("size"), "bad", "Pioneer: less than a DVR-109's least");
	free(m.data);
}

static void test_plextor(void)
{
	static const struct { const char *name; u32 at, start; size_t size; } cases[] = {
		{ "PLEXTOR CD-R   PX-W4824A", 0x79ffe, 0, 0x80000 },
		{ "PLEXTOR CD-R   PX-W5224A", 0x79ffe, 0x8000, 0x80000 },
		{ "PLEXTOR CD-R   PREMIUM ", 0x7c7fe, 0x8000, 0x80000 },
		{ "PLEXTOR CD-R   PREMIUM2", 0xefffe, 0, 0xf0000 },
		{ "PLEXTOR DVDR   PX-708A ", 0xefffe, 0, 0xf0000 },
		{ "PLEXTOR DVDR   PX-712A ", 0xefffe, 0, 0xfb000 },
		{ "PLEXTOR DVDR   PX-716AL", 0xefffe, 0, 0xf0000 },
		{ "PLEXTOR DVDR   PX-760A ", 0x1efffe, 0, 0x1f0000 },
	};
	char name[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t lengths[] = { 23, 24, cases[i].at, cases[i].at + 1 };
		struct made m = made_new(cases[i].size);

		put_text(&m, 0, cases[i].name);
		put_be16(&m, cases[i].at, cases[i].start + bytes_sum(&m, 0, cases[i].at));
		recognise(&m);
		snprintf(name, sizeof(name), "%s: good", cases[i].name);
		ok(!strcmp(taken(), "plextor") && !strcmp(verdict(), "good") &&
		   report->sums[0].offset == cases[i].at && all_have_sources(), "%s", name);
		cut(&m, "plextor", lengths, ARRAY_SIZE(lengths));
		m.data[0x100] ^= 1;
		recognise(&m);
		snprintf(name, sizeof(name), "%s: one bit is wrong", cases[i].name);
		is_text(check_of("sum"), "bad", name);
		m.data[0x100] ^= 1;
		m.data[0] = 'X';
		m.data[1] = 'P' + 'L' - 'X';
		recognise(&m);
		snprintf(name, sizeof(name), "%s: without the name by its sum", cases[i].name);
		ok(!strcmp(taken(), "plextor") && field("models")[0] &&
		   strstr(notes(IMAGE_WARNING), "one in 65536"), "%s", name);
		m.data[1] ^= 1;
		recognise(&m);
		snprintf(name, sizeof(name), "%s: without either it is none", cases[i].name);
		ok(!said.contents, "%s", name);
		free(m.data);
	}
}

static struct made made_lg(const char *part)
{
	struct made m = made_new(0x80400);
	u32 sum = 0;
	size_t at;

	put_text(&m, 0x18, part);
	put_text(&m, 0x20, "REV LVL 1.02    ROM REV A0A1    ");
	put_be32(&m, 0x44, 0x80000);
	put(&m, m.size - 16, m.data + 0x400, 16);
	for (at = 2; at < m.size; at += 2)
		sum += m.data[at] << 8 | m.data[at + 1];
	put_be16(&m, 0, ~sum);
	return m;
}

static void test_lg(void)
{
	static const size_t lengths[] = { 0x27, 0x28, 0x37, 0x38, 0x47, 0x48, 0x3ff, 0x400, 0x401,
		0x40f, 0x410, 0x803ff };
	struct made m = made_lg("MAIN    ");

	recognise(&m);
	is_text(taken(), "lg-renesas", "LG: recognised");
	is_text(verdict(), "good", "LG: good");
	is_text(field("part"), "main", "LG: part");
	is_text(field("revision_level"), "1.02", "LG: level");
	is_text(field("rom_revision"), "A0A1", "LG: ROM revision");
	ok(all_have_sources(), "LG: sources");
	cut(&m, "lg-renesas", lengths, ARRAY_SIZE(lengths));
	m.data[0x5000] ^= 4;
	recognise(&m);
	is_text(check_of("sum"), "bad", "LG: one bit is wrong");
	m.data[0x5000] ^= 4;
	m.data[0x45] ^= 1;
	recognise(&m);
	is_text(check_of("size"), "bad", "LG: another length is said");
	m.data[0x45] ^= 1;
	m.data[m.size - 1] ^= 1;
	recognise(&m);
	is_text(check_of("repeat"), "bad", "LG: the end is not as the beginning");
	m.data[0x20] = 'r';
	recognise(&m);
	ok(!said.n, "LG: without the first word it is nobody's");
	free(m.data);
	m = made_lg("CORE    ");
	m.data[m.size - 1] ^= 1;
	recognise(&m);
	is_text(check_of("repeat"), "none", "LG: a CORE part repeats nothing");
	m.data[0x18] = 'X';
	recognise(&m);
	has_text(notes(IMAGE_UNKNOWN), "which part it is", "LG: neither part");
	free(m.data);
}

static void test_mt1939(void)
{
	struct made m = made_new(0x200000);
	size_t i;

	for (i = 0; i < 3; i++)
		memset(m.data + 0x10400 + i * 0x1c, 0, 4);
	memset(m.data + 0x10400 + i * 0x1c, 0xff, 4);
	put_be16(&m, 0x1ffffe, bytes_sum(&m, 0x10000, 0x1e2000));
	recognise(&m);
	is_text(taken(), "mt1939", "MT1939: recognised");
	is_text(verdict(), "good", "MT1939: good");
	is_text(field("signatures"), "3", "MT1939: signatures");
	ok(all_have_sources(), "MT1939: sources");
	m.data[0xffff] ^= 1;
	m.data[0x1e2000] ^= 1;
	recognise(&m);
	is_text(taken(), "mt1939", "MT1939: the sum ends where it ends");
	m.data[0x1e1fff] ^= 1;
	recognise(&m);
	ok(!said.contents && report_of("mt1939"), "MT1939: one bit is wrong: only its length is left");
	m.data[0x1e1fff] ^= 1;
	m.size--;
	recognise(&m);
	ok(!report_of("mt1939"), "MT1939: cut, not even that");
	memset(m.data, 0, m.size + 1);
	m.data[5] = 1;
	m.size++;
	recognise(&m);
	ok(!said.contents, "MT1939: a sum over nothing says nothing");
	memset(m.data + 0x10000, 0xff, 0x1f0000);
	put_be16(&m, 0x1ffffe, bytes_sum(&m, 0x10000, 0x1e2000));
	m.data[0x10000] = 0xfe;
	put_be16(&m, 0x1ffffe, bytes_sum(&m, 0x10000, 0x1e2000));
	recognise(&m);
	has_text(notes(IMAGE_WARNING), "table of signatures is empty", "MT1939: an emptied table");
	free(m.data);
}

static void test_mt1959(void)
{
	static const size_t lengths[] = { 0x2fff, 0x300b, 0x300c, 0x300f, 0x3010, 0x1fffff };
	struct made m = made_new(0x200000);

	put_text(&m, 0x3000, "MT1959 Boot BU5 ");
	recognise(&m);
	is_text(taken(), "mt1959", "MT1959: recognised");
	is_text(verdict(), "good", "MT1959: good");
	is_text(field("boot_id"), "MT1959 Boot BU5", "MT1959: boot identity");
	is_text(notes(IMAGE_WARNING), "", "MT1959: a known one");
	is_int(report->regions[1].per_unit + report->regions[2].per_unit +
	       report->regions[3].per_unit, 3, "MT1959: three regions belong to one drive");
	ok(all_have_sources(), "MT1959: sources");
	cut(&m, "mt1959", lengths, ARRAY_SIZE(lengths));
	put_text(&m, 0x3000, "MT1959 Boot XY1 ");
	recognise(&m);
	has_text(notes(IMAGE_WARNING), "only the identities BU5 and JB8", "MT1959: another one");
	m.data[0x3004] = 'x';
	recognise(&m);
	ok(!said.contents, "MT1959: without it nothing is left but the length");
	free(m.data);
}

static void test_several(void)
{
	struct made m = made_liteon("LITE-ON DVDRW SOHW-832S VS0A2004/12/10 10:30", "VS0A");
	size_t i;

	put_text(&m, 0x40bc, "BTC     DRW1008 IM      0129");
	recognise(&m);
	is_int(said.contents, 2, "two families find their signs");
	is_text(taken(), "", "then it is taken for neither");
	ok(report_of("liteon") && report_of("btc"), "and both are told of");
	for (i = 0; i + 1 < said.n; i++)
		if (said.reports[i].match < said.reports[i + 1].match)
			break;
	is_int(i, said.n - 1, "the surer ones come first");
	free(m.data);

	m = made_new(0x40000);
	recognise(&m);
	ok(!said.contents && report_of("tsst"), "TSST: by its length alone");
	m.size = 0x20000;
	recognise(&m);
	has_text(image_field_value(report_of("tsst"), "models"), "SD-616F", "TSST: the other length");
	m.size = 0x20001;
	recognise(&m);
	ok(!said.n && !said.blank && !said.program, "any other length is nobody's");
	put_text(&m, 0, "MZ");
	recognise(&m);
	ok(said.program && !said.packed, "a program");
	put_text(&m, 0x300, "UPX0");
	recognise(&m);
	ok(said.program && said.packed, "a packed one");
	free(m.data);
}

static void test_table(void)
{
	size_t i, k;

	for (i = 0; i < image_families_count; i++) {
		const struct image_family *f = image_families[i];

		ok(f->name[0] && f->title[0] && f->by[0] && f->fact->source[0] &&
		   f->fact->evidence == BFP_REPORTED, "%s: says what it goes by", f->name);
		for (k = 0; k < i; k++)
			if (!strcmp(f->name, image_families[k]->name))
				ok(false, "%s: stands in the table once", f->name);
	}
	ok(!image_nec.recognise, "NEC is in the table, but not recognised");
}

int main(void)
{
	test_btc();
	test_pioneer();
	test_plextor();
	test_lg();
	test_mt1939();
	test_mt1959();
	test_several();
	test_table();
	image_result_free(&said);
	return tap_done();
}
