/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses the drives behind a bridge. */
#ifndef BRIDGEFW_LIB_USERS_H
#define BRIDGEFW_LIB_USERS_H

#include <stddef.h>

struct json_object;
struct drive_list;

/**
 * struct users - what uses a set of block devices
 * @text: sentences, one a user
 * @n: how many
 * @procfs: "/proc", another place for tests
 * @sysfs: "/sys", likewise
 */
struct users {
	char **text;
	size_t n;
	const char *procfs;
	const char *sysfs;
};

void users_find(struct users *u, const struct drive_list *drives);
void users_free(struct users *u);
struct json_object *users_json(const struct users *u);

#endif
