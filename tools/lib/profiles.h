/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where profiles are, and how one is opened. */
#ifndef BRIDGEFW_LIB_PROFILES_H
#define BRIDGEFW_LIB_PROFILES_H

#include <stdbool.h>
#include <stddef.h>

#include "profile.h"

#define PROFILE_TEXT_DIR	"/etc/bridgefw/profiles"
#define PROFILE_LOCAL_DIR	"/lib/firmware/updates/bridgefw"
#define PROFILE_SYSTEM_DIR	"/lib/firmware/bridgefw"
#define PROFILE_INDEX		"index.bin"
#define PROFILE_LOCAL_INDEX	"local-index.bin"
#define PROFILE_TEXT_END	".profile"
#define PROFILE_BIN_END		".bin"

struct bfw_error;

/**
 * struct profile_file - an open profile
 * @p: its records
 * @data: their bytes
 * @len: how many
 * @path: where it came from
 */
struct profile_file {
	struct bfp p;
	void *data;
	size_t len;
	char path[512];
};

int profile_open(struct profile_file *f, const char *name, struct bfw_error *e);
int profile_open_path(struct profile_file *f, const char *path, struct bfw_error *e);
void profile_close(struct profile_file *f);
char **profile_dirs(void);
void profile_dirs_free(char **dirs);
bool profile_dir_is_local(const char *dir);
const char *profile_name(const struct bfp *p);
bool profile_by_ids(const struct bfp_device_id *id, char *name, size_t room);
bool profile_name_good(const char *name);
const char *field_title(const struct bfp *p, const struct bfp_field *f);

#endif
