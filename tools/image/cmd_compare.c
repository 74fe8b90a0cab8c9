// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl image compare: where two images differ, and what speaks against a change */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_cli.h"
#include "output.h"
#include "state.h"
#include "text.h"

#define BLOCK	0x1000

/* What must be the same if one is to follow the other, beside the hardware set. */
static const struct {
	const char *family;
	const char *key;
} must[] = {
	{ "pioneer", "part" }, { "pioneer", "vendor" }, { "pioneer", "product" },
	{ "pioneer", "interface" }, { "pioneer", "generation" }, { "pioneer", "kernel_type" },
	{ "plextor", "models" },
	{ "lg-renesas", "part" },
	{ "mt1959", "boot_id" },
	{ "btc", "product" },
};

static bool differs(const struct image *a, const struct image *b, size_t from, size_t to)
{
	size_t i;

	for (i = from; i < to; i++)
		if (i >= a->size || i >= b->size || a->data[i] != b->data[i])
			return true;
	return false;
}

/* Blocks of 4 KiB, those beside each other as one. */
static struct json_object *show_places(const struct image *a, const struct image *b)
{
	size_t size = a->size > b->size ? a->size : b->size, at, from = 0;
	struct json_object *all = json_object_new_array();
	bool in = false;

	for (at = 0; at < size + BLOCK; at += BLOCK) {
		size_t to = at + BLOCK < size ? at + BLOCK : size;
		bool here = at < size && differs(a, b, at, to);
		struct json_object *one;

		if (here == in)
			continue;
		in = here;
		if (here) {
			from = at;
			continue;
		}
		to = at < size ? at : size;
		say("  differs            0x%06zx..0x%06zx\n", from, to - 1);
		one = json_object_new_object();
		json_object_object_add(one, "offset", json_object_new_int64(from));
		json_object_object_add(one, "length", json_object_new_int64(to - from));
		json_object_array_add(all, one);
	}
	return all;
}

/* Regions of the first image; what lies behind the other's end differs. */
static struct json_object *show_regions(const struct subject *a, const struct subject *b,
					const struct image_report *r)
{
	struct json_object *all = json_object_new_array();
	size_t i;

	for (i = 0; i < r->nregions; i++) {
		const struct image_region *g = &r->regions[i];
		bool other = differs(&a->img, &b->img, g->offset, (size_t)g->offset + g->length);
		struct json_object *one = json_object_new_object();

		say("  %-18s %s: %s%s\n", "region", g->name, other ? "differs" : "the same",
		    g->per_unit ? "; belongs to one drive" : "");
		json_put_text(one, "name", g->name);
		json_object_object_add(one, "differs", json_object_new_boolean(other));
		json_object_object_add(one, "per_unit", json_object_new_boolean(g->per_unit));
		json_object_array_add(all, one);
	}
	return all;
}

static void show_identity(const struct subject *s, const char *key)
{
	const struct image_report *r = image_taken_for(&s->res);
	struct json_object *o = json_object_new_object();

	json_put_text(o, "file", s->path);
	json_put_text(o, "recognised", subject_recognised(s));
	if (r) {
		json_put_text(o, "family", r->family->name);
		json_put_text(o, "verdict", image_verdict_name(image_verdict(r)));
		json_put_text(o, "hardware_set", r->set ? r->set : "");
		say("%s: %s, %s %s %s\n", s->path, r->family->title,
		    image_field_value(r, "vendor"), image_field_value(r, "product"),
		    image_field_value(r, "revision"));
	} else {
		say("%s: %s\n", s->path, s->res.contents ? "several families" : "not recognised");
	}
	json_object_object_add(output_doc(), key, o);
}

/* Why one must not follow the other; NULL if nothing known speaks against it. */
static char *against(const struct image_report *a, const struct image_report *b)
{
	size_t i;

	if (a->family != b->family)
		return xprintf("they are of different families, %s and %s", a->family->name,
			       b->family->name);
	if (image_verdict(a) == IMAGE_BAD || image_verdict(b) == IMAGE_BAD)
		return xprintf("%s is not as it should be: see `bridgefwctl image info`",
			       image_verdict(a) == IMAGE_BAD ? "the first" : "the second");
	if (a->set && b->set && strcmp(a->set, b->set))
		return xprintf("they are for drives with different hardware, %s and %s", a->set,
			       b->set);
	for (i = 0; i < ARRAY_SIZE(must); i++) {
		const char *x = image_field_value(a, must[i].key);
		const char *y = image_field_value(b, must[i].key);

		if (!strcmp(must[i].family, a->family->name) && strcmp(x, y))
			return xprintf("they differ in %s, \"%s\" and \"%s\"", must[i].key, x, y);
	}
	return NULL;
}

/* Same hardware, told by what decides it. Without that nothing speaks for it, either. */
static bool same_set(const struct image_report *a, const struct image_report *b)
{
	return a->set && b->set && a->set_sure && b->set_sure;
}

/* Not one of them alone, or not even that. */
static void not_taken(const struct subject *s, struct bfw_error *e)
{
	if (s->res.contents)
		bfw_fail(e, BFW_BAD_FILE, "ambiguous", "%s may be of several families", s->path);
	else
		subject_unknown(s, e);
}

/* The only change of which that is told (EEPROM Utility readme). */
static bool resets_learned(const char *from, const char *to)
{
	return strstr(from, "-1213S") && strstr(to, "-1633S");
}

static int tell_differences(const struct image_report *x, const struct image_report *y,
			    struct bfw_error *e)
{
	static const char reset[] =
		"\nAfter such a change the data that the drive learned have to be reset.";
	const char *a = image_field_value(x, "models"), *b = image_field_value(y, "models");

	if (!same_set(x, y))
		return bfw_fail(e, BFW_MISMATCH, "differs",
				"the images differ; whether one may follow the other is not known");
	bfw_fail(e, BFW_MISMATCH, "differs",
		 "the images differ; they are for the same hardware, and nothing known speaks against one following the other");
	if (strcmp(a, b))
		bfw_next(e, "They are for two families of drives with that hardware, %s and %s.%s",
			 a, b, resets_learned(a, b) || resets_learned(b, a) ? reset : "");
	return -1;
}

static int judge(const struct subject *a, const struct subject *b, bool same,
		 struct bfw_error *e)
{
	const struct image_report *x = image_taken_for(&a->res);
	const struct image_report *y = image_taken_for(&b->res);
	char *why = NULL;

	if (same)
		return 0;
	if (!x || !y) {
		json_put_text(output_doc(), "may_follow", "unknown");
		not_taken(x ? b : a, e);
		return -1;
	}
	why = against(x, y);
	json_put_text(output_doc(), "may_follow", why ? "no" : same_set(x, y) ? "same-set" :
		      "unknown");
	if (!why)
		return tell_differences(x, y, e);
	bfw_fail(e, BFW_REFUSED, "other-hardware",
		 "one must not follow the other in a drive: %s", why);
	free(why);
	return -1;
}

/**
 * cmd_compare() - bridgefwctl image compare
 * @o: options
 * @e: how they differ; BFW_MISMATCH, or BFW_REFUSED if one must not follow the other
 *
 * Return: 0 if they are equal, or -1
 */
int cmd_compare(const struct cli *o, struct bfw_error *e)
{
	struct subject a, b = {};
	int ret = -1;

	if (subject_open(&a, o->arg[0], e))
		return -1;
	if (!subject_open(&b, o->arg[1], e)) {
		const struct image_report *r = image_taken_for(&a.res);
		bool same = a.img.size == b.img.size &&
			    !memcmp(a.img.data, b.img.data, a.img.size);

		show_identity(&a, "first");
		show_identity(&b, "second");
		json_object_object_add(output_doc(), "equal", json_object_new_boolean(same));
		if (same)
			say("  they are equal\n");
		json_object_object_add(output_doc(), "differs", show_places(&a.img, &b.img));
		if (r && !same)
			json_object_object_add(output_doc(), "regions", show_regions(&a, &b, r));
		ret = judge(&a, &b, same, e);
		subject_close(&b);
	}
	subject_close(&a);
	return ret;
}
