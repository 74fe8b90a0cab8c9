/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding a profile and opening it, text or compiled. */
#ifndef VBRIDGE_LOAD_H
#define VBRIDGE_LOAD_H

#include "profile.h"

/**
 * struct loaded - an open profile
 * @p: its records
 * @data: their bytes
 * @path: where they came from
 */
struct loaded {
	struct bfp p;
	void *data;
	char path[512];
};

int load_path(struct loaded *l, const char *path, char *err, size_t room);
int load_chip(struct loaded *l, const char *name, char *err, size_t room);
bool load_find_layout(const char *chip, char *path, size_t room);
void load_free(struct loaded *l);

#endif
