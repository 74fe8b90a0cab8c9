// SPDX-License-Identifier: GPL-2.0-or-later
/* BTC DRW1008: MediaTek, the only DVD writer of that maker whose protocol is public. */
#include <string.h>

#include "families.h"

#define SIZE		0x100000
#define AT_VENDOR	0x40bc
#define AT_PRODUCT	0x40c4
#define AT_REVISION	0x40d4

static const struct image_fact btcflash_fact = { BFP_REPORTED, "btcflash 1.18" };

static enum image_match recognise(const struct image *img, struct image_report *r)
{
	bool named = image_has(img, AT_VENDOR, "BTC ", 4) ||
		     image_find(img, AT_PRODUCT, AT_REVISION, "DRW1008", 7);

	if (!named || !image_printable(img, AT_VENDOR, AT_REVISION + 4 - AT_VENDOR)) {
		if (img->size != SIZE)
			return IMAGE_NO;
		image_why(r, "its length");
		return IMAGE_SIZE;
	}
	image_why(r, "the name at 0x40bc");
	image_text(r, "vendor", &btcflash_fact, img, AT_VENDOR, 8);
	image_text(r, "product", &btcflash_fact, img, AT_PRODUCT, 16);
	image_text(r, "revision", &btcflash_fact, img, AT_REVISION, 4);
	image_check(r, "size", &btcflash_fact, img->size == SIZE,
		    "%zu bytes; such images have 1048576", img->size);
	image_sum_only(r, "header_sum", &btcflash_fact,
		       "bytes, modulo 65536, as the header that goes before the image wants it",
		       image_bytesum(img, 0, img->size) & 0xffff);
	image_note(r, IMAGE_NOT_FOR, &btcflash_fact,
		   "any drive but the BTC DRW1008; how these are written was not shown to work on a Lite-On or Sony");
	image_note(r, IMAGE_UNKNOWN, NULL,
		   "whether the image is whole: it keeps no checksum that is known");
	return IMAGE_CONTENT;
}

const struct image_family image_btc = {
	.name = "btc",
	.title = "BTC DRW1008",
	.by = "the drive's name at 0x40bc, 1 MiB",
	.fact = &btcflash_fact,
	.recognise = recognise,
};
