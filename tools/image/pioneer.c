// SPDX-License-Identifier: GPL-2.0-or-later
/* Pioneer DVR: two images for each drive, of its kernel part and of its normal part. */
#include <string.h>

#include "families.h"

#define AT_DRIVE	0x60	/* vendor, product */
#define AT_REVISION	0x90
#define AT_INTERFACE	0xb0
#define AT_GENERATION	0xb4
#define AT_TYPE		0xd0
#define AT_PART		0x110

#define KERNEL_SIZE	0x10000
#define KERNEL_SIZE_109	0x20000
#define NORMAL_SIZE	0x100000
#define NORMAL_LEAST_109	0x128000

static const struct image_fact dvrflash_fact = { BFP_REPORTED, "DVRFlash.cpp 2.2b" };

static bool size_good(bool kernel, size_t size)
{
	if (kernel)
		return size == KERNEL_SIZE || size == KERNEL_SIZE_109;
	return size == NORMAL_SIZE || size >= NORMAL_LEAST_109;
}

/* What its length may mean; nothing says so in the image. */
static enum image_match by_size(const struct image *img, struct image_report *r)
{
	bool kernel = size_good(true, img->size);

	/* "at least" is too little to go by */
	if (!kernel && img->size != NORMAL_SIZE && img->size != NORMAL_LEAST_109)
		return IMAGE_NO;
	image_why(r, "its length, that of a %s part", kernel ? "kernel" : "normal");
	return IMAGE_SIZE;
}

static enum image_match recognise(const struct image *img, struct image_report *r)
{
	bool kernel = image_has(img, AT_PART, "Kernel", 6);

	if (!kernel && !image_has(img, AT_PART, "Normal", 6))
		return by_size(img, r);
	image_why(r, "the word \"%s\" at 0x110", kernel ? "Kernel" : "Normal");
	image_field(r, "part", &dvrflash_fact, kernel ? "kernel" : "normal");
	image_text(r, "vendor", &dvrflash_fact, img, AT_DRIVE, 8);
	image_text(r, "product", &dvrflash_fact, img, AT_DRIVE + 8, 16);
	image_text(r, "revision", &dvrflash_fact, img, AT_REVISION, 4);
	image_text(r, "interface", &dvrflash_fact, img, AT_INTERFACE, 4);
	image_text(r, "generation", &dvrflash_fact, img, AT_GENERATION, 4);
	image_text(r, "kernel_type", &dvrflash_fact, img, AT_TYPE, 8);
	image_check(r, "size", &dvrflash_fact, size_good(kernel, img->size), kernel ?
		    "%zu bytes; kernel parts have 65536, from the DVR-109 on 131072" :
		    "%zu bytes; normal parts have 1048576, from the DVR-109 on at least 1212416",
		    img->size);
	image_check(r, "identity", &dvrflash_fact, image_printable(img, AT_DRIVE, 24),
		    "a drive's name at 0x60");
	image_note(r, IMAGE_NOT_FOR, &dvrflash_fact,
		   "a drive whose name, interface, generation or kernel type differ: what the drive answers to 3C 02 F1 is compared with them");
	image_note(r, IMAGE_UNKNOWN, NULL,
		   "whether the image is whole: it keeps no checksum that is known");
	return IMAGE_CONTENT;
}

const struct image_family image_pioneer = {
	.name = "pioneer",
	.title = "Pioneer DVR",
	.by = "the word Kernel or Normal at 0x110",
	.fact = &dvrflash_fact,
	.recognise = recognise,
};
