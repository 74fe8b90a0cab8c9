// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl history: what was written to which bridge, when, from what to what */
#include <json-c/json.h>
#include <string.h>

#include "boxes.h"
#include "command.h"
#include "journal.h"
#include "output.h"
#include "show.h"
#include "state.h"
#include "text.h"

#define HASH_SHOWN	12	/* digits; a backup's name may be cut to fewer */

static const char *where_from(const struct journal *j, char *out, size_t room)
{
	const char *name = strrchr(j->image, '/');

	text_put(out, room, name ? name + 1 : j->image);
	return out;
}

static void add_row(struct table *t, const struct journal *j)
{
	char old[HASH_SHOWN + 1], new[HASH_SHOWN + 1], place[80] = "", from[64];

	text_put(old, sizeof(old), j->old_sha256);
	text_put(new, sizeof(new), j->new_sha256);
	text_add(place, sizeof(place), "%s:%s", j->bus, j->bus_id);
	table_add(t, (const char *[]){
		j->started, j->job, j->chip, j->memory, place, j->serial, old, new,
		journal_state_word(j->state), where_from(j, from, sizeof(from)) });
}

/* At its port, or with its serial, if that identifies it. */
static bool may_be_of(const struct journal *j, const struct bridge *b)
{
	if (port_same(j->bus_id, j->path_id, b->bus_id, b->path_id))
		return true;
	return b->serial_identifies && !strcmp(j->serial, b->serial);
}

static void history(const struct bridge *b, const char *memory)
{
	static const char *const heads[] = {
		"STARTED", "JOB", "CHIP", "MEMORY", "PORT", "SERIAL", "FROM", "TO", "RESULT",
		"CONTENT",
	};
	struct table *t = table_new(heads, ARRAY_SIZE(heads));
	struct json_object *all = json_object_new_array();
	struct journal_list l;
	size_t i, n = 0;

	journal_all(&l);
	for (i = 0; i < l.n; i++) {
		const struct journal *j = &l.v[i];

		if ((b && !may_be_of(j, b)) || (memory && strcmp(j->memory, memory)))
			continue;
		add_row(t, j);
		json_object_array_add(all, journal_json(j));
		n++;
	}
	doc_add("writes", all);
	if (n) {
		table_say(t);
		say("FROM and TO are the first digits of SHA-256; `bridgefwctl backup list` has what was\n"
		    "replaced.\n");
	} else {
		say("Nothing was written, by what is in %s.\n", state_dir());
		table_drop(t);
	}
	journal_list_free(&l);
}

/**
 * cmd_history() - bridgefwctl history
 * @o: options
 * @e: why not
 *
 * The oldest comes first. Writes through sysfs or the device files are not in it:
 * the tool keeps the journal.
 *
 * Return: 0, or -1
 */
int cmd_history(struct options *o, struct bfw_error *e)
{
	const struct bridge *b;
	struct bridge_list l;
	int ret = -1;

	if (!o->args) {
		history(NULL, o->memory);
		return 0;
	}
	if (bridge_list_read(&l, e))
		return -1;
	if (!bridge_select(&l, o->arg[0], &b, e)) {
		history(b, o->memory);
		ret = 0;
	}
	bridge_list_free(&l);
	return ret;
}
