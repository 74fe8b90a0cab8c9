// SPDX-License-Identifier: GPL-2.0-or-later
/* The list of FireWire nodes: read, told, and which of them the owner hears of. */
#include <json-c/json.h>

#include "nodes.h"
#include "tool_help.h"

static const char *const lines =
	"fw0-0.1 0 on S400 bridge bridge=bridgefw0 vendor=005077 model=000001 revision=012804 guid=0050770eb1c6b16c sbp2=yes vendor_text=\"Prolific\" model_text=\"Prolific PL3507 Combo Device\"\n"
	"fw0-0 1 off S400 link-off\n"
	"fw0 2 on S400 local\n"
	"fw1-1 0 on S100 blank value=39373100\n"
	"fw1-2 3 on beta silent\n"
	"fw1-3 4 on S200 running vendor=00a0b0 model=123456 revision=000001 guid=00a0b00000000001 sbp2=yes vendor_text=\"Maker sbp2=no\" model_text=\"\"\n"
	"fw1-4 5 on S400 running vendor=000a27 model=000000 revision=000000 guid=000a270000000001 sbp2=no\n"
	"fw1-5 6 on S400 booting\n"
	"fw1-6 7 on S400 no-rom value=01005077\n"
	"fw1-7 8 on S400 refuses\n"
	"fw1-8 9 on S400 new\n"
	"garbage\n"
	"fw1-9 x on S400 silent\n"
	"fw1-10 1 on S400";

static void told(const struct node_list *l, const char *place, bool may, const char *words,
		 const char *advice)
{
	const struct node *n = node_at(l, place);
	char text[1024];

	ok(n, "%s is there", place);
	if (!n)
		return;
	is_int(node_may_be_bridge(n), may, may ? "may be a bridge" : "is none");
	node_words(n, text, sizeof(text));
	has_text(text, words, "what it is");
	node_advice(n, text, sizeof(text));
	if (advice)
		has_text(text, advice, "what to do");
	else
		ok(!text[0], "nothing to do");
	ok(!text[0] || text[strlen(text) - 1] != '\n', "no empty line behind");
}

static void test_read(void)
{
	char *file = tool_put("nodes", lines);
	struct node_list l;
	const struct node *n;

	node_list_read(&l, file);
	is_int(l.n, 11, "what is no line is none");
	n = node_at(&l, "fw0-0.1");
	ok(n && n->has_rom && n->guid == 0x0050770eb1c6b16c && n->vendor == 0x5077 &&
	   n->model == 1 && n->revision == 0x012804 && n->sbp2 && n->link && !n->has_value,
	   "numbers");
	is_text(n->bridge, "bridgefw0", "its bridge");
	is_text(n->model_text, "Prolific PL3507 Combo Device", "words with blanks");
	n = node_at(&l, "fw1-3");
	ok(n->sbp2, "what a box says of itself is no key");
	is_text(n->vendor_text, "Maker sbp2=no", "it is its text");
	ok(!node_at(&l, "fw0-0")->link && !node_at(&l, "fw9-9"), "a link; a place");
	node_list_free(&l);
	node_list_read(&l, "/nonexistent");
	ok(!l.n, "without FireWire there are none");
	free(file);
}

static void test_words(void)
{
	char *file = tool_put("nodes", lines), text[1024];
	struct node n = { .what = "blank", .value = 0x4639070a };
	struct node_list l;

	node_list_read(&l, file);
	told(&l, "fw0-0", true, "its link is off", "0928:ffff");
	told(&l, "fw1-1", true, "its chip calls itself \"971\" (39373100)", "nothing was sent");
	told(&l, "fw1-2", true, "does not answer", "another cable");
	told(&l, "fw1-3", true, "vendor 00a0b0 \"Maker sbp2=no\", model 123456",
	     "attach 1394:fw1-3 --profile NAME");
	told(&l, "fw1-4", false, "it is no bridge", NULL);
	told(&l, "fw1-5", true, "not ready", "looked at again by itself");
	told(&l, "fw1-6", true, "01005077", "another cable");
	told(&l, "fw1-7", true, "neither a configuration ROM", "another cable");
	told(&l, "fw1-8", false, "not yet looked at", "again in a few seconds");
	told(&l, "fw0", false, "own FireWire card", NULL);
	node_words(&n, text, sizeof(text));
	has_text(text, "\"F9..\" (4639070a)", "a hostile name does nothing to the terminal");
	node_list_free(&l);
	free(file);
}

static const char *member(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) ? json_object_get_string(v) : "no such key";
}

static void test_json(void)
{
	char *file = tool_put("nodes", lines);
	struct json_object *o;
	struct node_list l;

	node_list_read(&l, file);
	o = node_json(node_at(&l, "fw1-3"));
	is_text(member(o, "bus_id"), "fw1-3", "place");
	is_text(member(o, "guid"), "00a0b00000000001", "GUID");
	ok(!member(o, "value"), "no value");
	json_object_put(o);
	o = node_json(node_at(&l, "fw1-1"));
	is_text(member(o, "value"), "39373100", "value");
	ok(!member(o, "guid"), "no GUID");
	is_text(member(o, "what"), "blank", "what it is");
	json_object_put(o);
	node_list_free(&l);
	free(file);
}

int main(void)
{
	tool_begin();
	test_read();
	test_words();
	test_json();
	return tap_done();
}
