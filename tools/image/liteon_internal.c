// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The internal revision does not stand in the image: code puts it together, one
 * character after the other, in instructions that look alike. Sixteen of them in a
 * row are taken for it.
 */
#include <ctype.h>
#include <string.h>

#include "liteon.h"

#define CHAIN		16	/* characters */
#define SHOWN		8	/* of them are the revision */
#define HEAD		3	/* bytes: opcode, character, next opcode */
#define WINDOW		32	/* more than a link is long; a power of two */

/* One link: @first, the character, @then, and @least to @most bytes of other code. */
struct link {
	u8 first;
	u8 then;
	u8 least;
	u8 most;
};

static const struct link links[] = {
	{ 0x7d, 0x90, 19, 23 },
	{ 0x7b, 0x7d, 10, 12 },
	{ 0x7d, 0x7f, 5, 8 },
};

static bool link_at(const struct image *img, size_t at, const struct link *k)
{
	return at + HEAD + k->least <= img->size && img->data[at] == k->first &&
	       img->data[at + 2] == k->then;
}

/* The longest chain that begins at @at, if those that begin behind it are known. */
static u8 chain_from(const struct image *img, size_t at, const struct link *k, const u8 *ring)
{
	u8 best = 0, gap;

	if (!link_at(img, at, k))
		return 0;
	for (gap = k->least; gap <= k->most; gap++) {
		u8 run = ring[(at + HEAD + gap) % WINDOW];

		best = run > best ? run : best;
	}
	return best < CHAIN ? best + 1 : CHAIN;
}

/* Places that begin no chain. */
static void skip(u8 *ring, size_t from, size_t to)
{
	for (; from < to; from++)
		ring[from % WINDOW] = 0;
}

/* From the end to the beginning, so that each place is looked at once. */
static bool chain_find(const struct image *img, const struct link *k, size_t *found)
{
	u8 ring[WINDOW] = {};
	bool any = false;
	size_t at = img->size;

	while (at > LITEON_BOOT) {
		const u8 *p = memrchr(img->data + LITEON_BOOT, k->first, at - LITEON_BOOT);
		size_t here;

		if (!p)
			break;
		here = p - img->data;
		/* only what lies right behind it matters */
		skip(ring, here + 1, at < here + 1 + WINDOW ? at : here + 1 + WINDOW);
		ring[here % WINDOW] = chain_from(img, here, k, ring);
		if (ring[here % WINDOW] == CHAIN) {
			*found = here;
			any = true;
		}
		at = here;
	}
	return any;
}

/* Walks the chain that begins at @at; the rest of it must be long enough each time. */
static void chain_read(const struct image *img, const struct link *k, size_t at, char *out)
{
	u8 runs[CHAIN * WINDOW] = {};	/* by distance from @at */
	u8 ring[WINDOW] = {};
	size_t i = sizeof(runs), here = 0;
	unsigned int n;

	while (i--) {
		runs[i] = at + i < img->size ? chain_from(img, at + i, k, ring) : 0;
		ring[(at + i) % WINDOW] = runs[i];
	}
	for (n = 0; n < SHOWN; n++) {
		u8 gap = k->most;

		out[n] = img->data[at + here + 1];
		while (gap > k->least && runs[here + HEAD + gap] < CHAIN - 1 - n)
			gap--;
		here += HEAD + gap;
	}
	out[SHOWN] = '\0';
}

/**
 * liteon_internal_revision() - the revision that code puts together
 * @img: the image, expanded or not: the code lies in one bank
 * @out: the revision, "" if it was not found
 * @room: size of @out
 */
void liteon_internal_revision(const struct image *img, char *out, size_t room)
{
	char text[SHOWN + 1];
	struct image all = { (const u8 *)text, SHOWN };
	size_t at, i;

	out[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(links); i++) {
		if (!chain_find(img, &links[i], &at))
			continue;
		chain_read(img, &links[i], at, text);
		if (isalnum((u8)text[0]))
			image_copy_text(&all, 0, SHOWN, out, room);
		return;
	}
}
