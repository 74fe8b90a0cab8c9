/* SPDX-License-Identifier: GPL-2.0-or-later */
/* XFlash, Lite-On's flasher: a program with up to four images in it. */
#ifndef BRIDGEFW_IMAGE_XFLASH_H
#define BRIDGEFW_IMAGE_XFLASH_H

#include "fwimage.h"

#define XFLASH_IMAGES	4

enum xflash_state {
	XFLASH_ABSENT,		/* the descriptor says that there is none */
	XFLASH_CLEAR,
	XFLASH_OUTSIDE,		/* not wholly in the file */
	XFLASH_FLIPPED,		/* scrambled: flip-n-swap */
	XFLASH_SCRAMBLED,	/* scrambled: by one of the two kinds with a key */
};

/**
 * struct xflash_image - an image in a flasher
 * @name: its revision, letters and digits only; "" if it has none
 * @offset: where it begins in the file
 * @size: bytes
 * @state: whether it can be taken out
 */
struct xflash_image {
	char name[8];
	u64 offset;
	u32 size;
	enum xflash_state state;
};

/**
 * struct xflash - a flasher
 * @table: offset of its descriptor
 * @behind: offset behind it, from which the places of images count
 * @version: of XFlash, "" if it was not found
 * @images: by their number in the descriptor, from 1 on
 */
struct xflash {
	size_t table;
	size_t behind;
	char version[12];
	struct xflash_image images[XFLASH_IMAGES];
};

bool xflash_parse(const struct image *file, struct xflash *x);
struct image xflash_content(const struct image *file, const struct xflash_image *x);
const char *xflash_state_text(enum xflash_state state);

#endif
