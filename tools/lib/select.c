// SPDX-License-Identifier: GPL-2.0-or-later
/* Which bridge the user means. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "error.h"
#include "nodes.h"
#include "text.h"

#define ADVICE_WIDTH	78

/* Behind "3-1.4": numbers with dots between, after a hyphen; NULL if it is not so. */
static const char *skip_place(const char *p)
{
	size_t digits = strspn(p, "0123456789");

	if (!digits || p[digits] != '-')
		return NULL;
	p += digits;
	do {
		digits = strspn(++p, "0123456789");
		if (!digits)
			return NULL;
		p += digits;
	} while (*p == '.');
	return p;
}

/**
 * bus_id_of() - the place on the bus that a selector names
 * @selector: "1-1.4", "usb:1-1.4" or "usb-1-1.4"; "fw0-1.2", "1394:fw0-1.2" or
 *	"1394-fw0-1.2"
 *
 * Return: the part that is the place, NULL if the selector is something else
 */
const char *bus_id_of(const char *selector)
{
	const char *s = selector, *end;

	if (!strncmp(s, "usb:", 4) || !strncmp(s, "usb-", 4))
		s += 4;
	else if (!strncmp(s, "1394:fw", 7) || !strncmp(s, "1394-fw", 7))
		s += 5;
	if (strlen(s) > 60)
		return NULL;
	end = skip_place(s == selector + 4 || strncmp(s, "fw", 2) ? s : s + 2);
	return end && !*end ? s : NULL;
}

static bool all_digits(const char *s)
{
	return s[0] && !s[strspn(s, "0123456789")];
}

/**
 * selector_form() - whether a text can only be meant as the name of a bridge
 * @text: an argument that could also be a file or a backup
 */
bool selector_form(const char *text)
{
	if (!strncmp(text, "bridgefw", 8))
		return all_digits(text + 8);
	return !strncmp(text, "serial:", 7) || !strncmp(text, "chip:", 5) ||
	       !strncmp(text, "/dev/", 5) || !strncmp(text, "/sys/", 5) ||
	       bus_id_of(text) || (strlen(text) < 4 && all_digits(text));
}

/**
 * bridge_at() - the bridge at a place
 * @l: all bridges
 * @bus_id: "1-1.4"
 *
 * Return: it, or NULL
 */
const struct bridge *bridge_at(const struct bridge_list *l, const char *bus_id)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].bus_id, bus_id))
			return &l->v[i];
	return NULL;
}

static const struct bridge *by_name(const struct bridge_list *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].name, name))
			return &l->v[i];
	return NULL;
}

/* The candidates as text and as JSON, so that the user can pick one. */
static void tell_candidates(const struct bridge_list *l, const char *chip, struct bfw_error *e)
{
	struct json_object *all = json_object_new_array();
	const char *sep = "";
	size_t i;

	bfw_more(e, ": ");
	for (i = 0; i < l->n; i++) {
		const struct bridge *b = &l->v[i];

		if (chip && strcmp(chip, b->chip))
			continue;
		bfw_more(e, "%s%s (%s at %s:%s)", sep, b->name,
			 b->chip[0] ? b->chip : "unknown chip", b->bus, b->bus_id);
		json_object_array_add(all, json_object_new_string(b->name));
		sep = ", ";
	}
	json_object_put(e->extra);
	e->extra = json_object_new_object();
	json_object_object_add(e->extra, "candidates", all);
}

static int select_only(const struct bridge_list *l, const struct bridge **found,
		       struct bfw_error *e)
{
	if (l->n == 1) {
		*found = &l->v[0];
		return 0;
	}
	if (!l->n) {
		bfw_fail(e, BFW_NO_DEVICE, "no-device", "no bridge is there");
		bfw_next(e, "Plug the box in and see `bridgefwctl list`.\n"
			 "`bridgefwctl attach` names a box whose ids are not known.");
		return -1;
	}
	bfw_fail(e, BFW_NO_DEVICE, "not-unique", "there is more than one bridge");
	tell_candidates(l, NULL, e);
	bfw_next(e, "Name one of them.");
	return -1;
}

static int select_serial(const struct bridge_list *l, const char *serial,
			 const struct bridge **found, struct bfw_error *e)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		const struct bridge *b = &l->v[i];

		if (strcmp(b->serial, serial))
			continue;
		if (b->serial_identifies) {
			*found = b;
			return 0;
		}
		bfw_fail(e, BFW_REFUSED, "identity",
			 "the serial \"%s\" does not identify a box: %s", serial, b->serial_why);
		bfw_next(e, "Name the box by its place or number instead, here: %s:%s or %s.",
			 b->bus, b->bus_id, b->name);
		return -1;
	}
	return bfw_fail(e, BFW_NO_DEVICE, "no-device", "no bridge shows the serial \"%s\"",
			serial);
}

static int select_chip(const struct bridge_list *l, const char *chip,
		       const struct bridge **found, struct bfw_error *e)
{
	size_t i, n = 0;

	for (i = 0; i < l->n; i++) {
		if (!strcmp(l->v[i].chip, chip)) {
			*found = &l->v[i];
			n++;
		}
	}
	if (n == 1)
		return 0;
	if (!n)
		return bfw_fail(e, BFW_NO_DEVICE, "no-device",
				"no bridge with the chip %s is there", chip);
	bfw_fail(e, BFW_NO_DEVICE, "not-unique", "%zu bridges have the chip %s", n, chip);
	tell_candidates(l, chip, e);
	bfw_next(e, "Name one of them.");
	return -1;
}

/* A device file, a link to one, or its directory in sysfs. */
static int select_path(const struct bridge_list *l, const char *path,
		       const struct bridge **found, struct bfw_error *e)
{
	char *real = realpath(path, NULL);
	const char *base = strrchr(real ? real : path, '/') + 1;

	*found = by_name(l, base);
	if (!*found && real)
		bfw_fail(e, BFW_NO_DEVICE, "no-device", "%s is no bridge", path);
	else if (!*found)
		bfw_fail(e, BFW_NO_DEVICE, "no-device",
			 "%s does not exist: is the box plugged in?", path);
	free(real);
	return *found ? 0 : -1;
}

/* Lines of advice as `list` has them, as sentences of a width that terminals have. */
static void put_sentences(const char *advice, char *out, size_t room)
{
	size_t start, i;

	for (; *advice; advice += strspn(advice, "\n")) {
		size_t n = strcspn(advice, "\n"), blank = 0;

		text_add(out, room, "%s", out[0] ? "\n" : "");
		start = strlen(out);
		text_add(out, room, "%.*s.", (int)n, advice);
		out[start] = toupper((unsigned char)out[start]);
		for (i = start; out[i]; i++) {
			if (out[i] == ' ')
				blank = i;
			if (i - start < ADVICE_WIDTH || !blank)
				continue;
			out[blank] = '\n';
			start = blank + 1;
			blank = 0;
		}
		advice += n;
	}
}

/* Something is plugged in there, on FireWire, and is no bridge: say what it is. */
static bool fail_node(const char *at, struct bfw_error *e)
{
	char words[512], advice[1024], sentences[1024] = "";
	struct node_list nodes;
	const struct node *n;
	bool found;

	node_list_read(&nodes, NODES_FILE);
	n = node_at(&nodes, at);
	found = n && !n->bridge[0];
	if (found) {
		node_words(n, words, sizeof(words));
		node_advice(n, advice, sizeof(advice));
		bfw_fail(e, BFW_NO_DEVICE, "no-device",
			 "1394:%s is no bridge: %s. Nothing is sent to it", at, words);
		put_sentences(advice, sentences, sizeof(sentences));
		bfw_next(e, "%s", sentences);
		e->extra = json_object_new_object();
		json_object_object_add(e->extra, "node", node_json(n));
	}
	node_list_free(&nodes);
	return found;
}

/**
 * bridge_select() - the bridge that a selector names
 * @l: all bridges
 * @selector: bridgefwN, N, a path, a place on the bus, serial:S or chip:NAME;
 *            NULL: the only one
 * @found: it
 * @e: why not; BFW_NO_DEVICE, or BFW_REFUSED for a serial that identifies nothing
 *
 * Return: 0, or -1
 */
int bridge_select(const struct bridge_list *l, const char *selector,
		  const struct bridge **found, struct bfw_error *e)
{
	char name[32];
	const char *at;

	*found = NULL;
	if (!selector)
		return select_only(l, found, e);
	if (!strncmp(selector, "serial:", 7))
		return select_serial(l, selector + 7, found, e);
	if (!strncmp(selector, "chip:", 5))
		return select_chip(l, selector + 5, found, e);
	if (strchr(selector, '/'))
		return select_path(l, selector, found, e);

	at = bus_id_of(selector);
	if (at) {
		*found = bridge_at(l, at);
	} else if (strlen(selector) < 10 && all_digits(selector)) {
		snprintf(name, sizeof(name), "bridgefw%d", atoi(selector));
		*found = by_name(l, name);
	} else {
		*found = by_name(l, selector);
	}
	if (*found)
		return 0;
	if (at && fail_node(at, e))
		return -1;
	bfw_fail(e, BFW_NO_DEVICE, "no-device",
		 at ? "no bridge is known at %s" : "there is no bridge %s", selector);
	bfw_next(e, "`bridgefwctl list` shows those that are there.");
	return -1;
}
