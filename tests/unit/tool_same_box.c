// SPDX-License-Identifier: GPL-2.0-or-later
/* When two bridges are told to be one box on two cables, and when not. */
#include "boxes.h"
#include "bridge.h"
#include "same_box.h"
#include "tool_help.h"

#define GUID	"0050770e100034a9"

static void add(struct bridge_list *l, const char *bus, const char *bus_id, const char *serial)
{
	int index = l->n;
	struct bridge *b = bridge_list_add(l);

	memset(b, 0, sizeof(*b));
	b->index = index;
	snprintf(b->name, sizeof(b->name), "bridgefw%d", index);
	text_put(b->bus, sizeof(b->bus), bus);
	text_put(b->bus_id, sizeof(b->bus_id), bus_id);
	text_put(b->serial, sizeof(b->serial), serial);
}

/* A bridge on each bus that shows this; whether they may be one box. */
static bool pair(const char *usb, const char *fw)
{
	struct bridge_list l = {};
	bool one, other;

	add(&l, "usb", "1-1", usb);
	add(&l, "1394", "fw0-0", fw);
	bridge_judge_serials(&l);
	one = same_identity(&l, &l.v[0]) == &l.v[1];
	other = same_identity(&l, &l.v[1]) == &l.v[0];
	ok(one == other, "\"%s\" and \"%s\": both sides agree", usb, fw);
	bridge_list_free(&l);
	return one;
}

static void test_identity(void)
{
	ok(pair(GUID, GUID), "one identity on two buses");
	ok(pair("0050770E100034A9", GUID), "its digits may be large");
	ok(!pair("0050770e100034aa", GUID), "another one");
	ok(!pair("", GUID) && !pair(GUID, ""), "none on one side");
	ok(!pair("", ""), "none on either");
	ok(!pair("0050770e00071002", "0050770e00071002"), "Prolific's default");
	ok(!pair("0030e000eeadbabe", "0030e000eeadbabe"), "Oxford's");
	ok(!pair("0000000000000000", "0000000000000000"), "zeros");
}

static void test_others(void)
{
	struct bridge_list l = {};

	add(&l, "usb", "1-1", GUID);
	add(&l, "usb", "1-2", GUID);
	bridge_judge_serials(&l);
	ok(!same_identity(&l, &l.v[0]), "two on one bus are twins, not one box");
	add(&l, "1394", "fw0-0", GUID);
	ok(!same_identity(&l, &l.v[0]) && !same_identity(&l, &l.v[1]) &&
	   !same_identity(&l, &l.v[2]), "of three candidates none");
	bridge_list_free(&l);

	memset(&l, 0, sizeof(l));
	add(&l, "1394", "fw0-0", GUID);
	add(&l, "1394", "fw1-0", GUID);
	add(&l, "usb", "1-1", GUID);
	ok(!same_identity(&l, &l.v[0]) && !same_identity(&l, &l.v[1]) &&
	   !same_identity(&l, &l.v[2]), "nor of three on three cables");
	bridge_list_free(&l);

	memset(&l, 0, sizeof(l));
	add(&l, "usb", "1-1", GUID);
	add(&l, "1394", "fw0-0", GUID);
	add(&l, "1394", "fw0-1", "0050770e400009c8");
	ok(same_identity(&l, &l.v[1]) == &l.v[0], "one with its own identity disturbs nobody");
	ok(!same_identity(&l, &l.v[2]), "and is nobody else");
	bridge_list_free(&l);
}

static struct drive_list drives(struct drive *v, const char *first, const char *second)
{
	memset(v, 0, 2 * sizeof(*v));
	if (first)
		text_put(v[0].serial, sizeof(v[0].serial), first);
	if (second)
		text_put(v[1].serial, sizeof(v[1].serial), second);
	return (struct drive_list){ .v = v, .n = !!first + !!second };
}

static bool agree(const char *a, const char *a2, const char *b, const char *b2)
{
	struct drive va[2], vb[2];
	struct drive_list la = drives(va, a, a2), lb = drives(vb, b, b2);
	bool one = same_drives(&la, &lb, GUID);

	ok(one == same_drives(&lb, &la, GUID), "either way round");
	return one;
}

static void test_drives(void)
{
	ok(agree("WD-WMA8C123", NULL, "WD-WMA8C123", NULL), "one drive");
	ok(!agree("WD-WMA8C123", NULL, "WD-WMA8C124", NULL), "another one");
	ok(!agree("WD-WMA8C123", NULL, "wd-wma8c123", NULL), "letters are what they are");
	ok(!agree("", NULL, "WD-WMA8C123", NULL), "a serial that is not known");
	ok(!agree("", NULL, "", NULL), "two that are not");
	ok(!agree(NULL, NULL, NULL, NULL), "no drives");
	ok(!agree(NULL, NULL, "WD-WMA8C123", NULL), "a drive on one side only");
	ok(!agree("00000000", NULL, "00000000", NULL), "a default");
	ok(!agree(GUID, NULL, GUID, NULL), "the bridge's serial in place of the drive's");
	ok(agree("WD-A0001", "WD-B0002", "WD-B0002", "WD-A0001"), "two drives, in any order");
	ok(!agree("WD-A0001", "WD-A0001", "WD-A0001", "WD-B0002"), "one of two");
	ok(!agree("WD-A0001", "WD-B0002", "WD-A0001", NULL), "two and one");
	ok(!agree("WD-A0001", "", "WD-A0001", ""), "two, one of which is not known");
}

int main(void)
{
	tool_begin();
	test_identity();
	test_others();
	test_drives();
	return tap_done();
}
