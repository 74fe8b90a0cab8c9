// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guid.h"
#include "nodes.h"
#include "state.h"
#include "text.h"

/* Behind KEY= of a line; a key stands after a blank, and not inside of a box's own words. */
static const char *value_of(const char *line, const char *key)
{
	size_t len = strlen(key);
	bool quoted = false;
	const char *p;

	for (p = line; *p; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == ' ' && !quoted && !strncmp(p + 1, key, len) && p[1 + len] == '=')
			return p + 1 + len + 1;
	}
	return NULL;
}

static bool take_word(const char *line, const char *key, char *out, size_t room)
{
	const char *v = value_of(line, key);

	out[0] = '\0';
	if (!v)
		return false;
	if (*v == '"')
		text_add(out, room, "%.*s", (int)strcspn(v + 1, "\""), v + 1);
	else
		text_add(out, room, "%.*s", (int)strcspn(v, "\n "), v);
	text_clean(out);
	return true;
}

static bool take_hex(const char *line, const char *key, u64 *out)
{
	char text[32], *end;

	*out = 0;
	if (!take_word(line, key, text, sizeof(text)) || !text[0])
		return false;
	*out = strtoull(text, &end, 16);
	return !*end;
}

static bool line_read(const char *line, struct node *n)
{
	u64 vendor, model, revision, value;
	char link[8], sbp2[8];

	memset(n, 0, sizeof(*n));
	if (sscanf(line, "%63s %u %7s %7s %15s", n->place, &n->number, link, n->speed,
		   n->what) != 5)
		return false;
	n->link = !strcmp(link, "on");
	take_word(line, "bridge", n->bridge, sizeof(n->bridge));
	n->has_rom = take_hex(line, "guid", &n->guid);
	if (take_hex(line, "vendor", &vendor))
		n->vendor = vendor;
	if (take_hex(line, "model", &model))
		n->model = model;
	if (take_hex(line, "revision", &revision))
		n->revision = revision;
	n->has_value = take_hex(line, "value", &value);
	n->value = value;
	n->sbp2 = take_word(line, "sbp2", sbp2, sizeof(sbp2)) && !strcmp(sbp2, "yes");
	take_word(line, "vendor_text", n->vendor_text, sizeof(n->vendor_text));
	take_word(line, "model_text", n->model_text, sizeof(n->model_text));
	return true;
}

/**
 * node_list_read() - all nodes of all FireWire buses
 * @l: the list; empty without FireWire, or if the module is not loaded
 * @file: where the module shows them
 */
void node_list_read(struct node_list *l, const char *file)
{
	FILE *f = fopen(file, "re");
	char *line = NULL;
	size_t room = 0;
	struct node n;

	memset(l, 0, sizeof(*l));
	while (f && getline(&line, &room, f) > 0) {
		if (!line_read(line, &n))
			continue;
		l->v = xgrow(l->v, l->n, sizeof(*l->v));
		l->v[l->n++] = n;
	}
	free(line);
	if (f)
		fclose(f);
}

/**
 * node_list_free() - drop a list
 * @l: the list
 */
void node_list_free(struct node_list *l)
{
	free(l->v);
	l->v = NULL;
	l->n = 0;
}

/**
 * node_at() - the node at a place
 * @l: all nodes
 * @place: "fw0-1.2"
 *
 * Return: it, or NULL
 */
const struct node *node_at(const struct node_list *l, const char *place)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].place, place))
			return &l->v[i];
	return NULL;
}

static bool is(const struct node *n, const char *what)
{
	return !strcmp(n->what, what);
}

/**
 * node_may_be_bridge() - whether a node that no bridge represents may be one
 * @n: the node
 *
 * Return: false for the computer's card, for other computers, cameras and the like, and
 * for what is not known yet
 */
bool node_may_be_bridge(const struct node *n)
{
	if (is(n, "running"))
		return n->sbp2;
	return is(n, "blank") || is(n, "no-rom") || is(n, "booting") || is(n, "refuses") ||
	       is(n, "silent") || is(n, "link-off");
}

/* "F911 (46393131)" */
static void put_name(const struct node *n, char *out, size_t room)
{
	char name[5] = "";
	int i;

	for (i = 0; i < 4; i++)
		name[i] = n->value >> (24 - 8 * i) & 0xff;
	for (i = 0; i < 4 && name[i]; i++)
		if (!isprint((unsigned char)name[i]))
			name[i] = '.';
	text_add(out, room, "\"%s\" (%08x)", name, n->value);
}

static void put_ids(const struct node *n, char *out, size_t room)
{
	const char *maker = oui_maker(n->vendor);

	text_add(out, room, "vendor %06x", n->vendor);
	if (n->vendor_text[0])
		text_add(out, room, " \"%s\"", n->vendor_text);
	else if (maker)
		text_add(out, room, " (%s)", maker);
	text_add(out, room, ", model %06x", n->model);
	if (n->model_text[0])
		text_add(out, room, " \"%s\"", n->model_text);
	text_add(out, room, ", GUID %016llx", (unsigned long long)n->guid);
}

/**
 * node_words() - what a node is that no bridge represents
 * @n: the node
 * @out: a sentence without its full stop
 * @room: size of @out
 */
void node_words(const struct node *n, char *out, size_t room)
{
	out[0] = '\0';
	if (is(n, "link-off")) {
		text_add(out, room,
			 "its link is off: its PHY passes on what is for others, and nothing can be asked of the box itself");
	} else if (is(n, "silent")) {
		text_add(out, room, "its link is on, and it does not answer");
	} else if (is(n, "booting")) {
		text_add(out, room, "it says that it is not ready yet");
	} else if (is(n, "refuses")) {
		text_add(out, room,
			 "it answers that it has neither a configuration ROM nor a chip's name to be read, so its firmware does not run as it should");
	} else if (is(n, "no-rom")) {
		text_add(out, room,
			 "where its configuration ROM should begin it shows %08x, which is no such ROM",
			 n->value);
	} else if (is(n, "blank")) {
		text_add(out, room, "it runs without firmware, and its chip calls itself ");
		put_name(n, out, room);
		text_add(out, room, ", which no profile knows");
	} else if (is(n, "running") && n->sbp2) {
		text_add(out, room, "a drive on FireWire whose bridge no profile knows: ");
		put_ids(n, out, room);
	} else if (is(n, "running")) {
		text_add(out, room, "it does not speak the protocol of disks, so it is no bridge: ");
		put_ids(n, out, room);
	} else if (is(n, "local")) {
		text_add(out, room, "it is this computer's own FireWire card");
	} else {
		text_add(out, room, "it was just plugged in and not yet looked at");
	}
}

#define OFF_AND_ON \
	"switch it off, wait, switch it on; try another cable, and nothing else on the bus"

/* Public of two families: Documentation/supported-chips.rst names the sources. */
#define OTHER_BUS \
	"if it has USB as well, plug it in there: an Oxford bridge without firmware shows itself as 0928:ffff, which `bridgefwctl list` explains; a PL-3507 that lost its firmware was never reported to show itself on any bus"

#define DRIVE_LIVES \
	"its drive is most likely untouched: taken out, it can be read in another enclosure or computer, unless the box encrypted it"

/**
 * node_advice() - what the owner of a box that no bridge represents can do
 * @n: the node
 * @out: lines of text; "" if there is nothing to do
 * @room: size of @out
 */
void node_advice(const struct node *n, char *out, size_t room)
{
	out[0] = '\0';
	if (is(n, "link-off")) {
		text_add(out, room,
			 "is its power supply on? The bus itself feeds the PHY of a box that is off. If it is on, the firmware of its bridge does not run: %s\n%s\n",
			 OFF_AND_ON, OTHER_BUS);
		text_add(out, room,
			 "an OXFW911 was brought back by one of its pins: `bridgefwctl profile show oxfw911`\n%s",
			 DRIVE_LIVES);
	} else if (is(n, "silent") || is(n, "refuses") || is(n, "no-rom")) {
		text_add(out, room, "%s\n%s\n%s", OFF_AND_ON, OTHER_BUS, DRIVE_LIVES);
	} else if (is(n, "booting")) {
		text_add(out, room,
			 "its drive may still be starting: it is looked at again by itself for half a minute. If it stays so: %s",
			 OFF_AND_ON);
	} else if (is(n, "blank")) {
		text_add(out, room,
			 "what is public of such chips is not enough to give them firmware, so nothing was sent to it. Its maker's own update program can: start it again on a computer where it runs\n%s\n",
			 DRIVE_LIVES);
		text_add(out, room,
			 "those four characters are worth telling: Documentation/adding-a-chip.rst says how a chip becomes known");
	} else if (is(n, "running") && n->sbp2) {
		text_add(out, room,
			 "if you know its chip, `bridgefwctl attach 1394:%s --profile NAME` names it; `bridgefwctl profile list` shows the names",
			 n->place);
	} else if (is(n, "new")) {
		text_add(out, room, "try again in a few seconds");
	}
}

static void put_hex(struct json_object *o, const char *key, bool known, int digits, u64 number)
{
	char text[24];

	snprintf(text, sizeof(text), "%0*llx", digits, (unsigned long long)number);
	json_object_object_add(o, key, known ? json_object_new_string(text) : NULL);
}

/**
 * node_json() - a node for scripts
 * @n: the node
 *
 * Return: an object; the caller drops it
 */
struct json_object *node_json(const struct node *n)
{
	struct json_object *o = json_object_new_object();

	json_put_text(o, "bus", "1394");
	json_put_text(o, "bus_id", n->place);
	json_object_object_add(o, "node", json_object_new_int(n->number));
	json_object_object_add(o, "link", json_object_new_boolean(n->link));
	json_put_text(o, "speed", n->speed);
	json_put_text(o, "what", n->what);
	put_hex(o, "vendor", n->has_rom, 6, n->vendor);
	put_hex(o, "model", n->has_rom, 6, n->model);
	put_hex(o, "revision", n->has_rom, 6, n->revision);
	put_hex(o, "guid", n->has_rom, 16, n->guid);
	put_hex(o, "value", n->has_value, 8, n->value);
	json_object_object_add(o, "sbp2", json_object_new_boolean(n->sbp2));
	json_put_text(o, "vendor_text", n->vendor_text);
	json_put_text(o, "model_text", n->model_text);
	return o;
}
