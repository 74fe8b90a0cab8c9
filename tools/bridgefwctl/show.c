// SPDX-License-Identifier: GPL-2.0-or-later
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "show.h"
#include "state.h"
#include "text.h"

/**
 * doc_add() - put a value into the JSON result
 * @key: its name
 * @value: taken over
 */
void doc_add(const char *key, struct json_object *value)
{
	json_object_object_add(output_doc(), key, value);
}

/**
 * doc_text() - put a text into the JSON result
 * @key: its name
 * @text: the text
 */
void doc_text(const char *key, const char *text)
{
	json_put_text(output_doc(), key, text);
}

/**
 * doc_number() - put a number into the JSON result
 * @key: its name
 * @n: the number
 */
void doc_number(const char *key, long long n)
{
	doc_add(key, json_object_new_int64(n));
}

/**
 * doc_bool() - put a truth value into the JSON result
 * @key: its name
 * @on: the value
 */
void doc_bool(const char *key, bool on)
{
	doc_add(key, json_object_new_boolean(on));
}

/**
 * place_of() - a bridge's place as a selector
 * @b: the bridge
 * @out: the text
 * @room: size of @out
 *
 * Return: @out
 */
const char *place_of(const struct bridge *b, char *out, size_t room)
{
	snprintf(out, room, "%s:%s", b->bus, b->bus_id);
	return out;
}

/**
 * match_text() - why a profile is used, as a sentence
 * @match: the kernel's word for it
 */
const char *match_text(const char *match)
{
	static const struct { const char *word, *text; } texts[] = {
		{ "ids", "its ids stand in the profile" },
		{ "written", "the box on this port was written, and holds what was written" },
		{ "changed",
		  "the box on this port was written, but holds something else now" },
		{ "attached", "the profile was named by hand" },
		{ "none", "nothing is known of it" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (!strcmp(match, texts[i].word))
			return texts[i].text;
	return match;
}

static struct json_object *words_json(const char *text)
{
	struct json_object *all = json_object_new_array();

	while (*text) {
		int len = strcspn(text, " ");

		if (len)
			json_object_array_add(all, json_object_new_string_len(text, len));
		text += len + (text[len] == ' ');
	}
	return all;
}

/**
 * bridge_json() - a bridge for scripts
 * @b: the bridge
 *
 * Return: an object; the caller drops it
 */
struct json_object *bridge_json(const struct bridge *b)
{
	struct json_object *o = json_object_new_object();

	json_put_text(o, "device", b->name);
	json_put_text(o, "node", b->node);
	json_put_text(o, "chip", b->chip);
	json_put_text(o, "vendor", b->vendor);
	json_put_text(o, "profile", b->profile);
	json_put_text(o, "profile_origin", b->origin);
	json_put_text(o, "match", b->match);
	json_put_text(o, "evidence", b->evidence);
	json_put_text(o, "bus", b->bus);
	json_put_text(o, "bus_id", b->bus_id);
	json_put_text(o, "path_id", b->path_id);
	json_put_text(o, "ids", b->ids);
	json_put_text(o, "serial", b->serial);
	json_object_object_add(o, "serial_identifies",
			       json_object_new_boolean(b->serial_identifies));
	json_put_text(o, "serial_why", b->serial_why);
	json_object_object_add(o, "transports", words_json(b->transports));
	json_put_text(o, "firmware_version", b->firmware_version);
	json_put_text(o, "state", b->state);
	json_put_text(o, "job", b->job);
	json_object_object_add(o, "progress", json_object_new_int(b->progress));
	json_put_text(o, "last_error", b->last_error);
	json_put_text(o, "note", b->note);
	return o;
}

/**
 * drives_json() - the drives behind a bridge, for scripts
 * @l: the drives
 *
 * Return: an array; the caller drops it
 */
struct json_object *drives_json(const struct drive_list *l)
{
	struct json_object *all = json_object_new_array();
	size_t i;

	for (i = 0; i < l->n; i++) {
		struct json_object *o = json_object_new_object();

		json_put_text(o, "name", l->v[i].name);
		json_put_text(o, "model", l->v[i].model);
		json_put_text(o, "serial", l->v[i].serial);
		json_object_object_add(o, "size", json_object_new_int64(l->v[i].size));
		json_object_array_add(all, o);
	}
	return all;
}

/**
 * advise_journal() - what to do about the last write at a port
 * @j: the write
 * @place: what the user may call the box
 * @out: the sentences; "" if there is nothing to do
 * @room: size of @out
 */
void advise_journal(const struct journal *j, const char *place, char *out, size_t room)
{
	out[0] = '\0';
	switch (j->state) {
	case JOURNAL_ERASED:
		text_add(out, room,
			 "its %s was erased on %s, and %s is to follow: `bridgefwctl flash %s FILE` writes it, `bridgefwctl restore %s` brings backup %s back",
			 j->memory, j->started, j->image, place, place, j->backup);
		return;
	case JOURNAL_MIXED:
		text_add(out, room, "its %s was left as a mixture by the %s of %s; ",
			 j->memory, j->job, j->started);
		break;
	case JOURNAL_WRITING:
	case JOURNAL_UNKNOWN:
		text_add(out, room, "how the %s of its %s of %s ended is not known; ",
			 j->job, j->memory, j->started);
		break;
	default:
		return;
	}
	text_add(out, room, "`bridgefwctl restore %s` looks, and repairs it from backup %s",
		 place, j->backup);
}
