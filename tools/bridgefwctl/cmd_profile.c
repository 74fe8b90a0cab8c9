// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl profile list and check: which chips are known, and whether a file is right */
#include <dirent.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "output.h"
#include "profiles.h"
#include "show.h"
#include "state.h"
#include "text.h"

/**
 * struct known - one compiled profile that the kernel could load
 * @name: of the file, without its ending
 * @path: the file
 * @local: one of the owner's own
 * @hidden: another directory, which the kernel looks into first, has that name, too
 */
struct known {
	char name[64];
	char path[512];
	bool local;
	bool hidden;
};

struct known_list {
	struct known *v;
	size_t n;
};

static int is_profile(const struct dirent *d)
{
	return d->d_name[0] != '.' && text_ends(d->d_name, PROFILE_BIN_END) &&
	       strcmp(d->d_name, PROFILE_INDEX) && strcmp(d->d_name, PROFILE_LOCAL_INDEX);
}

static void known_add(struct known_list *l, const char *dir, const char *file)
{
	struct known *k;
	size_t i;

	l->v = xgrow(l->v, l->n, sizeof(*l->v));
	k = &l->v[l->n++];
	text_put(k->name, sizeof(k->name), file);
	k->name[strlen(k->name) - strlen(PROFILE_BIN_END)] = '\0';
	text_add(k->path, sizeof(k->path), "%s/%s", dir, file);
	k->local = profile_dir_is_local(dir);
	for (i = 0; i + 1 < l->n; i++)
		if (!strcmp(l->v[i].name, k->name))
			k->hidden = true;
}

static void known_read(struct known_list *l)
{
	char **dirs = profile_dirs();
	size_t i;

	memset(l, 0, sizeof(*l));
	for (i = 0; dirs[i]; i++) {
		struct dirent **names = NULL;
		int k, n = scandir(dirs[i], &names, is_profile, alphasort);

		for (k = 0; k < n; k++) {
			if (strlen(names[k]->d_name) < sizeof(l->v->name))
				known_add(l, dirs[i], names[k]->d_name);
			free(names[k]);
		}
		free(names);
	}
	profile_dirs_free(dirs);
}

/**
 * profile_names_print() - names for a shell's completion
 */
void profile_names_print(void)
{
	struct known_list l;
	size_t i;

	known_read(&l);
	for (i = 0; i < l.n; i++)
		if (!l.v[i].hidden)
			puts(l.v[i].name);
	free(l.v);
}

/* "eeprom (documented)", for each memory that has the operation. */
static void tell_ops(const struct bfp *p, enum bfp_op_kind kind, char *out, size_t room)
{
	const struct bfp_memory *m = bfp_memories(p);
	u32 i, n = bfp_count(p, BFP_MEMORIES);

	out[0] = '\0';
	for (i = 0; i < n; i++) {
		const struct bfp_operation *op = bfp_find_operation(p, kind, i);

		if (op)
			text_add(out, room, "%s%s (%s)", out[0] ? ", " : "",
				 bfp_string(p, m[i].name), bfp_evidence_name(op->evidence));
	}
}

static void list_one(const struct known *k, struct table *t, struct json_object *all)
{
	struct json_object *o = json_object_new_object();
	char reads[256], writes[256];
	struct bfw_error e = {};
	struct profile_file f;

	json_put_text(o, "name", k->name);
	json_put_text(o, "path", k->path);
	json_put_text(o, "origin", k->local ? "local" : "system");
	json_object_object_add(o, "hidden", json_object_new_boolean(k->hidden));
	json_object_array_add(all, o);
	if (profile_open_path(&f, k->path, &e)) {
		bfw_warn("%s", e.message);
		json_put_text(o, "error", e.message);
		bfw_error_clear(&e);
		return;
	}
	tell_ops(&f.p, BFP_OP_READ, reads, sizeof(reads));
	tell_ops(&f.p, BFP_OP_PROGRAM, writes, sizeof(writes));
	table_add(t, (const char *[]){
		k->name, bfp_string(&f.p, bfp_header(&f.p)->title),
		k->hidden ? "hidden" : k->local ? "local" : "system", reads, writes });
	json_put_text(o, "title", bfp_string(&f.p, bfp_header(&f.p)->title));
	json_put_text(o, "vendor", bfp_string(&f.p, bfp_header(&f.p)->vendor));
	json_put_text(o, "reads", reads);
	json_put_text(o, "writes", writes);
	profile_close(&f);
}

static int is_text(const struct dirent *d)
{
	return d->d_name[0] != '.' && text_ends(d->d_name, PROFILE_TEXT_END);
}

/* Does the kernel have what the owner's text says? */
static void list_text(const char *file)
{
	char *path = xprintf("%s/%s", PROFILE_TEXT_DIR, file), *bin;
	struct profile_file text, installed;
	struct bfw_error e = {};

	if (profile_open_path(&text, path, &e)) {
		say("%s\n", e.message);
		free(path);
		return;
	}
	bin = xprintf("%s/%s%s", PROFILE_LOCAL_DIR, profile_name(&text.p), PROFILE_BIN_END);
	if (profile_open_path(&installed, bin, &e)) {
		say("%s is not installed: `bridgefwctl profile compile --install %s`\n", path,
		    path);
	} else {
		if (text.len != installed.len || memcmp(text.data, installed.data, text.len))
			say("%s changed: `bridgefwctl profile compile --install %s`\n",
			    path, path);
		profile_close(&installed);
	}
	profile_close(&text);
	free(bin);
	free(path);
}

/**
 * cmd_profile_list() - bridgefwctl profile list
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_profile_list(struct options *o, struct bfw_error *e)
{
	static const char *const heads[] = { "NAME", "CHIP", "ORIGIN", "READS", "WRITES" };
	struct table *t = table_new(heads, ARRAY_SIZE(heads));
	struct json_object *all = json_object_new_array();
	struct dirent **names = NULL;
	struct known_list l;
	size_t k;
	int i, n;

	(void)o;
	(void)e;
	known_read(&l);
	for (k = 0; k < l.n; k++)
		list_one(&l.v[k], t, all);
	doc_add("profiles", all);
	if (l.n) {
		table_say(t);
	} else {
		say("No profile is installed.\n");
		table_drop(t);
	}
	free(l.v);
	n = scandir(PROFILE_TEXT_DIR, &names, is_text, alphasort);
	for (i = 0; i < n; i++) {
		list_text(names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return 0;
}

/* A second mistake: from here on they are printed as they are found. */
static void tell_mistake(struct bfw_error *first, const struct bfw_error *why)
{
	if (!output_is_json()) {
		if (first->message[0])
			fprintf(stderr, "%s\n", first->message);
		fprintf(stderr, "%s\n", why->message);
	}
	first->message[0] = '\0';
}

/**
 * cmd_profile_check() - bridgefwctl profile check
 * @o: options
 * @e: why not; BFW_BAD_FILE
 *
 * Return: 0, or -1
 */
int cmd_profile_check(struct options *o, struct bfw_error *e)
{
	struct json_object *all = json_object_new_array();
	int i, bad = 0;

	for (i = 0; i < o->args; i++) {
		struct json_object *one = json_object_new_object();
		struct bfw_error why = {};
		struct profile_file f;

		json_put_text(one, "file", o->arg[i]);
		if (profile_open_path(&f, o->arg[i], &why)) {
			json_put_text(one, "error", why.message);
			if (bad++ == 0)
				*e = why;
			else
				tell_mistake(e, &why);
		} else {
			json_put_text(one, "name", profile_name(&f.p));
			say("%s: %s, %s: no mistake found\n", o->arg[i], profile_name(&f.p),
			    bfp_string(&f.p, bfp_header(&f.p)->title));
			profile_close(&f);
		}
		json_object_array_add(all, one);
	}
	doc_add("profiles", all);
	if (bad > 1)
		bfw_fail(e, BFW_BAD_FILE, "profile", "%d of %d profiles have mistakes", bad,
			 o->args);
	return bad ? -1 : 0;
}
