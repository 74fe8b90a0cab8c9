// SPDX-License-Identifier: GPL-2.0-or-later
/* Builds the records of a compiled profile. */
#include "profile_emit.h"

#include <stdlib.h>

#include "text.h"

static const size_t record_size[BFP_NTABLES] = {
	[BFP_IDS] = sizeof(struct bfp_id),
	[BFP_MEMORIES] = sizeof(struct bfp_memory),
	[BFP_GEOMETRY] = sizeof(struct bfp_geometry),
	[BFP_OPERATIONS] = sizeof(struct bfp_operation),
	[BFP_STEPS] = sizeof(struct bfp_step),
	[BFP_ITEMS] = sizeof(struct bfp_item),
	[BFP_RULES] = sizeof(struct bfp_rule),
	[BFP_FIELDS] = sizeof(struct bfp_field),
	[BFP_BLOB] = 1,
};

/**
 * emit_init() - begin a profile
 * @e: it
 */
void emit_init(struct emit *e)
{
	memset(e, 0, sizeof(*e));
	emit_bytes(e, "", 1);
}

/**
 * emit_free() - free everything
 * @e: what emit_init() began
 */
void emit_free(struct emit *e)
{
	int t;

	for (t = 0; t < BFP_NTABLES; t++) {
		free(e->table[t].data);
		free(e->table[t].line);
	}
	memset(e, 0, sizeof(*e));
}

/**
 * emit_record() - a further record
 * @e: profile
 * @t: table that it goes to
 * @line: where it stands in the text
 *
 * Return: the record, zeroed; valid until the next one of the same table.
 */
void *emit_record(struct emit *e, enum bfp_table t, int line)
{
	struct emit_table *table = &e->table[t];

	table->data = xgrow(table->data, table->count, record_size[t]);
	table->line = xgrow(table->line, table->count, sizeof(*table->line));
	table->line[table->count] = line;
	return table->data + record_size[t] * table->count++;
}

/**
 * emit_count() - how many records a table has so far
 * @e: profile
 * @t: table
 *
 * Return: the index that the next record gets.
 */
u32 emit_count(const struct emit *e, enum bfp_table t)
{
	return e->table[t].count;
}

/**
 * emit_bytes() - puts bytes into the blob, unless they already stand there
 * @e: profile
 * @data: bytes
 * @len: how many
 *
 * Return: their offset; 0, where the empty string is, if there are none.
 */
__le32 emit_bytes(struct emit *e, const void *data, size_t len)
{
	struct emit_table *blob = &e->table[BFP_BLOB];
	u8 *grown;
	void *same = blob->count && len ? memmem(blob->data, blob->count, data, len) : NULL;

	if (!len)
		return cpu_to_le32(0);
	if (same)
		return cpu_to_le32((u32)((u8 *)same - blob->data));
	grown = xalloc(blob->count + len);
	if (blob->count)
		memcpy(grown, blob->data, blob->count);
	memcpy(grown + blob->count, data, len);
	free(blob->data);
	blob->data = grown;
	blob->count += (u32)len;
	return cpu_to_le32(blob->count - (u32)len);
}

/**
 * emit_string() - puts a string into the blob
 * @e: profile
 * @text: it; NULL counts as ""
 *
 * Return: its offset.
 */
__le32 emit_string(struct emit *e, const char *text)
{
	return emit_bytes(e, text ? text : "", text ? strlen(text) + 1 : 1);
}

/**
 * emit_finish() - the file
 * @e: profile
 * @out: gets the bytes; the caller frees them
 * @len: gets their number
 *
 * The same records always make the same bytes: the file's hash is its identity.
 */
void emit_finish(const struct emit *e, void **out, size_t *len)
{
	size_t size = sizeof(struct bfp_header);
	struct bfp_header *h;
	u8 *file;
	int t;

	for (t = 0; t < BFP_NTABLES; t++)
		size = (size + 7) / 8 * 8 + e->table[t].count * record_size[t];
	file = xalloc(size);
	h = (struct bfp_header *)file;
	*h = e->header;
	h->magic = cpu_to_le32(BFP_MAGIC);
	h->format = cpu_to_le16(BFP_FORMAT);
	h->size = cpu_to_le32((u32)size);
	size = sizeof(*h);
	for (t = 0; t < BFP_NTABLES; t++) {
		size = (size + 7) / 8 * 8;
		h->table[t].offset = cpu_to_le32((u32)size);
		h->table[t].count = cpu_to_le32(e->table[t].count);
		if (e->table[t].count)
			memcpy(file + size, e->table[t].data, e->table[t].count * record_size[t]);
		size += e->table[t].count * record_size[t];
	}
	h->crc = cpu_to_le32(bfp_crc32(0, file, size));
	*out = file;
	*len = size;
}
