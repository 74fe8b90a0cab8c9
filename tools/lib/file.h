/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are there whole or not at all. */
#ifndef BRIDGEFW_LIB_FILE_H
#define BRIDGEFW_LIB_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "port.h"

struct bfw_error;

int file_read(const char *path, size_t most, u8 **data, size_t *len,
	      struct bfw_error *e);
int image_read(const char *path, size_t most, u8 **data, size_t *len,
	       struct bfw_error *e);
int file_write(const char *path, const void *data, size_t len, mode_t mode,
	       bool replace, struct bfw_error *e);
int dir_make(const char *path, mode_t mode, struct bfw_error *e);
int sysfs_read(const char *path, char *out, size_t room);
int sysfs_write(const char *path, const char *text);

#endif
