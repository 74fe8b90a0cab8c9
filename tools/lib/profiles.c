// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "error.h"
#include "file.h"
#include "profile_text.h"
#include "profiles.h"
#include "text.h"

static char **add_dir(char **dirs, size_t *n, char *dir)
{
	dirs = xgrow(dirs, *n, sizeof(*dirs));
	dirs[(*n)++] = dir;
	return dirs;
}

/**
 * profile_dirs() - the directories with compiled profiles, in the kernel's order
 *
 * $BRIDGEFW_FIRMWARE_PATH, directories with colons between them, comes first.
 *
 * Return: names, a NULL behind the last; profile_dirs_free() drops them
 */
char **profile_dirs(void)
{
	const char *env = getenv("BRIDGEFW_FIRMWARE_PATH");
	char **dirs = NULL;
	struct utsname u;
	char param[256];
	size_t n = 0;

	while (env && *env) {
		int len = strcspn(env, ":");

		if (len)
			dirs = add_dir(dirs, &n, xprintf("%.*s/bridgefw", len, env));
		env += len + (env[len] == ':');
	}
	sysfs_read("/sys/module/firmware_class/parameters/path", param, sizeof(param));
	if (param[0])
		dirs = add_dir(dirs, &n, xprintf("%s/bridgefw", param));
	if (uname(&u))
		text_put(u.release, sizeof(u.release), "unknown");
	dirs = add_dir(dirs, &n, xprintf("/lib/firmware/updates/%s/bridgefw", u.release));
	dirs = add_dir(dirs, &n, xprintf("%s", PROFILE_LOCAL_DIR));
	dirs = add_dir(dirs, &n, xprintf("/lib/firmware/%s/bridgefw", u.release));
	dirs = add_dir(dirs, &n, xprintf("%s", PROFILE_SYSTEM_DIR));
	return add_dir(dirs, &n, NULL);
}

/**
 * profile_dirs_free() - drop what profile_dirs() gave
 * @dirs: the names
 */
void profile_dirs_free(char **dirs)
{
	size_t i;

	for (i = 0; dirs[i]; i++)
		free(dirs[i]);
	free(dirs);
}

/**
 * profile_dir_is_local() - whether a directory holds the owner's own profiles
 * @dir: one of profile_dirs()
 */
bool profile_dir_is_local(const char *dir)
{
	return !strncmp(dir, "/lib/firmware/updates/", 22);
}

/**
 * profile_name() - the name of a profile
 * @p: the profile
 */
const char *profile_name(const struct bfp *p)
{
	return bfp_string(p, bfp_header(p)->name);
}

/**
 * field_title() - what people call a field
 * @p: the profile
 * @f: the field
 */
const char *field_title(const struct bfp *p, const struct bfp_field *f)
{
	const char *title = bfp_string(p, f->title);

	return title[0] ? title : bfp_string(p, f->name);
}

/**
 * profile_name_good() - whether a string can be a profile's name
 * @name: the string; it goes into file names and into the kernel
 */
bool profile_name_good(const char *name)
{
	size_t n = strlen(name);

	return n && n < BFP_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == n;
}

/**
 * profile_open_path() - open a profile file, compiled or text
 * @f: filled in
 * @path: its name
 * @e: why not; BFW_BAD_FILE
 *
 * Return: 0, or -1
 */
int profile_open_path(struct profile_file *f, const char *path, struct bfw_error *e)
{
	struct bfp_error why = {};
	char text[512] = "";
	u8 *data;
	size_t len;

	memset(f, 0, sizeof(*f));
	text_put(f->path, sizeof(f->path), path);
	if (text_ends(path, PROFILE_BIN_END)) {
		if (file_read(path, BFP_FILE_MAX, &data, &len, e))
			return -1;
		f->data = data;
		f->len = len;
	} else {
		/* the text reader tells of a file that cannot be read itself */
		if (profile_compile_file(path, &f->data, &f->len, text, sizeof(text)))
			return bfw_fail(e, BFW_BAD_FILE, "profile", "%s", text);
	}
	if (bfp_check(&f->p, f->data, f->len, &why)) {
		free(f->data);
		return bfw_fail(e, BFW_BAD_FILE, "profile", "%s: %s", path, why.text);
	}
	return 0;
}

/**
 * profile_open() - open a profile by name, or a profile file
 * @f: filled in
 * @name: a name is looked for where the kernel looks; anything with a slash
 *        or the ending of a profile file is a file
 * @e: why not; BFW_BAD_FILE
 *
 * Return: 0, or -1
 */
int profile_open(struct profile_file *f, const char *name, struct bfw_error *e)
{
	int ret = 1;
	char **dirs;
	size_t i;

	if (strchr(name, '/') || text_ends(name, PROFILE_BIN_END) ||
	    text_ends(name, PROFILE_TEXT_END))
		return profile_open_path(f, name, e);
	dirs = profile_dirs();
	for (i = 0; dirs[i] && ret == 1; i++) {
		char *path = xprintf("%s/%s%s", dirs[i], name, PROFILE_BIN_END);

		if (!access(path, F_OK))
			ret = profile_open_path(f, path, e);
		free(path);
	}
	profile_dirs_free(dirs);
	if (ret != 1)
		return ret;
	bfw_fail(e, BFW_BAD_FILE, "no-profile", "there is no profile \"%s\"", name);
	bfw_next(e, "`bridgefwctl profile list` shows those that are there.");
	return -1;
}

static bool index_finds(const char *dir, const char *file, const struct bfp_device_id *id,
			char *name, size_t room)
{
	const struct bfp_index_entry *entry = NULL;
	char *path = xprintf("%s/%s", dir, file);
	struct bfw_error ignored = {};
	size_t len;
	u8 *data;

	if (!access(path, F_OK) && !file_read(path, BFP_FILE_MAX, &data, &len, &ignored)) {
		if (!bfp_index_check(data, len, NULL))
			entry = bfp_index_match(data, id);
		if (entry)
			text_put(name, room, entry->profile);
		free(data);
	}
	free(path);
	return entry;
}

/**
 * profile_by_ids() - which profile lists the ids of a device
 * @id: the ids
 * @name: the profile's name
 * @room: size of @name
 *
 * Return: whether there is one
 */
bool profile_by_ids(const struct bfp_device_id *id, char *name, size_t room)
{
	char **dirs = profile_dirs();
	bool found = false;
	size_t i;

	for (i = 0; dirs[i] && !found; i++)
		found = index_finds(dirs[i], PROFILE_INDEX, id, name, room) ||
			index_finds(dirs[i], PROFILE_LOCAL_INDEX, id, name, room);
	profile_dirs_free(dirs);
	return found;
}

/**
 * profile_close() - drop an open profile
 * @f: the profile
 */
void profile_close(struct profile_file *f)
{
	free(f->data);
	f->data = NULL;
}
