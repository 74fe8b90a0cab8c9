/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bridges, boxes, backups and writes, in words and as JSON. */
#ifndef BRIDGEFWCTL_SHOW_H
#define BRIDGEFWCTL_SHOW_H

#include <stddef.h>

#include "boxes.h"
#include "bridge.h"
#include "journal.h"
#include "own.h"

struct json_object;

void doc_add(const char *key, struct json_object *value);
void doc_text(const char *key, const char *text);
void doc_number(const char *key, long long n);
void doc_bool(const char *key, bool on);

const char *place_of(const struct bridge *b, char *out, size_t room);
const char *match_text(const char *match);
struct json_object *bridge_json(const struct bridge *b);
struct json_object *drives_json(const struct drive_list *l);
void advise_journal(const struct journal *j, const char *place, char *out, size_t room);

#endif
