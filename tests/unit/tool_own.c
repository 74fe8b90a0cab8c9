// SPDX-License-Identifier: GPL-2.0-or-later
/* The identity rule: whose backup is it? */
#include "boxes.h"
#include "own.h"
#include "state.h"
#include "tool_help.h"

#define SIZE 64

static u8 factory[SIZE], other[SIZE], third[SIZE];

static struct bridge box(const char *bus_id, const char *serial, bool identifies)
{
	struct bridge b = {
		.chip = "pl2507", .profile = "pl2507", .bus = "usb", .match = "ids",
		.serial_identifies = identifies,
	};

	text_put(b.bus_id, sizeof(b.bus_id), bus_id);
	text_put(b.serial, sizeof(b.serial), serial);
	return b;
}

static struct record keep(const struct bridge *b, const u8 *data)
{
	struct drive_list none = {};
	struct bfw_error e = {};
	struct record r;

	record_describe(&r, b, "eeprom", &none, NULL, "write");
	if (store_keep(&r, data, SIZE, &e))
		printf("# %s\n", e.message);
	return r;
}

/* A write: the backup of the old content, the new content, and the entry. */
static struct record wrote(const struct bridge *b, const u8 *old, const u8 *new,
			   enum journal_state state)
{
	struct record r = keep(b, old);
	struct bfw_error e = {};
	struct journal j = { .job = "write", .bus = "usb", .profile = "pl2507",
			     .memory = "eeprom" };

	text_put(j.bus_id, sizeof(j.bus_id), b->bus_id);
	text_put(j.old_sha256, sizeof(j.old_sha256), r.sha256);
	text_put(j.backup, sizeof(j.backup), r.id);
	store_keep_content(new, SIZE, j.new_sha256, &e);
	if (journal_begin(&j, &e) || journal_end(&j, state, "", "", &e))
		printf("# %s\n", e.message);
	return r;
}

static enum own_grade grade(const struct bridge *b, const u8 *present, const struct record *r)
{
	struct own_view v = { .b = b, .memory = "eeprom", .present = present, .len = SIZE };
	struct journal_list all;
	enum own_grade g;

	journal_all(&all);
	v.all = &all;
	sha256_text(present, SIZE, v.sha256);
	g = own_grade(&v, r);
	journal_list_free(&all);
	return g;
}

static void fresh(void)
{
	static int n;
	char *dir = xprintf("%s/%d", tool_dir, n++);

	setenv("BRIDGEFW_STATE_DIR", dir, 1);
	free(dir);
}

static void test_serial(void)
{
	struct bridge mine = box("1-1", "AB12CD34", true), moved = box("1-2", "AB12CD34", true);
	struct bridge foreign = box("1-1", "ZZ12CD34", true), dflt = box("1-1", "0000", false);
	struct record r;

	fresh();
	r = keep(&mine, factory);
	is_int(grade(&mine, other, &r), OWN_SERIAL, "the same serial");
	is_int(grade(&moved, other, &r), OWN_SERIAL, "also on another port");
	is_int(grade(&foreign, other, &r), OWN_OTHER, "another serial on the same port");
	is_int(grade(&dflt, other, &r), OWN_PORT, "no serial on the same port");
	ok(own_sure(OWN_SERIAL) && !own_sure(OWN_PORT), "only the serial makes it sure");
	text_put(r.memory, sizeof(r.memory), "flash");
	is_int(grade(&mine, other, &r), OWN_NEVER, "another memory");
	text_put(r.memory, sizeof(r.memory), "eeprom");
	text_put(r.profile, sizeof(r.profile), "pl3507");
	is_int(grade(&mine, other, &r), OWN_NEVER, "another chip");
}

static void test_default_serial(void)
{
	struct bridge a = box("1-1", "00071002", false), b = box("1-2", "00071002", false);
	struct record r;

	fresh();
	r = keep(&a, factory);
	is_int(grade(&a, other, &r), OWN_PORT, "a default serial on the same port proves nothing");
	is_int(grade(&b, other, &r), OWN_OTHER, "and on another port even less");
}

static void test_written(void)
{
	struct bridge b = box("1-1", "", false), elsewhere = box("1-2", "", false);
	struct record first, second;

	fresh();
	first = wrote(&b, factory, other, JOURNAL_DONE);
	is_int(grade(&b, other, &first), OWN_WRITTEN, "it holds what was written here");
	is_int(grade(&b, third, &first), OWN_PORT, "it holds something else");
	is_int(grade(&elsewhere, other, &first), OWN_MOVED, "it holds that on another port");
	ok(!own_sure(OWN_MOVED), "which is not sure");
	second = wrote(&b, other, third, JOURNAL_DONE);
	is_int(grade(&b, third, &second), OWN_WRITTEN, "a second write");
	is_int(grade(&b, third, &first), OWN_WRITTEN, "what was there before the first one is own");
}

static void test_failed(void)
{
	struct bridge b = box("1-1", "", false);
	struct record first;

	fresh();
	first = wrote(&b, factory, other, JOURNAL_DONE);
	wrote(&b, other, third, JOURNAL_FAILED);
	is_int(grade(&b, other, &first), OWN_WRITTEN, "a write that failed in between");
}

static void test_repair(void)
{
	struct bridge b = box("1-1", "", false);
	u8 mixed[SIZE], garbage[SIZE];
	struct record r;

	fresh();
	r = wrote(&b, factory, other, JOURNAL_WRITING);
	memcpy(mixed, factory, SIZE);
	memcpy(mixed, other, 30);
	mixed[30] = 0x5a;
	memset(garbage, 0x77, SIZE);
	is_int(grade(&b, mixed, &r), OWN_REPAIR, "a mixture of old and new");
	is_int(grade(&b, other, &r), OWN_WRITTEN, "all of the new");
	is_int(grade(&b, garbage, &r), OWN_PORT, "neither: perhaps another box");
	is_int(grade(&b, factory, &r), OWN_PORT, "all of the old: nothing was written");
}

static void test_mixture(void)
{
	u8 x[SIZE];

	memcpy(x, factory, SIZE);
	ok(own_mixture(x, SIZE, factory, SIZE, other, SIZE, 0), "nothing written yet");
	memcpy(x, other, SIZE);
	ok(own_mixture(x, SIZE, factory, SIZE, other, SIZE, 0), "everything written");
	memset(x + 10, 0xee, 16);
	ok(own_mixture(x, SIZE, factory, SIZE, other, SIZE, 0), "a torn page");
	memset(x + 10, 0xee, 17);
	ok(!own_mixture(x, SIZE, factory, SIZE, other, SIZE, 0), "too much is torn");
	ok(!own_mixture(x, SIZE - 1, factory, SIZE, other, SIZE, 0), "another length");
}

/* What an interrupted write left is kept when it is repaired, and never offered. */
static void test_left_over(void)
{
	struct bridge b = box("1-1", "", false);
	struct own_view v = { .b = &b, .memory = "eeprom", .len = SIZE };
	struct drive_list none = {};
	struct candidate_list l;
	struct journal_list all;
	struct record_list records;
	struct bfw_error e = {};
	struct record r;
	u8 x[SIZE];

	fresh();
	wrote(&b, factory, other, JOURNAL_MIXED);
	journal_all(&all);
	v.all = &all;
	memcpy(x, factory, SIZE);
	memcpy(x, other, SIZE / 2);
	v.present = x;
	sha256_text(x, SIZE, v.sha256);
	ok(own_left_over(&v), "a mixture of both is what the write has left");
	v.present = other;
	sha256_text(other, SIZE, v.sha256);
	ok(!own_left_over(&v), "the new content is not");
	v.present = third;
	sha256_text(third, SIZE, v.sha256);
	ok(!own_left_over(&v), "nor is something else");
	record_describe(&r, &b, "eeprom", &none, NULL, "restore");
	r.mixture = true;
	ok(!store_keep(&r, x, SIZE, &e), "it is kept");
	store_list(&records);
	v.present = other;
	sha256_text(other, SIZE, v.sha256);
	own_candidates(&v, &records, &l);
	is_int(records.n, 2, "both backups are there");
	is_int(l.n, 1, "and only one is a candidate");
	free(l.v);
	store_list_free(&records);
	journal_list_free(&all);
}

static void test_candidates(void)
{
	struct bridge b = box("1-1", "", false), elsewhere = box("1-2", "AB12CD34", true);
	struct own_view v = { .b = &b, .memory = "eeprom", .present = other, .len = SIZE };
	struct candidate_list l;
	struct journal_list all;
	struct record_list records;

	fresh();
	keep(&elsewhere, third);
	keep(&b, third);
	keep(&b, other);
	wrote(&b, factory, other, JOURNAL_DONE);
	keep(&b, factory);
	journal_all(&all);
	store_list(&records);
	v.all = &all;
	sha256_text(other, SIZE, v.sha256);
	own_candidates(&v, &records, &l);
	is_int(l.n, 2, "each content once, what is there already left out");
	is_int(l.v[0].grade, OWN_WRITTEN, "the sure one first");
	is_int(l.v[1].grade, OWN_PORT, "then the unsure one of this port");
	free(l.v);
	store_list_free(&records);
	journal_list_free(&all);
}

int main(void)
{
	int i;

	tool_begin();
	for (i = 0; i < SIZE; i++) {
		factory[i] = i;
		other[i] = 100 + i;
		third[i] = 3 * i;
	}
	test_serial();
	test_default_serial();
	test_written();
	test_failed();
	test_repair();
	test_mixture();
	test_left_over();
	test_candidates();
	return tap_done();
}
