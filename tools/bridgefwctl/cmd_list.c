// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl list: bridges, and boxes that no bridge represents but that need attention */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "handover.h"
#include "nodes.h"
#include "output.h"
#include "profiles.h"
#include "same_box.h"
#include "show.h"
#include "state.h"
#include "text.h"
#include "twins.h"

#define HINT_LEN	2048

static void list_table(const struct bridge_list *l)
{
	static const char *const heads[] = {
		"DEVICE", "CHIP", "IDS", "PORT", "SERIAL", "STATE", "MATCH", "TRANSPORTS",
	};
	struct table *t = table_new(heads, ARRAY_SIZE(heads));
	bool marked = false;
	size_t i;

	for (i = 0; i < l->n; i++) {
		const struct bridge *b = &l->v[i];
		char place[80], serial[168], state[40];

		text_put(serial, sizeof(serial), b->serial);
		if (b->serial[0] && !b->serial_identifies) {
			text_add(serial, sizeof(serial), "*");
			marked = true;
		}
		text_put(state, sizeof(state), b->state);
		if (!strcmp(b->state, "busy"))
			text_add(state, sizeof(state), " %d %%", b->progress);
		table_add(t, (const char *[]){
			b->name, b->chip, b->ids, place_of(b, place, sizeof(place)), serial,
			state, b->match, b->transports });
	}
	table_say(t);
	if (marked)
		say("* does not identify the box: empty, a default, or shown twice\n");
}

static void add_hint(char *out, const char *text)
{
	if (text[0])
		text_add(out, HINT_LEN, "%s%s", out[0] ? "\n" : "", text);
}

/* What the owner should know or do about a bridge. */
static void bridge_hint(const struct bridge_list *l, const struct bridge *b, char *out)
{
	char text[HINT_LEN], place[80];
	struct journal j;
	bool rewritten;

	out[0] = '\0';
	place_of(b, place, sizeof(place));
	/* what the profile says of a box that works is for `info` */
	if (!strcmp(b->state, "blank") || !strcmp(b->evidence, "none"))
		add_hint(out, b->note);
	twins_hint(l, b, text, sizeof(text));
	add_hint(out, text);
	if (!strcmp(b->state, "failed")) {
		snprintf(text, sizeof(text), "the last job failed: %s", b->last_error);
		add_hint(out, text);
	}
	if (handover_left(b)) {
		snprintf(text, sizeof(text),
			 "a command was stopped before it gave the interface back to its driver: `bridgefwctl status %s%s` does it",
			 place, strcmp(b->state, "busy") ? "" : " --wait");
		add_hint(out, text);
	}
	if (!strcmp(b->state, "busy")) {
		snprintf(text, sizeof(text),
			 "`bridgefwctl status %s --wait` waits for the job's end", place);
		add_hint(out, text);
		return;
	}
	if (!journal_at(b->bus_id, b->path_id, &j))
		return;
	advise_journal(&j, place, text, sizeof(text));
	if (strcmp(b->match, "written"))
		add_hint(out, text);
	/* until the next plug-in the kernel keeps to what it found at the last one */
	rewritten = !strcmp(b->job, "write") || !strcmp(b->job, "restore");
	if (!strcmp(b->match, "changed") && !text[0] && !rewritten) {
		snprintf(text, sizeof(text),
			 "this port saw a write on %s, but the box holds something else: another box? `bridgefwctl info %s`",
			 j.started, place);
		add_hint(out, text);
	}
}

/*
 * A box that no bridge represents: written at this port, or with ids that an
 * installed profile lists. Returns false if it is none of our business.
 */
static bool box_hint(const struct box *box, char *chip, size_t room, char *out)
{
	struct bfp_device_id id = {
		.kind = BFP_ID_USB, .vendor = box->vid, .product = box->pid, .revision = box->bcd,
	};
	char place[80];
	struct journal j;

	out[0] = '\0';
	chip[0] = '\0';
	snprintf(place, sizeof(place), "usb:%s", box->port);
	if (profile_by_ids(&id, chip, room)) {
		snprintf(out, HINT_LEN,
			 "its ids are those of %s, but no module represents it: `modprobe bridgefw_usb`, then see the kernel log",
			 chip);
		return true;
	}
	if (!box->storage || !journal_at(box->port, box->path_id, &j) ||
	    (j.state == JOURNAL_FAILED || j.ids_after))
		return false;
	text_put(chip, room, j.chip);
	text_add(chip, room, "?");
	advise_journal(&j, place, out, HINT_LEN);
	if (!out[0])
		snprintf(out, HINT_LEN,
			 "a %s was written at this port on %s; if this is that box: `bridgefwctl attach --journal %s`",
			 j.chip, j.started, box->port);
	return true;
}

static struct json_object *box_json(const struct box *box, const char *chip, const char *hint)
{
	struct json_object *o = json_object_new_object();
	char ids[24];

	snprintf(ids, sizeof(ids), "%04x:%04x:%04x", box->vid, box->pid, box->bcd);
	json_put_text(o, "bus", "usb");
	json_put_text(o, "bus_id", box->port);
	json_put_text(o, "ids", ids);
	json_put_text(o, "product", box->product);
	json_put_text(o, "chip", chip);
	json_put_text(o, "hint", hint);
	return o;
}

static void say_hint(const char *name, const char *hint)
{
	const char *line = hint;

	while (line && *line) {
		int n = strcspn(line, "\n");
		char *head = xprintf("%s: ", name), *text = xprintf("%.*s", n, line);

		say_line(head, text);
		free(text);
		free(head);
		line = line[n] ? line + n + 1 : NULL;
	}
}

static size_t list_boxes(const struct bridge_list *l, const struct box_list *boxes)
{
	struct json_object *all = json_object_new_array();
	size_t i, n = 0;

	for (i = 0; i < boxes->n; i++) {
		const struct box *box = &boxes->v[i];
		char chip[64], hint[HINT_LEN], *name;

		if (bridge_at(l, box->port) || !box_hint(box, chip, sizeof(chip), hint))
			continue;
		json_object_array_add(all, box_json(box, chip, hint));
		name = xprintf("usb:%s (%04x:%04x %s)", box->port, box->vid, box->pid,
			       box->product);
		say_hint(name, hint);
		free(name);
		n++;
	}
	doc_add("boxes", all);
	return n;
}

/* Boxes on FireWire that need attention, and whose bridge is not there. */
static size_t list_nodes(const struct bridge_list *l, const struct node_list *nodes)
{
	struct json_object *all = json_object_new_array();
	size_t i, told = 0;

	for (i = 0; i < nodes->n; i++) {
		const struct node *n = &nodes->v[i];
		char hint[HINT_LEN], advice[HINT_LEN], *name;
		struct json_object *o;

		if (n->bridge[0] || bridge_at(l, n->place) || !node_may_be_bridge(n))
			continue;
		node_words(n, hint, sizeof(hint));
		node_advice(n, advice, sizeof(advice));
		add_hint(hint, advice);
		name = xprintf("1394:%s", n->place);
		say_hint(name, hint);
		free(name);
		o = node_json(n);
		json_put_text(o, "hint", hint);
		json_object_array_add(all, o);
		told++;
	}
	doc_add("nodes", all);
	return told;
}

/* Writes whose end is not known, at ports where nothing is plugged in now. */
static size_t list_unfinished(const struct bridge_list *l, const struct box_list *boxes,
			      const struct node_list *nodes)
{
	struct json_object *all = json_object_new_array();
	struct journal_list ports;
	size_t i, n = 0;

	journal_ports(&ports);
	for (i = 0; i < ports.n; i++) {
		const struct journal *j = &ports.v[i];
		char place[80], hint[HINT_LEN], *name;
		struct json_object *o;
		bool there;

		if (!journal_open(j) || bridge_at(l, j->bus_id) || box_at(boxes, j->bus_id))
			continue;
		snprintf(place, sizeof(place), "%s:%s", j->bus, j->bus_id);
		there = node_at(nodes, j->bus_id);
		text_put(hint, sizeof(hint), there ? "when its bridge is back: " :
						     "plug the box in again: ");
		advise_journal(j, place, hint + strlen(hint), sizeof(hint) - strlen(hint));
		name = xprintf("%s (%s, %s)", place, j->chip,
			       there ? "no bridge now" : "not plugged in");
		say_hint(name, hint);
		free(name);
		o = journal_json(j);
		json_put_text(o, "hint", hint);
		json_object_array_add(all, o);
		n++;
	}
	journal_list_free(&ports);
	doc_add("unfinished", all);
	return n;
}

static void list_bridges(const struct bridge_list *l)
{
	struct json_object *all = json_object_new_array();
	size_t i;

	if (l->n)
		list_table(l);
	for (i = 0; i < l->n; i++) {
		const struct bridge *b = &l->v[i], *twin = same_box(l, b);
		struct json_object *o = bridge_json(b);
		char hint[HINT_LEN];

		bridge_hint(l, b, hint);
		json_put_text(o, "hint", hint);
		json_object_object_add(o, "same_box",
				       twin ? json_object_new_string(twin->name) : NULL);
		json_object_array_add(all, o);
		say_hint(b->name, hint);
		if (twin && twin->index > b->index)
			say("%s and %s are one box on two cables\n", b->name, twin->name);
	}
	doc_add("bridges", all);
}

/**
 * cmd_list() - bridgefwctl list
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_list(struct options *o, struct bfw_error *e)
{
	struct bridge_list l;
	struct node_list nodes;
	struct box_list boxes;
	size_t more;

	(void)o;
	if (bridge_list_read(&l, e))
		return -1;
	if (box_list_read(&boxes, e)) {
		bridge_list_free(&l);
		return -1;
	}
	list_bridges(&l);
	node_list_read(&nodes, NODES_FILE);
	more = list_boxes(&l, &boxes) + list_nodes(&l, &nodes) +
	       list_unfinished(&l, &boxes, &nodes);
	if (!l.n && !more)
		say("No bridge is there.\n");
	node_list_free(&nodes);
	box_list_free(&boxes);
	bridge_list_free(&l);
	return 0;
}
