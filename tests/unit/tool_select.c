// SPDX-License-Identifier: GPL-2.0-or-later
/* Which bridge a selector names, and which serials identify their box. */
#include <json-c/json.h>

#include "bridge.h"
#include "tool_help.h"

static struct bridge *add(struct bridge_list *l, const char *chip, const char *bus_id,
			  const char *serial)
{
	int index = l->n;
	struct bridge *b = bridge_list_add(l);

	b->index = index;
	snprintf(b->name, sizeof(b->name), "bridgefw%d", index);
	text_put(b->chip, sizeof(b->chip), chip);
	text_put(b->bus, sizeof(b->bus), "usb");
	text_put(b->bus_id, sizeof(b->bus_id), bus_id);
	text_put(b->serial, sizeof(b->serial), serial);
	return b;
}

static void finds(const struct bridge_list *l, const char *selector, int index)
{
	const struct bridge *b;
	struct bfw_error e = {};
	int ret = bridge_select(l, selector, &b, &e);

	ok(!ret && b->index == index, "\"%s\" is bridgefw%d", selector ? selector : "(none)",
	   index);
	bfw_error_clear(&e);
}

static void fails(const struct bridge_list *l, const char *selector, int code,
		  const char *reason, const char *part)
{
	const struct bridge *b;
	struct bfw_error e = {};
	int ret = bridge_select(l, selector, &b, &e);

	ok(ret && (int)e.code == code && !strcmp(e.reason, reason),
	   "\"%s\" is refused with %d, %s", selector ? selector : "(none)", code, reason);
	has_text(e.message, part, "and says why");
	bfw_error_clear(&e);
}

static void test_places(void)
{
	is_text(bus_id_of("1-1.4"), "1-1.4", "a place");
	is_text(bus_id_of("usb:12-1.4.2"), "12-1.4.2", "a place with its bus");
	is_text(bus_id_of("usb-3-2"), "3-2", "a place as BRIDGEFW_PATH has it");
	is_text(bus_id_of("fw0-1.2"), "fw0-1.2", "a place on FireWire");
	is_text(bus_id_of("1394:fw0-15"), "fw0-15", "with its bus");
	is_text(bus_id_of("1394-fw1-0.0.2"), "fw1-0.0.2", "as BRIDGEFW_PATH has it");
	ok(!bus_id_of("usb:fw0-1") && !bus_id_of("1394:1-1"), "each bus has its own places");
	ok(!bus_id_of("fw0") && !bus_id_of("fw0-") && !bus_id_of("fw-1") && !bus_id_of("fw0.0"),
	   "half a place on FireWire");
	is_text(bus_id_of("1394-1"), "1394-1", "a bus of a high number is no FireWire");
	ok(!bus_id_of("1"), "a number is no place");
	ok(!bus_id_of("1-"), "nor is half a place");
	ok(!bus_id_of("1-1."), "nor one that ends with a dot");
	ok(!bus_id_of("1-1.a"), "nor one with letters");
	ok(!bus_id_of("20260101T000000Z-1234abcd"), "nor the id of a backup");
	ok(!bus_id_of(""), "nor nothing");
	ok(!bus_id_of("1-1111111111111111111111111111111111111111111111111111111111111111"),
	   "nor one that is too long");
	ok(selector_form("bridgefw0") && selector_form("0") && selector_form("/dev/x") &&
	   selector_form("1-1") && selector_form("serial:a") && selector_form("chip:a"),
	   "what can only be a bridge");
	ok(!selector_form("bridgefw") && !selector_form("bridgefw0.bin") &&
	   !selector_form("./0") && !selector_form("123456") && !selector_form("-") &&
	   !selector_form(""),
	   "what can be a file or a backup");
}

static void test_select(void)
{
	struct bridge_list l = {};
	char *node, *link;

	fails(&l, NULL, BFW_NO_DEVICE, "no-device", "no bridge");
	add(&l, "pl2507", "1-1", "");
	bridge_judge_serials(&l);
	finds(&l, NULL, 0);
	add(&l, "pl2507", "1-1.4", "AB12CD34EF");
	add(&l, "pl3507", "2-1", "0123456789000000005");
	bridge_judge_serials(&l);

	fails(&l, NULL, BFW_NO_DEVICE, "not-unique", "bridgefw2 (pl3507 at usb:2-1)");
	finds(&l, "bridgefw1", 1);
	finds(&l, "2", 2);
	finds(&l, "1-1.4", 1);
	finds(&l, "usb:1-1", 0);
	finds(&l, "serial:AB12CD34EF", 1);
	finds(&l, "chip:pl3507", 2);
	finds(&l, "/dev/bridgefw2", 2);
	finds(&l, "/sys/class/bridgefw/bridgefw1", 1);
	fails(&l, "chip:pl2507", BFW_NO_DEVICE, "not-unique", "2 bridges");
	fails(&l, "chip:none", BFW_NO_DEVICE, "no-device", "none");
	fails(&l, "serial:0123456789000000005", BFW_REFUSED, "identity", "default");
	fails(&l, "serial:unknown", BFW_NO_DEVICE, "no-device", "unknown");
	fails(&l, "7", BFW_NO_DEVICE, "no-device", "7");
	fails(&l, "3-1", BFW_NO_DEVICE, "no-device", "3-1");
	fails(&l, "", BFW_NO_DEVICE, "no-device", "");
	fails(&l, "/dev/null", BFW_NO_DEVICE, "no-device", "is no bridge");
	fails(&l, "/dev/bridgefw-by-id/none", BFW_NO_DEVICE, "no-device", "does not exist");

	node = tool_put("bridgefw1", "");
	link = xprintf("%s/link", tool_dir);
	ok(!symlink(node, link), "a link");
	finds(&l, link, 1);
	free(link);
	free(node);
	bridge_list_free(&l);
}

static void test_candidates(void)
{
	struct bridge_list l = {};
	struct bfw_error e = {};
	const struct bridge *b;
	struct json_object *all;

	add(&l, "pl2507", "1-1", "");
	add(&l, "", "1-2", "");
	bridge_select(&l, NULL, &b, &e);
	ok(e.extra && json_object_object_get_ex(e.extra, "candidates", &all) &&
	   json_object_array_length(all) == 2, "scripts get the candidates as well");
	bfw_error_clear(&e);
	bridge_list_free(&l);
}

static void test_serials(void)
{
	struct bridge_list l = {};

	add(&l, "pl2507", "1-1", "");
	add(&l, "pl2507", "1-2", "AB12CD34EF");
	add(&l, "pl2507", "1-3", "XY12CD34EF");
	add(&l, "pl2507", "1-4", "XY12CD34EF");
	add(&l, "pl3507", "1-5", "0050770e00071002");
	add(&l, "pl3507", "1-6", "00000000000000");
	add(&l, "", "fw0-0", "0030e000eeadbabe");
	add(&l, "", "fw0-1", "0030e0005eadbabe");
	add(&l, "", "fw0-2", "0030e000e0000b39");
	bridge_judge_serials(&l);
	ok(!l.v[0].serial_identifies, "none identifies nothing");
	ok(l.v[1].serial_identifies && !l.v[1].serial_why[0], "a real one identifies");
	ok(!l.v[2].serial_identifies && !l.v[3].serial_identifies, "one shown twice: neither");
	has_text(l.v[2].serial_why, "two", "and that is why");
	ok(!l.v[4].serial_identifies, "a maker's default identifies nothing");
	ok(!l.v[5].serial_identifies, "nor does one of a single digit");
	ok(!l.v[6].serial_identifies, "nor what an Oxford chip shows that was never given a GUID");
	ok(!l.v[7].serial_identifies, "nor the same with a CD/DVD drive behind it");
	ok(l.v[8].serial_identifies, "a GUID of its own does");
	bridge_list_free(&l);
}

int main(void)
{
	tool_begin();
	test_places();
	test_select();
	test_candidates();
	test_serials();
	return tap_done();
}
