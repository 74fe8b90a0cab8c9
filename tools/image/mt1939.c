// SPDX-License-Identifier: GPL-2.0-or-later
/* MediaTek MT1939: TSST SE-506CB. */
#include <string.h>

#include "families.h"
#include "text.h"

#define SIZE		0x200000
#define BOOT		0x10000	/* locked in the drive */
#define SUM_FROM	0x10000
#define SUM_TO		0x1e2000
#define AT_SUM		0x1ffffe
#define AT_INFO		0x1fffd0
#define AT_TABLE	0x10400
#define ENTRY		0x1c
#define ENTRIES		16
#define TABLE_ENDS	0xffffffff

static const struct image_fact checksum_fact = {
	BFP_REPORTED, "coastermelt flasher/checksum.py"
};

static const struct image_fact boot_fact = {
	BFP_REPORTED, "coastermelt doc/bootloader.txt"
};

static void tell_table(struct image_report *r, const struct image *img)
{
	unsigned int i;

	for (i = 0; i < ENTRIES; i++)
		if (image_le32(img, AT_TABLE + i * ENTRY) == TABLE_ENDS)
			break;
	image_field(r, "signatures", &checksum_fact, "%u", i);
	if (!i)
		image_note(r, IMAGE_WARNING, &checksum_fact,
			   "its table of signatures is empty, as that of a changed image is made to be");
}

static enum image_match recognise(const struct image *img, struct image_report *r)
{
	u32 stored, computed;
	char info[64];

	if (img->size != SIZE)
		return IMAGE_NO;
	stored = image_be16(img, AT_SUM);
	computed = image_bytesum(img, SUM_FROM, SUM_TO) & 0xffff;
	image_sum(r, "sum", &checksum_fact, "bytes of 0x10000 to 0x1e1fff, modulo 65536",
		  AT_SUM, stored, computed);
	if (stored != computed ||
	    image_all(img, SUM_FROM, SUM_TO, img->data[SUM_FROM])) {
		image_why(r, "its length; but the sum at 0x1ffffe is not right");
		return IMAGE_SIZE;
	}
	image_why(r, "its length, and a sum at 0x1ffffe that is right (one in 65536 is by chance)");
	text_hex(info, sizeof(info), img->data + AT_INFO, 16);
	image_field(r, "info", &checksum_fact, "%s", info);
	tell_table(r, img);
	image_region(r, "boot loader, locked in the drive", &boot_fact, 0, BOOT, false);
	image_region(r, "table of signatures", &checksum_fact, AT_TABLE, ENTRY * ENTRIES, false);
	image_region(r, "information block", &checksum_fact, AT_INFO, AT_SUM - AT_INFO, false);
	image_note(r, IMAGE_NOT_FOR, &boot_fact,
		   "any drive but the TSST SE-506CB: only its images were looked at");
	image_note(r, IMAGE_UNKNOWN, NULL,
		   "what the information block says, revision and date included");
	return IMAGE_CONTENT;
}

const struct image_family image_mt1939 = {
	.name = "mt1939",
	.title = "MediaTek MT1939 (TSST SE-506CB)",
	.by = "2 MiB, and a sum at 0x1ffffe that is right",
	.fact = &checksum_fact,
	.recognise = recognise,
};
