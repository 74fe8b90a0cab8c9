// SPDX-License-Identifier: GPL-2.0-or-later
/* A report, for people and for scripts. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_cli.h"
#include "output.h"
#include "state.h"
#include "text.h"

static const struct {
	const char *head;
	const char *key;
} kinds[IMAGE_NOTE_KINDS] = {
	[IMAGE_NOTE] = { "note", "notes" },
	[IMAGE_WARNING] = { "warning", "warnings" },
	[IMAGE_NOT_FOR] = { "not for", "not_for" },
	[IMAGE_UNKNOWN] = { "not known", "unknown" },
};

/*
 * Each line ends with the number of its source; the sources follow at the end, each
 * once: an image says a lot by the word of few.
 */
#define SOURCES		16

static const struct image_fact *told[SOURCES];
static size_t told_count;

static size_t source_number(const struct image_fact *fact)
{
	size_t i;

	for (i = 0; i < told_count; i++)
		if (told[i] == fact)
			return i + 1;
	if (told_count == SOURCES)
		return 0;
	told[told_count++] = fact;
	return told_count;
}

static void line(const char *title, const char *value, const struct image_fact *fact)
{
	char *head = xprintf("    %-18s ", title);
	char *text = fact ? xprintf("%s [%zu]", value, source_number(fact)) :
		     xprintf("%s", value);

	say_line(head, text);
	free(text);
	free(head);
}

static void show_sources(void)
{
	size_t i;

	for (i = 0; i < told_count; i++) {
		char *text = xprintf("[%zu] %s: %s", i + 1,
				     bfp_evidence_name(told[i]->evidence), told[i]->source);

		line(i ? "" : "evidence", text, NULL);
		free(text);
	}
	told_count = 0;
}

static void show_sum(const struct image_sum *s)
{
	char *text;

	if (s->kept)
		text = xprintf("%s: 0x%04x kept at 0x%x, %s; computed 0x%04x",
			       s->good ? "ok" : "BAD", s->stored, s->offset, s->how,
			       s->computed);
	else
		text = xprintf("0x%04x, not kept in the image: %s", s->computed, s->how);
	line(s->key, text, s->fact);
	free(text);
}

static void show_region(const struct image_region *g)
{
	char *text = xprintf("0x%06x..0x%06x %s%s", g->offset, g->offset + g->length - 1,
			     g->name, g->per_unit ? "; belongs to one drive" : "");

	line("region", text, g->fact);
	free(text);
}

static void show_notes(const struct image_report *r)
{
	static const enum image_note_kind order[] = {
		IMAGE_WARNING, IMAGE_NOT_FOR, IMAGE_NOTE, IMAGE_UNKNOWN,
	};
	size_t i, k;

	for (k = 0; k < ARRAY_SIZE(order); k++)
		for (i = 0; i < r->nnotes; i++)
			if (r->notes[i].kind == order[k])
				line(kinds[order[k]].head, r->notes[i].text,
				     r->notes[i].fact);
}

/**
 * show_report() - what a family says of an image, for people
 * @r: the report
 */
void show_report(const struct image_report *r)
{
	size_t i;

	say("  %s: %s\n", r->family->name, r->family->title);
	line("recognised by", r->why, r->family->fact);
	for (i = 0; i < r->nfields; i++)
		line(r->fields[i].key, r->fields[i].value, r->fields[i].fact);
	for (i = 0; i < r->nchecks; i++) {
		char *text = xprintf("%s: %s", r->checks[i].good ? "ok" : "BAD",
				     r->checks[i].text);

		line(r->checks[i].key, text, r->checks[i].fact);
		free(text);
	}
	for (i = 0; i < r->nsums; i++)
		show_sum(&r->sums[i]);
	for (i = 0; i < r->nregions; i++)
		show_region(&r->regions[i]);
	show_notes(r);
	show_sources();
}

static void put_number(struct json_object *o, const char *key, long long n)
{
	json_object_object_add(o, key, json_object_new_int64(n));
}

static void put_bool(struct json_object *o, const char *key, bool on)
{
	json_object_object_add(o, key, json_object_new_boolean(on));
}

static struct json_object *with_fact(const struct image_fact *fact)
{
	struct json_object *o = json_object_new_object();

	if (fact) {
		json_put_text(o, "evidence", bfp_evidence_name(fact->evidence));
		json_put_text(o, "source", fact->source);
	}
	return o;
}

static struct json_object *fields_json(const struct image_report *r)
{
	struct json_object *all = json_object_new_object();
	size_t i;

	for (i = 0; i < r->nfields; i++) {
		struct json_object *o = with_fact(r->fields[i].fact);

		json_put_text(o, "value", r->fields[i].value);
		json_object_object_add(all, r->fields[i].key, o);
	}
	return all;
}

static struct json_object *checks_json(const struct image_report *r)
{
	struct json_object *all = json_object_new_array();
	size_t i;

	for (i = 0; i < r->nchecks; i++) {
		struct json_object *o = with_fact(r->checks[i].fact);

		json_put_text(o, "check", r->checks[i].key);
		put_bool(o, "ok", r->checks[i].good);
		json_put_text(o, "text", r->checks[i].text);
		json_object_array_add(all, o);
	}
	return all;
}

static struct json_object *sums_json(const struct image_report *r)
{
	struct json_object *all = json_object_new_array();
	size_t i;

	for (i = 0; i < r->nsums; i++) {
		const struct image_sum *s = &r->sums[i];
		struct json_object *o = with_fact(s->fact);

		json_put_text(o, "checksum", s->key);
		json_put_text(o, "how", s->how);
		put_number(o, "computed", s->computed);
		if (s->kept) {
			put_number(o, "offset", s->offset);
			put_number(o, "stored", s->stored);
			put_bool(o, "ok", s->good);
		}
		json_object_array_add(all, o);
	}
	return all;
}

static struct json_object *regions_json(const struct image_report *r)
{
	struct json_object *all = json_object_new_array();
	size_t i;

	for (i = 0; i < r->nregions; i++) {
		struct json_object *o = with_fact(r->regions[i].fact);

		json_put_text(o, "name", r->regions[i].name);
		put_number(o, "offset", r->regions[i].offset);
		put_number(o, "length", r->regions[i].length);
		put_bool(o, "per_unit", r->regions[i].per_unit);
		json_object_array_add(all, o);
	}
	return all;
}

static struct json_object *notes_json(const struct image_report *r, enum image_note_kind kind)
{
	struct json_object *all = json_object_new_array();
	size_t i;

	for (i = 0; i < r->nnotes; i++) {
		struct json_object *o;

		if (r->notes[i].kind != kind)
			continue;
		o = with_fact(r->notes[i].fact);
		json_put_text(o, "text", r->notes[i].text);
		json_object_array_add(all, o);
	}
	return all;
}

/**
 * show_report_json() - the same for scripts
 * @r: the report
 *
 * Return: an object; the caller drops it
 */
struct json_object *show_report_json(const struct image_report *r)
{
	struct json_object *o = with_fact(r->family->fact);
	unsigned int kind;

	json_put_text(o, "family", r->family->name);
	json_put_text(o, "title", r->family->title);
	json_put_text(o, "match", r->match == IMAGE_CONTENT ? "content" : "size");
	json_put_text(o, "why", r->why);
	json_put_text(o, "verdict", image_verdict_name(image_verdict(r)));
	json_object_object_add(o, "fields", fields_json(r));
	json_object_object_add(o, "checks", checks_json(r));
	json_object_object_add(o, "checksums", sums_json(r));
	json_object_object_add(o, "regions", regions_json(r));
	for (kind = 0; kind < IMAGE_NOTE_KINDS; kind++)
		json_object_object_add(o, kinds[kind].key, notes_json(r, kind));
	return o;
}
