// SPDX-License-Identifier: GPL-2.0-or-later
/* TSST and Samsung DVD-ROM drives: nothing but the length of their images is known. */
#include "families.h"

#define SIZE_SMALL	0x20000
#define SIZE		0x40000

static const struct image_fact redumper_fact = {
	BFP_REPORTED, "redumper flash_tsst.ixx, flash_sd616.ixx"
};

static enum image_match recognise(const struct image *img, struct image_report *r)
{
	if (img->size != SIZE && img->size != SIZE_SMALL)
		return IMAGE_NO;
	image_why(r, "its length");
	image_field(r, "models", &redumper_fact, img->size == SIZE ?
		    "SH-D162C/D, SH-D163A/B/C, SH-116AB, SH-118CB, TS-H352C/D, TS-H353A/B/C" :
		    "the same of 128 KiB, and SD-616F");
	image_note(r, IMAGE_UNKNOWN, NULL, "everything that stands in such an image");
	return IMAGE_SIZE;
}

const struct image_family image_tsst = {
	.name = "tsst",
	.title = "TSST or Samsung DVD-ROM",
	.by = "never surely: only their length, 128 or 256 KiB, is known",
	.fact = &redumper_fact,
	.recognise = recognise,
};
