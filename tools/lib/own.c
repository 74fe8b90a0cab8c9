// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The identity rule. A serial that identifies says which box it is. Where
 * there is none, the content can: a box that holds what was written on this
 * port is the box that was written on this port, and what that write replaced
 * is its own. The port alone proves nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "own.h"

/*
 * Bytes that a cut inside a page of an EEPROM may leave as neither the old nor
 * the new ones: the pages of parts up to 64 kbit have 8 to 32 bytes.
 */
#define TORN_MOST	32

/**
 * own_mixture() - whether a content is what an interrupted write leaves
 * @present: the content
 * @len: its bytes
 * @old: what was there before
 * @old_len: its bytes
 * @image: what was being written
 * @image_len: its bytes
 * @torn_most: see struct own_view
 */
bool own_mixture(const u8 *present, u32 len, const u8 *old, u32 old_len,
		 const u8 *image, u32 image_len, u32 torn_most)
{
	u32 i, torn = 0;

	if (len != old_len || len != image_len)
		return false;
	for (i = 0; i < len; i++)
		if (present[i] != old[i] && present[i] != image[i])
			torn++;
	if (torn_most)
		return torn <= torn_most;
	/* in a table not much longer than a page, anything would pass as torn */
	return torn <= TORN_MOST && torn <= len / 4;
}

static bool at_this_port(const struct own_view *v, const struct journal *j)
{
	return port_same(v->b->bus_id, v->b->path_id, j->bus_id, j->path_id);
}

static bool same_memory(const struct own_view *v, const struct journal *j)
{
	return !strcmp(j->profile, v->b->profile) && !strcmp(j->memory, v->memory);
}

static bool is_mixture(const struct own_view *v, const struct journal *j)
{
	struct bfw_error ignored = {};
	u8 *old, *image;
	u32 old_len, len;
	bool ret = false;

	if (!v->present || !j->old_sha256[0])
		return false;
	if (v->erased_by[0] && !strcmp(v->erased_by, j->id))
		return true;
	if (store_content(j->old_sha256, &old, &old_len, &ignored))
		return false;
	if (!store_content(j->new_sha256, &image, &len, &ignored)) {
		ret = own_mixture(v->present, v->len, old, old_len, image, len,
				  v->torn_most);
		free(image);
	}
	free(old);
	return ret;
}

/**
 * own_left_over() - whether the box holds what an interrupted write here has left
 * @v: what is known of the box
 */
bool own_left_over(const struct own_view *v)
{
	size_t i;

	for (i = v->all->n; i-- > 0;) {
		const struct journal *j = &v->all->v[i];

		if (at_this_port(v, j) && same_memory(v, j))
			return journal_open(j) && strcmp(j->new_sha256, v->sha256) &&
			       strcmp(j->old_sha256, v->sha256) && is_mixture(v, j);
	}
	return false;
}

/*
 * Follows the writes at one port backwards from what the box holds now: each
 * that led to the content at hand was made to this box.
 */
static enum own_grade by_journal(const struct own_view *v, const struct record *r, bool here)
{
	char holds[SHA256_TEXT];
	bool repair = false;
	size_t i;

	text_put(holds, sizeof(holds), v->sha256);
	for (i = v->all->n; i-- > 0;) {
		const struct journal *j = &v->all->v[i];
		bool led_here;

		if (at_this_port(v, j) != here || !same_memory(v, j))
			continue;
		led_here = !strcmp(j->new_sha256, holds);
		if (!led_here && here && journal_open(j) && strcmp(j->old_sha256, holds) &&
		    is_mixture(v, j)) {
			led_here = true;
			repair = true;
		}
		if (!led_here)
			continue;
		if (!strcmp(j->backup, r->id) || !strcmp(j->old_sha256, r->sha256)) {
			if (!here)
				return OWN_MOVED;
			return repair ? OWN_REPAIR : OWN_WRITTEN;
		}
		text_put(holds, sizeof(holds), j->old_sha256);
		repair = false;
	}
	return OWN_OTHER;
}

/**
 * own_grade() - how well a backup is known to be of the box at hand
 * @v: what is known of the box
 * @r: the backup
 */
enum own_grade own_grade(const struct own_view *v, const struct record *r)
{
	enum own_grade grade;

	if (strcmp(r->profile, v->b->profile) || strcmp(r->memory, v->memory))
		return OWN_NEVER;
	grade = by_journal(v, r, true);
	if (grade != OWN_OTHER)
		return grade;
	if (v->b->serial_identifies && r->serial_identifies)
		return strcmp(v->b->serial, r->serial) ? OWN_OTHER : OWN_SERIAL;
	if (port_same(v->b->bus_id, v->b->path_id, r->bus_id, r->path_id))
		return OWN_PORT;
	return by_journal(v, r, false);
}

/**
 * own_sure() - whether a backup may be written back without asking whose it is
 * @grade: how well it is known to be of this box
 */
bool own_sure(enum own_grade grade)
{
	return grade >= OWN_SERIAL;
}

/**
 * own_text() - a grade in words
 * @grade: the grade
 */
const char *own_text(enum own_grade grade)
{
	switch (grade) {
	case OWN_NEVER:
		return "of another chip or memory";
	case OWN_OTHER:
		return "of another box, as far as can be told";
	case OWN_MOVED:
		return "perhaps of this box: written on another port";
	case OWN_PORT:
		return "perhaps of this box: same chip on this port";
	case OWN_SERIAL:
		return "of this box: same serial";
	case OWN_WRITTEN:
		return "of this box: what a write here replaced";
	case OWN_REPAIR:
		return "of this box: what the interrupted write here replaced";
	}
	return "";
}

static int better(const struct candidate *a, const struct candidate *b)
{
	if (a->grade != b->grade)
		return a->grade > b->grade;
	return strcmp(a->r->id, b->r->id) > 0;
}

static int compare(const void *a, const void *b)
{
	return better(b, a) - better(a, b);
}

static struct candidate *same_content(struct candidate_list *l, const char *sha256)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].r->sha256, sha256))
			return &l->v[i];
	return NULL;
}

/**
 * own_candidates() - the backups that may be of the box at hand
 * @v: what is known of the box
 * @records: all backups; must outlive the list
 * @out: the best first, each content once, without what the box holds now and
 *       without mixtures; the caller frees @out->v
 */
void own_candidates(const struct own_view *v, const struct record_list *records,
		    struct candidate_list *out)
{
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < records->n; i++) {
		const struct record *r = &records->v[i];
		struct candidate c = { .r = r, .grade = own_grade(v, r) };
		struct candidate *other;

		if (c.grade <= OWN_OTHER || r->mixture || !strcmp(r->sha256, v->sha256))
			continue;
		other = same_content(out, r->sha256);
		if (other) {
			if (better(&c, other))
				*other = c;
			continue;
		}
		out->v = xgrow(out->v, out->n, sizeof(*out->v));
		out->v[out->n++] = c;
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), compare);
}
