// SPDX-License-Identifier: GPL-2.0-or-later
/* LG (Hitachi-LG) with a Renesas controller: GSA and their kin. */
#include <string.h>

#include "families.h"

#define HEAD		0x400
#define AT_SUM		0
#define AT_LEVEL	0x20
#define AT_ROM		0x30
#define AT_SIZE		0x44
#define REPEATED	16

static const struct image_fact flasher_fact = {
	BFP_REPORTED, "devilsclaw/flasher lg_renesas.c"
};

/* Words of two bytes, the higher first, behind the sum itself; then inverted. */
static u32 sum_of(const struct image *img)
{
	u32 sum = 0;
	size_t at;

	for (at = AT_SUM + 2; at + 1 < img->size; at += 2)
		sum += image_be16(img, at);
	return ~sum & 0xffff;
}

static void tell_part(struct image_report *r, const struct image *img)
{
	bool main_part = image_find(img, 0, HEAD, "MAIN", 4);

	if (!main_part && !image_find(img, 0, HEAD, "CORE", 4)) {
		image_note(r, IMAGE_UNKNOWN, NULL, "which part it is, MAIN or CORE");
		return;
	}
	image_field(r, "part", &flasher_fact, main_part ? "main" : "core");
	if (main_part && img->size >= HEAD + REPEATED)
		image_check(r, "repeat", &flasher_fact,
			    !memcmp(img->data + HEAD, img->data + img->size - REPEATED,
				    REPEATED),
			    "a MAIN part ends with the 16 bytes of 0x400");
}

static enum image_match recognise(const struct image *img, struct image_report *r)
{
	u32 said = image_be32(img, AT_SIZE);

	if (!image_has(img, AT_LEVEL, "REV LVL ", 8) || !image_has(img, AT_ROM, "ROM REV ", 8))
		return IMAGE_NO;
	image_why(r, "the words \"REV LVL\" at 0x20 and \"ROM REV\" at 0x30");
	image_text(r, "revision_level", &flasher_fact, img, AT_LEVEL + 8, 8);
	image_text(r, "rom_revision", &flasher_fact, img, AT_ROM + 8, 8);
	image_check(r, "size", &flasher_fact, img->size >= HEAD && said == img->size - HEAD,
		    "%zu bytes; by what stands at 0x44 it should be %llu", img->size,
		    (unsigned long long)said + HEAD);
	tell_part(r, img);
	image_sum(r, "sum", &flasher_fact,
		  "words of two bytes behind it, modulo 65536, inverted", AT_SUM,
		  image_be16(img, AT_SUM), sum_of(img));
	image_note(r, IMAGE_UNKNOWN, NULL,
		   "for which drive it is: where its name stands is not known");
	return IMAGE_CONTENT;
}

const struct image_family image_lg_renesas = {
	.name = "lg-renesas",
	.title = "LG with a Renesas controller",
	.by = "the words REV LVL at 0x20 and ROM REV at 0x30",
	.fact = &flasher_fact,
	.recognise = recognise,
};
