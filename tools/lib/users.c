// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel says EBUSY, but not by whom. This looks at what it shows of
 * mounts, swap, device-mapper and RAID, and at who has the device open.
 */
#include <ctype.h>
#include <dirent.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "boxes.h"
#include "file.h"
#include "text.h"
#include "users.h"

#define SPACES_MAX	64
#define NODES_MAX	256	/* disks, partitions and what is built on them */

/**
 * struct node - one block device that stands on the bridge
 * @name: "sda1", "dm-0"
 * @dev: "8:1"
 * @label: how people know it: "sda1", "dm-0 (vg-root)"
 */
struct node {
	char name[64];
	char dev[24];
	char label[160];
};

struct nodes {
	struct node v[NODES_MAX];
	size_t n;
};

static void tell(struct users *u, char *text)
{
	size_t i;

	for (i = 0; i < u->n; i++) {
		if (!strcmp(u->text[i], text)) {
			free(text);
			return;
		}
	}
	u->text = xgrow(u->text, u->n, sizeof(*u->text));
	u->text[u->n++] = text;
}

static bool node_add(struct users *u, struct nodes *all, const char *name)
{
	char *path, title[96];
	struct node *node;
	size_t i;

	for (i = 0; i < all->n; i++)
		if (!strcmp(all->v[i].name, name))
			return false;
	if (all->n == NODES_MAX)
		return false;
	node = &all->v[all->n++];
	text_put(node->name, sizeof(node->name), name);
	path = xprintf("%s/class/block/%s/dev", u->sysfs, name);
	sysfs_read(path, node->dev, sizeof(node->dev));
	free(path);
	path = xprintf("%s/class/block/%s/dm/name", u->sysfs, name);
	sysfs_read(path, title, sizeof(title));
	free(path);
	text_put(node->label, sizeof(node->label), "/dev/");
	text_add(node->label, sizeof(node->label), "%s", name);
	if (title[0])
		text_add(node->label, sizeof(node->label), " (%s)", title);
	return true;
}

/* Partitions and holders of the node at @at; the list grows while it is walked. */
static void node_expand(struct users *u, struct nodes *all, size_t at)
{
	char name[64];
	struct dirent *d;
	char *path;
	DIR *dir;

	text_put(name, sizeof(name), all->v[at].name);
	path = xprintf("%s/class/block/%s", u->sysfs, name);
	dir = opendir(path);
	free(path);
	while (dir && (d = readdir(dir))) {
		char *part = xprintf("%s/class/block/%s/%s/partition", u->sysfs, name, d->d_name);

		if (!access(part, F_OK))
			node_add(u, all, d->d_name);
		free(part);
	}
	if (dir)
		closedir(dir);

	path = xprintf("%s/class/block/%s/holders", u->sysfs, name);
	dir = opendir(path);
	free(path);
	while (dir && (d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		if (node_add(u, all, d->d_name))
			tell(u, xprintf("/dev/%s is part of %s", name, all->v[all->n - 1].label));
	}
	if (dir)
		closedir(dir);
}

static const struct node *node_by_dev(const struct nodes *all, const char *dev)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->v[i].dev[0] && !strcmp(all->v[i].dev, dev))
			return &all->v[i];
	return NULL;
}

/* By the name that /proc shows, for file systems with a device number of their own. */
static const struct node *node_by_path(const struct nodes *all, const char *path)
{
	struct stat st;
	char dev[24];

	if (path[0] != '/' || stat(path, &st) || !S_ISBLK(st.st_mode))
		return NULL;
	snprintf(dev, sizeof(dev), "%u:%u", major(st.st_rdev), minor(st.st_rdev));
	return node_by_dev(all, dev);
}

/* mountinfo writes a blank in a name as \040 and so on. */
static void unescape(char *s)
{
	char *out = s;

	while (*s) {
		if (s[0] == '\\' && isdigit(s[1]) && isdigit(s[2]) && isdigit(s[3])) {
			*out++ = (s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0');
			s += 4;
		} else {
			*out++ = *s++;
		}
	}
	*out = '\0';
}

/* Mounts as @path shows them; @whose says in whose name space they are. */
static void find_mounts(struct users *u, const struct nodes *all, const char *path,
			const char *whose)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;

	while (f && getline(&line, &room, f) > 0) {
		char dev[24], target[4096], source[4096];
		const struct node *node;
		const char *tail = strstr(line, " - ");

		/* ID PARENT MAJ:MIN ROOT TARGET OPTIONS … - TYPE SOURCE SUPEROPTIONS */
		if (sscanf(line, "%*s %*s %23s %*s %4095s", dev, target) != 2)
			continue;
		node = node_by_dev(all, dev);
		if (!node && tail && sscanf(tail, " - %*s %4095s", source) == 1) {
			unescape(source);
			node = node_by_path(all, source);
		}
		if (!node)
			continue;
		unescape(target);
		text_clean(target);
		tell(u, xprintf("%s is mounted on %s%s", node->label, target, whose));
	}
	free(line);
	if (f)
		fclose(f);
}

static void find_swap(struct users *u, const struct nodes *all)
{
	char *path = xprintf("%s/swaps", u->procfs);
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;

	free(path);
	while (f && getline(&line, &room, f) > 0) {
		char name[4096];
		const struct node *node;

		if (sscanf(line, "%4095s", name) != 1)
			continue;
		unescape(name);
		node = node_by_path(all, name);
		if (node)
			tell(u, xprintf("%s is used as swap", node->label));
	}
	free(line);
	if (f)
		fclose(f);
}

/* Which of the devices the process has open. */
static void find_open(struct users *u, const struct nodes *all, const char *pid,
		      const char *comm)
{
	char *path = xprintf("%s/%s/fd", u->procfs, pid);
	DIR *dir = opendir(path);
	struct dirent *d;

	while (dir && (d = readdir(dir))) {
		const struct node *node;
		char *fd;

		if (d->d_name[0] == '.')
			continue;
		fd = xprintf("%s/%s", path, d->d_name);
		node = node_by_path(all, fd);
		free(fd);
		if (node)
			tell(u, xprintf("%s is open in process %s (%s)", node->label, pid, comm));
	}
	if (dir)
		closedir(dir);
	free(path);
}

/* Name spaces of mounts that have been looked at. */
struct spaces {
	char name[SPACES_MAX][64];
	size_t n;
};

static bool space_new(struct spaces *seen, const char *name)
{
	size_t i;

	for (i = 0; i < seen->n; i++)
		if (!strcmp(seen->name[i], name))
			return false;
	if (seen->n < SPACES_MAX)
		text_put(seen->name[seen->n++], sizeof(seen->name[0]), name);
	return true;
}

/* Mounts that only a container or another session sees. */
static void find_other_mounts(struct users *u, const struct nodes *all, const char *pid,
			      const char *comm, struct spaces *seen)
{
	char *path = xprintf("%s/%s/ns/mnt", u->procfs, pid);
	char ns[64] = "";
	char *whose;

	if (readlink(path, ns, sizeof(ns) - 1) > 0 && space_new(seen, ns)) {
		free(path);
		path = xprintf("%s/%s/mountinfo", u->procfs, pid);
		whose = xprintf(", as process %s (%s) sees it", pid, comm);
		find_mounts(u, all, path, whose);
		free(whose);
	}
	free(path);
}

static void find_processes(struct users *u, const struct nodes *all)
{
	struct spaces *seen = xalloc(sizeof(*seen));
	DIR *dir = opendir(u->procfs);
	char own[64] = "";
	struct dirent *d;
	char *path;

	path = xprintf("%s/self/ns/mnt", u->procfs);
	if (readlink(path, own, sizeof(own) - 1) > 0)
		space_new(seen, own);
	free(path);
	while (dir && (d = readdir(dir))) {
		char comm[32];

		if (!isdigit(d->d_name[0]))
			continue;
		path = xprintf("%s/%s/comm", u->procfs, d->d_name);
		sysfs_read(path, comm, sizeof(comm));
		free(path);
		find_open(u, all, d->d_name, comm);
		find_other_mounts(u, all, d->d_name, comm, seen);
	}
	if (dir)
		closedir(dir);
	free(seen);
}

/**
 * users_find() - who uses some drives
 * @u: filled in; @procfs and @sysfs may be set before
 * @drives: the drives
 */
void users_find(struct users *u, const struct drive_list *drives)
{
	struct nodes *all = xalloc(sizeof(*all));
	char *mounts;
	size_t i;

	if (!u->procfs)
		u->procfs = "/proc";
	if (!u->sysfs)
		u->sysfs = "/sys";
	for (i = 0; i < drives->n; i++)
		node_add(u, all, drives->v[i].name);
	for (i = 0; i < all->n; i++)
		node_expand(u, all, i);
	mounts = xprintf("%s/self/mountinfo", u->procfs);
	find_mounts(u, all, mounts, "");
	free(mounts);
	find_swap(u, all);
	find_processes(u, all);
	free(all);
}

/**
 * users_free() - drop what was found
 * @u: the users
 */
void users_free(struct users *u)
{
	while (u->n)
		free(u->text[--u->n]);
	free(u->text);
	u->text = NULL;
}

/**
 * users_json() - the same for scripts
 * @u: the users
 *
 * Return: an array; the caller drops it
 */
struct json_object *users_json(const struct users *u)
{
	struct json_object *all = json_object_new_array();
	size_t i;

	for (i = 0; i < u->n; i++)
		json_object_array_add(all, json_object_new_string(u->text[i]));
	return all;
}
