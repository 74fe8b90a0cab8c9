// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lite-On images, whose signs may stand anywhere: two banks, with the call and the
 * INQUIRY answer at places that the input chooses, and the input over them.
 */
#include "drive.h"
#include "families.h"
#include "liteon.h"

#define BANKS	(2 * LITEON_BANK)

static void sign(u8 *image, const uint8_t *data)
{
	static const u8 call[] = { 0xe5, 0x90, 0x54, 0x0f, 0xb4, 0x00 };
	static const u8 head[] = { 0x05, 0x80, 0x00, 0x32, 0x5b, 0x00, 0x00, 0x00 };
	size_t at = LITEON_BOOT + (data[0] | data[1] << 8) % (LITEON_BANK - LITEON_BOOT);

	memcpy(image + at, call, sizeof(call));
	image[at + 3] |= data[2] & 0x10;
	at = BANKS - sizeof(head) - (data[3] | data[4] << 8);
	memcpy(image + at, head, sizeof(head));
	memset(image + at + sizeof(head), 'V', BANKS - at - sizeof(head) < 44 ?
	       BANKS - at - sizeof(head) : 44);
}

int fuzz_one(const uint8_t *data, size_t size)
{
	struct image_report report = { .family = &image_liteon };
	struct liteon_layout l;
	struct image img;
	u8 *image;

	if (size < 6)
		return 0;
	image = calloc(1, BANKS);
	image[0] = 0x02;
	sign(image, data);
	/* code that a revision is put together by, over and over */
	if (data[5] & 1)
		memset(image + LITEON_BOOT, 0x7d, 0x800);
	drive_edit(image, BANKS, data + 6, size - 6);
	img = (struct image){ image, data[5] & 2 ? BANKS : BANKS - data[3] };
	image = realloc(image, img.size);
	img.data = image;
	liteon_look(&img, &l);
	drive_shown(l.internal);
	drive_shown(l.product);
	fuzz_assert(l.bad_banks <= l.banks, "no more banks are bad than there are");
	image_liteon.recognise(&img, &report);
	drive_report(&report);
	free(image);
	return 0;
}
