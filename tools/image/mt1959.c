// SPDX-License-Identifier: GPL-2.0-or-later
/* MediaTek MT1959: Blu-ray drives of LG and ASUS. */
#include <string.h>

#include "families.h"

#define SIZE		0x200000
#define AT_CONFIG	0x3000
#define CONFIG		0x20
#define ID		16
#define HEAD		0x10000

static const struct image_fact redumper_fact = {
	BFP_REPORTED, "redumper flash_mt1959.ixx"
};

static const struct image_fact regions_fact = {
	BFP_REPORTED, "freemkv-firmware, mediatek-optical 1.0.0"
};

static enum image_match recognise(const struct image *img, struct image_report *r)
{
	bool known;

	if (!image_has(img, AT_CONFIG, "MT1959 Boot ", 12) ||
	    !image_printable(img, AT_CONFIG, ID)) {
		if (img->size != SIZE)
			return IMAGE_NO;
		image_why(r, "its length");
		return IMAGE_SIZE;
	}
	known = image_has(img, AT_CONFIG, "MT1959 Boot BU5 ", ID) ||
		image_has(img, AT_CONFIG, "MT1959 Boot JB8 ", ID);
	image_why(r, "the boot identity at 0x3000");
	image_text(r, "boot_id", &redumper_fact, img, AT_CONFIG, ID);
	image_check(r, "size", &regions_fact, img->size == SIZE,
		    "%zu bytes; such images have 2097152", img->size);
	if (!known)
		image_note(r, IMAGE_WARNING, &redumper_fact,
			   "only the identities BU5 and JB8 are known");
	image_region(r, "boot, not written: FF is put in its place", &redumper_fact, 0, HEAD,
		     false);
	image_region(r, "the drive's configuration", &redumper_fact, AT_CONFIG, CONFIG, true);
	image_region(r, "calibration", &regions_fact, 0x1f0000, 0x10000, true);
	image_region(r, "what it holds is not known", &regions_fact, 0x1ec000, 0x100, true);
	image_note(r, IMAGE_NOT_FOR, &redumper_fact,
		   "a drive with another boot identity; the configuration at 0x3000 has to be replaced by the drive's own");
	image_note(r, IMAGE_UNKNOWN, NULL,
		   "for which drive it is, its revision, and whether it is whole");
	return IMAGE_CONTENT;
}

const struct image_family image_mt1959 = {
	.name = "mt1959",
	.title = "MediaTek MT1959 (LG, ASUS)",
	.by = "the boot identity at 0x3000",
	.fact = &redumper_fact,
	.recognise = recognise,
};
