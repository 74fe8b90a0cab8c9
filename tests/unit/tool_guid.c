// SPDX-License-Identifier: GPL-2.0-or-later
/* What a GUID says, and what the owner of two boxes with one GUID is told. */
#include "bridge.h"
#include "guid.h"
#include "tool_help.h"
#include "twins.h"

static void words(u64 value, const char *want)
{
	char text[256];
	struct guid g;

	guid_decode(value, &g);
	guid_words(&g, text, sizeof(text));
	is_text(text, want, want);
}

static void test_decode(void)
{
	struct guid g;

	/* GUIDs that were seen: oxford.md's sources, Ubuntu forums, linux-kernel */
	guid_decode(0x0030e001e0ac0f63, &g);
	ok(g.value == 0x0030e001e0ac0f63 && g.oui == 0x0030e0 && g.type == 0x0e && g.identifies,
	   "a disk behind an Oxford");
	ok(g.serial == 0x010ac0f63 && g.digits == 9, "its own part: without the type");
	is_text(g.maker, "Oxford Semiconductor", "its maker");
	guid_decode(0x0030e0015e0ac0f6, &g);
	ok(g.type == 5, "a CD/DVD drive");
	guid_decode(0x0030e000000001fa, &g);
	ok(g.type == -1 && g.serial == 0x1fa && g.digits == 10, "an older one tells no type");
	guid_decode(0x0050770e100034a9, &g);
	ok(g.type == 0x0e && g.serial == 0x100034a9 && g.digits == 8 && g.identifies,
	   "a disk behind a PL-3507");
	guid_decode(0x0001d20e00ad0688, &g);
	ok(g.type == -1 && g.serial == 0x0e00ad0688 && g.digits == 10,
	   "a maker's own GUID tells no chip and no type");
	is_text(g.maker, "inXtron", "whose it is");
	guid_decode(0x00d0b80e013150de, &g);
	ok(!g.maker && g.oui == 0x00d0b8 && g.type == -1, "an OUI that is not known");

	guid_decode(0x0050770e00071002, &g);
	ok(!g.identifies, "Prolific's default");
	guid_decode(0x0030e000eeadbabe, &g);
	ok(!g.identifies, "Oxford's");
	guid_decode(0x0030e000deadbabe, &g);
	ok(!g.identifies, "as it was meant");
	guid_decode(0x0030e000eeadbabf, &g);
	ok(g.identifies, "one beside it");
	guid_decode(0, &g);
	ok(!g.identifies, "zeros");
	guid_decode(~0ULL, &g);
	ok(!g.identifies && g.oui == 0xffffff, "ones");
}

static void test_words(void)
{
	words(0x0030e000e0000b39,
	      "Oxford Semiconductor (OUI 0030e0), serial 000000b39, for a disk as it seems (type 0e)");
	words(0x0030e0025010360e,
	      "Oxford Semiconductor (OUI 0030e0), serial 02010360e, for a CD/DVD drive as it seems (type 05)");
	words(0x0030e000eeadbabe,
	      "Oxford Semiconductor (OUI 0030e0), serial 00eadbabe, for a disk as it seems (type 0e); a default that many boxes show");
	words(0x0050770e00071002,
	      "Prolific (OUI 005077), serial 00071002, for a disk as it seems (type 0e); a default that many boxes show");
	words(0x0050770700000001,
	      "Prolific (OUI 005077), serial 00000001, for a magneto-optical drive as it seems (type 07)");
	words(0x005077ff00000001,
	      "Prolific (OUI 005077), serial 00000001, for a device as it seems (type ff)");
	words(0x00d0b80e013150de, "OUI 00d0b8, of a maker not known here, serial 0e013150de");
	is_text(device_type_text(4), "write-once disk", "a rare one");
	is_text(device_type_text(0), "disk", "the plainest one");
}

static void test_parse(void)
{
	char text[GUID_TEXT];
	u64 v = 0;

	ok(guid_parse("0x0030e000eeadbabe", &v) && v == 0x0030e000eeadbabe, "as sysfs has it");
	ok(guid_parse("0030E000EEADBABE", &v) && v == 0x0030e000eeadbabe, "as a bridge may");
	ok(!guid_parse("", &v) && !guid_parse("0x", &v) && !guid_parse("30e000eeadbabe", &v) &&
	   !guid_parse("0030e000eeadbabe0", &v) && !guid_parse("0030e000eeadbabg", &v) &&
	   !guid_parse("-030e000eeadbabe", &v) && !guid_parse("00 0e000eeadbabe", &v),
	   "what is none");
	guid_text(0x0030e000eeadbabe, text);
	is_text(text, "0030e000eeadbabe", "and back");
	guid_text(~0ULL, text);
	is_text(text, "ffffffffffffffff", "the longest");
}

static void add(struct bridge_list *l, const char *bus, const char *bus_id, const char *serial,
		const char *evidence)
{
	int index = l->n;
	struct bridge *b = bridge_list_add(l);

	b->index = index;
	snprintf(b->name, sizeof(b->name), "bridgefw%d", index);
	text_put(b->bus, sizeof(b->bus), bus);
	text_put(b->bus_id, sizeof(b->bus_id), bus_id);
	text_put(b->serial, sizeof(b->serial), serial);
	text_put(b->evidence, sizeof(b->evidence), evidence);
}

static void test_twins(void)
{
	struct bridge_list l = {};
	char text[1024];
	size_t i;

	add(&l, "1394", "fw0-1", "0050770e00071002", "none");
	add(&l, "1394", "fw0-1.2", "0050770e00071002", "traced");
	add(&l, "1394", "fw1-1", "0050770e00071002", "none");
	add(&l, "1394", "fw10-1", "0050770e00071002", "none");
	add(&l, "1394", "fw0-3", "0030e000e0000b39", "none");
	add(&l, "1394", "fw0-4", "", "none");
	add(&l, "1394", "fw0-5", "", "none");
	add(&l, "usb", "1-1", "00071002", "none");
	add(&l, "usb", "1-2", "00071002", "none");
	twins_hint(&l, &l.v[0], text, sizeof(text));
	has_text(text, "bridgefw1 on the same FireWire bus shows the same GUID", "who it is");
	has_text(text, "only one of them can be mounted", "what it does");
	has_text(text, "how to give this chip another GUID is not public", "what nobody knows");
	has_text(text, "one of the two at a time", "what helps");
	is_int(strlen(text) > 0 && text[strlen(text) - 1] != '\n', true, "no empty line behind");
	twins_hint(&l, &l.v[1], text, sizeof(text));
	has_text(text, "bridgefw0 on the same", "the other one hears of the first");
	ok(!strstr(text, "not public"), "where writing is known, nobody says it is not");
	for (i = 2; i < l.n; i++) {
		twins_hint(&l, &l.v[i], text, sizeof(text));
		ok(!text[0], "%s:%s disturbs nobody", l.v[i].bus, l.v[i].bus_id);
	}
	bridge_list_free(&l);
}

int main(void)
{
	tool_begin();
	test_decode();
	test_words();
	test_parse();
	test_twins();
	return tap_done();
}
