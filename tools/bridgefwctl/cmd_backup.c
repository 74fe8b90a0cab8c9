// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl backup: what is kept of which boxes */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "journal.h"
#include "boxes.h"
#include "file.h"
#include "output.h"
#include "show.h"
#include "state.h"
#include "store.h"

#define READS	2

static void add_row(struct table *t, const struct record *r)
{
	char size[16], place[80];

	snprintf(size, sizeof(size), "%u", r->size);
	snprintf(place, sizeof(place), "%s:%s", r->bus, r->bus_id);
	table_add(t, (const char *[]){
		r->id, r->chip, r->memory, size, r->ids, place, r->serial, r->drive_serial,
		r->label });
}

/* Of one box: the same port, or the same identifying serial. */
static bool may_be_of(const struct record *r, const struct bridge *b, const char *memory)
{
	if (strcmp(r->profile, b->profile) || (memory && strcmp(r->memory, memory)))
		return false;
	if (port_same(r->bus_id, r->path_id, b->bus_id, b->path_id))
		return true;
	return b->serial_identifies && r->serial_identifies && !strcmp(r->serial, b->serial);
}

static void list(const struct bridge *b, const char *memory)
{
	static const char *const heads[] = {
		"BACKUP", "CHIP", "MEMORY", "BYTES", "IDS", "PORT", "SERIAL", "DRIVE", "LABEL",
	};
	struct table *t = table_new(heads, ARRAY_SIZE(heads));
	struct json_object *all = json_object_new_array();
	struct record_list l;
	size_t i, n = 0;

	store_list(&l);
	for (i = 0; i < l.n; i++) {
		const struct record *r = &l.v[i];

		if ((b && !may_be_of(r, b, memory)) ||
		    (!b && memory && strcmp(r->memory, memory)))
			continue;
		add_row(t, r);
		json_object_array_add(all, record_json(r));
		n++;
	}
	doc_add("backups", all);
	if (n) {
		table_say(t);
	} else {
		say("No backup is in %s.\n", state_dir());
		table_drop(t);
	}
	store_list_free(&l);
}

/**
 * cmd_backup_list() - bridgefwctl backup list
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_backup_list(struct options *o, struct bfw_error *e)
{
	const struct bridge *b;
	struct bridge_list l;

	if (!o->args) {
		list(NULL, o->memory);
		return 0;
	}
	if (bridge_list_read(&l, e))
		return -1;
	if (bridge_select(&l, o->arg[0], &b, e)) {
		bridge_list_free(&l);
		return -1;
	}
	list(b, o->memory);
	bridge_list_free(&l);
	return 0;
}

static void line(const char *title, const char *text)
{
	if (text[0])
		say("  %-8s %s\n", title, text);
}

static void show(const struct record *r)
{
	say("%s\n", r->id);
	line("time", r->time);
	line("chip", r->chip);
	line("memory", r->memory);
	say("  %-8s %u bytes, sha256 %s\n", "content", r->size, r->sha256);
	say("  %-8s %s:%s %s\n", "port", r->bus, r->bus_id, r->path_id);
	line("ids", r->ids);
	if (r->serial[0])
		say("  %-8s %s%s\n", "serial", r->serial,
		    r->serial_identifies ? "" : " (does not identify the box)");
	line("drive", r->drive_model);
	line("", r->drive_serial);
	line("label", r->label);
	line("taken", r->why);
	if (r->mixture)
		line("state", "what an interrupted write had left; restore does not choose it");
}

static int copy_out(const struct record *r, const struct options *o, struct bfw_error *e)
{
	bool force = given(o, OPTION(FORCE));
	u8 *data;
	u32 len;
	int ret;

	if (store_load(r, &data, &len, e))
		return -1;
	ret = file_write(o->output, data, len, 0666, force, e);
	if (ret && !strcmp(e->reason, "exists")) {
		e->code = BFW_USAGE;
		bfw_next(e, "Name another file, or replace it with --force.");
	}
	if (!ret)
		say("  %-8s %s\n", "copied", o->output);
	free(data);
	return ret;
}

/**
 * cmd_backup_show() - bridgefwctl backup show
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_backup_show(struct options *o, struct bfw_error *e)
{
	const struct record *r;
	struct record_list l;
	int ret;

	store_list(&l);
	ret = store_find(&l, o->arg[0], &r, e);
	if (!ret) {
		doc_add("backup", record_json(r));
		show(r);
		if (o->output)
			ret = copy_out(r, o, e);
	}
	store_list_free(&l);
	return ret;
}

static int create(struct access *a, const struct options *o, struct bfw_error *e)
{
	struct drive_list drives;
	struct record r;
	int ret = 0;

	if (access_read(a, o->repeat < READS ? READS : o->repeat, e))
		return -1;
	drive_list_read(&drives, &a->b);
	record_describe(&r, &a->b, a->m.name, &drives, o->label, "asked");
	drive_list_free(&drives);
	if (given(o, OPTION(DRY_RUN))) {
		say("%s: %s (%u bytes, sha256 %s) would be kept.\n", a->b.name, a->m.name,
		    a->len, a->sha256);
		doc_bool("dry_run", true);
		return 0;
	}
	ret = store_keep(&r, a->present, a->len, e);
	if (!ret) {
		doc_add("backup", record_json(&r));
		say("%s: %s (%u bytes) is kept as backup %s.\n", a->b.name, a->m.name, a->len,
		    r.id);
	}
	return ret;
}

/**
 * cmd_backup_create() - bridgefwctl backup create
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_backup_create(struct options *o, struct bfw_error *e)
{
	struct access a;
	int ret;

	if (access_open(&a, o->arg[0], o, false, e))
		return -1;
	ret = create(&a, o, e);
	access_close(&a);
	return ret;
}
