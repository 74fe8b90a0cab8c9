// SPDX-License-Identifier: GPL-2.0-or-later
/* Contents of memories, shown and compared. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "text.h"

#define PER_LINE	16
#define SHOWN_BYTES	8	/* of each change */
#define SHOWN_CHANGES	32

/**
 * say_hex() - offset, bytes and characters; equal lines only once
 * @data: the bytes
 * @len: how many
 */
void say_hex(const u8 *data, size_t len)
{
	bool starred = false;
	size_t at, i;

	for (at = 0; at < len; at += PER_LINE) {
		size_t n = len - at < PER_LINE ? len - at : PER_LINE;

		if (at && n == PER_LINE && at + n < len &&
		    !memcmp(data + at, data + at - PER_LINE, PER_LINE)) {
			if (!starred)
				say("*\n");
			starred = true;
			continue;
		}
		starred = false;
		say("%04zx ", at);
		for (i = 0; i < PER_LINE; i++) {
			if (i % 8 == 0)
				say(" ");
			if (i < n)
				say("%02x ", data[at + i]);
			else
				say("   ");
		}
		say(" ");
		for (i = 0; i < n; i++) {
			u8 c = data[at + i];

			say("%c", c < 0x80 && isprint(c) ? c : '.');
		}
		say("\n");
	}
}

static bool differs(const u8 *a, u32 alen, const u8 *b, u32 blen, u32 i)
{
	return i >= alen || i >= blen || a[i] != b[i];
}

/**
 * changes_find() - where two contents differ
 * @a: one
 * @alen: its bytes
 * @b: the other
 * @blen: its bytes; what only one of them has counts as different
 * @out: runs of differing bytes; the caller frees them. NULL: only count
 * @bytes: how many bytes differ
 *
 * Return: how many runs
 */
size_t changes_find(const u8 *a, u32 alen, const u8 *b, u32 blen,
		    struct change **out, u32 *bytes)
{
	u32 i, end = alen > blen ? alen : blen;
	struct change *v = NULL;
	size_t n = 0;

	*bytes = 0;
	for (i = 0; i < end;) {
		u32 start = i;

		while (i < end && differs(a, alen, b, blen, i))
			i++;
		if (i > start) {
			v = xgrow(v, n, sizeof(*v));
			v[n].offset = start;
			v[n].length = i - start;
			n++;
			*bytes += i - start;
		}
		i++;
	}
	if (out)
		*out = v;
	else
		free(v);
	return n;
}

static void say_bytes(const u8 *data, u32 len, const struct change *c)
{
	u32 i;

	for (i = 0; i < c->length && i < SHOWN_BYTES; i++) {
		if (c->offset + i < len)
			say(" %02x", data[c->offset + i]);
		else
			say(" --");
	}
	if (c->length > SHOWN_BYTES)
		say(" ..");
}

/**
 * say_changes() - show where two contents differ
 * @a: what is there
 * @alen: its bytes
 * @b: what comes
 * @blen: its bytes
 */
void say_changes(const u8 *a, u32 alen, const u8 *b, u32 blen)
{
	struct change *v;
	u32 bytes;
	size_t i, n = changes_find(a, alen, b, blen, &v, &bytes);

	for (i = 0; i < n && i < SHOWN_CHANGES; i++) {
		say("    0x%04x..0x%04x ", v[i].offset, v[i].offset + v[i].length - 1);
		say_bytes(a, alen, &v[i]);
		say("  ->");
		say_bytes(b, blen, &v[i]);
		say("\n");
	}
	if (n > SHOWN_CHANGES)
		say("    and %zu more\n", n - SHOWN_CHANGES);
	free(v);
}

/**
 * changes_json() - the same for scripts
 * @a: what is there
 * @alen: its bytes
 * @b: what comes
 * @blen: its bytes
 *
 * Return: an array; the caller drops it
 */
struct json_object *changes_json(const u8 *a, u32 alen, const u8 *b, u32 blen)
{
	struct json_object *all = json_object_new_array();
	struct change *v;
	u32 bytes;
	size_t i, n = changes_find(a, alen, b, blen, &v, &bytes);

	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_new_object();

		json_object_object_add(o, "offset", json_object_new_int64(v[i].offset));
		json_object_object_add(o, "length", json_object_new_int64(v[i].length));
		json_object_array_add(all, o);
	}
	free(v);
	return all;
}
