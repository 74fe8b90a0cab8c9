// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl info: everything that is known of one bridge */
#include <dirent.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "device.h"
#include "file.h"
#include "follow.h"
#include "handover.h"
#include "image.h"
#include "info_blank.h"
#include "info_rom.h"
#include "output.h"
#include "profiles.h"
#include "reason.h"
#include "show.h"
#include "state.h"
#include "text.h"
#include "twins.h"

static void line(const char *title, const char *text)
{
	char head[64];

	snprintf(head, sizeof(head), "  %-16s ", title);
	say_line(head, text);
}

static void say_bridge(const struct bridge_list *l, const struct bridge *b)
{
	char place[80], twins[512];

	say("%s\n", b->name);
	line("chip", b->chip);
	line("vendor", b->vendor);
	if (b->profile[0])
		say("  %-16s %s (%s)\n", "profile", b->profile, b->origin);
	say("  %-16s %s: %s\n", "match", b->match, match_text(b->match));
	line("ids", b->ids);
	if (!b->serial[0])
		line("serial", "none, so the box can only be named by its place");
	else if (b->serial_identifies)
		line("serial", b->serial);
	else
		say("  %-16s %s (does not identify the box: %s)\n", "serial", b->serial,
		    b->serial_why);
	twins_hint(l, b, twins, sizeof(twins));
	line("", twins);
	line("place", place_of(b, place, sizeof(place)));
	line("", b->path_id);
	line("transports", b->transports[0] ? b->transports : "none reaches it now");
	if (strcmp(b->state, "busy"))
		line("state", b->state);
	else
		say("  %-16s busy: %s, %d %%\n", "state", b->job, b->progress);
	show_blank(b);
	line("last error", b->last_error);
	line("firmware", b->firmware_version);
	line("evidence", b->evidence);
	line("note", b->note);
}

static void memory_attr(const struct bridge *b, const char *memory, const char *name,
			struct json_object *o, char *out, size_t room)
{
	char *path = xprintf("%s/memories/%s/%s", b->syspath, memory, name);

	sysfs_read(path, out, room);
	json_put_text(o, name, out);
	free(path);
}

static const char *cut_text(const char *interrupted)
{
	if (!strcmp(interrupted, "restorable"))
		return "a write cut short can be restored";
	if (!strcmp(interrupted, "mixed"))
		return "a write cut short can leave a mixture";
	if (!strcmp(interrupted, "final"))
		return "a write cut short is final";
	return "what a write cut short leaves is not known";
}

static struct json_object *memory_one(const struct bridge *b, const char *name)
{
	char kind[32], size[16], length[16], reads[16], holds[128], interrupted[16];
	char read[16], program[16], unit[16], text[320];
	struct json_object *o = json_object_new_object();

	json_put_text(o, "name", name);
	memory_attr(b, name, "kind", o, kind, sizeof(kind));
	memory_attr(b, name, "size", o, size, sizeof(size));
	memory_attr(b, name, "length", o, length, sizeof(length));
	memory_attr(b, name, "unit", o, unit, sizeof(unit));
	memory_attr(b, name, "reads", o, reads, sizeof(reads));
	memory_attr(b, name, "holds", o, holds, sizeof(holds));
	memory_attr(b, name, "interrupted", o, interrupted, sizeof(interrupted));
	memory_attr(b, name, "read_evidence", o, read, sizeof(read));
	memory_attr(b, name, "program_evidence", o, program, sizeof(program));
	json_object_object_add(o, "size", json_object_new_int64(atoll(size)));
	json_object_object_add(o, "unit", json_object_new_int64(atoll(unit)));
	json_object_object_add(o, "reads", json_object_new_int64(atoll(reads)));
	json_object_object_add(o, "length",
			       length[0] ? json_object_new_int64(atoll(length)) : NULL);
	snprintf(text, sizeof(text), "%s, %s%s bytes: %s", kind, length[0] ? "" : "at most ",
		 length[0] ? length : size, holds);
	line(name, text);
	snprintf(text, sizeof(text),
		 "reading: %s; writing: %s; %s; read alike: %s times",
		 read, program, cut_text(interrupted), reads);
	line("", text);
	return o;
}

static int no_dots(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static void show_memories(const struct bridge *b)
{
	struct json_object *all = json_object_new_array();
	char *dir = xprintf("%s/memories", b->syspath);
	struct dirent **names = NULL;
	int i, n = scandir(dir, &names, no_dots, alphasort);

	if (n > 0)
		say("memories\n");
	for (i = 0; i < n; i++) {
		json_object_array_add(all, memory_one(b, names[i]->d_name));
		free(names[i]);
	}
	free(names);
	free(dir);
	doc_add("memories", all);
}

static void show_drives(const struct bridge *b)
{
	struct drive_list l;
	size_t i;

	drive_list_read(&l, b);
	if (l.n)
		say("drives\n");
	for (i = 0; i < l.n; i++)
		say("  %-16s %s, serial %s, %.1f GB\n", l.v[i].name,
		    l.v[i].model[0] ? l.v[i].model : "no name",
		    l.v[i].serial[0] ? l.v[i].serial : "not known", l.v[i].size / 1e9);
	doc_add("drives", drives_json(&l));
	drive_list_free(&l);
}

static void show_journal(const struct bridge *b)
{
	char place[80], text[1024];
	struct journal j;

	if (!journal_at(b->bus_id, b->path_id, &j))
		return;
	say("last write at this port\n");
	say("  %-16s %s of %s's %s, %s: %s\n", j.started, j.job, j.chip, j.memory, j.image,
	    journal_state_word(j.state));
	line("backup", j.backup);
	advise_journal(&j, place_of(b, place, sizeof(place)), text, sizeof(text));
	line("", text);
	doc_add("journal", journal_json(&j));
}

static void show_fields(const struct bfp *p, u16 operation, const u8 *data, u32 len,
			struct json_object *out)
{
	const struct bfp_field *f = bfp_fields(p);
	u32 i, n = bfp_count(p, BFP_FIELDS);

	for (i = 0; i < n; i++) {
		char value[256];

		if (le16_to_cpu(f[i].operation) != operation)
			continue;
		bfp_field_format(p, &f[i], data, len, value, sizeof(value));
		text_clean(value);
		line(field_title(p, &f[i]), value);
		json_put_text(out, bfp_string(p, f[i].name), value);
	}
}

/* What identify and version brought, if they have run. */
static void show_answers(struct device *d, const struct bridge *b)
{
	static const u8 kinds[] = { BFP_OP_IDENTIFY, BFP_OP_VERSION };
	struct json_object *all = json_object_new_object();
	struct bfw_error ignored = {};
	struct profile_file f;
	bool known;
	size_t i;

	known = !profile_open(&f, b->profile, &ignored);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct bfp_operation *op = NULL;
		struct json_object *o;
		struct bridgefw_answer a;
		char hex[3 * 32 + 8];

		if (device_answer(d, kinds[i], &a))
			continue;
		o = json_object_new_object();
		text_hex(hex, sizeof(hex), a.data, a.length);
		say("%s\n", bfp_op_name(kinds[i]));
		line("answer", hex);
		json_put_text(o, "answer", hex);
		json_object_object_add(o, "length", json_object_new_int64(a.length));
		if (known)
			op = bfp_find_operation(&f.p, kinds[i], -1);
		if (op)
			show_fields(&f.p, op - bfp_operations(&f.p), a.data, a.length, o);
		json_object_object_add(all, bfp_op_name(kinds[i]), o);
	}
	doc_add("answers", all);
	if (known)
		profile_close(&f);
	bfw_error_clear(&ignored);
}

/* Whether the profile names a way to ask; without its file the kernel has to say. */
static bool can_ask(const struct bridge *b)
{
	struct bfw_error ignored = {};
	struct profile_file f;
	bool can;

	if (profile_open(&f, b->profile, &ignored)) {
		bfw_error_clear(&ignored);
		return true;
	}
	can = bfp_find_operation(&f.p, BFP_OP_IDENTIFY, -1) ||
	      bfp_find_operation(&f.p, BFP_OP_VERSION, -1);
	profile_close(&f);
	return can;
}

static int identify(struct device *d, const struct bridge *b, const struct options *o,
		    struct bfw_error *e)
{
	struct bridgefw_status s;

	if (!can_ask(b))
		return reason_fail(e, BRIDGEFW_REASON_ABSENT, d->name, d->place);
	if (device_status(d, &s, e) ||
	    device_start(d, BRIDGEFW_JOB_IDENTIFY, 0, 0, e) ||
	    follow_job(d, s.serial, "identify", o->progress, &s, e))
		return -1;
	if (s.reason == BRIDGEFW_REASON_NONE)
		return 0;
	return reason_fail_job(e, &s, d->name, d->place);
}

/* What only an open bridge tells; others than root do without. */
static int show_device(const struct bridge *b, const struct options *o, struct bfw_error *e)
{
	struct bfw_error ignored = {};
	struct device d;
	int ret = 0;

	if (!given(o, OPTION(BOT)))
		handover_clean(b);
	else if (handover_take(b, e))
		return -1;
	if (device_open(&d, b, given(o, OPTION(IDENTIFY)), &ignored)) {
		if (!given(o, OPTION(IDENTIFY)))
			return 0;
		*e = ignored;
		return -1;
	}
	if (given(o, OPTION(IDENTIFY)))
		ret = identify(&d, b, o, e);
	if (!ret)
		show_answers(&d, b);
	device_close(&d);
	return ret;
}

/**
 * cmd_info() - bridgefwctl info
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_info(struct options *o, struct bfw_error *e)
{
	const struct bridge *b;
	struct bridge_list l;
	int ret = -1;

	if (given(o, OPTION(BOT)) && !given(o, OPTION(IDENTIFY)))
		return bfw_fail(e, BFW_USAGE, "usage", "--bot goes with --identify here");
	if (bridge_list_read(&l, e))
		return -1;
	if (!bridge_select(&l, o->arg[0], &b, e)) {
		say_bridge(&l, b);
		doc_add("bridge", bridge_json(b));
		show_rom(b);
		show_memories(b);
		show_drives(b);
		show_journal(b);
		ret = show_device(b, o, e);
	}
	bridge_list_free(&l);
	return ret;
}
