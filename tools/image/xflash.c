// SPDX-License-Identifier: GPL-2.0-or-later
/* XFlash, Lite-On's flasher: a program with up to four images in it. */
#include <ctype.h>
#include <string.h>

#include "families.h"
#include "liteon.h"
#include "text.h"
#include "xflash.h"

#define DIGITS		10
#define NAME_FIELD	7
#define NAME		4
#define XFB_SHIFT	0x1000	/* images of later ones begin so much further */
#define SWAPPED		0x8000	/* bytes that flip-n-swap exchanges at both ends */

static const struct image_fact xflash_fact = {
	BFP_REPORTED, "OmniPatcher common_xflash.pl"
};

/* "KEY" with a number and "=" behind it, at *@at, which goes on behind it. */
static bool key(const struct image *f, size_t *at, const char *name, unsigned int n)
{
	size_t len = strlen(name);
	const char tail[] = { '0' + n, '=' };

	if (!image_has(f, *at, name, len) || !image_has(f, *at + len, tail, sizeof(tail)))
		return false;
	*at += len + sizeof(tail);
	return true;
}

/* Ten decimal digits and a zero. What does not fit into 32 bits lies in no file. */
static bool digits(const struct image *f, size_t *at, u32 *out)
{
	u64 n = 0;
	size_t i;

	if (!image_has(f, *at + DIGITS, "", 1))
		return false;
	for (i = 0; i < DIGITS; i++) {
		u8 c = f->data[*at + i];

		if (!isdigit(c))
			return false;
		n = 10 * n + c - '0';
	}
	*out = n > UINT32_MAX ? UINT32_MAX : n;
	*at += DIGITS + 1;
	return true;
}

static bool name(const struct image *f, size_t *at, char *out)
{
	size_t i, n = 0;

	if (!image_has(f, *at + NAME_FIELD, "", 1))
		return false;
	for (i = 0; i < NAME; i++)
		if (isalnum(f->data[*at + i]))
			out[n++] = f->data[*at + i];
	out[n] = '\0';
	*at += NAME_FIELD + 1;
	return true;
}

/* All starts, then all sizes, then all names. */
static bool table_at(const struct image *f, size_t at, struct xflash *x)
{
	unsigned int i;
	u32 start;

	x->table = at;
	for (i = 0; i < XFLASH_IMAGES; i++) {
		if (!key(f, &at, "BIN_START", i + 1) || !digits(f, &at, &start))
			return false;
		x->images[i].offset = start;
	}
	for (i = 0; i < XFLASH_IMAGES; i++)
		if (!key(f, &at, "BIN_SIZE", i + 1) || !digits(f, &at, &x->images[i].size))
			return false;
	for (i = 0; i < XFLASH_IMAGES; i++)
		if (!key(f, &at, "NEW_FW", i + 1) || !name(f, &at, x->images[i].name))
			return false;
	x->behind = at;
	for (i = 0; i < XFLASH_IMAGES; i++)
		x->images[i].offset += at;
	return true;
}

static bool find_table(const struct image *f, struct xflash *x)
{
	static const char word[] = "BIN_START1=";
	const u8 *p;
	size_t at = 0;

	if (!image_find(f, 0, f->size, "HOW_MANY_BIN=", 13) &&
	    !image_find(f, 0, f->size, "PARA_OPT=", 9))
		return false;
	while ((p = image_find(f, at, f->size, word, sizeof(word) - 1))) {
		at = p - f->data;
		if (table_at(f, at, x))
			return true;
		at++;
	}
	return false;
}

/* "Ver 2.0.5", with zeroes behind it. */
static void find_version(const struct image *f, struct xflash *x)
{
	const u8 *p;
	size_t at = 0;

	while ((p = image_find(f, at, f->size, "Ver ", 4))) {
		char text[sizeof(x->version)];
		size_t n, dots = 0;

		at = p - f->data + 4;
		for (n = 0; n + 1 < sizeof(text) && at + n < f->size; n++) {
			u8 c = f->data[at + n];

			if (!isdigit(c) && c != '.')
				break;
			dots += c == '.';
			text[n] = c;
		}
		text[n] = '\0';
		if (dots != 2 || !isdigit((u8)text[0]) || !isdigit((u8)text[n - 1]) ||
		    !image_has(f, at + n, "", 1))
			continue;
		text_put(x->version, sizeof(x->version), text);
		return;
	}
}

/*
 * Flip-n-swap turns round what is at both ends and exchanges it: the first byte
 * comes last, and the banks between stay as they are.
 */
static bool is_flipped(const struct image *img)
{
	size_t bank;

	if (img->size < 4 * SWAPPED || img->data[0] == 0x02 ||
	    img->data[img->size - 1] != 0x02)
		return false;
	for (bank = LITEON_BANK; bank + LITEON_BANK <= img->size; bank += LITEON_BANK)
		if (img->data[bank] != 0x02)
			return false;
	return true;
}

static bool in_file(const struct image *f, u64 offset, u32 size)
{
	return offset <= f->size && size <= f->size - offset;
}

/* An image that is clear is where the descriptor says, or behind an XFB's tables. */
static void judge(const struct image *f, struct xflash_image *x)
{
	struct xflash_image shifted = *x;
	struct image img;

	shifted.offset += XFB_SHIFT;
	if (!x->size) {
		x->state = XFLASH_ABSENT;
		return;
	}
	if (!in_file(f, x->offset, x->size)) {
		x->state = XFLASH_OUTSIDE;
		return;
	}
	img = xflash_content(f, x);
	if (liteon_structure(&img)) {
		x->state = XFLASH_CLEAR;
		return;
	}
	x->state = is_flipped(&img) ? XFLASH_FLIPPED : XFLASH_SCRAMBLED;
	if (!in_file(f, shifted.offset, x->size))
		return;
	img = xflash_content(f, &shifted);
	if (!liteon_structure(&img))
		return;
	x->offset = shifted.offset;
	x->state = XFLASH_CLEAR;
}

/**
 * xflash_parse() - find the images in a flasher
 * @file: the program; of any content
 * @x: filled in
 *
 * An image counts as clear only if its banks are as a Lite-On's should be.
 *
 * Return: whether there is a descriptor
 */
bool xflash_parse(const struct image *file, struct xflash *x)
{
	unsigned int i;

	memset(x, 0, sizeof(*x));
	if (!find_table(file, x))
		return false;
	find_version(file, x);
	for (i = 0; i < XFLASH_IMAGES; i++)
		judge(file, &x->images[i]);
	return true;
}

/**
 * xflash_content() - the bytes of an image in a flasher
 * @file: the flasher
 * @x: the image; it lies in the file
 */
struct image xflash_content(const struct image *file, const struct xflash_image *x)
{
	return (struct image){ .data = file->data + x->offset, .size = x->size };
}

/**
 * xflash_state_text() - whether an image can be taken out, in words
 * @state: its state
 */
const char *xflash_state_text(enum xflash_state state)
{
	static const char *const texts[] = {
		[XFLASH_ABSENT] = "absent",
		[XFLASH_CLEAR] = "clear",
		[XFLASH_OUTSIDE] = "not wholly in the file",
		[XFLASH_FLIPPED] = "scrambled (flip-n-swap)",
		[XFLASH_SCRAMBLED] = "scrambled (Fibonacci XOR or keyed XOR) or no Lite-On image",
	};

	return texts[state];
}

static enum image_match recognise(const struct image *img, struct image_report *r)
{
	static const char *const keys[] = { "image1", "image2", "image3", "image4" };
	struct xflash x;
	unsigned int i;

	if (!xflash_parse(img, &x))
		return IMAGE_NO;
	image_why(r, "the descriptor of its images at 0x%zx", x.table);
	if (x.version[0])
		image_field(r, "version", &xflash_fact, "%s", x.version);
	for (i = 0; i < XFLASH_IMAGES; i++) {
		const struct xflash_image *one = &x.images[i];

		if (one->state == XFLASH_ABSENT)
			continue;
		image_field(r, keys[i], &xflash_fact, "%s, %u bytes at 0x%llx",
			    one->name[0] ? one->name : "without a name", one->size,
			    (unsigned long long)one->offset);
		image_check(r, keys[i], &xflash_fact, one->state == XFLASH_CLEAR, "%s",
			    xflash_state_text(one->state));
	}
	image_note(r, IMAGE_NOT_FOR, &xflash_fact,
		   "any drive as it is: it is a program; `bridgefwctl image extract` takes images that are clear out of it");
	return IMAGE_CONTENT;
}

const struct image_family image_xflash = {
	.name = "xflash",
	.title = "XFlash, a flasher of Lite-On (a program)",
	.by = "the descriptor HOW_MANY_BIN or PARA_OPT, BIN_START, BIN_SIZE, NEW_FW",
	.fact = &xflash_fact,
	.recognise = recognise,
};
