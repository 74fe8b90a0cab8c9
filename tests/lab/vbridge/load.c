// SPDX-License-Identifier: GPL-2.0-or-later
/* Finding a profile and opening it, text or compiled. */
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load.h"
#include "profile_text.h"

/* Where lab and profiles are, if not where they are installed. */
#define GUEST_TREE	"/repo"		/* the source tree in a guest of tests/lab/vm */

/* The source tree, if the program stands in its build/lab. */
static bool own_tree(char *out, size_t room)
{
	ssize_t n = readlink("/proc/self/exe", out, room - 1);
	u32 up;

	if (n <= 0)
		return false;
	out[n] = 0;
	for (up = 0; up < 3; up++) {
		char *slash = strrchr(out, '/');

		if (!slash)
			return false;
		*slash = 0;
	}
	return true;
}

static bool is_there(char *path, size_t room, const char *dir, const char *sub,
		     const char *name, const char *end)
{
	if (snprintf(path, room, "%s%s/%s%s", dir, sub, name, end) >= (int)room)
		return false;
	return !access(path, R_OK);
}

/* Looks in @sub of the source tree, wherever that is. */
static bool in_tree(char *path, size_t room, const char *sub, const char *name)
{
	const char *top = getenv("BRIDGEFW_TOP");
	char own[PATH_MAX];

	if (top && is_there(path, room, top, sub, name, ".profile"))
		return true;
	if (own_tree(own, sizeof(own)) && is_there(path, room, own, sub, name, ".profile"))
		return true;
	return is_there(path, room, GUEST_TREE, sub, name, ".profile");
}

static bool find_chip(const char *name, char *path, size_t room)
{
	return in_tree(path, room, "/kmod/profiles", name) ||
	       in_tree(path, room, "/tests/lab/profiles", name) ||
	       is_there(path, room, "/etc/bridgefw/profiles", "", name, ".profile") ||
	       is_there(path, room, "/lib/firmware/updates/bridgefw", "", name, ".bin") ||
	       is_there(path, room, "/lib/firmware/bridgefw", "", name, ".bin");
}

/**
 * load_find_layout() - where the made-up table layout of a chip is described
 * @chip: name of the chip
 * @path: gets the path
 * @room: bytes at @path
 *
 * Return: whether there is one.
 */
bool load_find_layout(const char *chip, char *path, size_t room)
{
	char name[64];

	snprintf(name, sizeof(name), "lab-%s", chip);
	return in_tree(path, room, "/tests/lab/profiles", name);
}

static int read_file(const char *path, void **data, size_t *len, char *err, size_t room)
{
	FILE *f = fopen(path, "re");
	struct stat st;
	int ret = 0;

	*data = NULL;
	if (!f || fstat(fileno(f), &st)) {
		ret = -errno;
		snprintf(err, room, "%s: %s", path, strerror(errno));
		goto out;
	}
	*len = st.st_size;
	if (st.st_size > PROFILE_TEXT_MAX) {
		snprintf(err, room, "%s: too large for a profile", path);
		ret = -EFBIG;
		goto out;
	}
	*data = malloc(*len + 1);
	if (!*data || fread(*data, 1, *len, f) != *len) {
		snprintf(err, room, "%s: cannot be read", path);
		free(*data);
		*data = NULL;
		ret = -EIO;
	}
out:
	if (f)
		fclose(f);
	return ret;
}

/**
 * load_path() - open a profile
 * @l: to fill
 * @path: file, text or compiled
 * @err: gets what is wrong with it
 * @room: bytes at @err
 *
 * Return: 0 or an error.
 */
int load_path(struct loaded *l, const char *path, char *err, size_t room)
{
	struct bfp_error e = { .text = "" };
	void *compiled;
	size_t len;
	__le32 magic;
	int ret;

	memset(l, 0, sizeof(*l));
	ret = read_file(path, &l->data, &len, err, room);
	if (ret)
		return ret;
	snprintf(l->path, sizeof(l->path), "%s", path);
	if (len < sizeof(magic) || (memcpy(&magic, l->data, sizeof(magic)),
				    le32_to_cpu(magic) != BFP_MAGIC)) {
		ret = profile_compile_text(path, l->data, len, &compiled, &len, err, room);
		free(l->data);
		l->data = NULL;
		if (ret)
			return -EINVAL;
		l->data = compiled;
	}
	ret = bfp_check(&l->p, l->data, len, &e);
	if (ret) {
		snprintf(err, room, "%s: %s", path, e.text);
		load_free(l);
	}
	return ret;
}

/**
 * load_chip() - find a chip's profile and open it
 * @l: to fill
 * @name: of the chip
 * @err: gets what is wrong
 * @room: bytes at @err
 *
 * Looks in the source tree that the program was built in, and then where
 * profiles are installed.
 *
 * Return: 0 or an error.
 */
int load_chip(struct loaded *l, const char *name, char *err, size_t room)
{
	char path[512];

	if (strchr(name, '/') || !find_chip(name, path, sizeof(path))) {
		snprintf(err, room, "no profile is called '%s'", name);
		return -ENOENT;
	}
	return load_path(l, path, err, room);
}

/**
 * load_free() - close a profile
 * @l: the profile
 */
void load_free(struct loaded *l)
{
	free(l->data);
	l->data = NULL;
}
