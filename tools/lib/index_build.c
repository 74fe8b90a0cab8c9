// SPDX-License-Identifier: GPL-2.0-or-later
/* The index that tells the kernel which profile answers to which id. */
#include "index_build.h"

#include <stdlib.h>

#include "text.h"

/* By profile's name, then in the profile's own order: the same profiles, the same bytes. */
static int by_name(const void *a, const void *b)
{
	const struct bfp *p = a, *q = b;

	return strcmp(bfp_string(p, bfp_header(p)->name), bfp_string(q, bfp_header(q)->name));
}

/* Ids with the same numbers in two profiles: nobody could say which of them is meant. */
static bool clash(const struct bfp_index_entry *entry, u32 count)
{
	const struct bfp_index_entry *last = &entry[count - 1];
	struct bfp_id a = last->id, b;
	u32 i;

	a.role = 0;
	a.evidence = 0;
	for (i = 0; i + 1 < count; i++) {
		b = entry[i].id;
		b.role = 0;
		b.evidence = 0;
		if (!memcmp(&a, &b, sizeof(a)) && strcmp(entry[i].profile, last->profile))
			return true;
	}
	return false;
}

/**
 * index_build() - write the index of some profiles
 * @profiles: checked profiles
 * @n: how many
 * @out: gets the index; the caller frees it
 * @len: gets its bytes
 * @err: gets a sentence if something is wrong
 * @errlen: how much fits there
 *
 * Return: 0; -1 if two profiles have the same name or the same id, or if
 * there are more ids than an index can hold.
 */
int index_build(const struct bfp *profiles, size_t n, void **out, size_t *len,
		char *err, size_t errlen)
{
	struct bfp *sorted = xalloc(n * sizeof(*sorted));
	struct bfp_index_entry *entry;
	struct bfp_index_header *h;
	u32 total = 0, count = 0, i;
	const char *name, *before = "";
	size_t k;

	if (n)
		memcpy(sorted, profiles, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_name);
	for (k = 0; k < n; k++)
		total += bfp_count(&sorted[k], BFP_IDS);
	*len = sizeof(*h) + total * sizeof(*entry);
	*out = xalloc(*len);
	h = *out;
	entry = (struct bfp_index_entry *)(h + 1);
	if (*len > BFP_FILE_MAX) {
		snprintf(err, errlen, "%u ids are too many for an index", total);
		goto fail;
	}
	for (k = 0; k < n; k++) {
		name = bfp_string(&sorted[k], bfp_header(&sorted[k])->name);
		if (!strcmp(name, before)) {
			snprintf(err, errlen, "there are two profiles with the name '%s'", name);
			goto fail;
		}
		before = name;
		for (i = 0; i < bfp_count(&sorted[k], BFP_IDS); i++) {
			text_put(entry[count].profile, BFP_NAME_MAX, name);
			entry[count].id = bfp_ids(&sorted[k])[i];
			entry[count].id.source = 0;
			entry[count].id.note = 0;
			if (clash(entry, ++count)) {
				snprintf(err, errlen, "id %u of profile '%s' also stands in another profile: a device must have one profile",
					 i + 1, name);
				goto fail;
			}
		}
	}
	h->magic = cpu_to_le32(BFP_INDEX_MAGIC);
	h->format = cpu_to_le16(BFP_FORMAT);
	h->size = cpu_to_le32((u32)*len);
	h->count = cpu_to_le32(count);
	h->crc = cpu_to_le32(bfp_crc32(0, *out, *len));
	free(sorted);
	return 0;

fail:
	free(*out);
	*out = NULL;
	*len = 0;
	free(sorted);
	return -1;
}
