// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state directory:
 *   objects/SHA256       contents of memories
 *   records/ID.json      one a backup: of which box, when, why
 *   journal/ID.json      one a write
 *   ports/BUSID          the last write at a port; udev looks for this name
 */
#include <dirent.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "error.h"
#include "file.h"
#include "state.h"
#include "text.h"

#define FILE_MOST	(64 * 1024)

static const char *version = "unknown";

/**
 * state_dir() - where the state directory is
 *
 * Return: $BRIDGEFW_STATE_DIR if set, STATE_DIR otherwise
 */
const char *state_dir(void)
{
	const char *dir = getenv("BRIDGEFW_STATE_DIR");

	return dir && dir[0] ? dir : STATE_DIR;
}

/**
 * state_path() - the name of something in there
 * @sub: sub-directory
 * @name: file; NULL: the sub-directory itself
 *
 * Return: a string; the caller frees it
 */
char *state_path(const char *sub, const char *name)
{
	if (!name)
		return xprintf("%s/%s", state_dir(), sub);
	return xprintf("%s/%s/%s", state_dir(), sub, name);
}

/**
 * state_prepare() - make the directories
 * @e: why not
 *
 * Everybody may see which boxes were written; what was in them is root's.
 *
 * Return: 0, or -1
 */
int state_prepare(struct bfw_error *e)
{
	static const struct { const char *sub; mode_t mode; } dirs[] = {
		{ "objects", 0700 }, { "records", 0755 }, { "journal", 0755 }, { "ports", 0755 },
	};
	size_t i;

	if (dir_make(state_dir(), 0755, e))
		return -1;
	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		char *path = state_path(dirs[i].sub, NULL);
		int ret = dir_make(path, dirs[i].mode, e);

		free(path);
		if (ret)
			return -1;
	}
	return 0;
}

/**
 * state_read() - a JSON file
 * @path: its name
 *
 * A file that cannot be understood is left where it is and warned of.
 *
 * Return: the object, which the caller drops; NULL if there is none
 */
struct json_object *state_read(const char *path)
{
	struct bfw_error e = {};
	struct json_object *o;
	size_t len;
	u8 *data;

	if (access(path, F_OK))
		return NULL;
	if (file_read(path, FILE_MOST, &data, &len, &e)) {
		if (e.code != BFW_PERMISSION)
			bfw_warn("%s is ignored: %s", path, e.message);
		return NULL;
	}
	o = strlen((char *)data) == len ? json_tokener_parse((char *)data) : NULL;
	free(data);
	if (o && json_object_is_type(o, json_type_object) &&
	    json_number(o, "format") == STATE_FORMAT)
		return o;
	bfw_warn("%s is ignored and kept: it is damaged or of another version", path);
	json_object_put(o);
	return NULL;
}

/**
 * state_write() - put a JSON file on the disk
 * @path: its name
 * @o: what goes in
 * @replace: whether one of that name may go
 * @e: why not
 *
 * Return: 0, or -1
 */
int state_write(const char *path, struct json_object *o, bool replace, struct bfw_error *e)
{
	char *text = xprintf("%s\n", json_object_to_json_string_ext(o,
				     JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	int ret = file_write(path, text, strlen(text), 0644, replace, e);

	free(text);
	return ret;
}

/* What is being written has a name that begins with a dot. */
static int is_entry(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static void cut_ending(char *name)
{
	size_t n = strlen(name);

	if (n > 5 && !strcmp(name + n - 5, ".json"))
		name[n - 5] = '\0';
}

/**
 * state_each() - call a function for each file of a sub-directory, in order of name
 * @sub: the sub-directory
 * @each: gets the object (takes it over) and the name without ".json"; a
 *        return that is not 0 ends it
 * @arg: for @each
 *
 * Return: what @each returned last
 */
int state_each(const char *sub, int (*each)(struct json_object *o, const char *name, void *arg),
	       void *arg)
{
	char *dir = state_path(sub, NULL);
	struct dirent **names = NULL;
	int n = scandir(dir, &names, is_entry, alphasort);
	int i, ret = 0;

	free(dir);
	for (i = 0; i < n; i++) {
		char *path = state_path(sub, names[i]->d_name);
		struct json_object *o = ret ? NULL : state_read(path);

		if (o) {
			cut_ending(names[i]->d_name);
			ret = each(o, names[i]->d_name, arg);
		}
		free(path);
		free(names[i]);
	}
	free(names);
	return ret;
}

/**
 * state_names() - which version of the tool to put into files
 * @tool_version: a string that stays
 */
void state_names(const char *tool_version)
{
	version = tool_version;
}

/**
 * state_system() - put format, tool and kernel into an object
 * @o: the object
 */
void state_system(struct json_object *o)
{
	struct utsname u;

	json_object_object_add(o, "format", json_object_new_int(STATE_FORMAT));
	json_put_text(o, "tool", version);
	if (!uname(&u))
		json_put_text(o, "kernel", u.release);
}

/**
 * json_text() - a member as text
 * @o: the object
 * @key: the member's name
 * @out: the text, safe to show; "" if there is none
 * @room: size of @out
 */
void json_text(struct json_object *o, const char *key, char *out, size_t room)
{
	struct json_object *m;

	out[0] = '\0';
	if (json_object_object_get_ex(o, key, &m) && json_object_is_type(m, json_type_string))
		text_put(out, room, json_object_get_string(m));
	text_clean(out);
}

/**
 * json_flag() - a member as truth value
 * @o: the object
 * @key: the member's name
 *
 * Return: false if there is none
 */
bool json_flag(struct json_object *o, const char *key)
{
	struct json_object *m;

	return json_object_object_get_ex(o, key, &m) &&
	       json_object_is_type(m, json_type_boolean) && json_object_get_boolean(m);
}

/**
 * json_number() - a member as number
 * @o: the object
 * @key: the member's name
 *
 * Return: 0 if there is none
 */
long long json_number(struct json_object *o, const char *key)
{
	struct json_object *m;

	if (json_object_object_get_ex(o, key, &m) && json_object_is_type(m, json_type_int))
		return json_object_get_int64(m);
	return 0;
}

/**
 * json_put_text() - set a member to a text
 * @o: the object
 * @key: the member's name
 * @text: the text
 */
void json_put_text(struct json_object *o, const char *key, const char *text)
{
	json_object_object_add(o, key, json_object_new_string(text));
}
