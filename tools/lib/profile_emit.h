/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds the records of a compiled profile, and the index of several. */
#ifndef BRIDGEFW_LIB_PROFILE_EMIT_H
#define BRIDGEFW_LIB_PROFILE_EMIT_H

#include "profile.h"

/**
 * struct emit_table - records of one kind
 * @data: the records
 * @line: for each, where it stands in the text
 * @count: how many
 */
struct emit_table {
	u8 *data;
	int *line;
	u32 count;
};

/**
 * struct emit - a compiled profile under construction
 * @header: its strings and recovery; the rest is filled in at the end
 * @table: records; the blob counts in bytes
 */
struct emit {
	struct bfp_header header;
	struct emit_table table[BFP_NTABLES];
};

void emit_init(struct emit *e);
void emit_free(struct emit *e);
void *emit_record(struct emit *e, enum bfp_table t, int line);
u32 emit_count(const struct emit *e, enum bfp_table t);
__le32 emit_bytes(struct emit *e, const void *data, size_t len);
__le32 emit_string(struct emit *e, const char *text);
void emit_finish(const struct emit *e, void **out, size_t *len);

#endif
