// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of families, and which of them take an image for theirs. */
#include <stdlib.h>
#include <string.h>

#include "families.h"
#include "text.h"

const struct image_family *const image_families[] = {
	&image_liteon,
	&image_xflash,
	&image_btc,
	&image_pioneer,
	&image_plextor,
	&image_lg_renesas,
	&image_mt1939,
	&image_mt1959,
	&image_tsst,
	&image_nec,
};

const size_t image_families_count = ARRAY_SIZE(image_families);

/* Those recognised by something in the image come before those by its length. */
static void keep(struct image_result *res, const struct image_report *r)
{
	size_t at = res->n;

	if (r->match == IMAGE_CONTENT) {
		at = res->contents++;
		memmove(&res->reports[at + 1], &res->reports[at],
			(res->n - at) * sizeof(*res->reports));
	}
	res->reports[at] = *r;
	res->n++;
}

/**
 * image_recognise() - ask all families
 * @img: the image
 * @res: filled in; image_result_free() drops it
 *
 * An erased memory is nobody's: a sum over nothing but zeroes is right anywhere.
 */
void image_recognise(const struct image *img, struct image_result *res)
{
	struct image_report *r = xalloc(sizeof(*r));
	size_t i;

	memset(res, 0, sizeof(*res));
	res->reports = xalloc(ARRAY_SIZE(image_families) * sizeof(*res->reports));
	res->blank = !img->size || image_all(img, 0, img->size, img->data[0]);
	res->program = image_has(img, 0, "MZ", 2);
	res->packed = res->program && image_find(img, 0, img->size, "UPX", 3);
	for (i = 0; i < ARRAY_SIZE(image_families) && !res->blank; i++) {
		if (!image_families[i]->recognise)
			continue;
		memset(r, 0, sizeof(*r));
		r->family = image_families[i];
		r->match = image_families[i]->recognise(img, r);
		if (r->match != IMAGE_NO)
			keep(res, r);
	}
	free(r);
}

/**
 * image_result_free() - drop what image_recognise() filled in
 * @res: the result
 */
void image_result_free(struct image_result *res)
{
	free(res->reports);
	memset(res, 0, sizeof(*res));
}

/**
 * image_taken_for() - the only family whose signs are in the image
 * @res: what the families say
 *
 * Return: its report; NULL if there is none, or more than one
 */
const struct image_report *image_taken_for(const struct image_result *res)
{
	return res->contents == 1 ? res->reports : NULL;
}
