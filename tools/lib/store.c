// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "boxes.h"
#include "error.h"
#include "file.h"
#include "state.h"
#include "store.h"

#define CONTENT_MOST	(16 * 1024 * 1024)
#define SAME_TIME	26	/* backups that may be taken in one millisecond */

/**
 * record_describe() - which box a backup is of
 * @r: filled in; id, time, hash and size come with store_keep()
 * @b: the bridge
 * @memory: name of the memory
 * @drives: behind it
 * @label: the user's words, NULL if none
 * @why: "write", "restore" or "asked"
 */
void record_describe(struct record *r, const struct bridge *b, const char *memory,
		     const struct drive_list *drives, const char *label, const char *why)
{
	memset(r, 0, sizeof(*r));
	text_put(r->memory, sizeof(r->memory), memory);
	text_put(r->chip, sizeof(r->chip), b->chip);
	text_put(r->profile, sizeof(r->profile), b->profile);
	text_put(r->bus, sizeof(r->bus), b->bus);
	text_put(r->bus_id, sizeof(r->bus_id), b->bus_id);
	text_put(r->path_id, sizeof(r->path_id), b->path_id);
	text_put(r->ids, sizeof(r->ids), b->ids);
	text_put(r->serial, sizeof(r->serial), b->serial);
	r->serial_identifies = b->serial_identifies;
	text_put(r->match, sizeof(r->match), b->match);
	if (drives->n) {
		text_put(r->drive_model, sizeof(r->drive_model), drives->v[0].model);
		text_put(r->drive_serial, sizeof(r->drive_serial), drives->v[0].serial);
	}
	text_put(r->label, sizeof(r->label), label);
	text_put(r->why, sizeof(r->why), why);
}

/**
 * record_json() - a backup for scripts and for the disk
 * @r: the record
 *
 * Return: an object; the caller drops it
 */
struct json_object *record_json(const struct record *r)
{
	struct json_object *o = json_object_new_object();
	struct json_object *drive = json_object_new_object();

	json_put_text(o, "id", r->id);
	json_put_text(o, "time", r->time);
	json_put_text(o, "sha256", r->sha256);
	json_object_object_add(o, "size", json_object_new_int64(r->size));
	json_put_text(o, "memory", r->memory);
	json_put_text(o, "chip", r->chip);
	json_put_text(o, "profile", r->profile);
	json_put_text(o, "bus", r->bus);
	json_put_text(o, "bus_id", r->bus_id);
	json_put_text(o, "path_id", r->path_id);
	json_put_text(o, "ids", r->ids);
	json_put_text(o, "serial", r->serial);
	json_object_object_add(o, "serial_identifies",
			       json_object_new_boolean(r->serial_identifies));
	json_put_text(o, "match", r->match);
	json_put_text(drive, "model", r->drive_model);
	json_put_text(drive, "serial", r->drive_serial);
	json_object_object_add(o, "drive", drive);
	json_put_text(o, "label", r->label);
	json_put_text(o, "why", r->why);
	json_object_object_add(o, "mixture", json_object_new_boolean(r->mixture));
	return o;
}

static bool record_parse(struct record *r, struct json_object *o, const char *name)
{
	struct json_object *drive;

	memset(r, 0, sizeof(*r));
	text_put(r->id, sizeof(r->id), name);
	text_clean(r->id);
	json_text(o, "time", r->time, sizeof(r->time));
	json_text(o, "sha256", r->sha256, sizeof(r->sha256));
	r->size = json_number(o, "size");
	json_text(o, "memory", r->memory, sizeof(r->memory));
	json_text(o, "chip", r->chip, sizeof(r->chip));
	json_text(o, "profile", r->profile, sizeof(r->profile));
	json_text(o, "bus", r->bus, sizeof(r->bus));
	json_text(o, "bus_id", r->bus_id, sizeof(r->bus_id));
	json_text(o, "path_id", r->path_id, sizeof(r->path_id));
	json_text(o, "ids", r->ids, sizeof(r->ids));
	json_text(o, "serial", r->serial, sizeof(r->serial));
	r->serial_identifies = json_flag(o, "serial_identifies");
	json_text(o, "match", r->match, sizeof(r->match));
	if (json_object_object_get_ex(o, "drive", &drive) &&
	    json_object_is_type(drive, json_type_object)) {
		json_text(drive, "model", r->drive_model, sizeof(r->drive_model));
		json_text(drive, "serial", r->drive_serial, sizeof(r->drive_serial));
	}
	json_text(o, "label", r->label, sizeof(r->label));
	json_text(o, "why", r->why, sizeof(r->why));
	r->mixture = json_flag(o, "mixture");
	return text_is_sha256(r->sha256) && r->size && r->memory[0];
}

static int no_backup(struct bfw_error *e)
{
	e->code = BFW_NO_BACKUP;
	text_put(e->reason, sizeof(e->reason), "backup");
	bfw_more(e, "; the backup could not be kept");
	bfw_next(e, "Nothing was written. Make room or permit writing in %s,\n"
		 "or name another place with BRIDGEFW_STATE_DIR.", state_dir());
	return -1;
}

static bool object_good(const char *path, const char *sha256)
{
	struct bfw_error ignored = {};
	char is[SHA256_TEXT];
	size_t len;
	u8 *data;

	if (file_read(path, CONTENT_MOST, &data, &len, &ignored))
		return false;
	sha256_text(data, len, is);
	free(data);
	return !strcmp(is, sha256);
}

/* Several runs of the tool may keep one content at a time. */
static int objects_lock(void)
{
	char *dir = state_path("objects", NULL);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(dir);
	/* where there are no locks, the names of the files still see to it that none is lost */
	while (fd >= 0 && flock(fd, LOCK_EX) && errno == EINTR)
		;
	return fd;
}

/* Contents are never overwritten; a damaged one gives up its name but stays. */
static int keep_object(const char *sha256, const u8 *data, u32 len, struct bfw_error *e)
{
	char *path = state_path("objects", sha256);
	int lock = objects_lock();
	int ret = 0;

	if (!access(path, F_OK) && !object_good(path, sha256)) {
		char stamp[TIME_TEXT], *aside;

		time_stamp(stamp);
		aside = xprintf("%s.damaged-%s", path, stamp);
		bfw_warn("%s is damaged and kept as %s", path, aside);
		if (rename(path, aside))
			ret = bfw_fail_errno(e, BFW_FAILURE, errno, "%s cannot be renamed", path);
		free(aside);
	}
	if (!ret && access(path, F_OK)) {
		ret = file_write(path, data, len, 0600, false, e);
		if (!ret && !object_good(path, sha256))
			ret = bfw_fail(e, BFW_FAILURE, "io", "%s does not read back", path);
	}
	if (lock >= 0)
		close(lock);
	free(path);
	return ret;
}

/* The name is the time; a second one of the same millisecond gets a letter. */
static int keep_record(struct record *r, struct bfw_error *e)
{
	char stamp[TIME_TEXT];
	int i, ret = -1;

	time_stamp(stamp);
	time_text(time(NULL), r->time);
	for (i = 0; ret && i < SAME_TIME; i++) {
		struct json_object *o;
		char *name, *path;

		text_put(r->id, sizeof(r->id), stamp);
		text_add(r->id, sizeof(r->id), "-%.8s", r->sha256);
		if (i)
			text_add(r->id, sizeof(r->id), "%c", 'a' + i);
		o = record_json(r);
		state_system(o);
		name = xprintf("%s.json", r->id);
		path = state_path("records", name);
		ret = state_write(path, o, false, e);
		free(path);
		free(name);
		json_object_put(o);
		if (ret && strcmp(e->reason, "exists"))
			break;
	}
	return ret;
}

/**
 * store_keep() - keep a content; it is on the disk when this returns 0
 * @r: described by record_describe(); id, time, hash and size are filled in
 * @data: the content
 * @len: its bytes
 * @e: why not; BFW_NO_BACKUP
 *
 * Return: 0, or -1
 */
int store_keep(struct record *r, const u8 *data, u32 len, struct bfw_error *e)
{
	sha256_text(data, len, r->sha256);
	r->size = len;
	if (state_prepare(e) || keep_object(r->sha256, data, len, e) || keep_record(r, e))
		return no_backup(e);
	return 0;
}

/**
 * store_keep_content() - keep a content without a record: an image on its way into a memory
 * @data: the content
 * @len: its bytes
 * @sha256: its hash, filled in
 * @e: why not; BFW_NO_BACKUP
 *
 * Return: 0, or -1
 */
int store_keep_content(const u8 *data, u32 len, char sha256[SHA256_TEXT], struct bfw_error *e)
{
	sha256_text(data, len, sha256);
	if (state_prepare(e) || keep_object(sha256, data, len, e))
		return no_backup(e);
	return 0;
}

static int list_one(struct json_object *o, const char *name, void *arg)
{
	struct record_list *l = arg;
	struct record r;

	if (record_parse(&r, o, name)) {
		l->v = xgrow(l->v, l->n, sizeof(*l->v));
		l->v[l->n++] = r;
	} else {
		bfw_warn("the backup record %s is ignored and kept: it is damaged", name);
	}
	json_object_put(o);
	return 0;
}

/**
 * store_list() - all backups, the newest first
 * @l: filled in
 */
void store_list(struct record_list *l)
{
	size_t i;

	memset(l, 0, sizeof(*l));
	state_each("records", list_one, l);
	/* names are times, so the directory's order is the oldest first */
	for (i = 0; i < l->n / 2; i++) {
		struct record r = l->v[i];

		l->v[i] = l->v[l->n - 1 - i];
		l->v[l->n - 1 - i] = r;
	}
}

/**
 * store_list_free() - drop a list
 * @l: the list
 */
void store_list_free(struct record_list *l)
{
	free(l->v);
	l->v = NULL;
	l->n = 0;
}

/**
 * store_find() - the backup that the user names
 * @l: all backups
 * @name: id, label, or at least six digits of the hash
 * @found: the newest one of that content
 * @e: why not
 *
 * Return: 0, or -1
 */
int store_find(const struct record_list *l, const char *name, const struct record **found,
	       struct bfw_error *e)
{
	size_t i, len = strlen(name);
	bool hash = len >= 6 && strspn(name, "0123456789abcdef") == len;

	*found = NULL;
	for (i = 0; i < l->n; i++) {
		const struct record *r = &l->v[i];

		if (!strcmp(r->id, name)) {
			*found = r;
			return 0;
		}
		if (strcmp(r->label, name) && !(hash && !strncmp(r->sha256, name, len)))
			continue;
		if (*found && strcmp((*found)->sha256, r->sha256)) {
			bfw_fail(e, BFW_USAGE, "not-unique",
				 "\"%s\" names backups of different contents: %s and %s",
				 name, (*found)->id, r->id);
			bfw_next(e, "Name one by its full id; see `bridgefwctl backup list`.");
			return -1;
		}
		if (!*found)
			*found = r;
	}
	if (*found)
		return 0;
	bfw_fail(e, BFW_BAD_FILE, "no-backup", "there is no backup \"%s\" in %s", name,
		 state_dir());
	bfw_next(e, "See `bridgefwctl backup list`.");
	return -1;
}

/**
 * store_content() - a content by its hash
 * @sha256: the hash
 * @data: the bytes; the caller frees them
 * @len: how many
 * @e: why not; BFW_BAD_FILE
 *
 * Return: 0, or -1
 */
int store_content(const char *sha256, u8 **data, u32 *len, struct bfw_error *e)
{
	char *path = state_path("objects", sha256);
	char is[SHA256_TEXT];
	size_t n;
	int ret;

	ret = file_read(path, CONTENT_MOST, data, &n, e);
	if (!ret) {
		sha256_text(*data, n, is);
		*len = n;
		if (strcmp(is, sha256)) {
			free(*data);
			*data = NULL;
			ret = bfw_fail(e, BFW_BAD_FILE, "backup-damaged",
				       "%s is damaged: it does not have the hash it is named after",
				       path);
		}
	}
	free(path);
	return ret;
}

/**
 * store_load() - the content of a backup
 * @r: the backup
 * @data: the bytes; the caller frees them
 * @len: how many
 * @e: why not; BFW_BAD_FILE
 *
 * Return: 0, or -1
 */
int store_load(const struct record *r, u8 **data, u32 *len, struct bfw_error *e)
{
	int ret = store_content(r->sha256, data, len, e);

	if (!ret && *len != r->size) {
		free(*data);
		*data = NULL;
		ret = bfw_fail(e, BFW_BAD_FILE, "backup-damaged",
			       "the backup %s tells of %u bytes, its content has %u",
			       r->id, r->size, *len);
	}
	if (ret) {
		bfw_more(e, " (backup %s)", r->id);
		bfw_next(e, "Choose another backup; see `bridgefwctl backup list`.");
	}
	return ret;
}
