// SPDX-License-Identifier: GPL-2.0-or-later
/* Plextor: a sum of bytes, kept at a place that depends on the model. */
#include <string.h>

#include "families.h"
#include "text.h"

#define PREMIUM_START	0x8000	/* what the sum of a Premium begins with */

static const struct image_fact pxfw_fact = { BFP_REPORTED, "qpxtool pxfw.cpp" };

static const struct image_fact redumper_fact = {
	BFP_REPORTED, "redumper flash_plextor.ixx"
};

/* By the name at the beginning; longer names before those that they begin with. */
static const struct plextor {
	const char *name;
	const char *models;
	u32 sum_at;
	u32 start;
} drives[] = {
	{ "PLEXTOR CD-R   PX-W4824A", "PX-W4824A", 0x79ffe, 0 },
	{ "PLEXTOR CD-R   PX-W5224A", "PX-W5224A", 0x79ffe, 0 },
	{ "PLEXTOR CD-R   PREMIUM2", "Premium2", 0xefffe, 0 },
	{ "PLEXTOR CD-R   PREMIUM", "Premium", 0x7c7fe, PREMIUM_START },
	{ "PLEXTOR DVDR   PX-708A", "PX-708A", 0xefffe, 0 },
	{ "PLEXTOR DVDR   PX-712A", "PX-712A", 0xefffe, 0 },
	{ "PLEXTOR DVDR   PX-716A", "PX-716A, PX-716AL", 0xefffe, 0 },
	{ "PLEXTOR DVDR   PX-760A", "PX-760A, PX-755A", 0x1efffe, 0 },
};

static const struct plextor *drive_of(const struct image *img)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(drives); i++)
		if (image_has(img, 0, drives[i].name, strlen(drives[i].name)))
			return &drives[i];
	return NULL;
}

static u32 sum_of(const struct image *img, u32 sum_at, u32 start)
{
	return (start + image_bytesum(img, 0, sum_at)) & 0xffff;
}

/*
 * What the sum begins with. Whether a Premium's beginning is also that of the drives
 * before it is told by nobody: for these, what agrees with either is taken for right.
 */
static u32 start_of(const struct image *img, const struct plextor *d)
{
	if (d->sum_at == 0x79ffe &&
	    image_be16(img, d->sum_at) == sum_of(img, d->sum_at, PREMIUM_START))
		return PREMIUM_START;
	return d->start;
}

static void tell_sum(struct image_report *r, const struct image *img, const struct plextor *d)
{
	u32 start = start_of(img, d);

	image_sum(r, "sum", &pxfw_fact, start ?
		  "bytes before it and 0x8000, modulo 65536" :
		  "bytes before it, modulo 65536", d->sum_at, image_be16(img, d->sum_at),
		  sum_of(img, d->sum_at, start));
}

/* Those that keep their sum where this one does. */
static void models_like(const struct plextor *d, char *out, size_t room)
{
	size_t i;

	out[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(drives); i++)
		if (drives[i].sum_at == d->sum_at)
			text_add(out, room, "%s%s", out[0] ? ", " : "", drives[i].models);
}

/* A power of two is what a flash holds; nothing longer has its sum there. */
static size_t longest(const struct plextor *d)
{
	return d->sum_at < 0x80000 ? 0x80000 : d->sum_at < 0x100000 ? 0x100000 : 0x200000;
}

static bool sum_right(const struct image *img, const struct plextor *d)
{
	return img->size >= d->sum_at + 2 && img->size <= longest(d) &&
	       !image_all(img, 0, d->sum_at, 0) &&
	       image_be16(img, d->sum_at) == sum_of(img, d->sum_at, start_of(img, d));
}

/* Without a name, by a sum that is right, or by a length that ends behind one. */
static enum image_match by_sum(const struct image *img, struct image_report *r)
{
	const struct plextor *d = NULL;
	bool right = false;
	char models[80];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(drives) && !right; i++) {
		right = sum_right(img, &drives[i]);
		if (right || img->size == drives[i].sum_at + 2)
			d = &drives[i];
	}
	if (!d)
		return IMAGE_NO;
	tell_sum(r, img, d);
	if (!right) {
		image_why(r, "its length, which ends behind the place of a sum; but the sum is not right");
		return IMAGE_SIZE;
	}
	image_why(r, "a sum that is right at 0x%x", d->sum_at);
	models_like(d, models, sizeof(models));
	image_field(r, "models", &pxfw_fact, "%s", models);
	image_note(r, IMAGE_WARNING, &pxfw_fact,
		   "no drive's name is at its beginning, and of other files one in 65536 has such a sum by chance");
	image_note(r, IMAGE_NOT_FOR, &pxfw_fact, "any other drive than %s", models);
	return IMAGE_CONTENT;
}

static enum image_match recognise(const struct image *img, struct image_report *r)
{
	const struct plextor *d = drive_of(img);

	if (!d)
		return by_sum(img, r);
	image_why(r, "the drive's name at its beginning");
	image_text(r, "vendor", &pxfw_fact, img, 0, 8);
	image_text(r, "product", &pxfw_fact, img, 8, 16);
	image_field(r, "models", &pxfw_fact, "%s", d->models);
	if (image_check(r, "size", &pxfw_fact, img->size >= d->sum_at + 2,
			"%zu bytes; the sum ends at 0x%x", img->size, d->sum_at + 2))
		tell_sum(r, img, d);
	image_note(r, IMAGE_NOT_FOR, &pxfw_fact, "any other drive than %s", d->models);
	if (!strcmp(d->models, "PX-712A"))
		image_note(r, IMAGE_WARNING, &redumper_fact,
			   "how the firmware of a PX-712A EPS is written was not verified by those who wrote it");
	image_note(r, IMAGE_UNKNOWN, NULL, "where its revision stands");
	return IMAGE_CONTENT;
}

const struct image_family image_plextor = {
	.name = "plextor",
	.title = "Plextor",
	.by = "the drive's name at the beginning, or a sum that is right at one of four places",
	.fact = &pxfw_fact,
	.recognise = recognise,
};
