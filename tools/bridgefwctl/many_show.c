// SPDX-License-Identifier: GPL-2.0-or-later
/* What becomes of many boxes: lines while they are worked on, and a row for each. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "many.h"
#include "output.h"
#include "show.h"
#include "state.h"

#define LINE_MOST	79	/* a line that wraps cannot be drawn anew */

static void erase_drawn(struct many *m)
{
	if (m->drawn)
		fprintf(stderr, "\033[%zuA\r\033[J", m->drawn);
	m->drawn = 0;
}

static void draw_line(const struct many *m, const struct many_box *box)
{
	char text[256], place[80];

	snprintf(text, sizeof(text), "%-11s %-10s ", box->b.name,
		 place_of(&box->b, place, sizeof(place)));
	if (box->shown[0])
		text_add(text, sizeof(text), "%s", box->shown);
	else
		text_add(text, sizeof(text), "%s: %.0f s", m->doing, seconds_now() - box->began);
	fprintf(stderr, "%.*s\n", LINE_MOST, text);
}

/**
 * many_draw() - a line for each box that is worked on, if that is a terminal
 * @m: all boxes
 * @again: draw them; otherwise only those that are there are taken away
 */
void many_draw(struct many *m, bool again)
{
	size_t i;

	if (m->mode != PROGRESS_BAR)
		return;
	erase_drawn(m);
	for (i = 0; again && i < m->n; i++) {
		if (m->v[i].state != MANY_RUNS)
			continue;
		draw_line(m, &m->v[i]);
		m->drawn++;
	}
	fflush(stderr);
}

/* Good is what was wanted, and what was so already. */
static bool good(const struct many_box *box)
{
	return box->code == BFW_OK || box->code == BFW_NOTHING_TO_DO;
}

/**
 * many_tell_end() - a line that stays, for a box that is through
 * @m: all boxes
 * @box: the one
 */
void many_tell_end(struct many *m, struct many_box *box)
{
	char place[80];

	if (m->mode == PROGRESS_NONE)
		return;
	erase_drawn(m);
	fprintf(stderr, "%-11s %-10s %s%s (%.1f s)\n", box->b.name,
		place_of(&box->b, place, sizeof(place)), good(box) ? "" : "FAILED: ", box->result,
		box->seconds);
	fflush(stderr);
}

static void member(const struct many_box *box, const char *key, char *out, size_t room)
{
	out[0] = '\0';
	if (box->doc)
		json_text(box->doc, key, out, room);
}

/* What came out of it: the file of a dump, the backup that a write left. */
static void left_behind(const struct many_box *box, char *out, size_t room)
{
	member(box, "file", out, room);
	if (!out[0])
		member(box, "backup", out, room);
}

/**
 * many_table() - a row for each box, for people
 * @m: all boxes, through
 */
void many_table(const struct many *m)
{
	static const char *const heads[] = {
		"DEVICE", "PORT", "SERIAL", "RESULT", "SHA256", "FILE OR BACKUP",
	};
	struct table *t = table_new(heads, ARRAY_SIZE(heads));
	size_t i;

	for (i = 0; i < m->n; i++) {
		const struct many_box *box = &m->v[i];
		char place[80], sha256[SHA256_TEXT], left[512];

		member(box, "sha256", sha256, sizeof(sha256));
		sha256[8] = '\0';
		left_behind(box, left, sizeof(left));
		table_add(t, (const char *[]){
			box->b.name, place_of(&box->b, place, sizeof(place)), box->b.serial,
			box->result, sha256, left });
	}
	table_say(t);
	for (i = 0; i < m->n; i++)
		if (!good(&m->v[i]))
			say_line("", m->v[i].message);
}

/* As RFC 4180 has it: all in quotes, and quotes twice. */
static void csv_cell(const char *text, const char *after)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text == '\n' ? ' ' : *text);
	}
	printf("\"%s", after);
}

static void csv(const struct many *m)
{
	static const char *const members[] = {
		"memory", "sha256", "previous_sha256", "file", "backup", "journal",
	};
	size_t i, k;

	printf("device,bus,bus_id,chip,serial,exit_status,result,seconds");
	for (k = 0; k < ARRAY_SIZE(members); k++)
		printf(",%s", members[k]);
	printf(",message\r\n");
	for (i = 0; i < m->n; i++) {
		const struct many_box *box = &m->v[i];
		char text[512];

		csv_cell(box->b.name, ",");
		csv_cell(box->b.bus, ",");
		csv_cell(box->b.bus_id, ",");
		csv_cell(box->b.chip, ",");
		csv_cell(box->b.serial, ",");
		printf("%d,", box->code);
		csv_cell(box->result, ",");
		printf("%.1f,", box->seconds);
		for (k = 0; k < ARRAY_SIZE(members); k++) {
			member(box, members[k], text, sizeof(text));
			csv_cell(text, ",");
		}
		csv_cell(box->message, "\r\n");
	}
}

static void json(const struct many *m)
{
	struct json_object *boxes = json_object_new_array();
	size_t i;

	for (i = 0; i < m->n; i++) {
		const struct many_box *box = &m->v[i];
		struct json_object *o = json_object_new_object();

		json_put_text(o, "device", box->b.name);
		json_put_text(o, "bus", box->b.bus);
		json_put_text(o, "bus_id", box->b.bus_id);
		json_put_text(o, "chip", box->b.chip);
		json_put_text(o, "serial", box->b.serial);
		json_object_object_add(o, "exit_status", json_object_new_int(box->code));
		json_put_text(o, "result", box->result);
		json_object_object_add(o, "seconds", json_object_new_double(box->seconds));
		json_put_text(o, "message", box->message);
		json_object_object_add(o, "outcome", json_object_get(box->doc));
		json_object_array_add(boxes, o);
	}
	doc_text("chip", m->o->chip);
	doc_add("boxes", boxes);
}

/**
 * many_rows() - a row for each box, as it was asked for
 * @m: all boxes, through
 */
void many_rows(struct many *m)
{
	if (output_is_json())
		json(m);
	else if (given(m->o, OPTION(CSV)))
		csv(m);
	else
		many_table(m);
	if (given(m->o, OPTION(DRY_RUN)) && !given(m->o, OPTION(CSV)))
		say("Nothing was written: this was a dry run.\n");
}

/* What one exit status can tell of several: what is worst for a box comes first. */
static int status_of(const struct many *m)
{
	static const int worst[] = { BFW_MIXED, BFW_GONE };
	int code = BFW_OK;
	size_t i, k;

	for (k = 0; k < ARRAY_SIZE(worst); k++)
		for (i = 0; i < m->n; i++)
			if (m->v[i].code == worst[k])
				return worst[k];
	for (i = 0; i < m->n; i++) {
		if (good(&m->v[i]))
			continue;
		if (code && code != m->v[i].code)
			return BFW_FAILURE;
		code = m->v[i].code;
	}
	return code;
}

/**
 * many_outcome() - what all of it comes to
 * @m: all boxes, through
 * @e: how many failed
 *
 * Return: 0 if none did, or -1
 */
int many_outcome(const struct many *m, struct bfw_error *e)
{
	size_t i, failed = 0, undone = 0;

	for (i = 0; i < m->n; i++) {
		failed += !good(&m->v[i]);
		undone += !strcmp(m->v[i].result, "interrupted");
	}
	doc_number("failed", failed);
	if (!failed)
		return 0;
	bfw_fail(e, status_of(m), m->stops ? "interrupted" : "some-failed",
		 "%zu of %zu boxes failed", failed, m->n);
	if (undone)
		bfw_more(e, ", %zu of them because it was interrupted", undone);
	bfw_next(e, "What was done to the others stays done. See `bridgefwctl list`.");
	return -1;
}
