// SPDX-License-Identifier: GPL-2.0-or-later
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "file.h"
#include "journal.h"
#include "state.h"

#define SAME_TIME	26	/* writes that may begin in one millisecond at one port */

static const char *const state_words[] = {
	[JOURNAL_NONE] = "none",
	[JOURNAL_WRITING] = "writing",
	[JOURNAL_DONE] = "done",
	[JOURNAL_FAILED] = "failed",
	[JOURNAL_MIXED] = "mixed",
	[JOURNAL_UNKNOWN] = "unknown",
	[JOURNAL_ERASED] = "erased",
};

/**
 * journal_state_word() - how a write stands, as one word
 * @state: the state
 */
const char *journal_state_word(enum journal_state state)
{
	return state_words[state];
}

/**
 * journal_open() - whether the box may need repair
 * @j: the write
 *
 * Return: true if its memory is not known to hold the old or the new content
 */
bool journal_open(const struct journal *j)
{
	return j->state == JOURNAL_WRITING || j->state == JOURNAL_MIXED ||
	       j->state == JOURNAL_UNKNOWN || j->state == JOURNAL_ERASED;
}

/**
 * port_same() - whether two places are one
 * @bus_id_a: "1-1"
 * @path_id_a: in words that survive a reboot, "" if unknown
 * @bus_id_b: the other
 * @path_id_b: likewise
 *
 * Bus numbers are given out anew at each boot, so the other words count for more.
 */
bool port_same(const char *bus_id_a, const char *path_id_a,
	       const char *bus_id_b, const char *path_id_b)
{
	if (path_id_a[0] && path_id_b[0])
		return !strcmp(path_id_a, path_id_b);
	return !strcmp(bus_id_a, bus_id_b);
}

/**
 * boot_id_read() - which boot of the system this is
 * @out: the text, "" if unknown
 * @room: size of @out
 */
void boot_id_read(char *out, size_t room)
{
	sysfs_read("/proc/sys/kernel/random/boot_id", out, room);
}

/**
 * journal_json() - a write for scripts and for the disk
 * @j: the write
 *
 * Return: an object; the caller drops it
 */
struct json_object *journal_json(const struct journal *j)
{
	struct json_object *o = json_object_new_object();

	json_put_text(o, "id", j->id);
	json_put_text(o, "state", state_words[j->state]);
	json_put_text(o, "started", j->started);
	json_put_text(o, "ended", j->ended);
	json_put_text(o, "job", j->job);
	json_put_text(o, "bus", j->bus);
	json_put_text(o, "bus_id", j->bus_id);
	json_put_text(o, "path_id", j->path_id);
	json_put_text(o, "chip", j->chip);
	json_put_text(o, "profile", j->profile);
	json_put_text(o, "memory", j->memory);
	json_put_text(o, "ids", j->ids);
	json_put_text(o, "serial", j->serial);
	json_put_text(o, "match", j->match);
	json_object_object_add(o, "size", json_object_new_int64(j->size));
	json_put_text(o, "old_sha256", j->old_sha256);
	json_put_text(o, "new_sha256", j->new_sha256);
	json_put_text(o, "backup", j->backup);
	json_put_text(o, "image", j->image);
	json_object_object_add(o, "ids_after", json_object_new_boolean(j->ids_after));
	json_put_text(o, "reason", j->reason);
	json_put_text(o, "message", j->message);
	json_put_text(o, "boot_id", j->boot_id);
	json_object_object_add(o, "job_serial", json_object_new_int64(j->job_serial));
	return o;
}

static bool journal_parse(struct journal *j, struct json_object *o)
{
	char state[16];
	size_t i;

	memset(j, 0, sizeof(*j));
	json_text(o, "id", j->id, sizeof(j->id));
	json_text(o, "state", state, sizeof(state));
	json_text(o, "started", j->started, sizeof(j->started));
	json_text(o, "ended", j->ended, sizeof(j->ended));
	json_text(o, "job", j->job, sizeof(j->job));
	json_text(o, "bus", j->bus, sizeof(j->bus));
	json_text(o, "bus_id", j->bus_id, sizeof(j->bus_id));
	json_text(o, "path_id", j->path_id, sizeof(j->path_id));
	json_text(o, "chip", j->chip, sizeof(j->chip));
	json_text(o, "profile", j->profile, sizeof(j->profile));
	json_text(o, "memory", j->memory, sizeof(j->memory));
	json_text(o, "ids", j->ids, sizeof(j->ids));
	json_text(o, "serial", j->serial, sizeof(j->serial));
	json_text(o, "match", j->match, sizeof(j->match));
	j->size = json_number(o, "size");
	json_text(o, "old_sha256", j->old_sha256, sizeof(j->old_sha256));
	json_text(o, "new_sha256", j->new_sha256, sizeof(j->new_sha256));
	json_text(o, "backup", j->backup, sizeof(j->backup));
	json_text(o, "image", j->image, sizeof(j->image));
	j->ids_after = json_flag(o, "ids_after");
	json_text(o, "reason", j->reason, sizeof(j->reason));
	json_text(o, "message", j->message, sizeof(j->message));
	json_text(o, "boot_id", j->boot_id, sizeof(j->boot_id));
	j->job_serial = json_number(o, "job_serial");
	for (i = 1; i < ARRAY_SIZE(state_words); i++)
		if (!strcmp(state, state_words[i]))
			j->state = i;
	/* what goes into file names and into the kernel must have the right form */
	return j->state && j->id[0] && !strchr(j->id, '/') && j->profile[0] &&
	       j->bus_id[0] && !strpbrk(j->bus_id, "/ ") && !strpbrk(j->profile, "/ ") &&
	       /* "": it could not be read */
	       (!j->old_sha256[0] || text_is_sha256(j->old_sha256)) &&
	       text_is_sha256(j->new_sha256);
}

static int put(const struct journal *j, const char *sub, const char *name, bool replace,
	       struct bfw_error *e)
{
	struct json_object *o = journal_json(j);
	char *path = state_path(sub, name);
	int ret;

	state_system(o);
	ret = state_write(path, o, replace, e);
	free(path);
	json_object_put(o);
	return ret;
}

static int put_entry(const struct journal *j, bool replace, struct bfw_error *e)
{
	char *name = xprintf("%s.json", j->id);
	int ret = put(j, "journal", name, replace, e);

	free(name);
	return ret;
}

/**
 * journal_write() - bring an entry that changed to the disk
 * @j: the write
 * @e: why not
 *
 * Return: 0, or -1
 */
int journal_write(const struct journal *j, struct bfw_error *e)
{
	struct journal last;

	if (put_entry(j, true, e))
		return -1;
	/* the port may have seen another write since */
	if (journal_at(j->bus_id, j->path_id, &last) && strcmp(last.id, j->id))
		return 0;
	return put(j, "ports", j->bus_id, true, e);
}

/**
 * journal_begin() - a write is about to start; the entry is on the disk when this returns 0
 * @j: all but @id, @state, @started and @boot_id is set
 * @e: why not; BFW_NO_BACKUP
 *
 * Return: 0, or -1, and then nothing may be written
 */
int journal_begin(struct journal *j, struct bfw_error *e)
{
	char stamp[TIME_TEXT];
	int i, ret = -1;

	j->state = JOURNAL_WRITING;
	time_stamp(stamp);
	time_text(time(NULL), j->started);
	boot_id_read(j->boot_id, sizeof(j->boot_id));
	for (i = 0; ret && i < SAME_TIME; i++) {
		text_put(j->id, sizeof(j->id), stamp);
		text_add(j->id, sizeof(j->id), "-%s", j->bus_id);
		if (i)
			text_add(j->id, sizeof(j->id), "%c", 'a' + i);
		ret = put_entry(j, false, e);
		if (ret && strcmp(e->reason, "exists"))
			break;
	}
	if (!ret)
		ret = put(j, "ports", j->bus_id, true, e);
	if (ret) {
		e->code = BFW_NO_BACKUP;
		text_put(e->reason, sizeof(e->reason), "backup");
		bfw_next(e, "Nothing was written. Make room or permit writing in %s.", state_dir());
	}
	return ret;
}

/**
 * journal_end() - the end of a write was seen
 * @j: the write
 * @state: how it ended
 * @reason: why it failed, "" if it did not
 * @message: likewise
 * @e: why the entry could not be written
 *
 * Return: 0, or -1
 */
int journal_end(struct journal *j, enum journal_state state, const char *reason,
		const char *message, struct bfw_error *e)
{
	j->state = state;
	time_text(time(NULL), j->ended);
	text_put(j->reason, sizeof(j->reason), reason);
	text_put(j->message, sizeof(j->message), message);
	return journal_write(j, e);
}

/**
 * journal_settle() - the memory has been read: how does an open write stand?
 * @j: the write; its state is changed
 * @present_sha256: what the memory holds
 * @blank: nothing, as after an erase
 *
 * Return: whether the state changed
 */
bool journal_settle(struct journal *j, const char *present_sha256, bool blank)
{
	enum journal_state was = j->state;

	if (!journal_open(j))
		return false;
	if (!strcmp(present_sha256, j->new_sha256))
		j->state = JOURNAL_DONE;
	else if (!strcmp(present_sha256, j->old_sha256))
		j->state = JOURNAL_FAILED;
	else if (blank && !strcmp(j->job, "erase"))
		j->state = JOURNAL_ERASED;
	else
		j->state = JOURNAL_MIXED;
	if (j->state != was)
		time_text(time(NULL), j->ended);
	return j->state != was;
}

static int list_one(struct json_object *o, const char *name, void *arg)
{
	struct journal_list *l = arg;
	struct journal j;

	if (journal_parse(&j, o)) {
		l->v = xgrow(l->v, l->n, sizeof(*l->v));
		l->v[l->n++] = j;
	} else {
		bfw_warn("the journal entry %s is ignored and kept: it is damaged", name);
	}
	json_object_put(o);
	return 0;
}

/**
 * journal_ports() - the last write at each port
 * @l: filled in
 */
void journal_ports(struct journal_list *l)
{
	memset(l, 0, sizeof(*l));
	state_each("ports", list_one, l);
}

/**
 * journal_all() - all writes, the oldest first
 * @l: filled in
 */
void journal_all(struct journal_list *l)
{
	memset(l, 0, sizeof(*l));
	state_each("journal", list_one, l);
}

/**
 * journal_list_free() - drop a list
 * @l: the list
 */
void journal_list_free(struct journal_list *l)
{
	free(l->v);
	l->v = NULL;
	l->n = 0;
}

/**
 * journal_at() - the last write at a port
 * @bus_id: the port
 * @path_id: the same in words that survive a reboot, "" if unknown
 * @j: filled in
 *
 * Return: whether there is one
 */
bool journal_at(const char *bus_id, const char *path_id, struct journal *j)
{
	const struct journal *best = NULL;
	struct journal_list l;
	size_t i;

	journal_ports(&l);
	for (i = 0; i < l.n; i++) {
		const struct journal *k = &l.v[i];

		if (port_same(k->bus_id, k->path_id, bus_id, path_id) &&
		    (!best || strcmp(k->id, best->id) > 0))
			best = k;
	}
	if (best)
		*j = *best;
	else
		memset(j, 0, sizeof(*j));
	journal_list_free(&l);
	return best;
}
