// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl profile compile: from text to what the kernel loads */
#include <dirent.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "file.h"
#include "index_build.h"
#include "output.h"
#include "profiles.h"
#include "show.h"
#include "state.h"
#include "text.h"

/**
 * struct compile - one call
 * @o: options
 * @dir: where the results go
 * @install: that is where the kernel looks
 * @done: for the JSON form
 */
struct compile {
	struct options *o;
	const char *dir;
	bool install;
	struct json_object *done;
};

/* A local profile of a system profile's name would take its place. */
static int check_name(const struct compile *c, const char *name, struct bfw_error *e)
{
	char *system = xprintf("%s/%s%s", PROFILE_SYSTEM_DIR, name, PROFILE_BIN_END);
	bool taken = c->install && !access(system, F_OK);

	free(system);
	if (!taken || given(c->o, OPTION(FORCE)))
		return 0;
	bfw_fail(e, BFW_REFUSED, "exists",
		 "a profile \"%s\" came with the system, and yours would take its place", name);
	bfw_next(e, "Give yours another name. With --force it takes the place; being your own,\n"
		 "it then does not open writing.");
	return -1;
}

static int compile_one(struct compile *c, const char *file, struct bfw_error *e)
{
	struct json_object *one;
	struct profile_file f;
	char *out;
	int ret;

	if (profile_open_path(&f, file, e))
		return -1;
	out = xprintf("%s/%s%s", c->dir, profile_name(&f.p), PROFILE_BIN_END);
	ret = check_name(c, profile_name(&f.p), e);
	if (!ret && !given(c->o, OPTION(DRY_RUN)))
		ret = file_write(out, f.data, f.len, 0644, true, e);
	if (!ret) {
		say("%s: %s%s, %zu bytes\n", file,
		    given(c->o, OPTION(DRY_RUN)) ? "would become " : "", out, f.len);
		one = json_object_new_object();
		json_put_text(one, "file", file);
		json_put_text(one, "name", profile_name(&f.p));
		json_put_text(one, "output", out);
		json_object_object_add(one, "bytes", json_object_new_int64(f.len));
		json_object_array_add(c->done, one);
	}
	free(out);
	profile_close(&f);
	return ret;
}

static int is_text(const struct dirent *d)
{
	return d->d_name[0] != '.' && text_ends(d->d_name, PROFILE_TEXT_END);
}

static int compile_all(struct compile *c, struct bfw_error *e)
{
	struct dirent **names = NULL;
	int i, ret = 0, n = scandir(PROFILE_TEXT_DIR, &names, is_text, alphasort);

	if (n <= 0) {
		free(names);
		return bfw_fail(e, BFW_BAD_FILE, "no-profile", "there is no profile in %s",
				PROFILE_TEXT_DIR);
	}
	for (i = 0; i < n; i++) {
		char *path = xprintf("%s/%s", PROFILE_TEXT_DIR, names[i]->d_name);

		if (!ret)
			ret = compile_one(c, path, e);
		free(path);
		free(names[i]);
	}
	free(names);
	return ret;
}

static int is_profile(const struct dirent *d)
{
	return d->d_name[0] != '.' && text_ends(d->d_name, PROFILE_BIN_END) &&
	       strcmp(d->d_name, PROFILE_INDEX) && strcmp(d->d_name, PROFILE_LOCAL_INDEX);
}

static int write_index(const struct bfp *all, size_t n, const char *dir, struct bfw_error *e)
{
	char why[512] = "", *path;
	size_t len;
	void *data;
	int ret;

	if (index_build(all, n, &data, &len, why, sizeof(why)))
		return bfw_fail(e, BFW_BAD_FILE, "profile", "%s", why);
	path = xprintf("%s/%s", dir, PROFILE_LOCAL_INDEX);
	ret = file_write(path, data, len, 0644, true, e);
	if (!ret)
		say("%s: %zu profile%s\n", path, n, n == 1 ? "" : "s");
	free(path);
	free(data);
	return ret;
}

/* The index of all local profiles, also of those that were there before. */
static int make_index(const char *dir, struct bfw_error *e)
{
	struct profile_file *files;
	struct dirent **names = NULL;
	int i, n = scandir(dir, &names, is_profile, alphasort), ret;
	struct bfp *all;
	size_t used = 0;

	if (n < 0)
		n = 0;
	files = xalloc(n * sizeof(*files));
	all = xalloc(n * sizeof(*all));
	for (i = 0; i < n; i++) {
		char *path = xprintf("%s/%s", dir, names[i]->d_name);
		struct bfw_error why = {};

		if (profile_open_path(&files[used], path, &why))
			bfw_warn("%s; it is left out of the index", why.message);
		else
			used++;
		free(path);
		free(names[i]);
	}
	free(names);
	for (i = 0; i < (int)used; i++)
		all[i] = files[i].p;
	ret = write_index(all, used, dir, e);
	while (used)
		profile_close(&files[--used]);
	free(all);
	free(files);
	return ret;
}

static int compile(struct compile *c, struct bfw_error *e)
{
	struct options *o = c->o;
	int i;

	if (!given(o, OPTION(DRY_RUN)) && dir_make(c->dir, 0755, e))
		return -1;
	if (given(o, OPTION(ALL))) {
		if (compile_all(c, e))
			return -1;
	}
	for (i = 0; i < o->args; i++)
		if (compile_one(c, o->arg[i], e))
			return -1;
	if (!c->install || given(o, OPTION(DRY_RUN)))
		return 0;
	if (make_index(c->dir, e))
		return -1;
	say("They count for boxes that are plugged in from now on. udev loads the modules for\n"
	    "profiles of the system only: load them with `modprobe bridgefw_usb`.\n");
	return 0;
}

/**
 * cmd_profile_compile() - bridgefwctl profile compile
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_profile_compile(struct options *o, struct bfw_error *e)
{
	struct compile c = { .o = o, .install = given(o, OPTION(INSTALL)) };
	int ret;

	if (c.install && o->output)
		return bfw_fail(e, BFW_USAGE, "usage",
				"--output and --install do not go together");
	if (!o->args == !given(o, OPTION(ALL)))
		return bfw_fail(e, BFW_USAGE, "usage", "name either files or --all");
	c.dir = c.install ? PROFILE_LOCAL_DIR : o->output ? o->output : ".";
	c.done = json_object_new_array();
	ret = compile(&c, e);
	doc_add("profiles", c.done);
	return ret;
}
