/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One result, told to people or to scripts. */
#ifndef BRIDGEFW_LIB_OUTPUT_H
#define BRIDGEFW_LIB_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "port.h"

struct bfw_error;
struct json_object;

void output_json(bool on);
bool output_is_json(void);
struct json_object *output_doc(void);
void say(const char *fmt, ...) __printf(1, 2);
void say_line(const char *head, const char *text);
void output_lines(void);
void output_line(struct json_object *o);
int output_end(const struct bfw_error *e);

struct table;

struct table *table_new(const char *const *heads, size_t columns);
void table_add(struct table *t, const char *const *cells);
void table_say(struct table *t);
void table_drop(struct table *t);

void say_hex(const u8 *data, size_t len);

/* Runs of bytes in which two contents differ. */
struct change {
	u32 offset;
	u32 length;
};

size_t changes_find(const u8 *a, u32 alen, const u8 *b, u32 blen,
		    struct change **out, u32 *bytes);
void say_changes(const u8 *a, u32 alen, const u8 *b, u32 blen);
struct json_object *changes_json(const u8 *a, u32 alen, const u8 *b, u32 blen);

#endif
