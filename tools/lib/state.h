/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the tool keeps what must outlive it, and the JSON files in there. */
#ifndef BRIDGEFW_LIB_STATE_H
#define BRIDGEFW_LIB_STATE_H

#include <stdbool.h>
#include <stddef.h>

#define STATE_DIR	"/var/lib/bridgefw"
#define STATE_FORMAT	1

struct bfw_error;
struct json_object;

const char *state_dir(void);
char *state_path(const char *sub, const char *name);
int state_prepare(struct bfw_error *e);
struct json_object *state_read(const char *path);
int state_write(const char *path, struct json_object *o, bool replace, struct bfw_error *e);
int state_each(const char *sub, int (*each)(struct json_object *o, const char *name, void *arg),
	       void *arg);
void state_system(struct json_object *o);
void state_names(const char *tool_version);

void json_text(struct json_object *o, const char *key, char *out, size_t room);
bool json_flag(struct json_object *o, const char *key);
long long json_number(struct json_object *o, const char *key);
void json_put_text(struct json_object *o, const char *key, const char *text);

#endif
